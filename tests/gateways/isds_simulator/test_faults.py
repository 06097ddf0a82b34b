"""Faults: each breaks exactly the calls it was set for, and what was accepted stays accepted."""

import time

import httpx
import pytest

from .conftest import CITIZEN, OFFICE, PASSWORD, V20, Running, envelope


def break_next(isds: Running, kind: str, operation: str = "CreateMessage", **more: float) -> None:
    answer = isds.http.post("/api/faults", json={"operation": operation, "kind": kind, **more})
    assert answer.status_code == 200, answer.text


def sending(isds: Running) -> bytes:
    return (
        '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>'
        f'<CreateMessage xmlns="{V20}">{envelope(isds.boxes[OFFICE])}</CreateMessage></Body></Envelope>'
    ).encode()


def sent_count(isds: Running) -> int:
    return len(isds.call("dx", "GetListOfSentMessages", "<dmStatusFilter>-1</dmStatusFilter>", CITIZEN).texts("dmID"))


@pytest.mark.parametrize(("kind", "kept"), [("drop_before", 0), ("drop_after", 1), ("half_answer", 1)])
def test_dropped_connection_keeps_what_was_done_before_it(isds: Running, kind: str, kept: int) -> None:
    break_next(isds, kind)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{isds.url}/DS/dz", content=sending(isds), auth=(CITIZEN, PASSWORD))
    assert sent_count(isds) == kept
    assert isds.post("dz", sending(isds), CITIZEN).status_code == 200


def test_html_401_although_the_password_is_right(isds: Running) -> None:
    break_next(isds, "html_401")
    response = isds.post("dz", sending(isds), CITIZEN)
    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (401, "text/html")
    assert isds.post("dz", sending(isds), CITIZEN).status_code == 200
    assert sent_count(isds) == 1


def test_maintenance(isds: Running) -> None:
    break_next(isds, "soap_503", "*", count=2)
    for _ in range(2):
        response = isds.post("dz", sending(isds), CITIZEN)
        assert response.status_code == 503
        assert "Probíhá plánovaná údržba" in response.text
    assert sent_count(isds) == 0


def test_nonsense(isds: Running) -> None:
    break_next(isds, "nonsense")
    response = isds.post("dz", sending(isds), CITIZEN)
    assert (response.status_code, b"Envelope" in response.content) == (200, False)


def test_delay_and_stall(isds: Running) -> None:
    break_next(isds, "delay", seconds=0.5)
    began = time.monotonic()
    assert isds.post("dz", sending(isds), CITIZEN).status_code == 200
    assert time.monotonic() - began >= 0.5
    break_next(isds, "stall", seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{isds.url}/DS/dz", content=sending(isds), auth=(CITIZEN, PASSWORD), timeout=0.4)


def test_message_listed_twice(isds: Running) -> None:
    numbers = [isds.send(), isds.send()]
    break_next(isds, "duplicate_list", "GetListOfReceivedMessages")
    assert isds.deliver().texts("dmID") == [numbers[1], numbers[1], numbers[0]]
    assert isds.deliver().texts("dmID") == [numbers[1], numbers[0]]


def test_altered_file_is_recognised(isds: Running) -> None:
    number = isds.send()
    isds.deliver()
    break_next(isds, "altered_zfo", "SignedMessageDownload")
    answers = [isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>") for _ in range(2)]
    results = [
        isds.call("dz", "AuthenticateMessage", f"<dmMessage>{one.text('dmSignature')}</dmMessage>").text("dmAuthResult")
        for one in answers
    ]
    assert results == ["false", "true"]


def test_faults_are_listed_and_cleared(isds: Running) -> None:
    break_next(isds, "drop_before", count=3, probability=0.5)
    (fault,) = isds.http.get("/api/faults").json()
    assert (fault["kind"], fault["count"], fault["probability"]) == ("drop_before", 3, 0.5)
    assert isds.http.delete("/api/faults").json() == []
    bad = isds.http.post("/api/faults", json={"kind": "zemětřesení"})
    assert (bad.status_code, "Neznámý druh poruchy" in bad.json()["error"]) == (400, True)


def test_improbable_fault_strikes_some_calls_only(isds: Running) -> None:
    break_next(isds, "soap_503", "DummyOperation", count=1000, probability=0.5)
    operation = f'<DummyOperation xmlns="{V20}"/>'
    body = f'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>{operation}</Body></Envelope>'
    seen = {isds.post("dz", body.encode()).status_code for _ in range(60)}
    assert seen == {200, 503}
