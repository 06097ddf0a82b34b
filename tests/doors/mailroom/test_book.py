"""The register book: in the order of registering, printed with a record in the log, closed to others."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from tests.letters import citizen_as_party

from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.mailroom import operations, queries
from egon.mailroom.errors import BookTooLong
from egon.mailroom.operations import book
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
def letters(world: Any) -> list[Document]:
    """Three letters registered on three days: two days ago, yesterday, today."""
    with tenant_scope(world.region.pk):
        actor, now = world.actor(world.clerk), clock.now()
        sender = citizen_as_party(actor)
        return [
            operations.register_letter(
                actor=actor,
                envelope=EnvelopeFacts(kind="ordinary", sheets=4, annexes=3),
                sender=sender,
                subject=f"Dopis před {days} dny",
                delivered_at=now - timedelta(days=days),
                at=now - timedelta(days=days),
            )
            for days in (2, 1, 0)
        ]


def period(since: int, until: int) -> dict[str, str]:
    today = clock.today()
    return {"od": f"{today - timedelta(days=since)}", "do": f"{today - timedelta(days=until)}"}


def test_the_page_shows_the_period_newest_first_or_in_order(world: Any, letters: list[Document]) -> None:
    clerk = signed_in(world.clerk)
    rows = [document for document, _ in clerk.get("/podatelna/denik/", period(2, 1)).context["rows"]]
    assert [one for one in rows if one in letters] == [letters[1], letters[0]]
    rows = [
        document for document, _ in clerk.get("/podatelna/denik/", period(2, 0) | {"razeni": "cislo"}).context["rows"]
    ]
    assert [one for one in rows if one in letters] == letters


def test_the_print_carries_the_same_and_is_logged(world: Any, letters: list[Document]) -> None:
    answer = signed_in(world.clerk).get("/podatelna/denik/", period(1, 0) | {"tisk": "1", "smer": "received"})
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(
        "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content)).split()
    )
    assert letters[1].reference_number in text and letters[2].reference_number in text and "4 / 3" in text
    assert "před 2 dny" not in text
    with tenant_scope(world.region.pk):
        told = LogRecord.objects.filter(operation="mailroom.book.print").latest("pk").parameters
        assert told["count"] >= 2


def test_a_book_too_long_says_so_and_prints_nothing(
    world: Any, letters: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "LONGEST", 1)
    answer = signed_in(world.clerk).get("/podatelna/denik/", period(2, 0) | {"tisk": "1"})
    assert answer.status_code == 422 and "po kratších obdobích" in answer.content.decode()
    with tenant_scope(world.region.pk), pytest.raises(BookTooLong):
        operations.print_book(actor=world.actor(world.clerk), since=clock.today() - timedelta(2), until=clock.today())


def test_a_wrong_period_is_told(world: Any) -> None:
    answer = signed_in(world.clerk).get("/podatelna/denik/", period(0, 3))
    page = answer.content.decode()
    assert answer.status_code == 422 and "před jeho začátkem" in page and "nejde uložit" not in page


def test_others_may_not_read_it_and_another_organisation_has_its_own(world: Any, letters: list[Document]) -> None:
    assert signed_in(world.outsider).get("/podatelna/denik/").status_code == 403
    today = clock.today()
    with tenant_scope(world.region.pk), pytest.raises(AccessDenied):
        operations.print_book(actor=world.actor(world.officer), since=today, until=today)
    assert signed_in(world.auditor).get("/podatelna/denik/", period(2, 0)).status_code == 200
    with tenant_scope(world.school.tenant.pk):
        mine = queries.register_book(world.actor(world.school.director), since=today - timedelta(2), until=today)
        assert not mine.filter(pk__in=[letter.pk for letter in letters]).exists()
