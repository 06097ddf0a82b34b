"""Whatever ISDS or the network does, the type of the error tells what to do; unclear is never taken for not sent."""

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from egon.gateways.isds import (
    Environment,
    IsdsBusy,
    IsdsClient,
    IsdsRefused,
    LoginRefused,
    OutgoingFile,
    OutgoingMessage,
    PasswordLogin,
    SendingUnclear,
)
from egon.gateways.isds.transport import AnswerTooLarge
from egon.kernel.errors import Ambiguous, Misconfigured, Refused, Retryable

MESSAGE = OutgoingMessage("mw7dqvw", "Věc", (OutgoingFile("a.txt", b"abc" * 1000, "text/plain", "main"),))

FAULT = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>Údržba</faultcode><faultstring>Omlouváme se,
probíhá údržba.</faultstring></s:Fault></s:Body></s:Envelope>"""

PAGE_401 = "<html><h1>Authentication required!</h1><br>{}</html>"

READS: list[Callable[[IsdsClient], object]] = [
    lambda client: client.list_received(),
    lambda client: client.download_signed("1"),
    lambda client: client.owner(),
]


def test_a_wrong_password_answered_by_html_is_a_matter_of_settings(client: IsdsClient, script: Any) -> None:
    script.answer(PAGE_401.format(""), status="401 Unauthorized", kind="text/html")
    with pytest.raises(LoginRefused) as caught:
        client.list_received()
    assert isinstance(caught.value, Misconfigured)
    assert "urednik" in caught.value.message
    assert "tajne-heslo" not in str(caught.value)


def test_a_blocked_login_tells_until_when(client: IsdsClient, script: Any) -> None:
    page = PAGE_401.format("Prihlaseni blokovano do / Login blocked until: 13:04:39")
    script.answer(page, status="401 Unauthorized", kind="text/html")
    with pytest.raises(LoginRefused) as caught:
        client.create_message(MESSAGE)
    assert caught.value.blocked_until == "13:04:39"
    assert "13:04:39" in caught.value.message


@pytest.mark.parametrize("read", READS)
def test_maintenance_is_waited_out_and_its_reason_shown(read: Any, client: IsdsClient, script: Any) -> None:
    script.answer(FAULT, status="503 Service Temporarily Unavailable")
    with pytest.raises(Retryable) as caught:
        read(client)
    assert not isinstance(caught.value, Ambiguous)
    assert caught.value.after >= timedelta(minutes=1)
    assert "Omlouváme se, probíhá údržba." in caught.value.message


BROKEN = {
    "nonsense": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabracadab",
    "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "not http": b"\x00\x01\x02 nothing like HTTP\r\n\r\n",
    "half an answer": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<s:Envelope xmlns:s='x'><s:Bo",
    "dropped at once": b"",
    "wrong encoding": b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n<?xml version='1.0'?><a>\xe8\xe1</a>",
    "foreign document": b"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n<html><body/></html",
    "doctype": b"HTTP/1.1 200 OK\r\nContent-Length: 52\r\n\r\n<!DOCTYPE a [<!ENTITY b 'c'>]><Envelope>&b;</Envelope",
    "fault with 200": f"HTTP/1.1 200 OK\r\nContent-Length: {len(FAULT.encode())}\r\n\r\n{FAULT}".encode(),
    "internal error": b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
    "bad gateway": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\nooop",
    "too large": b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n<a>" + b" " * 899_997,
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_to_a_reading_is_asked_for_again(
    broken: str, read: Any, client: IsdsClient, script: Any
) -> None:
    script.answers.append(BROKEN[broken])
    with pytest.raises(Retryable) as caught:
        read(client)
    assert not isinstance(caught.value, Ambiguous)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_answer_to_a_sending_is_never_taken_for_not_sent(broken: str, client: IsdsClient, script: Any) -> None:
    script.answers.append(BROKEN[broken])
    with pytest.raises(SendingUnclear) as caught:
        client.create_message(MESSAGE)
    assert isinstance(caught.value, Ambiguous)
    assert len(script.requests) == 1
    assert "seznamu odeslaných" in caught.value.message


def test_a_silent_server_is_left_in_time(script: Any) -> None:
    script.stall_seconds = 60
    hurried = Environment("mlčící", base_url=f"http://127.0.0.1:{script.port}", read_timeout=0.3)
    with IsdsClient(hurried, PasswordLogin("a", "b")) as client:
        with pytest.raises(Retryable) as reading:
            client.list_received()
        assert not isinstance(reading.value, Ambiguous)
        with pytest.raises(SendingUnclear):
            client.create_message(MESSAGE)


def test_an_answer_that_drips_for_ever_is_left_in_time(script: Any) -> None:
    environment = Environment("pomalý", base_url=f"http://127.0.0.1:{script.port}", total_timeout=0.0)
    script.answer("<a>" + " " * 1000 + "</a>")
    with IsdsClient(environment, PasswordLogin("a", "b")) as client, pytest.raises(Retryable, match="déle než"):
        client.list_received()


def test_a_server_that_is_not_there_has_not_taken_the_message() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    nobody = Environment.at(f"http://127.0.0.1:{port}")
    with IsdsClient(nobody, PasswordLogin("a", "b")) as client, pytest.raises(Retryable) as caught:
        client.create_message(MESSAGE)
    assert not isinstance(caught.value, Ambiguous)


@pytest.mark.parametrize("status", ["302 Found", "403 Forbidden", "404 Not Found"])
def test_a_wrong_address_is_a_matter_of_settings(status: str, client: IsdsClient, script: Any) -> None:
    script.answer("", status=status, extra="Location: http://127.0.0.1:1/\r\n")
    with pytest.raises(Misconfigured):
        client.ping()


@pytest.mark.parametrize("code", ["1004", "1214", "1219", "1281", "3022", "7777"])
def test_a_refusal_carries_the_code_and_a_sentence(code: str, client: IsdsClient, script: Any) -> None:
    script.answer_operation("CreateMessage", "", code=code)
    with pytest.raises(IsdsRefused) as caught:
        client.create_message(MESSAGE)
    assert isinstance(caught.value, Refused)
    assert caught.value.status == code
    assert caught.value.message.endswith((".", "čeno."))


@pytest.mark.parametrize("code", ["2207", "2210", "2352", "3006", "3008", "3009"])
def test_a_busy_system_says_how_long_to_wait(code: str, client: IsdsClient, script: Any) -> None:
    script.answer_operation("SignedMessageDownload", "", code=code)
    with pytest.raises(IsdsBusy) as caught:
        client.download_signed("1")
    assert caught.value.status == code
    assert timedelta(seconds=5) <= caught.value.after <= timedelta(hours=1)


@pytest.mark.parametrize("code", ["9005", "9500"])
def test_an_internal_error_while_sending_is_unclear(code: str, client: IsdsClient, script: Any) -> None:
    script.answer_operation("CreateMessage", "", code=code)
    with pytest.raises(SendingUnclear):
        client.create_message(MESSAGE)


def test_a_confirmation_without_a_number_is_unclear(client: IsdsClient, script: Any) -> None:
    script.answer_operation("CreateMessage", "")
    with pytest.raises(SendingUnclear):
        client.create_message(MESSAGE)


def test_a_download_that_is_not_base64_is_asked_for_again(client: IsdsClient, script: Any) -> None:
    script.answer_operation("SignedMessageDownload", "<p:dmSignature>!!!!</p:dmSignature>")
    script.answer_operation("SignedMessageDownload", "")
    for _ in range(2):
        with pytest.raises(Retryable):
            client.download_signed("1")


def test_cookies_are_not_kept(client: IsdsClient, script: Any) -> None:
    script.answer_operation("DummyOperation", "")
    script.answers[0] = script.answers[0].replace(b"\r\n\r\n", b"\r\nSet-Cookie: IPCZ=1; Path=/\r\n\r\n", 1)
    client.ping()
    client.ping()
    assert b"ookie" not in script.requests[1].partition(b"\r\n\r\n")[0]


def test_a_password_is_not_shown_by_its_login() -> None:
    assert "tajne" not in repr(PasswordLogin("u", "tajne"))


def test_addresses_follow_the_environment() -> None:
    login = PasswordLogin("u", "p")
    assert Environment.production().url("dx", login) == "https://ws1.datovka.gov.cz/DS/dx"
    assert Environment.public_test().url("DsManage", login) == "https://ws1.datovka-test.gov.cz/DS/DsManage"
    assert Environment.at("http://127.0.0.1:8900/").url("dz", login) == "http://127.0.0.1:8900/DS/dz"


def test_an_answer_over_the_limit_is_thrown_away_though_it_is_sound(client: IsdsClient, script: Any) -> None:
    script.answer_operation("DummyOperation", "<p:x>" + "a" * 300_000 + "</p:x>")
    with pytest.raises(AnswerTooLarge):
        client.ping()


def test_an_answer_with_entities_is_refused_though_it_is_sound(client: IsdsClient, script: Any) -> None:
    script.answer_operation("DummyOperation", '<p:x y="&b;"/>')
    script.answers[0] = script.answers[0].replace(b"<s:Envelope", b"<!DOCTYPE a [<!ENTITY b 'bbb'>]><s:Envelope", 1)
    body = script.answers[0].partition(b"\r\n\r\n")[2]
    script.answers[0] = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    with pytest.raises(Retryable, match="DOCTYPE"):
        client.ping()
