"""From Czech text to lexemes: the stem and the plain form, both without diacritics. No Django.

A word is indexed as ``stem(word)``, ``stem(word without diacritics)`` and the plain word, all in small letters without
diacritics. A query goes the same way, so it does not matter how it was typed.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import snowballstemmer

from egon.kernel.czech import without_diacritics

LONGEST_WORD = 60  # characters; the rest of a longer one is not looked at
_MOST_WORDS = 16_000  # PostgreSQL keeps positions up to 16,383
_MOST_POSITIONS = 200  # of one lexeme; PostgreSQL keeps 255
_MOST_BYTES = 600_000  # PostgreSQL refuses a tsvector over 1 MB
_LONGEST_KEY_PARTS = 8
_WORD = re.compile(r"[^\W_]+")
_local = threading.local()


def words_of(text: str) -> Iterator[str]:
    """Words and numbers in small letters, with their diacritics."""
    for match in _WORD.finditer(unicodedata.normalize("NFC", text).casefold()):
        yield match[0][:LONGEST_WORD]


@lru_cache(maxsize=20_000)
def lexemes_of(word: str) -> tuple[str, ...]:
    """The forms under which a word is found, most general first: stems, then the plain form."""
    plain = without_diacritics(word)
    if not plain.isalpha():
        return (plain,)
    stemmer = _stemmer()
    return tuple(dict.fromkeys([without_diacritics(stemmer.stemWord(word)), stemmer.stemWord(plain), plain]))


def key_lexemes(key: str) -> Iterator[str]:
    """A number of record (``KSA/123/2026``) as a whole and by parts, each marked as a key."""
    parts = key_parts(key)
    for begin in range(len(parts)):
        for end in range(begin + 1, len(parts) + 1):
            yield key_lexeme(parts[begin:end])


def key_parts(key: str) -> list[str]:
    """Letters and digits between the separators; a number counts without leading zeros only as a whole word does."""
    return [without_diacritics(word) for word in words_of(key)][:_LONGEST_KEY_PARTS]


def key_lexeme(parts: Sequence[str]) -> str:
    """How a key (or a part of it) stands in the index; no word of a text can look like this."""
    return "k:" + "/".join(parts)


def tenant_lexeme(tenant_id: int) -> str:
    """How the originator stands in the index."""
    return f"t:{tenant_id}"


def vector_of(*, tenant_id: int, title: str, text: str, keys: Iterable[str], facets: Iterable[str] = ()) -> str:
    """The literal of a ``tsvector``: words with positions (title with weight A), the rest without."""
    positions: dict[str, list[str]] = {lexeme: [] for lexeme in (tenant_lexeme(tenant_id), *facets)}
    for key in keys:
        for lexeme in [*key_lexemes(key), *key_parts(key)]:
            positions.setdefault(lexeme, [])
    size = sum(len(lexeme.encode()) for lexeme in positions)
    for position, (word, weight) in enumerate(_weighted(title, text), start=1):
        if position > _MOST_WORDS or size > _MOST_BYTES:
            break
        for lexeme in lexemes_of(word):
            places = positions.setdefault(lexeme, [])
            if len(places) < _MOST_POSITIONS:
                places.append(f"{position}{weight}")
                size += len(lexeme.encode()) + 8 if len(places) == 1 else 4
    return " ".join(quoted(lexeme) + (":" + ",".join(places) if places else "") for lexeme, places in positions.items())


def quoted(lexeme: str) -> str:
    """A lexeme as PostgreSQL reads it in literals of ``tsvector`` and ``tsquery``."""
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _weighted(title: str, text: str) -> Iterator[tuple[str, str]]:
    yield from ((word, "A") for word in words_of(title))
    yield from ((word, "") for word in words_of(text))


def _stemmer() -> snowballstemmer.stemmer:
    """One for each thread: it keeps its state in itself."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("czech")
    return _local.stemmer
