"""The language people search by, turned into a ``tsquery``. No Django.

``smlouva dodatek`` both words · ``"stavební povolení"`` next to each other · ``stav*`` by the beginning · ``-návrh``
or ``NE návrh`` without it · ``dům NEBO byt`` (OR) · ``dům A byt`` (AND) · brackets join them in any way (NSESSS 5.1.4)
· ``123/2026`` a number of record or its part, also in quotation marks. NE binds more than A, A more than NEBO.

:func:`parse` tells a mistake with its place; :func:`tsquery_of` takes whatever is typed for words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from egon.kernel.czech import without_diacritics
from egon.search.lexemes import key_lexeme, key_parts, lexemes_of, quoted, words_of

LONGEST_QUERY = 300  # characters
MOST_TERMS = 16
_SHORTEST_PREFIX = 2
_MOST_KEY_PARTS = 8
_TOKEN = re.compile(r'(?P<open>-?\()|(?P<close>\))|(?P<minus>-)?(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"()]+))')
_KEY = re.compile(r"[^\W_]+(?:[/\-.][^\W_]+)+")
type Operator = Literal["and", "or", "not"]
_OPERATORS: Final[dict[str, Operator]] = {
    "A": "and", "AND": "and", "NEBO": "or", "OR": "or", "NE": "not", "NOT": "not",
}  # fmt: skip


class QueryMistake(Exception):
    """A query that cannot be read. ``message`` is Czech, ``position`` counts characters from the beginning."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["open", "close", "term", "operator"]
    position: int
    text: str = ""
    tsquery: str = ""
    negative: bool = False
    weak: bool = False  # a single letter: a preposition rather than what is sought
    operator: Operator = "and"


@dataclass(frozen=True, slots=True)
class _Found:
    """The ``tsquery`` of a part of the query; None where there is nothing to look for."""

    tsquery: str | None
    weak: bool = False


def parse(query: str) -> str | None:
    """The ``tsquery`` of a query, or None when there is nothing to look for. Raises :class:`QueryMistake`."""
    if len(query) > LONGEST_QUERY:
        raise QueryMistake(f"Dotaz je delší než {LONGEST_QUERY} znaků, zkraťte ho.", LONGEST_QUERY)
    tokens = list(_tokens(query))
    if sum(token.kind == "term" for token in tokens) > MOST_TERMS:
        excess = [token for token in tokens if token.kind == "term"][MOST_TERMS]
        raise QueryMistake(f"Najednou jde hledat nejvýše {MOST_TERMS} slov.", excess.position)
    return _Reader(tokens, len(query)).read()


def tsquery_of(query: str) -> str | None:
    """The same for what is typed in a hurry: nothing is a mistake, what cannot be read is taken for words alone."""
    query = query[:LONGEST_QUERY]
    try:
        return parse(query)
    except QueryMistake:
        terms = [token for token in _tokens(query) if token.kind == "term" and token.tsquery][:MOST_TERMS]
        strong = [term for term in terms if not term.weak] or terms
        return " & ".join(_negated(term) for term in strong) or None


def number_beginning(typed: str) -> str | None:
    """A ``tsquery`` of numbers of record that have these parts, the last of several by its beginning.

    A single one is taken whole: what begins with 2 or with 2026 is half of the index.
    """
    parts = key_parts(typed)
    if not parts:
        return None
    return quoted(key_lexeme(parts)) + (":*" if len(parts) > 1 else "")


def words_in_title(typed: str) -> str | None:
    """A ``tsquery`` of entities that have all the words in their title."""
    words = islice(words_of(typed), MOST_TERMS)
    return " & ".join(_word(word, weight=":A") for word in words) or None


class _Reader:
    """Reads tokens by precedence: NEBO over A over NE; two terms side by side mean A."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self._tokens, self._length, self._at = tokens, length, 0

    def read(self) -> str | None:
        if not self._tokens:
            return None
        found = self._any_of()
        if (extra := self._next()) is not None:
            raise QueryMistake("Závorka se tu uzavírá, ale nikde se neotevřela.", extra.position)
        return found.tsquery

    def _next(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _is_operator(self, operator: Operator) -> bool:
        token = self._next()
        return token is not None and token.kind == "operator" and token.operator == operator

    def _any_of(self) -> _Found:
        parts = [self._all_of()]
        while self._is_operator("or"):
            self._at += 1
            parts.append(self._all_of())
        return _joined(parts, " | ")

    def _all_of(self) -> _Found:
        parts = [self._one()]
        while (token := self._next()) is not None and token.kind != "close" and not self._is_operator("or"):
            if self._is_operator("and"):
                self._at += 1
            parts.append(self._one())
        strong = [part for part in parts if not part.weak]
        return _joined(strong or parts, " & ")

    def _one(self) -> _Found:
        token = self._next()
        if token is None:
            raise QueryMistake(_after(self._tokens[self._at - 1]), self._length)
        if token.kind == "operator" and token.operator == "not":
            self._at += 1
            return _not(self._one())
        if token.kind == "close":
            raise QueryMistake("Před touto závorkou chybí, co se má hledat.", token.position)
        if token.kind == "operator":
            raise QueryMistake(f"Před slovem {token.text} chybí, co se má hledat.", token.position)
        self._at += 1
        if token.kind == "term":
            return _Found(_negated(token) if token.tsquery else None, token.weak)
        return self._bracket(token)

    def _bracket(self, opening: _Token) -> _Found:
        inside = self._any_of()
        closing = self._next()
        if closing is None:
            raise QueryMistake("Tato závorka se neuzavírá.", opening.position)
        self._at += 1
        return _not(inside) if opening.negative else inside


def _after(token: _Token) -> str:
    if token.kind == "open":
        return "Závorka se otevírá a nic v ní není."
    return f"Za slovem {token.text} chybí, co se má hledat."


def _joined(parts: list[_Found], operator: str) -> _Found:
    present = [part.tsquery for part in parts if part.tsquery]
    if not present:
        return _Found(None)
    if len(present) == 1:
        return _Found(present[0], weak=all(part.weak for part in parts))
    return _Found(operator.join(present).join("()"), weak=all(part.weak for part in parts))


def _not(part: _Found) -> _Found:
    return _Found(f"!{part.tsquery.join('()')}" if part.tsquery else None, part.weak)


def _tokens(query: str) -> Iterator[_Token]:
    matches = list(_TOKEN.finditer(query))
    for number, match in enumerate(matches):
        raw = match["word"] or ""
        if match["open"]:
            yield _Token("open", match.start(), "(", negative=match["open"].startswith("-"))
        elif match["close"]:
            yield _Token("close", match.start(), ")")
        elif raw in _OPERATORS and not match["minus"] and not _is_letter(raw, number, matches):
            yield _Token("operator", match.start(), raw, operator=_OPERATORS[raw])
        else:
            yield _term(match)


def _is_letter(word: str, number: int, matches: list[re.Match[str]]) -> bool:
    """``A`` joins what stands around it; alone, or where nothing follows, it is the letter (``skupina A``)."""
    return word == "A" and (number in (0, len(matches) - 1) or bool(matches[number + 1]["close"]))


def _term(match: re.Match[str]) -> _Token:
    phrase, raw = match["phrase"], match["phrase"] if match["phrase"] is not None else match["word"] or ""
    words = list(words_of(raw))
    if not words:
        return _Token("term", match.start(), raw)
    if phrase is None and raw.endswith("*"):
        tsquery = _beginning(raw, words)
    elif _may_be_number(raw, words, is_phrase=phrase is not None):
        tsquery = f"({quoted(key_lexeme(key_parts(raw)))} | {_phrase(words)})"
    else:
        tsquery = _phrase(words)
    weak = len(words) == 1 and len(words[0]) == 1
    return _Token("term", match.start(), raw, tsquery, negative=bool(match["minus"]), weak=weak)


def _may_be_number(raw: str, words: list[str], *, is_phrase: bool) -> bool:
    """Numbers of record stand in the index as keys; ``"KSA 123/2026"`` and ``"123"`` are among them as well."""
    if is_phrase:
        return len(words) <= _MOST_KEY_PARTS and any(char.isdigit() for char in raw)
    return bool(_KEY.fullmatch(raw.strip(".,;()")))


def _beginning(raw: str, words: list[str]) -> str:
    """The last word by its beginning, those before it as they are; so a number of record, too."""
    last = without_diacritics(words[-1])
    if len(last) < _SHORTEST_PREFIX and len(words) == 1:
        return _phrase(words)
    phrase = " <-> ".join([*map(_word, words[:-1]), f"{quoted(last)}:*"]).join("()")
    if len(words) > 1 and _KEY.fullmatch(raw.rstrip("*")):
        return f"({quoted(key_lexeme(key_parts(raw)))}:* | {phrase})"
    return phrase


def _phrase(words: list[str]) -> str:
    return " <-> ".join(_word(word) for word in words[:MOST_TERMS]).join("()")


def _word(word: str, weight: str = "") -> str:
    return " | ".join(quoted(lexeme) + weight for lexeme in lexemes_of(word)).join("()")


def _negated(term: _Token) -> str:
    return f"!{term.tsquery}" if term.negative else term.tsquery
