"""What one may not see is told neither by counts nor by places, on any page of the search (NSESSS 5.1.1, 5.1.10)."""

import pytest
from tests.records_steps import acting, record_class, register
from tests.runs import go

from egon import search as index
from egon.records import jobs, searching
from egon.records import operations as records
from egon.records.criteria import Criteria
from egon.records.indexing import DOCUMENT, FILE
from egon.records.models import SearchExport
from egon.records.permissions import hidden_states

WORD = "kropicí"


def page(browser, person, **asked):
    return browser(person).get("/hledat/", asked)


def given(world, subject, holder, **changes):
    """A document with its holder in the transport department."""
    document = register(world, subject, **changes)
    return records.place_in_unit(
        actor=acting(world.clerk), document=document, unit=world.office.units["OD"], holder=holder
    )


def in_own_file(world, document, *, restricted=False):
    file = records.open_file(
        actor=acting(world.officer),
        record_class=record_class("80.1"),
        subject="Spis: Kropicí vozy",
        unit=world.office.units["OD"],
        processor=world.officer,
        document=document,
    )
    if restricted:
        records.restrict_file(actor=acting(world.officer), file=file, reason="Osobní věc")
    return file


def without_token(answer):
    return [line for line in answer.content.decode().splitlines() if "csrf" not in line]


@pytest.mark.norm("5.1.1")
@pytest.mark.parametrize(
    "asked", [{}, {"razeni": "nazev"}, {"razeni": "zpracovatel", "sestupne": "1"}, {"kde": "spisy"}]
)
def test_what_others_have_changes_nothing_on_the_page(browser, in_region, asked):
    world = in_region
    given(world, "Kropicí vůz první", world.officer)
    before = without_token(page(browser, world.officer, q=WORD, **asked))
    for number in range(30):
        register(world, f"Kropicí vůz cizí {number}")
    assert without_token(page(browser, world.officer, q=WORD, **asked)) == before


@pytest.mark.norm("5.1.1")
def test_a_restricted_file_and_what_is_in_it_go_from_every_answer(browser, in_region):
    world = in_region
    document = given(world, "Kropicí vůz první", world.officer)
    in_own_file(world, document)
    assert {hit.entity_type for hit in searching.find(acting(world.head), Criteria(words=WORD)).hits} == {
        DOCUMENT,
        FILE,
    }
    in_own_file(world, given(world, "Kropicí vůz druhý", world.officer), restricted=True)
    client = browser(world.head)
    for soubor in ("", "csv"):
        told = client.get("/hledat/", {"q": WORD, "soubor": soubor}).content.decode("utf-8-sig")
        assert "druhý" not in told and "první" in told
    assert "Nalezeno: 2." in client.get("/hledat/", {"q": WORD}).content.decode()
    assert "druhý" not in client.get("/hledat/napoveda/", {"q": "kropicí vůz"}).content.decode()


@pytest.mark.norm("5.1.1")
def test_a_place_in_the_address_gives_nothing_of_what_stands_there(browser, in_region):
    world = in_region
    given(world, "Kropicí vůz první", world.officer)
    others = [register(world, f"Kropicí vůz cizí {number}") for number in range(3)]
    hits = index.find_by(index.tsquery_of(WORD), [DOCUMENT]).hits
    from egon.web.records.views.searching import written_place

    for hit in hits:
        html = page(browser, world.officer, q=WORD, za=written_place(hit)).content.decode()
        assert "cizí" not in html and not any(one.reference_number in html for one in others)
        behind = next(one for one in hits if one.entity_id not in {other.pk for other in others})
        is_before = (hit.at, hit.entry_id) > (behind.at, behind.entry_id)
        assert ("Starších je 1." in html) == is_before


@pytest.mark.norm("5.1.1", "5.1.10", "7.2.13")
@pytest.mark.parametrize(
    "order", ["odesilatele", "zpracovatel", "doslo", "znak", "rezim", "dorucovano", "znacka", "typovy"]
)
def test_the_place_of_what_is_withdrawn_does_not_tell_its_metadata(in_region, order):
    world = in_region
    kept = given(world, "Kropicí vůz první", world.officer, sender_reference="MMM", channel="databox")
    for subject, reference in (("Kropicí vůz druhý", "AAA"), ("Kropicí vůz třetí", "ZZZ")):
        gone = given(world, subject, world.officer, sender_reference=reference)
        in_own_file(world, gone)
        records.withdraw_document(actor=acting(world.officer), document=gone, reason="Zaevidováno dvakrát")
    actor = acting(world.officer)
    found = searching.find_known(actor, Criteria(words=WORD), [DOCUMENT]).hits
    assert len(found) == 3
    hides = hidden_states(actor)
    ranks = dict(zip((hit.entity_id for hit in found), searching.ranks_of(found, order, hides=hides), strict=True))
    assert {key for key, rank in ranks.items() if rank is not None} <= {kept.pk}
    for name in (order, f"-{order}"):
        ordered = [hit.entity_id for hit in searching.order_by(found, name, hides=hides)]
        assert [key for key in ordered if key != kept.pk] == [
            hit.entity_id for hit in found if hit.entity_id != kept.pk
        ]


@pytest.mark.norm("5.1.10", "7.2.13")
def test_what_is_withdrawn_is_in_order_by_its_header_and_keepers_see_it_whole(browser, in_region):
    world = in_region
    for subject, reference in (("Kropicí vůz a", "BBB"), ("Kropicí vůz c", "ZZZ"), ("Kropicí vůz b", "AAA")):
        document = given(world, subject, world.officer, sender_reference=reference)
        if reference != "BBB":
            records.withdraw_document(actor=acting(world.officer), document=document, reason="Zaevidováno dvakrát")
    html = page(browser, world.officer, q=WORD, razeni="nazev", kde="dokumenty").content.decode().partition("<table")[2]
    assert html.index("vůz a") < html.index("vůz b") < html.index("vůz c")
    keeper = acting(world.records_keeper)
    found = searching.find_known(keeper, Criteria(words=WORD), [DOCUMENT]).hits
    assert None not in searching.ranks_of(found, "odesilatele", hides=hidden_states(keeper))


@pytest.mark.norm("5.1.1", "5.1.10")
def test_conditions_and_exports_find_nothing_of_what_is_withdrawn(browser, in_region):
    world = in_region
    document = given(world, "Kropicí vůz první", world.officer, sender_reference="ZN-77")
    records.withdraw_document(actor=acting(world.officer), document=document, reason="Zaevidováno dvakrát")
    assert document.reference_number in page(browser, world.officer, q=WORD).content.decode()
    for condition in (
        {"odesilatele": "ZN-77"},
        {"stav": "withdrawn"},
        {"zpusob_doruceni": "paper"},
        {"smer": "received"},
    ):
        assert document.reference_number not in page(browser, world.officer, q=WORD, **condition).content.decode()
    client = browser(world.officer)
    assert document.reference_number not in client.get("/hledat/", {"q": WORD, "soubor": "csv"}).content.decode()
    client.post(f"/hledat/export/?q={WORD}", {"podoba": "csv"})
    run = SearchExport.objects.get()
    go(run)
    run.refresh_from_db()
    assert (run.rows, run.is_running) == (0, False)


@pytest.mark.norm("5.1.1")
def test_a_shared_search_finds_each_reader_their_own(browser, in_region):
    world = in_region
    file = in_own_file(world, given(world, "Kropicí vůz první", world.officer), restricted=True)
    address = f"?q={WORD}&ve_spisech={file.file_mark}"
    unit = world.office.units["OD"]
    client = browser(world.officer)
    client.post(f"/hledat/ulozit/{address}", {"name": "Naše vozy", "unit": unit.pk})
    reader = browser(world.head)
    listed = reader.get("/hledat/ulozena/").content.decode()
    assert "Naše vozy" in listed and file.subject not in listed
    run = reader.get(f"/hledat/{address}").content.decode()
    assert f"Spis {file.file_mark} tu není, nebo k němu nemáte přístup." in run
    assert file.subject not in run and "vůz první" not in run


def test_only_a_part_of_results_is_called_a_part(browser, in_region, monkeypatch):
    world = in_region
    for number in range(3):
        given(world, f"Kropicí vůz {number}", world.officer)
    part = "(jen výsledky zobrazené tady)"
    for person in (world.officer, world.records_keeper):
        assert part not in page(browser, person, q=WORD, kde="dokumenty").content.decode()
    monkeypatch.setattr(searching, "MOST_FOUND", 2)
    cut = page(browser, world.officer, q=WORD, kde="dokumenty")
    assert part in cut.content.decode() and "Celý výsledek" in cut.content.decode()
    older = browser(world.officer).get(f"/hledat/{cut.context['older_url']}").content.decode()
    assert "Starších je 1." in older and part in older


def test_who_sees_much_is_led_behind_the_bound_also_when_nothing_was_found(browser, in_region):
    html = page(browser, in_region.records_keeper, q="neexistující kropenka").content.decode()
    assert "Nic jsme nenašli" in html and "nejnovějších shod" in html
    assert "všechny dá „Celý výsledek“ pod seznamem" in html and 'name="podoba" value="csv"' in html
    little = page(browser, in_region.outsider, q="neexistující kropenka").content.decode()
    assert "nejnovějších shod" not in little and 'name="podoba"' not in little


@pytest.mark.norm("5.1.1", "5.1.5")
def test_texts_of_files_of_others_are_neither_found_nor_quoted(browser, received, world):
    jobs.read_texts(document_id=received.pk)
    file = in_own_file(world, received)
    assert "zastřešení" in page(browser, world.head, q="zastřešení čekárny").content.decode().partition("<table")[2]
    records.restrict_file(actor=acting(world.officer), file=file, reason="Osobní věc")
    html = page(browser, world.head, q="zastřešení čekárny").content.decode()
    assert "Nic jsme nenašli" in html and "žádost.txt" not in html
