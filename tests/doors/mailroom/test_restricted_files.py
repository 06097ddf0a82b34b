"""Pages and prints of the mailroom tell of documents in restricted files their numbers only (NSESSS 5.1.1, 7.1)."""

from typing import Any

import pytest
from django.test import Client
from tests.doors.texts import text_of_page, text_of_pdf
from tests.letters import approved_letter_to, citizen_as_party
from tests.records_steps import acting, record_class

from egon.kernel import clock
from egon.mailroom import operations, queries
from egon.mailroom.models import Dispatch, IntakeItem, PostedLetter
from egon.mailroom.rules import EnvelopeFacts
from egon.records import operations as records
from egon.records.models import Document
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db
SECRET = "Kázeňské řízení"


@pytest.fixture
def clerk(world: Any) -> Client:
    client = Client()
    client.post("/prihlaseni/", {"login": world.clerk.account.login, "password": PASSWORD})
    return client


def into_restricted_file(world: Any, document: Document) -> None:
    officer = acting(world.officer)
    file = records.open_file(
        actor=officer,
        record_class=record_class("80.1"),
        unit=world.units["OD"],
        processor=world.officer,
        document=document,
    )
    records.restrict_file(actor=officer, file=file, reason="osobní spis")


@pytest.fixture
def sent(in_region: Any) -> Document:
    """A letter to two addressees in a restricted file: one has got it by post, the other waits."""
    first, _ = approved_letter_to(in_region, ["", ""], subject=SECRET)
    document = Document.objects.get(pk=first.document_id)
    into_restricted_file(in_region, document)
    clerk, now = acting(in_region.clerk), clock.now()
    letter = operations.prepare_letter(
        actor=clerk, document=document, addressee=first, at=now,
        service="own_hands", envelope="C5", weight=40, address="Dlouhá 12",
    )  # fmt: skip
    operations.number_letters(actor=clerk, numbers={letter.pk: "RR123456785CZ"})
    operations.post_letters(actor=clerk, letters=[queries.letters_to_post().get()], at=now)
    return Document.objects.get(pk=document.pk)


def test_what_is_to_be_sent_the_mailroom_sees(in_region: Any, clerk: Client) -> None:
    [addressee] = approved_letter_to(in_region, [""], subject=SECRET)
    into_restricted_file(in_region, Document.objects.get(pk=addressee.document_id))
    assert SECRET in text_of_page(clerk.get("/podatelna/vypravna/"))


@pytest.mark.norm("5.1.1")
def test_of_what_left_only_the_number_is_told(in_region: Any, clerk: Client, sent: Document) -> None:
    dispatch, batch = Dispatch.objects.get(document=sent), PostedLetter.objects.get().batch
    waiting = sent.addressees.exclude(pk=dispatch.addressee_id).get()
    addresses = [
        "/", "/podatelna/vypravna/", "/podatelna/vypravna/odeslane/", f"/podatelna/vypravna/{dispatch.pk}/",
        "/podatelna/vypravna/dorucenky/", f"/podatelna/vypravna/dorucenky/{dispatch.pk}/",
        f"/podatelna/vypravna/adresat/{waiting.pk}/", f"/podatelna/vypravna/adresat/{waiting.pk}/postou/",
        f"/podatelna/vypravna/dokument/{sent.pk}/",
    ]  # fmt: skip
    for address in addresses:
        page = text_of_page(clerk.get(address))
        assert sent.reference_number in page, address
        assert SECRET not in page, address
    assert batch is not None
    assert SECRET not in text_of_pdf(clerk.get(f"/podatelna/vypravna/posta/archy/{batch.pk}/", {"jako": "pdf"}))
    found = text_of_page(clerk.get("/podatelna/vypravna/odeslane/", {"hledat": "Kázeňské"}))
    assert sent.reference_number not in found
    assert SECRET not in text_of_page(clerk.get("/podatelna/denik/"))


@pytest.mark.norm("5.1.1")
def test_what_came_and_is_in_a_restricted_file_is_a_number_in_the_inbox_and_on_lists(
    in_region: Any, clerk: Client
) -> None:
    world, now = in_region, clock.now()
    document = operations.register_letter(
        actor=acting(world.clerk), envelope=EnvelopeFacts(kind="ordinary", sheets=1),
        sender=citizen_as_party(acting(world.clerk)), subject=SECRET, delivered_at=now, at=now, unit=world.units["OD"],
    )  # fmt: skip
    listing = operations.make_handover_list(actor=acting(world.clerk), unit=world.units["OD"], at=now)
    page, inbox = f"/podatelna/protokoly/{listing.pk}/", "/podatelna/?stav=vse"
    for address in (page, inbox):
        assert SECRET in text_of_page(clerk.get(address))
    records.place_in_unit(actor=acting(world.clerk), document=document, unit=world.units["OD"], holder=world.officer)
    into_restricted_file(world, Document.objects.get(pk=document.pk))
    for address in (page, inbox):
        told = text_of_page(clerk.get(address))
        assert document.reference_number in told, address
        assert SECRET not in told, address
        assert str(document.sender) not in told, address
    assert SECRET not in text_of_pdf(clerk.get(page, {"jako": "pdf"}))
    assert document.reference_number not in text_of_page(clerk.get(inbox, {"hledat": "Kázeňské"}))
    item = IntakeItem.objects.get(document=document)
    assert clerk.get(f"/podatelna/{item.pk}/").status_code == 404
    assert clerk.get(f"/podatelna/{item.pk}/hotovo/").status_code == 404
