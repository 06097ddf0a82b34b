"""Classes of the plan in force as fields offer them: a short plan whole, of a long one what the typed words find."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from egon.kernel.czech import without_diacritics
from egon.records.models import RecordClass
from egon.records.queries import current_plan
from egon.records.rules.labels import Labelled

OFFERED_WHOLE: Final = 150  # classes a page carries; a region has two thousand
MOST_LIKE: Final = 50


class Holding(Labelled):
    """For what the classes are sought."""

    FILES = "spisy", "pro spisy"
    TYPED = "typove", "pro typové spisy"
    ANY = "vse", "pro spisy i typové spisy"

    @property
    def condition(self) -> Q:
        """Of the table."""
        files, typed = Q(holds_files=True), Q(for_typed_files=True)
        return {Holding.FILES: files, Holding.TYPED: typed, Holding.ANY: files | typed}[self]


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class to choose; plain values, because a plan may have thousands."""

    pk: int
    code: str
    name: str
    regime: str

    @property
    def text(self) -> str:
        """As it stands in a field."""
        return f"{self.code} {self.name}"


def all_choices(*, on: date, holding: Holding = Holding.FILES) -> list[ClassChoice]:
    """All open classes of a short plan in their order, none of a longer one."""
    found = list(_choices(_open(on, holding)[: OFFERED_WHOLE + 1]))
    return found if len(found) <= OFFERED_WHOLE else []


def like(typed: str, *, on: date, holding: Holding = Holding.FILES, most: int = MOST_LIKE) -> list[ClassChoice]:
    """Open classes whose code begins so, then those with all the words in their name, each in the plan's order."""
    words = list(words_of(typed))
    if not words:
        return []
    found = [one for one in _choices(_open(on, holding)) if has_words(one.text, words)]
    beginning = typed.split()[0]
    return sorted(found, key=lambda one: not one.code.startswith(beginning))[:most]


def named(typed: str, *, on: date) -> RecordClass | None:
    """The class of the plan in force that is typed: its code, or the code with words behind it, as it is offered.

    Codes of some plans have spaces, so the whole text decides, then the longest code. The open class goes before its
    closed predecessors.
    """
    parts = typed.split()
    plan = current_plan(on=on)
    codes = [" ".join(parts[:length]) for length in range(1, len(parts) + 1)]
    found = RecordClass.objects.filter(plan=plan, code__in=codes).select_related("plan", "disposal_regime")
    whole = " ".join(parts)

    def fits(one: RecordClass) -> tuple[Any, ...]:
        return f"{one.code} {one.name}" == whole, len(one.code), one.valid_to is None, one.valid_from, one.pk

    return max(found, key=fits, default=None)


def words_of(typed: str) -> Iterator[str]:
    """Words as they are compared."""
    return iter(without_diacritics(typed).casefold().split())


def has_words(text: str, words: Iterable[str]) -> bool:
    """Whether all the words (:func:`words_of`) or their parts are in a text."""
    compared = without_diacritics(text).casefold()
    return all(word in compared for word in words)


def _open(on: date, holding: Holding) -> QuerySet[RecordClass]:
    plan = current_plan(on=on)
    if plan is None:
        return RecordClass.objects.none()
    ends = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    return RecordClass.objects.filter(holding.condition, ends, plan=plan, valid_from__lte=on).order_by("sort_key", "pk")


def _choices(found: QuerySet[RecordClass]) -> Iterator[ClassChoice]:
    columns = ("pk", "code", "name", "disposal_regime__mark", "disposal_regime__years")
    for pk, code, name, mark, years in found.values_list(*columns):
        yield ClassChoice(pk, code, name, f"{mark}/{years}" if mark else "")
