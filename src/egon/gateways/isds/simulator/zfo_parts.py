"""A ZFO taken apart without reading it whole: where its content lies, its certificates, its signature.

Works over bytes and over a mapped file alike, so that large messages need no memory. Source: RFC 5652, X.690.
"""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from asn1crypto import cms, core

_OCTET_STRING: Final = 0x04
_CONSTRUCTED_OCTET_STRING: Final = 0x24
_SMALL: Final = 1 << 20
"""Certificates and signatures together are never larger; anything more is no ZFO of ours."""

Data = bytes | mmap.mmap


@dataclass(frozen=True, slots=True)
class _Element:
    tag: int
    start: int
    body: int
    end: int
    """Where its body ends; for an indefinite length without the two zero bytes."""
    after: int


@dataclass(frozen=True, slots=True)
class Parts:
    """``ranges`` are the pieces of the sealed content inside ``data``."""

    data: Data
    ranges: tuple[tuple[int, int], ...]
    certificates: bytes
    signer: cms.SignerInfo

    @property
    def length(self) -> int:
        return sum(end - start for start, end in self.ranges)

    def content_chunks(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The content between two of its own positions, in pieces."""
        position = 0
        stop = self.length if stop is None else stop
        for begin, end in self.ranges:
            size = end - begin
            if position >= stop:
                return
            if position + size > start:
                yield self.data[begin + max(0, start - position) : begin + min(size, stop - position)]
            position += size

    def content(self, start: int = 0, stop: int | None = None) -> bytes:
        """The content between two of its own positions, in one piece."""
        return b"".join(self.content_chunks(start, stop))


def of_bytes(data: Data) -> Parts:
    """Take a ZFO apart; ``ValueError`` when it is none."""
    try:
        return _parts(data)
    except (IndexError, RecursionError) as broken:
        raise ValueError("not a CMS document") from broken


def of_file(path: Path) -> Parts:
    """The same over a file; ``ValueError`` when it is no ZFO. The mapping lives as long as the result."""
    with path.open("rb") as file:
        return of_bytes(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def unsigned_of(signer: cms.SignerInfo) -> list[cms.CMSAttribute]:
    """Unsigned attributes of a signature; an empty list without any."""
    attributes = signer["unsigned_attrs"]
    return [] if isinstance(attributes, core.Void) else list(attributes)


def values_of(attribute: cms.CMSAttribute) -> list[bytes]:
    """Values of an attribute in DER; asn1crypto knows how to take apart those of some kinds only."""
    packed: bytes = attribute["values"].dump()
    return [packed[one.start : one.after] for one in _children(packed, _element(packed, 0, len(packed), 0))]


def _parts(data: Data) -> Parts:
    info = _expect(data, 0, len(data), 0x30)
    kind, wrapped = list(_children(data, info))[:2]
    if data[kind.start : kind.end] != b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02":
        raise ValueError("not SignedData")
    signed = list(_children(data, _expect(data, wrapped.body, wrapped.end, 0x30)))
    encapsulated = list(_children(data, signed[2]))
    if len(signed) < 5 or len(encapsulated) != 2:
        raise ValueError("no content, no certificate or no signature")
    inner = next(_children(data, encapsulated[1]))
    ranges = tuple(_octets(data, inner, depth=0))
    certificates, signers = signed[3], signed[-1]
    if signers.after - certificates.start > _SMALL:
        raise ValueError("too large a signature")
    signer = next(_children(data, signers))
    return Parts(
        data, ranges, data[certificates.body : certificates.end], cms.SignerInfo.load(data[signer.start : signer.after])
    )


def _octets(data: Data, element: _Element, depth: int) -> Iterator[tuple[int, int]]:
    if element.tag == _OCTET_STRING:
        yield element.body, element.end
    elif element.tag == _CONSTRUCTED_OCTET_STRING and depth < 4:
        for one in _children(data, element):
            yield from _octets(data, one, depth + 1)
    else:
        raise ValueError("the content is no octet string")


def _expect(data: Data, at: int, limit: int, tag: int) -> _Element:
    element = _element(data, at, limit, 0)
    if element.tag != tag:
        raise ValueError(f"expected tag {tag:#x}, found {element.tag:#x}")
    return element


def _children(data: Data, element: _Element) -> Iterator[_Element]:
    at = element.body
    while at < element.end:
        one = _element(data, at, element.end, 0)
        yield one
        at = one.after


def _element(data: Data, at: int, limit: int, depth: int) -> _Element:
    """The element at a position. An indefinite length is measured by walking through what is inside."""
    if depth > 12:
        raise ValueError("too deep")
    tag, first = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise ValueError("long tags are not used in CMS")
    body = at + 2
    if first == 0x80:
        position = body
        while data[position : position + 2] != b"\0\0":
            position = _element(data, position, limit, depth + 1).after
        return _Element(tag, at, body, position, position + 2)
    if first > 0x80:
        size = first & 0x7F
        first = int.from_bytes(data[body : body + size])
        body += size
    if body + first > limit:
        raise ValueError("cut off")
    return _Element(tag, at, body, body + first, body + first)
