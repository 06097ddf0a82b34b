"""The public directory of boxes (SDS): no login; since February 2024 practically only authorities and companies."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape

import httpx
from lxml import etree

from egon.gateways.isds.environment import Environment
from egon.gateways.isds.namespaces import PUBLIC_DIRECTORY
from egon.gateways.isds.safe_xml import UnsafeXml, bool_of, child, children, local_name, parse_untrusted, text_of
from egon.gateways.isds.soap import allowed_text
from egon.gateways.isds.transport import tls_context
from egon.kernel.errors import Misconfigured, Refused, Retryable

_MAX_ANSWER = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One box of the directory (``Osoba``)."""

    box_id: str
    ico: str
    name: str
    kind: str
    takes_commercial: bool | None
    address: str
    city: str
    zip_code: str


class PublicDirectory:
    """Asks the directory of one environment. Errors: ``Retryable``, ``Refused``, ``Misconfigured``."""

    def __init__(self, environment: Environment) -> None:
        self._url = environment.directory()
        self._client = httpx.Client(
            timeout=httpx.Timeout(30.0, connect=environment.connect_timeout),
            verify=tls_context(environment),
            follow_redirects=False,
            trust_env=False,
            proxy=environment.proxy,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def by_ico(self, ico: str) -> tuple[DirectoryEntry, ...]:
        """GetInfo by the identification number of an organisation; several boxes may come."""
        return self._ask("GetInfo", "Ico", ico)

    def by_box(self, box_id: str) -> DirectoryEntry | None:
        """GetInfo by the id of a box."""
        return next(iter(self._ask("GetInfo", "DataboxId", box_id)), None)

    def by_name(self, name: str) -> tuple[DirectoryEntry, ...]:
        """SearchSubject by a name; at most a hundred come."""
        return self._ask("SearchSubject", "Nazev", name)

    def _ask(self, operation: str, field: str, value: str) -> tuple[DirectoryEntry, ...]:
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{operation}Request xmlns="{PUBLIC_DIRECTORY}">'
            f"<{field}>{escape(allowed_text(value))}</{field}></{operation}Request>"
        )
        try:
            response = self._client.post(self._url, content=body.encode(), headers={"Content-Type": "application/xml"})
        except httpx.HTTPError as error:
            raise Retryable("S veřejným seznamem datových schránek se nepodařilo spojit.", detail=str(error)) from error
        if response.status_code >= 500:
            raise Retryable("Veřejný seznam datových schránek teď neodpovídá.", detail=f"HTTP {response.status_code}")
        if response.status_code != httpx.codes.OK:
            raise Misconfigured(
                "Na nastavené adrese není veřejný seznam datových schránek.", detail=f"HTTP {response.status_code}"
            )
        return _entries(response.content, operation)


def _entries(data: bytes, operation: str) -> tuple[DirectoryEntry, ...]:
    if len(data) > _MAX_ANSWER:
        raise Retryable("Odpověď veřejného seznamu je příliš velká. Upřesněte dotaz.")
    try:
        answer = parse_untrusted(data)
    except UnsafeXml as error:
        raise Retryable("Odpověď veřejného seznamu je nečitelná. Zkuste to znovu.", detail=str(error)) from error
    if local_name(answer) != f"{operation}Response":
        raise Refused("Veřejný seznam dotaz odmítl.", detail=local_name(answer))
    return tuple(_entry(item) for item in children(answer, "Osoba"))


def _entry(item: etree._Element) -> DirectoryEntry:
    address = child(item, "AdresaSidla")
    return DirectoryEntry(
        box_id=text_of(item, "ISDS").strip(),
        ico=text_of(item, "Ico").strip(),
        name=text_of(item, "NazevOsoby").strip(),
        kind=text_of(item, "TypSubjektu").strip(),
        takes_commercial=bool_of(item, "PDZ"),
        address=text_of(address, "AdresaTextem").strip(),
        city=text_of(address, "ObecNazev").strip(),
        zip_code=text_of(address, "PostaKod").strip(),
    )
