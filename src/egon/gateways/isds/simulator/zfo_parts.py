"""A ZFO taken apart without reading it whole: where its content lies, its certificates, its signature.

Works over bytes and over a file alike, so that large messages need no memory. Source: RFC 5652, X.690.
"""

import os
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from asn1crypto import cms, core

_OCTET_STRING: Final = 0x04
_CONSTRUCTED_OCTET_STRING: Final = 0x24
_MAX_DEPTH: Final = 12
_SMALL: Final = 1 << 20
"""Certificates and signatures together are never larger; anything more is no ZFO of ours."""

_WINDOW: Final = 1 << 20


class FileData:
    """A file that is read like bytes, through a window of one megabyte: nothing else of it is in memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = os.fstat(file.fileno()).st_size
        self._start = 0
        self._window = b""

    def __len__(self) -> int:
        return self._length

    def slice(self, start: int, stop: int) -> bytes:
        """Bytes between two positions."""
        if start < self._start or stop > self._start + len(self._window):
            if stop - start > _WINDOW:
                return os.pread(self._file.fileno(), stop - start, start)
            self._start, self._window = start, os.pread(self._file.fileno(), _WINDOW, start)
        return self._window[start - self._start : stop - self._start]


class BytesData:
    """Bytes in memory with the same interface."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __len__(self) -> int:
        return len(self._content)

    def slice(self, start: int, stop: int) -> bytes:
        """Bytes between two positions."""
        return self._content[start:stop]


Data = FileData | BytesData


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    start: int
    body: int
    end: int
    """Where its body ends; for an indefinite length without the two zero bytes."""
    after: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """Where the pieces of the content lie in the document, and where each begins in the content."""

    starts: array[int]
    ends: array[int]
    positions: array[int]

    @property
    def length(self) -> int:
        """Bytes of the content."""
        return self.positions[-1] + self.ends[-1] - self.starts[-1] if self.starts else 0


@dataclass(frozen=True, slots=True)
class Parts:
    """A document taken apart: the pieces of its content, the certificate in DER, the signature."""

    data: Data
    pieces: Pieces
    certificates: bytes
    signer: cms.SignerInfo

    @property
    def length(self) -> int:
        """Bytes of the content."""
        return self.pieces.length

    def content_chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The content between two of its own positions, in pieces."""
        stop = self.length if stop is None else min(stop, self.length)
        starts, ends, positions = self.pieces.starts, self.pieces.ends, self.pieces.positions
        for number in range(max(0, bisect_right(positions, start) - 1), len(starts)):
            position, begin = positions[number], starts[number]
            if position >= stop:
                return
            first = begin + max(0, start - position)
            last = min(ends[number], begin + stop - position)
            for at in range(first, last, _WINDOW):
                yield self.data.slice(at, min(at + _WINDOW, last))

    def content(self, start: int = 0, stop: int | None = None) -> bytes:
        """The content between two of its own positions, in one piece."""
        return b"".join(self.content_chunks(start, stop))


def of_bytes(content: bytes) -> Parts:
    """Take a ZFO apart; ``ValueError`` when it is none."""
    return _taken_apart(BytesData(content))


@contextmanager
def of_file(path: Path) -> Iterator[Parts]:
    """The same over a file, open for as long as the block lasts; ``ValueError`` when it is no ZFO."""
    with path.open("rb") as file:
        yield _taken_apart(FileData(file))


def _taken_apart(data: Data) -> Parts:
    try:
        return _Walk(data).parts()
    except (IndexError, RecursionError) as broken:
        raise ValueError("not a CMS document") from broken


def unsigned_of(signer: cms.SignerInfo) -> list[cms.CMSAttribute]:
    """Unsigned attributes of a signature; an empty list without any."""
    attributes = signer["unsigned_attrs"]
    return [] if isinstance(attributes, core.Void) else list(attributes)


def values_of(attribute: cms.CMSAttribute) -> list[bytes]:
    """Values of an attribute in DER; asn1crypto knows how to take apart those of some kinds only."""
    packed: bytes = attribute["values"].dump()
    walk = _Walk(BytesData(packed))
    return [packed[one.start : one.after] for one in walk.children(walk.element(0, len(packed)))]


class _Walk:
    """Goes through the elements of one document; each indefinite length is measured once."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._measured: dict[int, _Element] = {}
        self._pieces: dict[int, Pieces] = {}

    def parts(self) -> Parts:
        data = self._data
        info = self._expect(0, len(data), 0x30)
        kind, wrapped = list(self.children(info))[:2]
        if data.slice(kind.start, kind.end) != b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02":
            raise ValueError("not SignedData")
        signed = list(self.children(self._expect(wrapped.body, wrapped.end, 0x30)))
        encapsulated = list(self.children(signed[2]))
        if len(signed) < 5 or len(encapsulated) != 2:
            raise ValueError("no content, no certificate or no signature")
        pieces = self._octets(next(self.children(encapsulated[1])))
        certificates, signers = signed[3], signed[-1]
        if signers.after - certificates.start > _SMALL:
            raise ValueError("too large a signature")
        signer = next(self.children(signers))
        packed = data.slice(certificates.body, certificates.end)
        return Parts(data, pieces, packed, cms.SignerInfo.load(data.slice(signer.start, signer.after)))

    def children(self, element: _Element) -> Iterator[_Element]:
        at = element.body
        while at < element.end:
            one = self.element(at, element.end)
            yield one
            at = one.after

    def element(self, at: int, limit: int, depth: int = 0) -> _Element:
        """The element at a position; of an indefinite length by walking through what is inside."""
        if at in self._measured:
            return self._measured[at]
        if depth > _MAX_DEPTH:
            raise ValueError("too deep")
        head = self._data.slice(at, at + 10)
        tag, first = head[0], head[1]
        if tag & 0x1F == 0x1F:
            raise ValueError("long tags are not used in CMS")
        if first != 0x80:
            size = first & 0x7F if first > 0x80 else 0
            length = int.from_bytes(head[2 : 2 + size]) if size else first
            body = at + 2 + size
            if body + length > limit:
                raise ValueError("cut off")
            return _Element(tag, at, body, body + length, body + length)
        position = at + 2
        if tag == _CONSTRUCTED_OCTET_STRING:
            self._pieces[at], position = _pieces(self._data, position, limit)
        else:
            while self._data.slice(position, position + 2) != b"\0\0":
                position = self.element(position, limit, depth + 1).after
        measured = _Element(tag, at, at + 2, position, position + 2)
        self._measured[at] = measured
        return measured

    def _expect(self, at: int, limit: int, tag: int) -> _Element:
        element = self.element(at, limit)
        if element.tag != tag:
            raise ValueError(f"expected tag {tag:#x}, found {element.tag:#x}")
        return element

    def _octets(self, element: _Element) -> Pieces:
        if element.tag == _OCTET_STRING:
            return Pieces(array("Q", [element.body]), array("Q", [element.end]), array("Q", [0]))
        if element.tag != _CONSTRUCTED_OCTET_STRING:
            raise ValueError("the content is no octet string")
        return self._pieces.get(element.start) or _pieces(self._data, element.body, element.end)[0]


def _pieces(data: Data, at: int, limit: int) -> tuple[Pieces, int]:
    """Plain octet strings one after another, up to two zero bytes or to ``limit``; and where they end."""
    starts, ends, positions = array("Q"), array("Q"), array("Q")
    position = 0
    while at < limit:
        window = data.slice(at, min(at + _WINDOW, limit))
        base, index, size = at, 0, len(window)
        while index < size and (index + 10 <= size or base + size >= limit):
            tag, first = window[index], window[index + 1]
            if tag == 0 and first == 0:
                return Pieces(starts, ends, positions), base + index
            if tag != _OCTET_STRING or first == 0x80:
                raise ValueError("the content is no row of octet strings")
            more = first & 0x7F if first > 0x80 else 0
            length = int.from_bytes(window[index + 2 : index + 2 + more]) if more else first
            body = base + index + 2 + more
            if body + length > limit:
                raise ValueError("cut off")
            starts.append(body)
            ends.append(body + length)
            positions.append(position)
            position += length
            index += 2 + more + length
        at = base + index
    return Pieces(starts, ends, positions), at
