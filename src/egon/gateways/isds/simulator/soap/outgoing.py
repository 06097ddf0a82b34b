"""Answers with large contents, written from disk: base64 inside the XML, or MTOM/XOP to who asks for it."""

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from egon.gateways.isds.namespaces import ISDS, SOAP12_ENVELOPE, SOAP_ENVELOPE, XSI
from egon.gateways.isds.simulator.contents import Content, Region
from egon.gateways.isds.simulator.soap import wire

_CHUNK: Final = 3 << 18
_XOP: Final = "http://www.w3.org/2004/08/xop/include"


class Binary(Protocol):
    """A content that can be written raw or in base64."""

    @property
    def size(self) -> int: ...

    @property
    def packed_size(self) -> int: ...

    def raw(self) -> Iterator[bytes]: ...

    def packed(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file that stands in the answer whole."""

    path: Path

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def packed_size(self) -> int:
        return (self.size + 2) // 3 * 4

    def raw(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    def packed(self) -> Iterator[bytes]:
        for chunk in self.raw():  # files are read in multiples of three bytes
            yield base64.b64encode(chunk)


@dataclass(frozen=True, slots=True)
class StoredRegion:
    """One attachment inside stored ``dmFiles``, which is in base64 already."""

    path: Path
    region: Region

    @property
    def size(self) -> int:
        return self.region.size

    @property
    def packed_size(self) -> int:
        return self.region.end - self.region.start

    def raw(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self.packed():
            plain = rest + chunk.translate(None, b"\n")
            whole = len(plain) - len(plain) % 4
            rest = plain[whole:]
            yield base64.b64decode(plain[:whole])

    def packed(self) -> Iterator[bytes]:
        yield from _between(self.path, self.region.start, self.region.end)


@dataclass(frozen=True, slots=True)
class StoredMarkup:
    """Markup inside stored ``dmFiles`` between its attachments."""

    path: Path
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def chunks(self) -> Iterator[bytes]:
        yield from _between(self.path, self.start, self.end)


Piece = bytes | StoredMarkup | Binary


def files_of(content: Content) -> list[Piece]:
    """Stored ``dmFiles`` as markup and attachments in turns."""
    pieces: list[Piece] = []
    position = 0
    for region in content.regions:
        pieces += [StoredMarkup(content.path, position, region.start), StoredRegion(content.path, region)]
        position = region.end
    return [*pieces, StoredMarkup(content.path, position, content.size)]


@dataclass(slots=True)
class Streamed:
    """A whole answer. ``pieces`` stand inside the ``…Response`` element, the status follows them."""

    operation: str
    pieces: list[Piece]
    status: tuple[str, str] = (wire.OK, wire.OK_TEXT)
    soap12: bool = False
    mtom: bool = False
    boundary: str = field(default_factory=lambda: f"isds-{secrets.token_hex(16)}")

    @property
    def content_type(self) -> str:
        if not self.mtom:
            return "application/soap+xml; charset=utf-8" if self.soap12 else "text/xml; charset=utf-8"
        inner = "application/soap+xml" if self.soap12 else "text/xml"
        return (
            f'multipart/related; type="application/xop+xml"; start="<root@isds>"; start-info="{inner}"; '
            f'boundary="{self.boundary}"'
        )

    @property
    def length(self) -> int:
        """Bytes of the whole body."""
        return sum(_size(piece) for piece in self._written())

    def chunks(self) -> Iterator[bytes]:
        """The body from its first to its last byte."""
        for piece in self._written():
            if isinstance(piece, bytes):
                yield piece
            elif isinstance(piece, StoredMarkup):
                yield from piece.chunks()
            elif isinstance(piece, _Attached):
                yield from piece.content.raw()
            else:
                yield from piece.packed()

    def _written(self) -> "Iterator[Piece | _Attached]":
        name = wire.response_name(self.operation)
        namespace = SOAP12_ENVELOPE if self.soap12 else SOAP_ENVELOPE
        opening = (
            f"<?xml version='1.0' encoding='utf-8'?><SOAP-ENV:Envelope xmlns:SOAP-ENV=\"{namespace}\"><SOAP-ENV:Body>"
            f'<q:{name} xmlns:q="{ISDS}" xmlns:p="{ISDS}" xmlns:xsi="{XSI}">'
        ).encode()
        status = wire.status_xml(*self.status)
        closing = f"{status}</q:{name}></SOAP-ENV:Body></SOAP-ENV:Envelope>".encode()
        if not self.mtom:
            yield from (opening, *self.pieces, closing)
            return
        inner = "application/soap+xml" if self.soap12 else "text/xml"
        yield self._head(f'application/xop+xml; charset=UTF-8; type="{inner}"', "root@isds") + opening
        attached: list[Binary] = []
        for piece in self.pieces:
            if isinstance(piece, bytes | StoredMarkup):
                yield piece
            else:
                yield f'<xop:Include xmlns:xop="{_XOP}" href="cid:{len(attached)}@isds"/>'.encode()
                attached.append(piece)
        yield closing
        for number, content in enumerate(attached):
            yield b"\r\n" + self._head("application/octet-stream", f"{number}@isds")
            yield _Attached(content)
        yield f"\r\n--{self.boundary}--\r\n".encode()

    def _head(self, content_type: str, name: str) -> bytes:
        return (
            f"--{self.boundary}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: <{name}>\r\n\r\n"
        ).encode()


@dataclass(frozen=True, slots=True)
class _Attached:
    """A content in a part of its own."""

    content: Binary


def _size(piece: "Piece | _Attached") -> int:
    if isinstance(piece, bytes):
        return len(piece)
    if isinstance(piece, StoredMarkup):
        return piece.length
    if isinstance(piece, _Attached):
        return piece.content.size
    return piece.packed_size


def _between(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        left = end - start
        while left > 0:
            chunk = file.read(min(left, _CHUNK))
            if not chunk:
                raise EOFError(path)
            left -= len(chunk)
            yield chunk
