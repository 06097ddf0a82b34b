"""The language people search by, turned into a ``tsquery``. No Django.

``smlouva dodatek`` both words · ``"stavební povolení"`` next to each other · ``stav*`` by the beginning · ``-návrh``
without it · ``dům OR byt`` (also ``nebo`` in capitals) · ``123/2026`` a number of record or its part.
Nothing that is typed is an error.
"""

import re
from dataclasses import dataclass

from egon.kernel.czech import without_diacritics
from egon.search.lexemes import key_lexeme, key_parts, lexemes_of, quoted, words_of

LONGEST_QUERY = 300  # characters
MOST_TERMS = 16
_SHORTEST_PREFIX = 2
_TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_KEY = re.compile(r"[^\W_]+(?:[/\-.][^\W_]+)+")
_OR = ("OR", "NEBO")


@dataclass(frozen=True, slots=True)
class _Term:
    tsquery: str
    negative: bool = False
    weak: bool = False  # a single letter: a preposition rather than what is sought


def tsquery_of(query: str) -> str | None:
    """The ``tsquery`` of what was typed, or None when there is nothing to look for."""
    groups = [group for group in _groups(query[:LONGEST_QUERY]) if group]
    if not groups:
        return None
    return " & ".join(_any_of(group) for group in _without_weak(groups))


def _groups(query: str) -> list[list[_Term]]:
    """Terms joined by OR lie in one group; every group has to be found."""
    groups: list[list[_Term]] = []
    joining = False
    for match in list(_TERM.finditer(query))[: 2 * MOST_TERMS]:
        if match["word"] in _OR and not match["minus"]:
            joining = bool(groups)
            continue
        term = _term(match)
        if term is None:
            continue
        if joining:
            groups[-1].append(term)
        else:
            groups.append([term])
        joining = False
    return groups[:MOST_TERMS]


def _term(match: re.Match[str]) -> _Term | None:
    raw = match["phrase"] if match["phrase"] is not None else match["word"] or ""
    words = list(words_of(raw))
    if not words:
        return None
    if match["phrase"] is None and raw.endswith("*"):
        tsquery = _beginning(words)
    elif match["phrase"] is None and _KEY.fullmatch(raw.strip(".,;()")):
        tsquery = f"({quoted(key_lexeme(key_parts(raw)))} | {_phrase(words)})"
    else:
        tsquery = _phrase(words)
    return _Term(tsquery, negative=bool(match["minus"]), weak=len(words) == 1 and len(words[0]) == 1)


def _beginning(words: list[str]) -> str:
    """The last word by its beginning, those before it as they are."""
    last = without_diacritics(words[-1])
    if len(last) < _SHORTEST_PREFIX:
        return _phrase(words)
    return " <-> ".join([*map(_word, words[:-1]), f"{quoted(last)}:*"]).join("()")


def _phrase(words: list[str]) -> str:
    return " <-> ".join(_word(word) for word in words[:MOST_TERMS]).join("()")


def _word(word: str) -> str:
    return " | ".join(quoted(lexeme) for lexeme in lexemes_of(word)).join("()")


def _any_of(group: list[_Term]) -> str:
    return " | ".join(f"!{term.tsquery}" if term.negative else term.tsquery for term in group).join("()")


def _without_weak(groups: list[list[_Term]]) -> list[list[_Term]]:
    strong = [group for group in groups if not all(term.weak for term in group)]
    return strong or groups
