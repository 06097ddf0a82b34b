"""Pages of the analogue part of a document: written, shown, printed, searched for; where its paper is stored."""

from datetime import timedelta

import pytest
from tests.doors.records.test_prints import open_file
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting, register

from egon.circulation import operations as circulation
from egon.circulation.errors import PaperNotPlaced
from egon.kernel import clock
from egon.kernel.clock import today
from egon.records import operations, storing_queries
from egon.records.errors import NotInThisState
from egon.records.models import Document
from egon.records.rules.paper import PaperFacts

TYPED = {"carrier": "paper", "sheets": "12", "annexes": "2", "other_annexes": "1", "other_annexes_note": "CD"}
SEEN = "{}"


@pytest.fixture
def document(in_region, world):
    made = register(world)
    unit = world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=made, unit=unit, holder=world.officer)
    return made


@pytest.fixture
def depot(in_region, world):
    return operations.save_place(actor=acting(world.records_keeper), name="Depozit", valid_from=today())


def page_of(client, document):
    return client.get(f"/dokumenty/{document.pk}/").content.decode()


@pytest.mark.norm("5.2.6k")
def test_the_analogue_part_is_written_and_stands_on_every_sheet(browser, document, world):
    client, address = browser(world.officer), f"/dokumenty/{document.pk}/analogova-cast/"
    assert "Zapsat analogovou část" in page_of(client, document)
    metadata = client.get(f"/dokumenty/{document.pk}/metadata/").content.decode()
    assert "digitální" in metadata and "Analogová část" not in metadata
    seen = client.get(address).context["form"]["seen"].value()
    assert client.post(address, TYPED | {"seen": seen}).status_code == 302
    page = page_of(client, document)
    assert "listiny: 12\xa0listů, 2\xa0listinné přílohy, jiné přílohy: 1 (CD)" in page
    assert "Upravit analogovou část" in page
    metadata = client.get(f"/dokumenty/{document.pk}/metadata/").content.decode()
    assert "analogová" in metadata and "12\xa0listů" in metadata
    assert "12 listů" in text_of_pdf(client.get(f"/dokumenty/{document.pk}/metadata.pdf")).replace("\xa0", " ")


def test_a_refused_description_keeps_what_was_typed(browser, document, world):
    client, address = browser(world.officer), f"/dokumenty/{document.pk}/analogova-cast/"
    answer = client.post(address, {"carrier": "", "sheets": "4", "seen": SEEN})
    assert "Vyberte, z čeho analogová část je" in answer.content.decode()
    answer = client.post(address, {"carrier": "film", "other_annexes_note": "mikrofiš", "seen": SEEN})
    page = answer.content.decode()
    assert "žádný list" in page and "kolik je nelistinných příloh" in page and "mikrofiš" in page
    assert storing_queries.paper_part_of(document) is None
    assert browser(world.outsider).get(address).status_code == 404
    assert browser(world.outsider).post(address, TYPED).status_code == 404


def test_what_another_wrote_meanwhile_is_not_lost(browser, document, world):
    client, address = browser(world.officer), f"/dokumenty/{document.pk}/analogova-cast/"
    seen = client.get(address).context["form"]["seen"].value()
    operations.describe_paper(actor=acting(world.clerk), document=document, paper=PaperFacts(sheets=7))
    answer = client.post(address, TYPED | {"seen": seen})
    assert "Mezitím" in answer.content.decode()
    assert storing_queries.paper_part_of(document).sheets == 7


def test_a_new_document_may_be_on_paper(browser, in_region, world):
    client = browser(world.officer)
    assert "Analogová část" in client.get("/dokumenty/novy/").content.decode()
    typed = {"direction": "internal", "subject": "Protokol o měření", "body": "", "sheets": "3"}
    refused = client.post("/dokumenty/novy/", typed).content.decode()
    assert "Vyberte, z čeho" in refused and '<details class="stack" open>' in refused
    client.post("/dokumenty/novy/", typed | {"carrier": "paper"})
    assert storing_queries.paper_part_of(Document.objects.get(subject="Protokol o měření")).sheets == 3


def test_a_file_tells_of_its_paper_on_its_cover(browser, document, world):
    client, file = browser(world.officer), open_file("Oznámení o uzavírce")
    assert "Analogové dokumenty" not in client.get(f"/spisy/{file.pk}/metadata/").content.decode()
    operations.put_in_file(actor=acting(world.officer), document=document, file=file)
    operations.describe_paper(actor=acting(world.officer), document=document, paper=PaperFacts(sheets=12))
    assert "1, celkem 12" in client.get(f"/spisy/{file.pk}/metadata/").content.decode()
    assert "1, celkem 12" in text_of_pdf(client.get(f"/spisy/{file.pk}/obal.pdf")).replace("\xa0", " ")


def test_documents_are_found_by_their_medium(browser, document, world):
    client, other = browser(world.officer), register(world, "Žádost o jiné")
    unit = world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=other, unit=unit, holder=world.officer)
    operations.describe_paper(actor=acting(world.officer), document=document, paper=PaperFacts(sheets=1))
    found = client.get("/hledat/?podoba=analogue").content.decode()
    assert document.reference_number in found and other.reference_number not in found
    found = client.get("/hledat/?podoba=digital").content.decode()
    assert document.reference_number not in found and other.reference_number in found


@pytest.mark.norm("2.7.5", "5.2.6j")
def test_the_paper_of_a_document_lies_in_a_place_of_the_code_list(browser, document, depot, world):
    client, keeper = browser(world.officer), acting(world.records_keeper)
    address = f"/obeh/{document.pk}/papir/"
    address = f"/obeh/dokument/{document.pk}/papir/"
    assert client.post(address, {"storage_place": depot.pk, "room": "regál 4"}).status_code == 302
    assert "Depozit, regál 4" in page_of(client, document)
    assert "Depozit, regál 4" in client.get(f"/dokumenty/{document.pk}/metadata/").content.decode()
    assert document.reference_number in client.get(f"/obeh/kdo-co-ma/?misto={depot.pk}").content.decode()
    other = operations.save_place(actor=keeper, name="Sklep", valid_from=today())
    assert document.reference_number not in client.get(f"/obeh/kdo-co-ma/?misto={other.pk}").content.decode()
    page = browser(world.records_keeper).get(f"/evidence/mista/{depot.pk}/").content.decode()
    assert "1\xa0dokument" in page
    with pytest.raises(NotInThisState, match="leží nebo ležely"):
        operations.delete_place(actor=keeper, storage_place=depot)


def test_a_place_out_of_use_takes_no_paper(document, depot, world):
    place = {"actor": acting(world.officer), "document": document, "storage_place": depot}
    operations.save_place(
        actor=acting(world.records_keeper), storage_place=depot, name=depot.name, valid_from=today(), valid_to=today()
    )
    with pytest.raises(PaperNotPlaced, match="nezapsalo"):
        circulation.place_paper(**place, at=clock.now() + timedelta(days=2))
    circulation.place_paper(**place, at=clock.now())
