"""How things of each kind are found by words somebody typed, and what is told of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Lower

from egon.kernel.czech import without_diacritics
from egon.registry.models import Person, Unit

_WITH = "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽäöüÄÖÜ"
_WITHOUT = without_diacritics(_WITH)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: the value a form sends, what it is called, what tells it from another of that name."""

    value: str
    label: str
    sub: str = ""
    group: str = ""

    @property
    def whole(self) -> str:
        """Both in one line, as a list to choose from writes it."""
        return f"{self.label} ({self.sub})" if self.sub else self.label


@dataclass(frozen=True, slots=True)
class Kind:
    """What is sought in and told of rows of one model."""

    has_word: Callable[[str], Q]  # of a word without diacritics in lower case
    begins: Callable[[str], Q]  # these come first
    told: Callable[[Any], tuple[str, str]]
    order: Sequence[str]
    with_name: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    with_facts: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows


def kind_of(model: type[Any]) -> Kind:
    """How rows of the model are sought. Raises ``KeyError`` for one nobody has described here."""
    return _KINDS[model]


def words_of(text: str) -> list[str]:
    """The words of what was typed, as they are compared."""
    return without_diacritics(text).casefold().replace(",", " ").replace("\x00", " ").split()


def _person(person: Person) -> tuple[str, str]:
    held = sorted(person.positions.all(), key=lambda position: position.pk)
    return person.name, ", ".join(f"{one.unit.code} {one.name}" for one in held[:2]) or person.email


def _called(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``plain_name``: the name without diacritics in lower case."""
    bare = Func(F("name"), Value(_WITH), Value(_WITHOUT), function="TRANSLATE")
    called: QuerySet[Any] = rows.annotate(plain_name=Lower(bare))
    return called


_KINDS: Mapping[type[Any], Kind] = {
    Person: Kind(
        has_word=lambda word: (
            Q(search_key__contains=word)
            | Q(title_before__icontains=word)
            | Q(title_after__icontains=word)
            | Q(personal_number__iexact=word)
        ),
        begins=lambda word: Q(search_key__startswith=word),
        told=_person,
        order=("sort_key", "pk"),
        with_facts=lambda rows: rows.prefetch_related("positions__unit"),
    ),
    Unit: Kind(
        has_word=lambda word: Q(plain_name__contains=word) | Q(code__istartswith=word),
        begins=lambda word: Q(code__istartswith=word),
        told=lambda unit: (str(unit), ""),
        order=("code", "pk"),
        with_name=_called,
    ),
}
