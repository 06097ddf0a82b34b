"""Pages of hand-over lists: made and printed by the mailroom, its code read back, taken over by the unit."""

from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from tests.letters import citizen_as_party

from egon.circulation.models import Handover
from egon.kernel import clock
from egon.mailroom import operations
from egon.mailroom.rules import EnvelopeFacts
from egon.records.models import Document
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD})
    return client


@pytest.fixture
def letter(world: Any) -> Document:
    with tenant_scope(world.region.pk):
        clerk, now = world.actor(world.clerk), clock.now()
        return operations.register_letter(
            actor=clerk,
            envelope=EnvelopeFacts(kind="ordinary", sheets=1),
            sender=citizen_as_party(clerk),
            subject="Oprava silnice",
            delivered_at=now,
            at=now,
            unit=world.units["OD"],
        )


def state_of(letter: Document, world: Any) -> str:
    with tenant_scope(world.region.pk):
        return str(Handover.objects.get(document=letter).state)


def test_a_list_is_made_printed_and_taken_over_by_its_code(world: Any, letter: Document) -> None:
    clerk, head = signed_in(world.clerk), signed_in(world.head)
    assert "bez protokolu" in clerk.get("/podatelna/protokoly/").content.decode()
    page = clerk.post("/podatelna/protokoly/", {"utvar": world.units["OD"].pk})["Location"]
    printed = pypdfium2.PdfDocument(clerk.get(page, {"jako": "pdf"}).content)[0]
    assert letter.identifier in printed.get_textpage().get_text_range()
    [code] = zxingcpp.read_barcodes(printed.render(scale=2.5).to_pil())
    assert head.post("/podatelna/prevzit/", {"kod": code.text})["Location"] == page
    assert "Převzít vše" in head.get(page).content.decode()
    assert "Převzít vše" not in clerk.get(page).content.decode()
    assert head.post(page).status_code == 302
    assert state_of(letter, world) == "taken"


def test_one_label_takes_one_document_over(world: Any, letter: Document) -> None:
    head = signed_in(world.head)
    assert head.post("/podatelna/prevzit/", {"kod": letter.identifier})["Location"] == "/podatelna/prevzit/"
    assert state_of(letter, world) == "taken"
    again = head.post("/podatelna/prevzit/", {"kod": letter.identifier})
    assert again.status_code == 422 and "na převzetí nečeká" in again.content.decode()


def test_an_outsider_gets_no_further_than_a_refusal(world: Any, letter: Document) -> None:
    page = signed_in(world.clerk).post("/podatelna/protokoly/", {"utvar": world.units["OD"].pk})["Location"]
    outsider = signed_in(world.outsider)
    assert outsider.get("/podatelna/protokoly/").status_code == 403
    assert outsider.get(page).status_code in (403, 404)
    assert outsider.post(page).status_code in (403, 404)
    outsider.post("/podatelna/prevzit/", {"kod": letter.identifier})
    assert state_of(letter, world) == "waiting"
