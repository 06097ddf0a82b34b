"""The port of base registers: the client understands its simulator, and says which failure may pass."""

from dataclasses import replace
from datetime import date

import httpx
import pytest
from tests.registers import COMPANY, PERSON

from egon.gateways.base_registers import AbsentRegisters, Query, Register, RemoteRegisters
from egon.kernel.errors import BadContent, Misconfigured, Refused, Retryable


@pytest.fixture
def client(registers):
    return RemoteRegisters(registers.url)


def test_a_person_is_found_by_exact_facts_in_their_register_only(client):
    asked = Query(given_name="eva", family_name="Ověřená", birth_date=date(1980, 2, 29), city="Žďár")
    assert client.find(Register.ROB, asked) == (PERSON,)
    assert client.find(Register.ROS, asked) == ()
    assert client.find(Register.ROS, Query(ic="70890366")) == (COMPANY,)
    assert client.find(Register.ROS, Query()) == ()


def test_an_entry_is_read_again_and_changes_are_told_once(client, registers):
    marker = client.changes("").marker
    moved = replace(PERSON, city="Praha")
    registers.local.put(moved)
    changes = client.changes(marker)
    assert changes.references == ((Register.ROB, "aifo-1"),)
    assert client.changes(changes.marker).references == ()
    assert client.read(Register.ROB, "aifo-1") == moved
    assert client.read(Register.ROB, "nobody") is None


def test_an_entry_is_written_over_the_wire(client, registers):
    told = replace(COMPANY, name="Jiná, a. s.").as_json()
    assert httpx.put(f"{registers.url}/entry", json=told, trust_env=False).status_code == 200
    assert client.read(Register.ROS, COMPANY.reference).name == "Jiná, a. s."


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (401, b"", Misconfigured),
        (404, b"", Refused),
        (429, b"", Retryable),
        (503, b"", Retryable),
        (200, b"<html>", BadContent),
        (200, b"[]", BadContent),
        (200, b"{}", BadContent),
        (200, b'{"entries": [{"register": "rob"}]}', BadContent),
        (200, b'{"entries": [{"register": "rob", "reference": "1", "kind": "alien"}]}', BadContent),
        (200, b'{"entries": [7]}', BadContent),
    ],
)
def test_what_cannot_be_used_is_told_by_its_kind(monkeypatch, status, content, error):
    monkeypatch.setattr(httpx, "request", lambda *a, **k: httpx.Response(status, content=content))
    with pytest.raises(error):
        RemoteRegisters("http://registry.invalid").read(Register.ROB, "1")


def test_a_server_that_is_not_there_may_come_back_and_a_wrong_address_may_not():
    with pytest.raises(Retryable):
        RemoteRegisters("http://127.0.0.1:1").changes("")
    with pytest.raises(Misconfigured):
        RemoteRegisters("registry.example").changes("")


def test_without_registers_every_question_says_so():
    absent = AbsentRegisters()
    for ask in (
        lambda: absent.find(Register.ROB, Query()),
        lambda: absent.read(Register.ROB, "1"),
        lambda: absent.changes(""),
    ):
        with pytest.raises(Misconfigured, match="nejsou připojené"):
            ask()
