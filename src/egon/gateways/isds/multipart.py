"""``multipart/related`` as it passes by: parts told apart while they arrive, nothing kept but the part being read."""

import re
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Final

_MAX_HEAD: Final = 16 * 1024
_CID: Final = re.compile(r"^<?(?:cid:)?(.*?)>?$", re.IGNORECASE | re.DOTALL)

type Consumer = Callable[[bytes], None]
"""Takes the bytes of one part; it is called for the last time when the next part opens or the body ends."""


def media_type(value: str) -> tuple[str, Mapping[str, str]]:
    """A ``Content-Type`` as its lower-case type and parameters."""
    message = Message()
    message["Content-Type"] = value
    found = message.get_params() or []
    return message.get_content_type(), {name.lower(): text for name, text in found[1:]}


def plain_content_id(text: str) -> str:
    """The same name for ``<a@b>``, ``cid:a@b`` and ``a@b``."""
    found = _CID.match(text.strip())
    return found.group(1) if found else text.strip()


class MultipartReader:
    """Fed with pieces of a multipart body. Raises ``ValueError`` when it cannot be one."""

    def __init__(self, boundary: str, open_part: Callable[[Message], Consumer]) -> None:
        if not boundary or len(boundary) > 200:
            raise ValueError("multipart without a usable boundary")
        self._mark = b"\r\n--" + boundary.encode("latin-1", "replace")
        self._open_part = open_part
        self._rest = bytearray(b"\r\n")  # the first delimiter may stand at the very beginning
        self._consume: Consumer = _ignore
        self._in_head = False
        self.finished = False

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        if self.finished:
            return  # an epilogue says nothing
        self._rest += piece
        while not self.finished and (self._read_head() if self._in_head else self._read_content()):
            pass

    def close(self) -> None:
        """The body ended."""
        if not self.finished:
            raise ValueError("multipart ended before its last delimiter")

    def _read_content(self) -> bool:
        """Hand over what surely belongs to this part; whether a delimiter was met."""
        at = self._rest.find(self._mark)
        if at < 0:
            self._hand_over(len(self._rest) - len(self._mark) + 1)
            return False
        end = at + len(self._mark)
        if len(self._rest) < end + 2:
            self._hand_over(at)
            return False
        after = bytes(self._rest[end : end + 2])
        if after != b"--" and after != b"\r\n" and after[:1] not in b" \t":
            self._hand_over(at + 2)  # only looks like our delimiter
            return True
        self._hand_over(at)
        if after == b"--":
            self.finished = True
        elif not self._drop_line():
            return False
        else:
            self._in_head = True
        return True

    def _drop_line(self) -> bool:
        """Remove the delimiter with its line end, once the line is whole."""
        end = self._rest.find(b"\r\n", len(self._mark))
        if end < 0:
            if len(self._rest) > _MAX_HEAD:
                raise ValueError("the line of a delimiter is too long")
            return False
        del self._rest[:end]  # the line end stays: a part may have no head at all
        return True

    def _read_head(self) -> bool:
        end = self._rest.find(b"\r\n\r\n")
        if end < 0:
            if len(self._rest) > _MAX_HEAD:
                raise ValueError("the head of a part is too long")
            return False
        head = _head_of(bytes(self._rest[:end]))
        del self._rest[: end + 2]  # the empty line's end may begin the next delimiter
        self._in_head = False
        self._consume = _without_line_end(self._open_part(head))
        return True

    def _hand_over(self, size: int) -> None:
        if size > 0:
            self._consume(bytes(self._rest[:size]))
            del self._rest[:size]


def _without_line_end(consume: Consumer) -> Consumer:
    """Skip the line end that still belongs to the head (it was left so that an empty part is recognised)."""
    left = 2

    def take(piece: bytes) -> None:
        nonlocal left
        skipped = min(left, len(piece))
        left -= skipped
        if len(piece) > skipped:
            consume(piece[skipped:])

    return take


def _head_of(raw: bytes) -> Message:
    message = Message()
    for line in raw.decode("latin-1").replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            message[name.strip()] = value.strip()
    return message


def _ignore(_piece: bytes) -> None:
    pass
