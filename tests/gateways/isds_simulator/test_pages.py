"""The page: acting as any box in a browser without JavaScript."""

import re

import httpx
import pytest
from asn1crypto import cms

from egon.gateways.isds.simulator.faults import KINDS

from .conftest import CITIZEN, COMPANY, OFFICE, PASSWORD, Running
from .test_big_messages import BIG
from .test_big_messages import send as send_big


class Browser:
    """A person with a browser: follows redirects, keeps the cookie, fills in forms of the page it sees."""

    def __init__(self, isds: Running) -> None:
        self.http = httpx.Client(base_url=isds.url, follow_redirects=True)
        self.page = self.http.get("/")

    @property
    def token(self) -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.page.text)
        assert found is not None
        return found.group(1)

    def open(self, path: str) -> str:
        self.page = self.http.get(path)
        return self.page.text

    def post(self, path: str, files: list[tuple[str, tuple[str, bytes]]] | None = None, **fields: str) -> str:
        self.page = self.http.post(path, data={"token": self.token, **fields}, files=files)
        return self.page.text


@pytest.fixture
def citizen(isds: Running) -> Browser:
    browser = Browser(isds)
    browser.post("/prihlasit", jako=CITIZEN)
    return browser


def test_citizen_writes_and_office_reads(isds: Running, citizen: Browser) -> None:
    assert "Krajský úřad Středohoří" in citizen.open("/schranka/nova?hledat=krajsky+urad")
    assert "Věc" in citizen.open(f"/schranka/nova?komu={isds.boxes[OFFICE]}")
    files = [
        ("soubor", ("Žádost o „povolení“ & plán.pdf", b"%PDF-1.7\r\n--nic\r\n\r\n\x00\xff")),
        ("soubor", ("fotka.png", b"\x89PNG\r\n\x1a\n123")),
        ("soubor", ("", b"")),
    ]
    sent = citizen.post(
        "/schranka/nova", files, komu=isds.boxes[OFFICE], vec="Žádost <o stavbu>", cj="J-1/2026", k_rukam="paní Nová"
    )
    assert "byla odeslána" in sent
    assert "Žádost &lt;o stavbu&gt;" in sent
    number = str(citizen.page.url).rpartition("/")[2]
    office = Browser(isds)
    inbox = office.post("/prihlasit", jmeno=OFFICE, heslo=PASSWORD)
    assert "Žádost &lt;o stavbu&gt;" in inbox
    assert "dodána do schránky" in inbox
    closed = office.open(f"/schranka/zprava/{number}")
    assert "Otevřít a tím doručit" in closed
    assert "plán.pdf" not in closed
    assert office.http.get(f"/schranka/zprava/{number}/priloha/0").status_code == 404
    opened = office.post(f"/schranka/zprava/{number}")
    assert "EV11" in opened
    assert "J-1/2026" in opened
    saved = office.http.get(f"/schranka/zprava/{number}/priloha/0")
    assert saved.content == files[0][1][1]
    assert saved.headers["Content-Disposition"].startswith("attachment")
    record = isds.call("dx", "GetDeliveryInfo", f"<dmID>{number}</dmID>", CITIZEN)
    assert record.text("dmMessageStatus") == "7"
    for path in ("zprava.zfo", "dorucenka.zfo"):
        zfo = office.http.get(f"/schranka/zprava/{number}/{path}").content
        assert cms.ContentInfo.load(zfo)["content_type"].native == "signed_data"


def test_refused_message_keeps_what_was_written(isds: Running, citizen: Browser) -> None:
    files = [("soubor", ("program.exe", b"MZ"))]
    citizen.open(f"/schranka/nova?komu={isds.boxes[OFFICE]}")
    page = citizen.post("/schranka/nova", files, komu=isds.boxes[OFFICE], vec="Moje věc")
    assert "nepovolenou příponu" in page
    assert "Zpráva nebyla odeslána" in page
    assert 'value="Moje věc"' in page
    assert isds.deliver().texts("dmID") == []


def test_form_from_elsewhere_does_nothing(isds: Running, citizen: Browser) -> None:
    answer = citizen.http.post("/hodiny", data={"sekundy": "3600", "token": "podvrh"})
    assert (answer.status_code, "Nic se neprovedlo" in answer.text) == (403, True)
    assert isds.http.get("/api/clock").json()["offset_seconds"] == 0
    cookie = Browser(isds).page.headers["Set-Cookie"]
    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie


def test_foreign_message_is_not_shown(isds: Running) -> None:
    number = isds.send(CITIZEN, OFFICE)
    company = Browser(isds)
    company.post("/prihlasit", jako=COMPANY)
    for path in ("", "/priloha/0", "/zprava.zfo", "/dorucenka.zfo"):
        assert company.http.get(f"/schranka/zprava/{number}{path}").status_code == 404
    nobody = Browser(isds)
    assert "Nejdříve zvolte schránku" in nobody.open(f"/schranka/zprava/{number}")


def test_wrong_password_does_not_let_in(isds: Running) -> None:
    browser = Browser(isds)
    assert "nesouhlasí" in browser.post("/prihlasit", jmeno=OFFICE, heslo="spatne")
    assert "Nejdříve zvolte schránku" in browser.open("/schranka/prijate")


def test_clock_page_moves_time(isds: Running) -> None:
    number = isds.send(OFFICE, CITIZEN)
    browser = Browser(isds)
    browser.open("/hodiny")
    assert "Hodiny jsou posunuté" in browser.post("/hodiny", sekundy="864060")
    assert "zůstaly, kde byly" in browser.post("/hodiny", dny="-3")
    assert isds.call("dx", "GetDeliveryInfo", f"<dmID>{number}</dmID>").text("dmMessageStatus") == "5"


def test_faults_page_sets_and_clears(isds: Running) -> None:
    browser = Browser(isds)
    browser.open("/poruchy")
    page = browser.post("/poruchy", druh="soap_503", sluzba="DummyOperation", pocet="2", vteriny="0", nahoda="1")
    assert "ještě 2×" in page
    assert "Nic se nenastavilo" in browser.post("/poruchy", druh="soap_503", sluzba="*", pocet="žádný")
    browser.open("/poruchy")
    assert "Všechny poruchy jsou zrušené" in browser.post("/poruchy/zrusit")
    assert isds.http.get("/api/faults").json() == []


def test_every_kind_of_fault_is_set_by_the_page_and_by_the_api(isds: Running) -> None:
    browser = Browser(isds)
    form = browser.open("/poruchy")
    for kind in KINDS:
        assert f'value="{kind}"' in form
        browser.post("/poruchy", druh=kind, sluzba="SignedMessageDownload", pocet="1", vteriny="1", kod="3006")
        asked = {"operation": "CreateMessage", "kind": kind, "code": "3006", "seconds": 1}
        assert isds.http.post("/api/faults", json=asked).status_code == 200
    set_now = isds.http.get("/api/faults").json()
    assert [(fault["kind"], fault["operation"]) for fault in set_now] == [
        (kind, operation) for kind in KINDS for operation in ("SignedMessageDownload", "CreateMessage")
    ]


def test_pages_are_small_and_carry_no_script(isds: Running, citizen: Browser) -> None:
    for path in ("/", "/schranka/prijate", "/schranka/odeslane", "/schranka/nova", "/hodiny", "/poruchy"):
        page = citizen.http.get(path)
        assert page.status_code == 200
        assert len(page.content) < 30_000
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_broken_upload_is_said(isds: Running, citizen: Browser) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = citizen.http.post("/schranka/nova", content=b"--x\r\nnic", headers=headers)
    assert (answer.status_code, "Formulář přišel neúplný" in answer.text) == (400, True)


def test_large_message_is_shown_and_saved(isds: Running) -> None:
    number = send_big(isds)
    office = Browser(isds)
    assert "velkoobjemová" in office.post("/prihlasit", jmeno=OFFICE, heslo=PASSWORD)
    office.open(f"/schranka/zprava/{number}")
    assert "data.csv" in office.post(f"/schranka/zprava/{number}")
    assert office.http.get(f"/schranka/zprava/{number}/priloha/0").content == BIG
    zfo = office.http.get(f"/schranka/zprava/{number}/zprava.zfo").content
    assert zfo[:2] == b"\x30\x80"


def test_operator_page_sets_switches_and_provides_services(isds: Running) -> None:
    browser = Browser(isds)
    assert "Provoz služeb" in browser.open("/provozovatel")
    browser.post("/provozovatel", omezeni="3008", udrzba="1", razitka="1")
    switches = isds.simulator.switches
    assert (switches.maintenance, switches.throttle, switches.stamping_down) == (True, "3008", True)
    assert "Nic se nezřídilo" in browser.post("/provozovatel/sluzba", schranka=isds.boxes[OFFICE], kapacita="nic")
    page = browser.post("/provozovatel/sluzba", schranka=isds.boxes[OFFICE], kapacita="7", kredit="100")
    assert "trezor 0 z 7 zpráv" in page
    assert "kredit 100,00 Kč" in page
    code = isds.http.post("/api/logins", json={"login": OFFICE, "mobile_key": True}).json()["communication_code"]
    waiting = isds.simulator.sessions.ask_mobile(OFFICE, code, "Spisovka <1>", now=isds.simulator.now())
    assert "Spisovka &lt;1&gt; žádá o přihlášení" in browser.open("/provozovatel")
    assert "potvrzené" in browser.post("/provozovatel/mobilni-klic", login=OFFICE, volba="ano")
    assert isds.simulator.sessions.mobile_status(waiting, now=isds.simulator.now()) == 2
