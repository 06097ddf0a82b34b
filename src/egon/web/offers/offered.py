"""What a field offers: rows of a table, or several kinds of things one after another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When

from egon.web.offers.seeking import Option, kind_of, words_of

LONGEST_LIST = 50
"""More things than this are searched, not listed."""
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Part:
    """Things of one kind: rows of a table, or pairs of a value and a label; ``prefix`` tells the kind in the value."""

    rows: QuerySet[Any] | Sequence[tuple[str, str]]
    prefix: str = ""
    group: str = ""

    def first(self, most: int) -> list[Option]:
        """The first of all."""
        if not isinstance(self.rows, QuerySet):
            return [Option(self.prefix + value, label, group=self.group) for value, label in self.rows[:most]]
        return [self._option(row, name_only=True) for row in self.rows[:most]]

    def found(self, words: Sequence[str], most: int) -> list[Option]:
        """Those every word is in; whose name or code begins with the first word come first."""
        if not isinstance(self.rows, QuerySet):
            pairs = [pair for pair in self.rows if all(word in " ".join(words_of(pair[1])) for word in words)]
            return [Option(self.prefix + value, label, group=self.group) for value, label in pairs[:most]]
        kind = kind_of(self.rows.model)
        rows = kind.with_name(self.rows)
        for word in words:
            rows = rows.filter(kind.has_word(word))
        if words:
            begins = Case(When(kind.begins(words[0]), then=Value(0)), default=Value(1), output_field=IntegerField())
            rows = rows.order_by(begins, *kind.order)
        return [self._option(row) for row in kind.with_facts(rows)[:most]]

    def one(self, value: str) -> Option | None:
        """The option of a value, None when it is not offered."""
        if not value.startswith(self.prefix):
            return None
        key = value.removeprefix(self.prefix)
        if not isinstance(self.rows, QuerySet):
            return next((Option(value, label, group=self.group) for held, label in self.rows if held == key), None)
        row = self.rows.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        return self._option(row, name_only=True) if row is not None else None

    def _option(self, row: Any, *, name_only: bool = False) -> Option:
        label, sub = (str(row), "") if name_only else kind_of(type(row)).told(row)
        return Option(f"{self.prefix}{row.pk}", label, sub, self.group)


class Offered:
    """All parts together. Fields of one page may share one, so that it is read once."""

    def __init__(self, *parts: Part) -> None:
        self.parts = parts

    @cached_property
    def few(self) -> list[Option] | None:
        """Everything, when it is short enough to be listed; otherwise None."""
        found: list[Option] = []
        for part in self.parts:
            found += part.first(LONGEST_LIST + 1 - len(found))
            if len(found) > LONGEST_LIST:
                return None
        return found

    def find(self, text: str) -> list[Option]:
        """What was typed finds; one more than :data:`MOST_FOUND` tells that there is more of it."""
        words = words_of(text)
        return list(self._found(words))[: MOST_FOUND + 1] if words else []

    def one(self, value: str) -> Option | None:
        """The option of a value, None when it is not offered."""
        return next((found for part in self.parts if (found := part.one(value)) is not None), None)

    def _found(self, words: Sequence[str]) -> Iterator[Option]:
        for part in self.parts:
            yield from part.found(words, MOST_FOUND + 1)
