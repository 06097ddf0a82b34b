"""The page of delivery slips: scan, day, Enter, and the next one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.letters import approved_letter_to

from egon.kernel import clock
from egon.mailroom import operations
from egon.mailroom.models import Dispatch
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.post("/prihlaseni/", {"login": person.account.login, "password": PASSWORD})
    return client


@pytest.fixture
def dispatch(world: Any) -> Dispatch:
    """A letter with a delivery slip, posted today."""
    with tenant_scope(world.region.pk):
        clerk, now = world.actor(world.clerk), clock.now()
        [addressee] = approved_letter_to(world, [""])
        letter = operations.prepare_letter(
            actor=clerk,
            document=addressee.document,
            addressee=addressee,
            service="with_receipt",
            address="Dlouhá 12",
            at=now,
        )
        operations.number_letters(actor=clerk, numbers={letter.pk: "RR473124829CZ"})
        operations.post_letters(actor=clerk, letters=[letter], at=now)
        return letter.dispatch


def test_a_scanned_slip_is_written_and_the_next_may_come(world: Any, dispatch: Dispatch) -> None:
    clerk = signed_in(world.clerk)
    assert "RR473124829CZ" in clerk.get("/podatelna/vypravna/dorucenky/").content.decode()
    found = clerk.get("/podatelna/vypravna/dorucenky/", {"kod": "RR473124829CZ"})
    assert found["Location"] == f"/podatelna/vypravna/dorucenky/{dispatch.pk}/"
    answer = clerk.post(found["Location"], {"on": f"{clock.today()}", "outcome": "delivered", "note": "dcera"})
    assert answer["Location"] == "/podatelna/vypravna/dorucenky/"
    again = clerk.get("/podatelna/vypravna/dorucenky/", {"kod": "RR473124829CZ"}).content.decode()
    assert "Výsledek už je zapsaný" in again and "doručeno, dcera" in again
    assert "doručeno, dcera" in clerk.get(f"/podatelna/vypravna/{dispatch.pk}/").content.decode()


def test_a_wrong_day_and_a_strange_code_are_told(world: Any, dispatch: Dispatch) -> None:
    clerk = signed_in(world.clerk)
    tomorrow = clock.today() + timedelta(days=1)
    answer = clerk.post(f"/podatelna/vypravna/dorucenky/{dispatch.pk}/", {"on": f"{tomorrow}", "outcome": "delivered"})
    assert answer.status_code == 422 and "v budoucnosti" in answer.content.decode()
    answer = clerk.get("/podatelna/vypravna/dorucenky/", {"kod": "RR999"})
    assert answer.status_code == 422 and "nepatří žádné zásilce" in answer.content.decode()


def test_an_outsider_gets_no_further_than_a_refusal(world: Any, dispatch: Dispatch) -> None:
    outsider = signed_in(world.outsider)
    for address in ("/podatelna/vypravna/dorucenky/", f"/podatelna/vypravna/dorucenky/{dispatch.pk}/"):
        assert outsider.get(address).status_code == 403
