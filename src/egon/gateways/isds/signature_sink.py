"""Takes the signed document out of a download answer while it arrives: memory does not grow with the message."""

import base64
import binascii
from typing import BinaryIO, Final
from xml.parsers import expat

from egon.gateways.isds.errors import status_error
from egon.gateways.isds.transport import broken_answer

_TEXT_BUFFER: Final = 1024 * 1024
_MAX_STATUS_TEXT: Final = 10_000
_MAX_DEPTH: Final = 16
_STATUS_FIELDS: Final = frozenset({"dmStatusCode", "dmStatusMessage", "faultstring"})


class SignatureSink:
    """Fed with pieces of an answer, writes the decoded ``dmSignature`` to ``target`` and remembers the status."""

    def __init__(self, operation: str, target: BinaryIO) -> None:
        self._expected = f"{operation}Response"
        self._target = target
        self._path: list[str] = []
        self._rest = b""
        self._texts: dict[str, str] = {}
        self._answered = False
        self.size = 0
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.buffer_text = True
        self._parser.buffer_size = _TEXT_BUFFER
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def feed(self, piece: bytes) -> None:
        """Take the next piece. Raises ``Retryable`` when it cannot belong to a sound answer."""
        self._parse(piece, last=False)

    def finish(self) -> int:
        """Close the answer; returns the number of bytes written. Raises the error of its status code."""
        self._parse(b"", last=True)
        if "faultstring" in self._texts:
            raise broken_answer(False, f"SOAP Fault: {self._texts['faultstring'][:300]}")
        status = self._texts.get("dmStatusCode", "").strip()
        if not self._answered or not status:
            raise broken_answer(False, "odpověď nemá stav")
        if not status.startswith("00"):
            raise status_error(status, self._texts.get("dmStatusMessage", "").strip())
        self._write(last=True)
        if not self.size:
            raise broken_answer(False, "odpověď neobsahuje podepsaný dokument")
        return self.size

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise broken_answer(False, f"nečitelné XML: {error}") from error

    def _refuse_doctype(self, *_: object) -> None:
        raise ValueError("DOCTYPE is not allowed")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition("}")[2]
        self._path.append(local)
        if len(self._path) > _MAX_DEPTH:
            raise ValueError("elements are nested too deep")
        if len(self._path) == 3 and local == self._expected:
            self._answered = True

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _text(self, text: str) -> None:
        current = self._path[-1] if self._path else ""
        if current == "dmSignature" and len(self._path) == 4:
            self._rest += b"".join(text.encode("ascii", "replace").split())
            self._write(last=False)
        elif current in _STATUS_FIELDS:
            self._texts[current] = (self._texts.get(current, "") + text)[:_MAX_STATUS_TEXT]

    def _write(self, *, last: bool) -> None:
        usable = len(self._rest) if last else len(self._rest) - len(self._rest) % 4
        ready, self._rest = self._rest[:usable], self._rest[usable:]
        try:
            self.size += self._target.write(base64.b64decode(ready, validate=True))
        except binascii.Error as error:
            raise broken_answer(False, f"podepsaný dokument není base64: {error}") from error
