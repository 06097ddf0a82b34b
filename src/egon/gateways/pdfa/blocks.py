"""The body of a letter: a small part of Markdown that officials learn in a minute.

``# Heading``, ``- item``, ``1. item``, ``**bold**``; an empty line ends a paragraph, a line break stays a line break.
Everything else is plain text.
"""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,3})\s+(\S.*)")
_BULLET = re.compile(r"\s*[-*•]\s+(\S.*)")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+(\S.*)")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one weight; a line feed in it breaks the line."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An ordinary paragraph."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items with bullets."""

    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, slots=True)
class NumberedList:
    """Items numbered from 1."""

    items: tuple[tuple[Run, ...], ...]


Block = Paragraph | Heading | BulletList | NumberedList


def parse_body(text: str) -> list[Block]:
    """Blocks of a text as people write it. Never refuses anything."""
    blocks: list[Block] = []
    lines: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if lines and _kind(line) != _kind(lines[-1]):
            blocks.append(_block(lines))
            lines = []
        if _kind(line) == "heading":
            blocks.append(_heading(line))
        elif line.strip():
            lines.append(line)
    return blocks


def _kind(line: str) -> str:
    if not line.strip():
        return "gap"
    if _HEADING.fullmatch(line.strip()):
        return "heading"
    if _BULLET.fullmatch(line):
        return "bullet"
    return "numbered" if _NUMBERED.fullmatch(line) else "text"


def _heading(line: str) -> Heading:
    match = _HEADING.fullmatch(line.strip())
    if match is None:
        raise ValueError("not a heading")
    return Heading(len(match[1]), _runs(match[2]))


def _block(lines: list[str]) -> Block:
    match _kind(lines[0]):
        case "bullet":
            return BulletList(tuple(_runs(_BULLET.sub(r"\1", line)) for line in lines))
        case "numbered":
            return NumberedList(tuple(_runs(_NUMBERED.sub(r"\1", line)) for line in lines))
        case _:
            return Paragraph(_runs("\n".join(line.strip() for line in lines)))


def _runs(text: str) -> tuple[Run, ...]:
    """Split at ``**bold**``; odd pieces are what stood between the asterisks."""
    pieces = _BOLD.split(text)
    return tuple(Run(piece, bold=index % 2 == 1) for index, piece in enumerate(pieces) if piece)
