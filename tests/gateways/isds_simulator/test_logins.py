"""Every way in: client certificates over TLS, a code by SMS, the mobile key; notifications that deliver nothing."""

import base64
import ssl
import threading
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from egon.gateways.isds.simulator.server import SimulatorServer

from .conftest import CITIZEN, COMPANY, OFFICE, PASSWORD, V20, Answer, Running, envelope, read_answer
from .status_codes import INSIDE


def soap(operation: str, content: str = "") -> bytes:
    return (
        '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>'
        f'<{operation} xmlns="{V20}">{content}</{operation}></Body></Envelope>'
    ).encode()


class Secure:
    """The TLS port of a simulator."""

    def __init__(self, isds: Running, folder: Path) -> None:
        self._isds = isds
        self._folder = folder
        self._server = SimulatorServer(("127.0.0.1", 0), isds.simulator, tls=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def certificate(self, kind: str, **described: Any) -> dict[str, Any]:
        answer = self._isds.http.post("/api/certificates", json={"kind": kind, **described})
        assert answer.status_code == 200, answer.text
        issued: dict[str, Any] = answer.json()
        return issued

    def client(self, issued: dict[str, Any] | None = None) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self._isds.simulator.tls_authority))
        if issued is not None:
            file = self._folder / f"{issued['fingerprint']}.pem"
            file.write_text(issued["certificate_pem"] + issued["key_pem"])
            context.load_cert_chain(file)
        return httpx.Client(base_url=self.url, verify=context, timeout=30)

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def secure(isds: Running, tmp_path: Path) -> Iterator[Secure]:
    running = Secure(isds, tmp_path)
    yield running
    running.stop()


def ask(client: httpx.Client, path: str, operation: str, content: str = "", auth: Any = None) -> Answer:
    response = client.post(path, content=soap(operation, content), auth=auth)
    assert response.status_code == 200, response.text
    return read_answer(response)


def test_system_certificate_lets_an_application_in(isds: Running, secure: Secure) -> None:
    isds.send()
    first = secure.certificate("system", box=isds.boxes[OFFICE])
    second = secure.certificate("system", box=isds.boxes[OFFICE])
    with secure.client(first) as client, secure.client(second) as other:
        owner = ask(client, "/cert/DS/DsManage", "GetOwnerInfoFromLogin2", "<dbDummy/>")
        assert owner.text("dbID") == isds.boxes[OFFICE]
        assert ask(other, "/cert/DS/DsManage", "GetUserInfoFromLogin2", "<dbDummy/>").status == "2102"
        listed = ask(client, "/cert/DS/dx", "GetListOfReceivedMessages", "<dmStatusFilter>-1</dmStatusFilter>")
        wanted = f"<dmID>{listed.text('dmID')}</dmID>"
        events = ask(client, "/cert/DS/dx", "GetDeliveryInfo", wanted).texts("dmEventDescr")
        assert events[-1].startswith("EV13:")
        sending = envelope(isds.boxes[CITIZEN])
        number = ask(client, "/cert/DS/dz", "CreateMessage", sending).text("dmID")
        author = ask(client, "/cert/DS/dx", "GetMessageAuthor", f"<dmID>{number}</dmID>")
        assert author.text("userType") == "VIRTUAL"
        assert ask(client, "/cert/DS/df", "GetDataBoxList", "<dblType>ALL2</dblType>").status == "0000"
        period = "<baFrom/><baTo/>"
        box = f"<dbID>{isds.boxes[CITIZEN]}</dbID>"
        assert ask(client, "/cert/DS/df", "GetDataBoxActivityStatus", box + period).texts("DbState") == ["1"]
        backwards = "<baFrom>2026-02-02T00:00:00</baFrom><baTo>2026-02-01T00:00:00</baTo>"
        assert ask(client, "/cert/DS/df", "GetDataBoxActivityStatus", box + backwards).status == "1058"
        isds.http.delete("/api/certificates", params={"fingerprint": first["fingerprint"]})
        assert client.post("/cert/DS/dz", content=soap("DummyOperation")).status_code == 401
        assert other.post("/cert/DS/dz", content=soap("DummyOperation")).status_code == 200
    with secure.client() as nobody:
        assert nobody.post("/cert/DS/dz", content=soap("DummyOperation")).status_code == 401
    assert isds.http.post("/cert/DS/dz", content=soap("DummyOperation")).status_code == 401


def test_hosted_records_service_names_the_box(isds: Running, secure: Secure) -> None:
    issued = secure.certificate("hspis", box=isds.boxes[OFFICE])
    with secure.client(issued) as client:
        right = (isds.boxes[OFFICE], "")
        assert ask(client, "/hspis/DS/dz", "DummyOperation", auth=right).status == "0000"
        for wrong in ((isds.boxes[CITIZEN], ""), (isds.boxes[OFFICE], "heslo"), ("", "")):
            assert client.post("/hspis/DS/dz", content=soap("DummyOperation"), auth=wrong).status_code == 401


def test_personal_certificate_needs_the_password_too(isds: Running, secure: Secure) -> None:
    issued = secure.certificate("user", login=CITIZEN)
    with secure.client(issued) as client:
        assert ask(client, "/certds/DS/dz", "DummyOperation", auth=(CITIZEN, PASSWORD)).status == "0000"
        for wrong in ((CITIZEN, "spatne"), (COMPANY, PASSWORD)):
            assert client.post("/certds/DS/dz", content=soap("DummyOperation"), auth=wrong).status_code == 401


def test_notifications_deliver_nothing_and_survive_a_restart(start: Callable[..., Running], tmp_path: Path) -> None:
    isds = start()
    assert isds.call("dx", "RegisterForNotifications", "<action>1</action>").status == "1004"
    secure = Secure(isds, tmp_path)
    issued = secure.certificate("system", box=isds.boxes[OFFICE])
    isds.send(annotation="Před přihlášením")
    with secure.client(issued) as client:
        since = "<ntfFromTime>2020-01-01T00:00:00</ntfFromTime><ntfScope>ALL</ntfScope>"
        assert ask(client, "/cert/DS/dx", "GetListForNotifications", since).status == "1004"
        isds.advance(seconds=1)
        assert ask(client, "/cert/DS/dx", "RegisterForNotifications", "<action>9</action>").status == "2001"
        assert ask(client, "/cert/DS/dx", "RegisterForNotifications", "<action>1</action>").status == "0000"
    number = isds.send(annotation="Po přihlášení")
    secure.stop()
    isds.stop()
    isds = start()
    secure = Secure(isds, tmp_path)
    try:
        with secure.client(issued) as client:
            for _ in range(2):
                told = ask(client, "/cert/DS/dx", "GetListForNotifications", since)
                assert (told.texts("dmID"), told.text("ntfListContinues")) == ([number], "false")
            later = "<ntfFromTime>2100-01-01T00:00:00</ntfFromTime><ntfScope>ALL</ntfScope>"
            assert ask(client, "/cert/DS/dx", "GetListForNotifications", later).texts("dmID") == []
            state = isds.call("dx", "GetDeliveryInfo", f"<dmID>{number}</dmID>", CITIZEN)
            assert state.text("dmMessageStatus") == "4"
            ask(client, "/cert/DS/dx", "RegisterForNotifications", "<action>0</action>")
            assert ask(client, "/cert/DS/dx", "GetListForNotifications", since).status == "1004"
    finally:
        secure.stop()


def process(
    isds: Running, query: str, login: str, secret: str, cookies: dict[str, str] | None = None
) -> httpx.Response:
    packed = base64.b64encode(f"{login}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {packed}"}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return httpx.post(f"{isds.url}/as/processLogin?{query}&uri={isds.url}/apps/DS/dz", headers=headers)


def test_code_by_sms(isds: Running) -> None:
    assert process(isds, "type=totp&sendSms=true", OFFICE, PASSWORD).status_code == 401
    isds.http.post("/api/logins", json={"login": OFFICE, "sms": True})
    assert isds.post("dz", soap("DummyOperation")).status_code == 401  # the password alone is not enough any more
    refused = process(isds, "type=totp&sendSms=true", OFFICE, "spatne")
    assert refused.headers["X-Response-message-code"] == "authentication.error.userIsNotAuthenticated"
    assert refused.headers["WWW-Authenticate"] == "totpsendsms"
    sent = process(isds, "type=totp&sendSms=true", OFFICE, PASSWORD)
    assert (sent.status_code, sent.headers["X-Response-message-code"]) == (302, "authentication.info.totpSended")
    text = str(make_header(decode_header(sent.headers["X-Response-message-text"])))
    assert text == "Jednorázový kód odeslán."
    again = process(isds, "type=totp&sendSms=true", OFFICE, PASSWORD)
    assert again.headers["X-Response-message-code"] == "authentication.info.cannotSendQuickly"
    code = isds.http.get("/api/phones").json()["sms"][0]["code"]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert process(isds, "type=totp", OFFICE, PASSWORD + wrong).status_code == 401
    entered = process(isds, "type=totp", OFFICE, PASSWORD + code)
    assert entered.status_code == 302
    cookies = {"IPCZ-X-COOKIE": entered.cookies["IPCZ-X-COOKIE"]}

    def dummy() -> int:
        return httpx.post(f"{isds.url}/apps/DS/dz", content=soap("DummyOperation"), cookies=cookies).status_code

    assert dummy() == 200
    assert process(isds, "type=totp", OFFICE, PASSWORD + code).status_code == 401  # a code is good once
    httpx.get(f"{isds.url}/as/processLogout", params={"uri": "x"}, cookies=cookies)
    assert dummy() == 401


def test_session_ends_after_half_an_hour_and_a_password_after_its_time(isds: Running) -> None:
    isds.http.post("/api/logins", json={"login": OFFICE, "sms": True, "password_expires_in_days": 1})
    process(isds, "type=totp&sendSms=true", OFFICE, PASSWORD)
    code = isds.http.get("/api/phones").json()["sms"][0]["code"]
    cookies = dict(process(isds, "type=totp", OFFICE, PASSWORD + code).cookies)

    def dummy() -> int:
        return httpx.post(f"{isds.url}/apps/DS/dz", content=soap("DummyOperation"), cookies=cookies).status_code

    isds.advance(seconds=1700)
    assert dummy() == 200
    isds.advance(seconds=1700)
    assert dummy() == 200
    isds.advance(seconds=1900)
    assert dummy() == 401
    isds.advance(days=1)
    expired = process(isds, "type=totp&sendSms=true", OFFICE, PASSWORD)
    assert expired.headers["X-Response-message-code"] == "authentication.error.paswordExpired"


@pytest.mark.parametrize(("accept", "status"), [(True, 2), (False, 3)])
def test_mobile_key(isds: Running, accept: bool, status: int) -> None:
    code = isds.http.post("/api/logins", json={"login": OFFICE, "mobile_key": True}).json()["communication_code"]
    query = "type=mep-ws&applicationName=Spisovka"
    assert process(isds, query, OFFICE, "jiny").status_code == 401
    asked = process(isds, query, OFFICE, code)
    waiting = dict(asked.cookies)

    def state(path: str = "/as/mepWsStateUpdate") -> httpx.Response:
        return httpx.get(isds.url + path, cookies=waiting)

    assert (asked.status_code, state().text) == (302, "1")
    assert process(isds, query, OFFICE, code, waiting).status_code == 401  # not confirmed yet
    assert isds.http.get("/api/phones").json()["mobile_key"] == [{"login": OFFICE, "application": "Spisovka"}]
    isds.http.post("/api/mobile-key", json={"login": OFFICE, "accept": accept})
    assert state("/as/mepWsStateUpdate2").json() == {"status": status}
    entered = process(isds, query, OFFICE, code, waiting)
    assert entered.status_code == (302 if accept else 401)
    assert httpx.get(f"{isds.url}/as/mepWsStateUpdate").text == "-1"


def test_mobile_key_waits_four_minutes(isds: Running) -> None:
    code = isds.http.post("/api/logins", json={"login": OFFICE, "mobile_key": True}).json()["communication_code"]
    waiting = dict(process(isds, "type=mep-ws&applicationName=x", OFFICE, code).cookies)
    isds.advance(seconds=241)
    assert httpx.get(f"{isds.url}/as/mepWsStateUpdate", cookies=waiting).text == "3"


def test_switches_of_the_operator_survive_a_restart(start: Callable[..., Running]) -> None:
    isds = start()
    number = isds.send()
    isds.deliver()
    change = {"maintenance": True, "blocked_downloads": [isds.boxes[OFFICE]]}
    assert isds.http.post("/api/switches", json=change).status_code == 200
    assert isds.http.post("/api/switches", json={"throttle": "1111"}).status_code == 400
    isds.stop()
    isds = start()
    stopped = isds.post("dz", soap("DummyOperation"))
    assert (stopped.status_code, "údržba" in stopped.text) == (503, True)
    isds.http.post("/api/switches", json={"maintenance": False})
    wanted = f"<dmID>{number}</dmID>"
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "3022"
    isds.http.post("/api/switches", json={"blocked_downloads": []})
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "0000"


@pytest.mark.parametrize("code", ["3008", "3009"])
def test_throttling_lets_a_box_in_once_in_three_seconds(isds: Running, code: str) -> None:
    isds.http.post("/api/switches", json={"throttle": code})
    assert isds.call("dz", "DummyOperation").status == "0000"
    assert isds.call("dz", "DummyOperation").status == code
    assert isds.call("dz", "DummyOperation", login=CITIZEN).status == "0000"
    isds.advance(seconds=4)
    assert isds.call("dz", "DummyOperation").status == "0000"


@pytest.mark.parametrize("code", INSIDE)
def test_any_code_may_be_set_as_a_fault(isds: Running, code: str) -> None:
    isds.http.post("/api/faults", json={"operation": "DummyOperation", "kind": "status", "code": code})
    assert isds.call("dz", "DummyOperation").status == code
    assert isds.call("dz", "DummyOperation").status == "0000"


def test_answer_in_another_encoding_than_it_says(isds: Running) -> None:
    isds.http.post("/api/faults", json={"operation": "DummyOperation", "kind": "wrong_encoding"})
    response = isds.post("dz", soap("DummyOperation"))
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(response.content)
