"""An answer taken apart while it arrives: documents go straight to their targets, memory does not grow with them.

Both shapes are taken: base64 inside the XML (SOAP 1.1 and 1.2) and MTOM/XOP, where the XML only refers to them.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import BinaryIO, Final
from urllib.parse import unquote
from xml.parsers import expat

import httpx
from lxml import etree

from egon.gateways.isds.multipart import Consumer, MultipartReader, media_type, plain_content_id
from egon.gateways.isds.namespaces import XOP_INCLUDE
from egon.gateways.isds.soap import answer_in
from egon.gateways.isds.transport import broken_answer

_TEXT_BUFFER: Final = 1024 * 1024
_MAX_DEPTH: Final = 32
_MAX_ELEMENTS: Final = 50_000
_MAX_TEXT: Final = 4 * 1024 * 1024
_CONTENTS: Final = frozenset({"dmSignature", "dmResultDoc", "dmEncodedContent"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands in the answer: its order from 0, its element, and attributes of the one around it."""

    index: int
    element: str
    attributes: Mapping[str, str]


class StreamedAnswer:
    """Fed with the head and pieces of an answer; ``open_target`` says where each document is to be written."""

    def __init__(self, operation: str, open_target: Callable[[Place], BinaryIO]) -> None:
        self._operation = operation
        self._xml = _XmlWithDocuments(open_target)
        self._multipart: MultipartReader | None = None
        self._root_seen = False

    @property
    def sizes(self) -> list[int]:
        """Bytes written of each document, in the order of the answer."""
        return self._xml.sizes

    def start(self, headers: httpx.Headers) -> None:
        """The head arrived: is it MTOM?"""
        kind, parameters = media_type(headers.get("Content-Type", ""))
        if kind == "multipart/related":
            try:
                self._multipart = MultipartReader(parameters.get("boundary", ""), self._open_part)
            except ValueError as error:
                raise broken_answer(False, str(error)) from error

    def feed(self, piece: bytes) -> None:
        """Take the next piece. Raises ``Retryable`` when it cannot belong to a sound answer."""
        try:
            (self._multipart or self._xml).feed(piece)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise broken_answer(False, f"nečitelná odpověď: {error}") from error

    def finish(self) -> etree._Element:
        """Close the answer: the ``…Response`` element without documents. Raises the error of its status code."""
        try:
            if self._multipart is not None:
                self._multipart.close()
            envelope = self._xml.close()
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise broken_answer(False, f"nečitelná odpověď: {error}") from error
        answer = answer_in(envelope, self._operation)
        if self._xml.awaited:
            raise broken_answer(False, "v odpovědi chybí připojený dokument")
        return answer

    def _open_part(self, head: Message) -> Consumer:
        if not self._root_seen:
            self._root_seen = True
            return self._xml.feed
        if str(head.get("Content-Transfer-Encoding", "binary")).lower() not in {"binary", "8bit", "7bit"}:
            raise ValueError("an attached document is encoded")
        return self._xml.take_attached(plain_content_id(str(head.get("Content-ID", ""))))


class _XmlWithDocuments:
    """The XML of an answer as a small tree; text of documents is decoded to their targets instead."""

    def __init__(self, open_target: Callable[[Place], BinaryIO]) -> None:
        self._open_target = open_target
        self._builder = etree.TreeBuilder()
        self._stack: list[tuple[str, dict[str, str]]] = []
        self._elements = 0
        self._text_size = 0
        self._document: _Base64Writer | None = None
        self._target: BinaryIO | None = None
        self._referred = False
        self.awaited: dict[str, tuple[int, BinaryIO]] = {}
        self.sizes: list[int] = []
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.buffer_size = _TEXT_BUFFER
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def close(self) -> etree._Element:
        self._parser.Parse(b"", True)
        return self._builder.close()

    def take_attached(self, content_id: str) -> Consumer:
        """Where bytes of an attached part go; nowhere when nothing refers to it."""
        found = self.awaited.pop(content_id, None)
        if found is None:
            return lambda _piece: None
        index, target = found

        def write(piece: bytes) -> None:
            self.sizes[index] += target.write(piece)

        return write

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if len(self._stack) >= _MAX_DEPTH or self._elements > _MAX_ELEMENTS:
            raise ValueError("the answer is too complex")
        namespace, _, local = name.rpartition("}")
        if self._target is not None:
            self._refer(namespace, local, attributes)
        elif local in _CONTENTS and len(self._stack) >= 3:
            around = self._stack[-1][1]
            self._target = self._open_target(Place(len(self.sizes), local, around))
            self._document = _Base64Writer(self._target)
            self._referred = False
            self.sizes.append(0)
        self._stack.append((local, attributes))
        self._builder.start(_qualified(name), {_qualified(key): text for key, text in attributes.items()})

    def _refer(self, namespace: str, local: str, attributes: dict[str, str]) -> None:
        if namespace != XOP_INCLUDE or local != "Include" or self._target is None:
            raise ValueError(f"element {local} inside a document")
        self._referred = True
        self.awaited[plain_content_id(unquote(attributes.get("href", "")))] = (len(self.sizes) - 1, self._target)

    def _end(self, name: str) -> None:
        local, _ = self._stack.pop()
        if local in _CONTENTS and self._document is not None:
            if not self._referred:
                self.sizes[-1] = self._document.close()
            self._document = self._target = None
        self._builder.end(_qualified(name))

    def _text(self, text: str) -> None:
        if self._document is not None:
            self._document.write(text)
            return
        self._text_size += len(text)
        if self._text_size > _MAX_TEXT:
            raise ValueError("the answer has too much text outside its documents")
        self._builder.data(text)


class _Base64Writer:
    """Decodes base64 text that comes in pieces into a target."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._rest = b""
        self._size = 0

    def write(self, text: str) -> None:
        data = self._rest + b"".join(text.encode("ascii", "replace").split())
        usable = len(data) - len(data) % 4
        self._rest = data[usable:]
        self._decode(data[:usable])

    def close(self) -> int:
        self._decode(self._rest)
        return self._size

    def _decode(self, data: bytes) -> None:
        try:
            self._size += self._target.write(base64.b64decode(data, validate=True))
        except binascii.Error as error:
            raise ValueError(f"a document is not base64: {error}") from error


def _qualified(name: str) -> str:
    return f"{{{name}" if "}" in name else name


def _refuse_doctype(*_: object) -> None:
    raise ValueError("DOCTYPE is not allowed")
