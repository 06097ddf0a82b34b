"""Pages of paper letters: registering without losing what was typed, labels read back by a scanner, opening by code."""

from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from tests.letters import citizen_as_party

from egon.kernel import clock
from egon.mailroom import operations
from egon.mailroom.rules import EnvelopeFacts
from egon.parties.models import Party
from egon.records import operations as records
from egon.records import storing_queries
from egon.records.models import Document
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

TYPED = {
    "delivered_at": "2026-01-05T09:30:00",
    "envelope_kind": "recorded",
    "post_number": "RR473124829CZ",
    "sheets": "3",
    "annexes": "1",
    "other_annexes": "0",
    "subject": "Stížnost na hluk",
    "sender": "novy",
}
NEW_SENDER = {"novy-kind": "natural", "novy-given_name": "Eva", "novy-family_name": "Malá"}


def signed_in(person: Any) -> Client:
    client = Client()
    client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD})
    return client


@pytest.fixture
def clerk(world: Any) -> Client:
    return signed_in(world.clerk)


@pytest.fixture
def letter(world: Any) -> Document:
    with tenant_scope(world.region.pk):
        actor, now = world.actor(world.clerk), clock.now()
        return operations.register_letter(
            actor=actor,
            envelope=EnvelopeFacts(kind="ordinary", sheets=2),
            sender=citizen_as_party(actor),
            subject="Dopis občana",
            delivered_at=now,
            at=now,
        )


def test_the_clerk_registers_a_letter_of_a_new_sender(clerk: Client, world: Any) -> None:
    answer = clerk.post("/podatelna/zasilka/", TYPED | NEW_SENDER | {"enter": "1", "q": "", "q_shown": ""})
    assert answer.status_code == 302, answer.content.decode()
    with tenant_scope(world.region.pk):
        document = Document.objects.get(subject="Stížnost na hluk")
        assert document.sender.name == "Eva Malá"
        assert storing_queries.paper_part_of(document).sheets == 3
    page = clerk.get(answer["Location"]).content.decode()
    assert document.identifier in page and "Vytisknout štítek" in page
    assert "RR473124829CZ" in clerk.get(f"/dokumenty/{document.pk}/").content.decode()
    assert "na papíře" in clerk.get("/podatelna/?stav=vse&zpusob=post").content.decode()


@pytest.mark.norm("9.1.1")
def test_own_metadata_are_asked_for_and_the_required_ones_insisted_on(clerk: Client, world: Any) -> None:
    with tenant_scope(world.region.pk):
        field = records.add_own_field(
            actor=world.actor(world.records_keeper),
            entity=OwnEntity.DOCUMENT,
            name="Číslo smlouvy",
            value_type=ValueType.TEXT,
            required=True,
        )
    typed = TYPED | NEW_SENDER | {"enter": "1", "q": "", "q_shown": ""}
    refused = clerk.post("/podatelna/zasilka/", typed)
    assert refused.status_code == 422 and "Číslo smlouvy" in refused.content.decode()
    with tenant_scope(world.region.pk):
        assert not Document.objects.filter(subject="Stížnost na hluk").exists()
    assert clerk.post("/podatelna/zasilka/", typed | {f"own-{field.pk}": "SML-77"}).status_code == 302
    with tenant_scope(world.region.pk):
        assert Document.objects.get(subject="Stížnost na hluk").own_values == {str(field.pk): "SML-77"}


def test_searching_for_the_sender_keeps_what_was_typed_and_registers_nothing(clerk: Client, world: Any) -> None:
    with tenant_scope(world.region.pk):
        party = citizen_as_party(world.actor(world.clerk))
        before = Document.objects.count()
    answer = clerk.post("/podatelna/zasilka/", TYPED | {"enter": "1", "q": "Procházka", "q_shown": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Stížnost na hluk"' in page and 'value="2026-01-05T09:30:00"' in page
    assert f'value="{party.pk}"' in page
    with tenant_scope(world.region.pk):
        assert Document.objects.count() == before


def test_a_refused_letter_writes_no_sender_and_keeps_the_form(clerk: Client, world: Any) -> None:
    with tenant_scope(world.region.pk):
        before = Party.objects.count()
    wrong = TYPED | NEW_SENDER | {"post_number": "RR473124828CZ", "sheets": "0", "annexes": "0"}
    answer = clerk.post("/podatelna/zasilka/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "překlep" in page and "žádný list" in page and 'value="Stížnost na hluk"' in page
    with tenant_scope(world.region.pk):
        assert Party.objects.count() == before


def test_a_missing_name_of_the_sender_is_told_with_all_else(clerk: Client) -> None:
    nameless = TYPED | {"novy-kind": "natural", "subject": "", "enter": "1", "q": "", "q_shown": ""}
    page = clerk.post("/podatelna/zasilka/", nameless).content.decode()
    assert "Chybí jméno a příjmení." in page and 'href="#id_subject"' in page
    assert 'href="#id_novy-family_name"' in page and '<details class="panel__more" open>' in page


def test_a_known_sender_is_not_asked_for_a_new_name(clerk: Client, world: Any) -> None:
    with tenant_scope(world.region.pk):
        party = citizen_as_party(world.actor(world.clerk))
    typed = TYPED | {"novy-kind": "natural", "sender": str(party.pk), "subject": "", "enter": "1"}
    page = clerk.post("/podatelna/zasilka/", typed).content.decode()
    assert 'href="#id_subject"' in page and "Chybí jméno" not in page


def test_a_label_is_read_back_and_its_code_opens_the_document(clerk: Client, letter: Document) -> None:
    answer = clerk.post("/podatelna/stitky/", {"document": letter.pk, "sheet": "3x8", "first": "24"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    image = pypdfium2.PdfDocument(answer.content)[0].render(scale=2.5).to_pil()
    [code] = zxingcpp.read_barcodes(image)
    assert code.text == letter.identifier
    assert code.position.top_left.x > image.width * 2 / 3 and code.position.top_left.y > image.height * 7 / 8
    opened = clerk.get("/podatelna/kod/", {"kod": code.text})
    assert opened["Location"] == f"/dokumenty/{letter.pk}/"
    # The sheet is used up, the next label begins a new one.
    assert clerk.get(f"/podatelna/zasilka/{letter.pk}/").context["label_form"].initial == {"sheet": "3x8", "first": 1}


def test_a_place_that_is_not_on_the_sheet_is_refused(clerk: Client, letter: Document) -> None:
    answer = clerk.post("/podatelna/stitky/", {"document": letter.pk, "sheet": "2x8", "first": "17"})
    assert answer.status_code == 422
    assert "jen 16 štítků" in answer.content.decode()


def test_the_envelope_is_corrected(clerk: Client, letter: Document, world: Any) -> None:
    page = clerk.get(f"/podatelna/zasilka/{letter.pk}/obalka/")
    data = {
        name: value for name, value in page.context["form"].initial.items() if value is not None and value is not False
    }
    answer = clerk.post(f"/podatelna/zasilka/{letter.pk}/obalka/", data | {"sheets": "7"})
    assert answer.status_code == 302, answer.content.decode()
    with tenant_scope(world.region.pk):
        assert storing_queries.paper_part_of(letter).sheets == 7


def test_an_outsider_gets_no_further_than_a_refusal(world: Any, letter: Document) -> None:
    outsider = signed_in(world.outsider)
    for address in (
        "/podatelna/zasilka/",
        f"/podatelna/zasilka/{letter.pk}/",
        f"/podatelna/zasilka/{letter.pk}/obalka/",
    ):
        assert outsider.get(address).status_code == 403
    assert outsider.post("/podatelna/stitky/", {"document": letter.pk, "sheet": "3x8", "first": "1"}).status_code == 403
    answer = outsider.get("/podatelna/kod/", {"kod": letter.identifier})
    assert answer.status_code == 422 and "nepatří žádnému dokumentu" in answer.content.decode()
