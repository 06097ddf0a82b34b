"""Requests whose binary contents travel beside the XML (SOAP 1.2 with MTOM/XOP), read while they are being sent."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import quoteattr

from egon.gateways.isds.namespaces import XOP_INCLUDE
from egon.gateways.isds.soap import closing, opening
from egon.gateways.isds.sources import Digests, Source

_ROOT_ID: Final = "request@egon"


@dataclass(slots=True)
class Attached:
    """One content beside the XML. ``digests`` belong to the last whole reading."""

    source: Source
    content_id: str = field(default_factory=lambda: f"{secrets.token_hex(8)}@egon")
    digests: Digests = field(default_factory=Digests)

    def reference(self, name: str) -> str:
        """The element of the XML that stands for the content."""
        return (
            f"<{name}><x:Include xmlns:x={quoteattr(XOP_INCLUDE)} href={quoteattr('cid:' + self.content_id)}/></{name}>"
        )

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces, digested on the way."""
        digests = Digests()
        for piece in self.source.chunks():
            digests.update(piece)
            yield piece
        self.digests = digests


@dataclass(frozen=True, slots=True)
class MtomBody:
    """A request with attached contents; it may be sent again, its contents are then read again."""

    xml: bytes
    attached: tuple[Attached, ...]
    boundary: str = field(default_factory=lambda: f"egon-{secrets.token_hex(16)}")

    @property
    def content_type(self) -> str:
        return (
            f'multipart/related; type="application/xop+xml"; start="<{_ROOT_ID}>"; '
            f'start-info="application/soap+xml"; action=""; boundary="{self.boundary}"'
        )

    @property
    def length(self) -> int:
        """Exact length in bytes."""
        contents = sum(len(self._part_head(part)) + part.source.size + 2 for part in self.attached)
        return len(self._root_head()) + len(self.xml) + 2 + contents + len(self._end())

    def __iter__(self) -> Iterator[bytes]:
        yield self._root_head() + self.xml + b"\r\n"
        for part in self.attached:
            yield self._part_head(part)
            yield from part.chunks()
            yield b"\r\n"
        yield self._end()

    def _root_head(self) -> bytes:
        return (
            f"--{self.boundary}\r\n"
            'Content-Type: application/xop+xml; charset=UTF-8; type="application/soap+xml"\r\n'
            f"Content-Transfer-Encoding: 8bit\r\nContent-ID: <{_ROOT_ID}>\r\n\r\n"
        ).encode("ascii")

    def _part_head(self, part: Attached) -> bytes:
        return (
            f"--{self.boundary}\r\nContent-Type: application/octet-stream\r\n"
            f"Content-Transfer-Encoding: binary\r\nContent-ID: <{part.content_id}>\r\n\r\n"
        ).encode("ascii")

    def _end(self) -> bytes:
        return f"--{self.boundary}--\r\n".encode("ascii")


def mtom_request(operation: str, content: str, *attached: Attached) -> MtomBody:
    """A request of one operation; ``content`` refers to the attached contents by :meth:`Attached.reference`."""
    xml = f"{opening(operation, soap12=True)}{content}{closing(operation)}".encode()
    return MtomBody(xml, attached)
