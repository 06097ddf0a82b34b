"""A running simulator for the tests: a server on a free port in this process, with keys made once for all of them."""

import base64
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import httpx
import pytest
from lxml import etree

from egon.gateways.isds.simulator import pki, seed
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.server import SimulatorServer

V20 = "http://isds.czechpoint.cz/v20"
OFFICE, CITIZEN, COMPANY, LAWYER = "office", "citizen", "company", "lawyer"
PASSWORD = "Heslo-12345x"
_LARGE = 1024 * 1024
"""Larger answers are checked where a test is about them: it takes long."""

BOXES: list[dict[str, Any]] = [
    {
        "type": "OVM",
        "name": "Krajský úřad Středohoří",
        "ic": "70890001",
        "address": {"street": "Zámecká", "number_in_municipality": "5", "zip_code": "41201", "city": "Lipník"},
        "users": [
            {"login": OFFICE, "password": PASSWORD, "name": "Eva Nováková"},
            {"login": "clerk", "password": PASSWORD, "name": "Petr Malý", "type": "ENTRUSTED_USER", "privileges": 29},
            {"login": "viewer", "password": PASSWORD, "name": "Ota Tichý", "type": "ENTRUSTED_USER", "privileges": 8},
        ],
    },
    {
        "type": 40,
        "name": "Jan Řeháček",
        "birth_date": "1980-02-29",
        "address": {"street": "Krátká", "number_in_municipality": "8", "zip_code": "12300", "city": "Praha"},
        "users": [{"login": CITIZEN, "password": PASSWORD, "name": "Jan Řeháček"}],
    },
    {
        "type": "PO",
        "name": "Stavby <Jih> & syn, s.r.o.",
        "ic": "12345679",
        "open_addressing": True,
        "address": {"zip_code": "37001", "city": "České Budějovice", "number_in_municipality": "16"},
        "users": [{"login": COMPANY, "password": PASSWORD, "name": "Alena Dvořáková"}],
    },
    {
        "type": "PFO_ADVOK",
        "name": "JUDr. Karel Bílý, advokát",
        "given_names": "Karel",
        "last_name": "Bílý",
        "commercial_sender": True,
        "users": [{"login": LAWYER, "password": PASSWORD, "name": "Karel Bílý"}],
    },
]


@dataclass
class Answer:
    """An answer of the SOAP door, with its parts at hand."""

    response: httpx.Response
    element: etree._Element

    @property
    def status(self) -> str:
        found = self.element.find(f"{{{V20}}}dmStatus/{{{V20}}}dmStatusCode")
        if found is None:
            found = self.element.find(f"{{{V20}}}dbStatus/{{{V20}}}dbStatusCode")
        assert found is not None
        assert found.text is not None
        return found.text

    def texts(self, name: str) -> list[str]:
        return [one.text or "" for one in self.element.iter(f"{{{V20}}}{name}")]

    def text(self, name: str) -> str:
        return self.texts(name)[0]

    def binary(self, name: str) -> bytes:
        return base64.b64decode(self.text(name))


class Official:
    """The official schemas: of messages and of boxes."""

    def __init__(self, folder: Path) -> None:
        self._messages = etree.XMLSchema(etree.parse(folder / "dmBaseTypes.xsd"))
        self._boxes = etree.XMLSchema(etree.parse(folder / "dbTypes.xsd"))

    def check(self, element: etree._Element) -> None:
        """Raise what is wrong with an answer; each is checked, whatever a test asks about."""
        alone = etree.fromstring(etree.tostring(element), etree.XMLParser(huge_tree=True))
        if etree.QName(alone).localname == "GetDataBoxAddressResponse":
            alone.remove(alone[-1])  # the service adds a status that the XSD forgets
            self._boxes.assertValid(alone)
            return
        is_about_boxes = alone.find(f"{{{V20}}}dbStatus") is not None
        (self._boxes if is_about_boxes else self._messages).assertValid(alone)


class Running:
    """A simulator with its server, and the calls a client makes."""

    def __init__(self, folder: Path, official: Official | None = None, **options: Any) -> None:
        self.folder = folder
        self.official = official
        self.stopped = False
        self.simulator = Simulator(folder, **options)
        self.boxes = {one["users"][0]["login"]: seed.create(self.simulator, one).id for one in BOXES}
        self.server = SimulatorServer(("127.0.0.1", 0), self.simulator)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self._thread.start()
        self.http = httpx.Client(base_url=self.url, timeout=30)

    def post(self, service: str, body: bytes, login: str = OFFICE, password: str = PASSWORD) -> httpx.Response:
        return self.http.post(f"/DS/{service}", content=body, auth=(login, password))

    def call(self, service: str, operation: str, content: str = "", login: str = OFFICE) -> Answer:
        body = (
            '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>'
            f'<{operation} xmlns="{V20}">{content}</{operation}></Body></Envelope>'
        )
        response = self.post(service, body.encode(), login)
        assert response.status_code == 200, response.text
        answer = read_answer(response)
        if self.official is not None and answer.status != "2006" and len(response.content) < _LARGE:
            self.official.check(answer.element)
        return answer

    def send(self, sender: str = CITIZEN, recipient: str = OFFICE, **changes: str) -> str:
        """Send a message; its number."""
        answer = self.try_send(sender, recipient, **changes)
        assert answer.status == "0000", answer.response.text
        return answer.text("dmID")

    def try_send(self, sender: str = CITIZEN, recipient: str = OFFICE, **changes: str) -> Answer:
        box = self.boxes.get(recipient, recipient)
        return self.call("dz", "CreateMessage", envelope(box, **changes), sender)

    def deliver(self, login: str = OFFICE) -> Answer:
        return self.call("dx", "GetListOfReceivedMessages", "<dmStatusFilter>-1</dmStatusFilter>", login)

    def advance(self, **days_or_seconds: float) -> None:
        seconds = days_or_seconds.get("days", 0) * 86400 + days_or_seconds.get("seconds", 0)
        answer = self.http.post("/api/clock", json={"advance_seconds": seconds})
        assert answer.status_code == 200

    def stop(self) -> None:
        self.stopped = True
        self.http.close()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
        self.simulator.close()


def read_answer(response: httpx.Response) -> Answer:
    root = etree.fromstring(response.content, etree.XMLParser(huge_tree=True))
    return Answer(response, root[0][0])


def attachment(
    name: str = "žádost.txt", content: bytes = b"obsah", mime: str = "text/plain", meta: str = "main"
) -> str:
    encoded = base64.b64encode(content).decode()
    return (
        f'<dmFile dmMimeType="{mime}" dmFileMetaType="{meta}" dmFileDescr={quoteattr(name)}>'
        f"<dmEncodedContent>{encoded}</dmEncodedContent></dmFile>"
    )


def envelope(
    box: str, annotation: str = "Žádost o informace", files: str | None = None, extra: str = "", kind: str = ""
) -> str:
    """The content of CreateMessage as a plain client writes it."""
    attribute = f' dmType="{kind}"' if kind else ""
    return (
        f"<dmEnvelope{attribute}><dbIDRecipient>{box}</dbIDRecipient><dmAnnotation>{annotation}</dmAnnotation>{extra}"
        f"</dmEnvelope><dmFiles>{attachment() if files is None else files}</dmFiles>"
    )


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of one simulator; making them takes most of a second, so tests share them."""
    folder = tmp_path_factory.mktemp("keys") / "pki"
    pki.load_or_make(folder, now=datetime.now(UTC), seal_bits=3072)
    return folder


@pytest.fixture(scope="session")
def official(standards: Path) -> Official:
    return Official(standards / "isds" / "wsdl")


@pytest.fixture(scope="session")
def checking(request: pytest.FixtureRequest) -> Official | None:
    """The schemas, where they are at hand: tests of the simulator run without them, too."""
    try:
        found: Official = request.getfixturevalue("official")
    except pytest.skip.Exception:
        return None
    return found


@pytest.fixture
def start(keys: Path, tmp_path: Path, checking: Official | None) -> Iterator[Callable[..., Running]]:
    """Start simulators over ``tmp_path``; all of them are stopped at the end."""
    started: list[Running] = []

    def start_one(**options: Any) -> Running:
        if not (tmp_path / "pki").exists():
            shutil.copytree(keys, tmp_path / "pki")
        running = Running(tmp_path, checking, **options)
        started.append(running)
        return running

    yield start_one
    for running in started:
        if not running.stopped:
            running.stop()


@pytest.fixture
def isds(start: Callable[..., Running]) -> Running:
    return start()
