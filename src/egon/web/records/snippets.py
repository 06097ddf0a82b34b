"""What was found, shown in the text: words marked, and a piece of the text around them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from egon.search.lexemes import lexemes_of

LOOKED_THROUGH: Final = 8_000  # characters of a text, from its beginning
_AROUND: Final = 90
_LEXEME = re.compile(r"'((?:[^']|'')+)'(:\*)?")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """Lexemes of the words that were sought; ``beginnings`` are of words told by their beginning."""

    whole: Collection[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, tsquery: str | None) -> "Sought":
        """The lexemes of a ``tsquery``; numbers of record are among them by their parts."""
        found = [(lexeme.replace("''", "'"), star) for lexeme, star in _LEXEME.findall(tsquery or "")]
        words = [(lexeme, star) for lexeme, star in found if not lexeme.startswith(("k:", "f:", "t:"))]
        parts = [part for lexeme, _ in found if lexeme.startswith("k:") for part in lexeme[2:].split("/")]
        return cls(
            frozenset([*(lexeme for lexeme, star in words if not star), *parts]),
            tuple(lexeme for lexeme, star in words if star),
        )

    def has(self, word: str) -> bool:
        """Whether the word is one of those sought, in any form."""
        forms = lexemes_of(word.casefold())
        return any(form in self.whole for form in forms) or forms[-1].startswith(self.beginnings or ("\0",))


def marked(text: str, sought: Sought) -> SafeString:
    """The text with the words that were sought in ``<mark>``; everything is escaped."""
    pieces, end = [], 0
    for match in _WORD.finditer(text):
        if sought.has(match[0]):
            pieces.append((text[end : match.start()], match[0]))
            end = match.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[end:])


def excerpt(text: str, sought: Sought) -> SafeString | None:
    """A piece of the text around the first word that was sought, or None when its beginning has none."""
    looked = text[:LOOKED_THROUGH]
    first = next((match for match in _WORD.finditer(looked) if sought.has(match[0])), None)
    if first is None:
        return None
    begin, end = max(0, first.start() - _AROUND), first.end() + _AROUND
    piece = " ".join(looked[begin:end].split())
    return format_html("{}{}{}", "… " if begin else "", marked(piece, sought), " …" if end < len(text) else "")
