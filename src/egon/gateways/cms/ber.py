"""Taking SignedData apart at its top level, in BER or DER, in one pass.

A ZFO is BER with indefinite lengths and its content in pieces of a thousand bytes. A general ASN.1 parser walks all of
them at each of six nested levels; this reader goes through once and leaves the small parts to that parser.
"""

from dataclasses import dataclass
from typing import Final

_SEQUENCE: Final = 0x30
_SET: Final = 0x31
_OID: Final = 0x06
_OCTETS: Final = 0x04
_OCTETS_IN_PIECES: Final = 0x24
_CONTEXT_0: Final = 0xA0
_CONTEXT_1: Final = 0xA1
_MAX_DEPTH: Final = 32

_SIGNED_DATA_OID: Final = bytes.fromhex("2a864886f70d010702")


class BadBer(ValueError):
    """The bytes are not the structure that is read."""


class EndMissing(BadBer):
    """The bytes end before the structure does."""


@dataclass(frozen=True, slots=True)
class SignedDataParts:
    """Parts of SignedData: type of content (encoded OID) and its octets, certificates and signers encoded.

    ``revocation`` are the encoded members of ``crls``: lists, and answers of OCSP in ``other``.
    """

    content_type: bytes
    content: bytes
    certificates: tuple[bytes, ...]
    revocation: tuple[bytes, ...]
    signer_infos: tuple[bytes, ...]


def split_signed_data(data: bytes) -> SignedDataParts:
    """Parts of a ContentInfo with SignedData. Raises :class:`EndMissing` or :class:`BadBer`."""
    if not data:
        raise BadBer("nothing to read")
    reader = _Reader(data)
    outer = reader.enter(_SEQUENCE)
    if reader.element()[2:] != _SIGNED_DATA_OID:
        raise BadBer("not SignedData")
    explicit = reader.enter(_CONTEXT_0)
    signed = reader.enter(_SEQUENCE)
    reader.element()  # version
    reader.element()  # digest algorithms, repeated in each signer
    content_type, content = _encapsulated(reader)
    certificates: tuple[bytes, ...] = ()
    if reader.next_tag() == _CONTEXT_0:
        certificates = _members(reader, _CONTEXT_0)
    revocation: tuple[bytes, ...] = ()
    if reader.next_tag() == _CONTEXT_1:
        revocation = _members(reader, _CONTEXT_1)
    signer_infos = _members(reader, _SET)
    for level in (signed, explicit, outer):
        reader.leave(level)
    return SignedDataParts(content_type, content, certificates, revocation, signer_infos)


def _encapsulated(reader: "_Reader") -> tuple[bytes, bytes]:
    level = reader.enter(_SEQUENCE)
    content_type = reader.element()
    if content_type[:1] != bytes((_OID,)):
        raise BadBer("content type expected")
    content = b""
    if reader.more(level):
        explicit = reader.enter(_CONTEXT_0)
        content = b"".join(reader.octets())
        reader.leave(explicit)
    reader.leave(level)
    return content_type, content


def _members(reader: "_Reader", tag: int) -> tuple[bytes, ...]:
    level = reader.enter(tag)
    found: list[bytes] = []
    while reader.more(level):
        found.append(reader.element())
    reader.leave(level)
    return tuple(found)


class _Reader:
    """Goes through encoded elements. A level is the position of its end, ``None`` for an indefinite length."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def next_tag(self) -> int:
        if self._position >= len(self._data):
            raise EndMissing("data end inside a structure")
        return self._data[self._position]

    def enter(self, tag: int) -> int | None:
        """Step into a constructed element of ``tag``."""
        found = self.next_tag()
        if found != tag:
            raise BadBer(f"tag {found:#x} instead of {tag:#x}")
        _, length = self._header()
        return None if length is None else self._position + length

    def more(self, level: int | None) -> bool:
        """Whether another element follows at this level."""
        if level is not None:
            return self._position < level
        return self._two_bytes() != b"\x00\x00"

    def leave(self, level: int | None) -> None:
        """Step out; whatever of the level was not read is an error."""
        if level is None:
            if self._two_bytes() != b"\x00\x00":
                raise BadBer("end of contents expected")
            self._position += 2
        elif self._position != level:
            raise BadBer("length does not agree with the content")

    def element(self) -> bytes:
        """The next element as a whole, with its header."""
        start = self._position
        self._skip(_MAX_DEPTH)
        return self._data[start : self._position]

    def octets(self) -> list[bytes]:
        """Pieces of an OCTET STRING, whether it is written in one or in many."""
        pieces: list[bytes] = []
        self._collect_octets(pieces, _MAX_DEPTH)
        return pieces

    def _collect_octets(self, pieces: list[bytes], depth: int) -> None:
        tag, length = self._header()
        if tag == _OCTETS and length is not None:
            start, self._position = self._position, self._position + length
            pieces.append(self._data[start : self._position])
        elif tag == _OCTETS_IN_PIECES and depth:
            level = None if length is None else self._position + length
            while self.more(level):
                if not self._take_equal_pieces(pieces, level):
                    self._collect_octets(pieces, depth - 1)
            self.leave(level)
        else:
            raise BadBer("octet string expected")

    def _take_equal_pieces(self, pieces: list[bytes], level: int | None) -> bool:
        """Take the pieces that follow with the same header; whether there was one.

        A document is written in thousands of pieces of one length: read one by one they took most of the time.
        """
        data, position = self._data, self._position
        header = data[position : position + 4]
        if header[:2] != b"\x04\x82" or len(header) < 4:
            return False
        step = 4 + int.from_bytes(header[2:])
        limit = len(data) if level is None else min(level, len(data))
        whole = (limit - position) // step
        for offset in range(4):
            # Every step-th byte is the same byte of a header for as long as the headers are the same.
            column = data[position + offset : position + whole * step : step]
            whole = len(column) - len(column.lstrip(header[offset : offset + 1]))
        end = position + whole * step
        pieces.extend([data[start : start + step - 4] for start in range(position + 4, end, step)])
        self._position = end
        return whole > 0

    def _skip(self, depth: int) -> None:
        tag, length = self._header()
        if length is not None:
            self._position += length
            return
        if not depth or not tag & 0x20:
            raise BadBer("indefinite length where none may be")
        while self.more(None):
            self._skip(depth - 1)
        self.leave(None)

    def _header(self) -> tuple[int, int | None]:
        data, position = self._data, self._position
        if position + 2 > len(data):
            raise EndMissing("data end inside a header")
        tag, first = data[position], data[position + 1]
        if tag & 0x1F == 0x1F:
            raise BadBer("tags of several bytes are not used in SignedData")
        position += 2
        length: int | None = first
        if first == 0x80:
            length = None
        elif first > 0x80:
            size = first & 0x7F
            if size > 8:
                raise BadBer("length too long")
            if position + size > len(data):
                raise EndMissing("data end inside a length")
            length = int.from_bytes(data[position : position + size])
            position += size
        if length is not None and position + length > len(data):
            raise EndMissing(f"{position + length - len(data)} bytes are missing")
        self._position = position
        return tag, length

    def _two_bytes(self) -> bytes:
        found = self._data[self._position : self._position + 2]
        if len(found) < 2:
            raise EndMissing("data end inside a structure")
        return found
