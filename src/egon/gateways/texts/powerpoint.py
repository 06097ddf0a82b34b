"""Presentations of PowerPoint 97 to 2003 ([MS-PPT]).

The stream grows by each saving: what holds now is led to by the chain of edits, from the newest one. So a deleted slide
is not read, though it is still there.
"""

import struct
from collections.abc import Iterator
from typing import Final

from egon.gateways.texts.limits import MOST_PARTS, NoText

_ENCRYPTED: Final = 0xF3D1C4DF
_USER_EDIT, _PERSIST, _DOCUMENT, _SLIDE, _NOTES = 4085, 6002, 1000, 1006, 1008
_CHARS, _BYTES = 4000, 4008  # text in UTF-16, and the same where every character is below 256
_CONTAINER: Final = 0xF
_MOST_EDITS, _DEEPEST = 1_000, 32
_LINE_ENDS = str.maketrans({"\r": "\n", "\x0b": "\n"})

Record = tuple[int, int, int, int]  # type, version and instance, where its content begins and ends


def text_of_slides(user: bytes, stream: bytes) -> Iterator[str]:
    """Texts of slides and of their notes, without those of masters. ``user`` is the stream of the present user.

    Raises :class:`NoText`.
    """
    if len(user) < 20:
        raise NoText("Prezentace je poškozená.")
    token, newest = struct.unpack_from("<II", user, 12)
    if token == _ENCRYPTED:
        raise NoText("Prezentace je chráněná heslem.")
    try:
        for place in sorted(_present(stream, newest))[:MOST_PARTS]:
            kind, _, start, end = _record(stream, place, len(stream))
            if kind in (_DOCUMENT, _SLIDE, _NOTES):
                yield from _texts(stream, start, end, 0)
    except struct.error as error:
        raise NoText("Prezentace je poškozená, její text nejde složit.", detail=str(error)) from error


def _present(stream: bytes, edit: int) -> set[int]:
    """Where the objects of the last saving begin; an older edit tells only of those no newer one told of."""
    places: dict[int, int] = {}
    for _ in range(_MOST_EDITS):
        kind, _, at, _ = _record(stream, edit, len(stream))
        if kind != _USER_EDIT:
            raise NoText("Prezentace je poškozená, její text nejde složit.")
        older, directory = struct.unpack_from("<II", stream, at + 8)
        for number, place in _persistent(stream, directory):
            places.setdefault(number, place)
        if not older or older >= edit:
            break
        edit = older
    return set(places.values())


def _persistent(stream: bytes, place: int) -> Iterator[tuple[int, int]]:
    """Numbers of objects and their places: runs of a first number (20 bits) and a count (12 bits)."""
    kind, _, at, end = _record(stream, place, len(stream))
    while kind == _PERSIST and at + 4 <= end:
        (run,) = struct.unpack_from("<I", stream, at)
        first, count = run & 0xFFFFF, run >> 20
        for number, where in enumerate(struct.unpack_from(f"<{count}I", stream, at + 4)):
            yield first + number, where
        at += 4 + 4 * count


def _texts(stream: bytes, at: int, end: int, depth: int) -> Iterator[str]:
    while at + 8 <= end:
        kind, version, start, stop = _record(stream, at, end)
        if kind == _CHARS:
            yield stream[start:stop].decode("utf-16-le", errors="replace").translate(_LINE_ENDS) + "\n"
        elif kind == _BYTES:
            yield stream[start:stop].decode("latin-1").translate(_LINE_ENDS) + "\n"
        elif version & 0xF == _CONTAINER and depth < _DEEPEST:
            yield from _texts(stream, start, stop, depth + 1)
        at = stop


def _record(stream: bytes, at: int, end: int) -> Record:
    version, kind, length = struct.unpack_from("<HHI", stream, at)
    return kind, version, at + 8, min(at + 8 + length, end)
