"""Requests of the services for large messages, read to disk: SOAP 1.1 and 1.2, plain or with MTOM/XOP.

The XML stays small: every content in base64 is decoded into a file while it arrives, and parts of MTOM are files.
"""

import binascii
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote
from xml.parsers import expat

from lxml import etree

from egon.gateways.isds.multipart import Consumer, MultipartReader, media_type, plain_content_id
from egon.gateways.isds.namespaces import SOAP12_ENVELOPE, SOAP_ENVELOPE
from egon.gateways.isds.simulator import refusals
from egon.gateways.isds.simulator.soap import wire
from egon.kernel.errors import BadContent

_CONTENTS: Final = frozenset({"dmEncodedContent", "dmMessage", "dmDoc"})
_SPOOLED: Final = "{urn:isds-simulator:spooled}id"
_MAX_TEXT: Final = 2 * 1024 * 1024
_MAX_DEPTH: Final = 32


@dataclass(slots=True)
class Incoming:
    """A request: its operation element and the files its contents were written to."""

    request: wire.Request
    soap12: bool
    mtom: bool
    files: dict[str, Path] = field(default_factory=dict)

    def content(self, parent: wire.Request | None, name: str) -> Path:
        """The file with the content of a child element; refuses one that is missing or is no base64 (1214)."""
        element = None if parent is None else wire.child(parent, name)
        if element is not None:
            include = wire.child(element, "Include")
            key = element.get(_SPOOLED, "")
            if include is not None:
                key = plain_content_id(unquote(include.get("href", "")))
            if key in self.files:
                return self.files[key]
        raise refusals.attachment_refused("obsah chybí nebo není správně zapsán v base64.")


def read(chunks: Iterator[bytes], content_type: str, folder: Path) -> Incoming:
    """Read a request whose pieces come from ``chunks`` into ``folder``.

    Raises :class:`BadContent` for what is no SOAP, ``ValueError`` for broken MTOM.
    """
    kind, parameters = media_type(content_type or "text/xml")
    if kind != "multipart/related":
        reader = _Reader(folder)
        for chunk in chunks:
            reader.feed(chunk)
        return _incoming(reader, mtom=False)
    parts = _Parts(folder, plain_content_id(parameters.get("start", "")))
    multipart = MultipartReader(parameters.get("boundary", ""), parts.open)
    for chunk in chunks:
        multipart.feed(chunk)
    multipart.close()
    parts.close()
    if parts.root is None:
        raise ValueError("multipart without a root part")
    found = _incoming(parts.root, mtom=True)
    found.files.update(parts.files)
    return found


class _Parts:
    """Parts of MTOM: the root is parsed as it comes, the others are written to files."""

    def __init__(self, folder: Path, start: str) -> None:
        self._folder = folder
        self._start = start
        self._open: BinaryIO | None = None
        self.root: _Reader | None = None
        self.files: dict[str, Path] = {}

    def open(self, head: Message) -> Consumer:
        self.close()
        name = plain_content_id(head.get("Content-ID", ""))
        if (self.root is None and name in {self._start, ""}) or (self.root is None and not self._start):
            self.root = _Reader(self._folder)
            return self.root.feed
        path = self._folder / secrets.token_hex(8)
        self.files[name] = path
        target = path.open("wb")
        self._open = target
        if head.get("Content-Transfer-Encoding", "binary").strip().lower() == "base64":
            raise ValueError("parts of XOP are binary")

        def consume(piece: bytes) -> None:
            target.write(piece)

        return consume

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


def _incoming(reader: "_Reader", *, mtom: bool) -> Incoming:
    root = reader.close()
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in {SOAP_ENVELOPE, SOAP12_ENVELOPE}:
        raise BadContent("Požadavek není obálka SOAP.")
    body = root.find(f"{{{name.namespace}}}Body")
    if body is None or len(body) == 0:
        raise BadContent("Požadavek nemá žádný obsah (soap:Body je prázdné).")
    return Incoming(body[0], name.namespace == SOAP12_ENVELOPE, mtom, reader.files)


class _Reader:
    """Builds the tree of a request, with contents in base64 put aside into files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._builder = etree.TreeBuilder()
        self._depth = 0
        self._text = 0
        self._spool: _Base64File | None = None
        self.files: dict[str, Path] = {}
        parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    def feed(self, piece: bytes) -> None:
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError as broken:
            raise BadContent("Požadavek není správně utvořené XML.", detail=str(broken)[:200]) from broken

    def close(self) -> wire.Request:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as broken:
            raise BadContent("Požadavek není správně utvořené XML.", detail=str(broken)[:200]) from broken
        return self._builder.close()

    def _doctype(self, *described: object) -> None:
        raise BadContent("Požadavek obsahuje definici typu dokumentu, která není povolena.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise BadContent("Požadavek je příliš hluboce vnořený.")
        self._drop_spool()
        tag = _clark(name)
        given: dict[str | bytes, str | bytes] = {_clark(key): value for key, value in attributes.items()}
        given.pop(_SPOOLED, None)
        if etree.QName(tag).localname in _CONTENTS:
            key = secrets.token_hex(8)
            self._spool = _Base64File(self._folder / key)
            self.files[key] = self._folder / key
            given[_SPOOLED] = key
        self._builder.start(tag, given)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._spool is not None and not self._spool.close():
            self.files.pop(self._spool.path.name, None)
        self._spool = None
        self._builder.end(_clark(name))

    def _drop_spool(self) -> None:
        """An element inside a content (``xop:Include``): nothing is spooled for it."""
        if self._spool is not None:
            self._spool.close()
            self.files.pop(self._spool.path.name, None)
            self._spool = None

    def _characters(self, text: str) -> None:
        if self._spool is not None:
            self._spool.write(text)
            return
        self._text += len(text)
        if self._text > _MAX_TEXT:
            raise BadContent("Požadavek obsahuje příliš mnoho textu mimo písemnosti.")
        self._builder.data(text)


class _Base64File:
    """Decodes base64 into a file piece by piece."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("wb")
        self._rest = b""
        self._sound = True

    def write(self, text: str) -> None:
        packed = self._rest + text.encode("ascii", "replace").translate(None, b" \t\r\n")
        whole = len(packed) - len(packed) % 4
        # The last four characters wait: padding may only stand at the very end.
        whole = max(0, whole - 4)
        self._rest = packed[whole:]
        self._decode(packed[:whole])

    def close(self) -> bool:
        """Whether all of it was base64 and there was any."""
        self._decode(self._rest)
        size = self._file.tell()
        self._file.close()
        return self._sound and size > 0

    def _decode(self, packed: bytes) -> None:
        if not packed or not self._sound:
            return
        try:
            self._file.write(binascii.a2b_base64(packed, strict_mode=True))
        except binascii.Error:
            self._sound = False


def _clark(name: str) -> str:
    namespace, space, local = name.rpartition(" ")
    return f"{{{namespace}}}{local}" if space else name
