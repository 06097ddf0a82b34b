"""Contents that are read in pieces, from memory, a file or any store that can open them again."""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Self

from egon.kernel.errors import BadContent

CHUNK: Final = 3 * 256 * 1024
"""Bytes read at once; a multiple of three, so that base64 pieces join without padding."""


class SourceChanged(BadContent):
    """A content has another size than when it was announced; what was being sent was broken off."""

    code = "isds.source_changed"


@dataclass(frozen=True, slots=True)
class Source:
    """A content of ``size`` bytes; ``open`` may be called several times, each time from the beginning."""

    size: int
    open: Callable[[], BinaryIO] = field(repr=False)

    @classmethod
    def of_bytes(cls, content: bytes) -> Self:
        """A content held in memory."""
        return cls(len(content), lambda: io.BytesIO(content))

    @classmethod
    def of_path(cls, path: Path) -> Self:
        """A file. Raises ``OSError`` when it is not there."""
        return cls(path.stat().st_size, lambda: path.open("rb"))

    def chunks(self) -> Iterator[bytes]:
        """The content in full pieces of ``CHUNK`` bytes. Raises :class:`SourceChanged`."""
        left = self.size
        with self.open() as stream:
            while left:
                piece = stream.read(min(CHUNK, left))
                if not piece:
                    break
                while len(piece) < min(CHUNK, left) and (more := stream.read(min(CHUNK, left) - len(piece))):
                    piece += more
                left -= len(piece)
                yield piece
            if left or stream.read(1):
                raise SourceChanged(
                    "Obsah přílohy se během odesílání změnil. Odesílání bylo přerušeno, nic se neodeslalo; "
                    "zkuste to znovu."
                )

    def read(self) -> bytes:
        """The whole content. Raises :class:`SourceChanged`."""
        return b"".join(self.chunks())


class Digests:
    """SHA-256 and SHA3-256 of what passes by (``dmAttHash1``, ``dmAttHash2``), in lower-case hexadecimal."""

    def __init__(self) -> None:
        self._first, self._second = hashlib.sha256(), hashlib.sha3_256()

    def update(self, piece: bytes) -> None:
        self._first.update(piece)
        self._second.update(piece)

    @property
    def sha256(self) -> str:
        return self._first.hexdigest()

    @property
    def sha3_256(self) -> str:
        return self._second.hexdigest()


def digests_of(source: Source) -> Digests:
    """Digests of a whole content, read once."""
    digests = Digests()
    for piece in source.chunks():
        digests.update(piece)
    return digests
