"""What is sought: words of the query language and conditions on metadata (NSESSS 5.1.4 to 5.1.8).

Each condition is told twice: to the index, which leads to few rows quickly, and to the tables, which decide.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q

from egon import search
from egon.kernel.clock import PRAGUE
from egon.records.indexing import Facet
from egon.records.models import Addressee, FormerNumber, PaperPart
from egon.records.rules.plan import Separator
from egon.records.rules.states import Direction
from egon.search.facets import all_of, any_of, between, has, has_beginning
from egon.search.lexemes import words_of

_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)  # where an interval has no beginning or end

ANALOGUE, DIGITAL = "analogue", "digital"


@dataclass(frozen=True, slots=True)
class Days:
    """An interval of days, both included; an end that is not told is open (NSESSS 5.1.7)."""

    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def first(self) -> date:
        """The first day, also of an interval without a beginning."""
        return self.since or _EARLIEST

    @property
    def last(self) -> date:
        """The last day, also of an interval without an end."""
        return self.until or _LATEST

    @property
    def begins_at(self) -> datetime | None:
        """The first moment."""
        return datetime.combine(self.since, time(), PRAGUE) if self.since else None

    @property
    def ends_before(self) -> datetime | None:
        """The first moment that is after it."""
        return datetime.combine(self.until + timedelta(days=1), time(), PRAGUE) if self.until else None

    def condition(self, column: str) -> Q:
        """The column, which holds a moment, lies in the interval."""
        found = Q()
        if self.begins_at:
            found &= Q(**{f"{column}__gte": self.begins_at})
        if self.ends_before:
            found &= Q(**{f"{column}__lt": self.ends_before})
        return found


@dataclass(frozen=True, slots=True)
class Typed:
    """Chosen typed files, and chosen sections with those below them; what is in any of them fits."""

    files: tuple[int, ...] = ()
    sections: tuple[int, ...] = ()

    def in_index(self) -> str:
        """The ``tsquery``; nothing chosen fits nothing."""
        chosen = [(Facet.TYPED_FILE, pk) for pk in self.files] + [(Facet.SECTION, pk) for pk in self.sections]
        return any_of(has(name, pk) for name, pk in chosen or [(Facet.TYPED_FILE, 0)])

    def condition(self, section: str) -> Q:
        """The same for a table; ``section`` is the way from it to the section, ended by ``__`` when there is any."""
        return Q(**{f"{section}typed_file__in": self.files}) | Q(**{f"{section}pk__in": self.sections})


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Everything that has to hold at once; what is empty does not matter. Letters are those of NSESSS 5.1.8."""

    words: str = ""
    typed: Typed | None = None  # a), and the scope (5.1.6)
    reference_number: str = ""  # b) or a part of it
    file_mark: str = ""  # c) or a part of it
    identifier: str = ""  # d)
    person: int | None = None  # e)
    unit: int | None = None
    sent: Days = Days()  # f)
    came: Days = Days()  # g)
    registered: Days = Days()
    sender_reference: str = ""  # h)
    name: str = ""  # i)
    class_code: str = ""  # j) with everything below; with an asterisk by its beginning
    regime: str = ""  # k) S/5, or S alone
    sent_by: str = ""  # l)
    came_by: str = ""  # m)
    direction: str = ""
    state: str = ""
    kind: int | None = None
    medium: str = ""  # analogue, digital: whether any part is on paper (5.2.6 k)
    classes: tuple[str, ...] = ()  # the scope (5.1.6): codes of classes with everything below
    files: tuple[int, ...] = ()  # the scope: files with their documents

    @property
    def tells_nothing(self) -> bool:
        """Nothing is sought: the answer would be everything."""
        return self == Criteria()

    @property
    def only_of_documents(self) -> bool:
        """Whether a condition speaks of what files and classes do not have."""
        words = (self.reference_number, self.sender_reference, self.sent_by, self.came_by, self.direction, self.state)
        return any(words) or bool(self.medium) or bool(self.sent or self.came) or self.kind is not None

    def for_index(self) -> str | None:
        """The ``tsquery``; None when nothing of this is in the index. Raises :class:`egon.search.QueryMistake`."""
        return all_of([search.parse(self.words), *self._in_index()])

    def _in_index(self) -> Iterator[str | None]:
        for number in (self.reference_number, self.file_mark, self.identifier, self.sender_reference):
            yield search.number_beginning(number) if number else None
        yield search.words_in_title(self.name) if self.name else None
        exact = {
            Facet.PERSON: self.person,
            Facet.UNIT: self.unit,
            Facet.SENT_BY: self.sent_by,
            Facet.CAME_BY: self.came_by,
            Facet.DIRECTION: self.direction,
            Facet.KIND: self.kind,
        }
        yield from (has(name, value) for name, value in exact.items() if value)
        if self.sent:
            yield between(Facet.SENT_ON, self.sent.first, self.sent.last)
        if self.came:
            yield between(Facet.CAME_ON, self.came.first, self.came.last)
        yield any_of(_classes_in_index([self.class_code])) if self.class_code else None
        yield any_of(_classes_in_index(self.classes)) if self.classes else None
        yield has(Facet.REGIME, self.regime) if self.regime else None
        yield any_of(has(Facet.FILE, pk) for pk in self.files) if self.files else None
        yield self.typed.in_index() if self.typed else None

    def of_documents(self) -> Q:
        """The same for the table of documents; words, names and numbers of components are left to the index."""
        found = _equal(holder=self.person, unit=self.unit, direction=self.direction, state=self.state, kind=self.kind)
        found &= _equal(identifier__iexact=self.identifier.strip())
        found &= _number("reference_number", self.reference_number, or_former=True)
        found &= _number("case_file__file_mark", self.file_mark) & _number("sender_reference", self.sender_reference)
        found &= self.registered.condition("registered_at") & self._came() & self._sent()
        found &= self._filed("case_file__")
        if self.typed:
            found &= self.typed.condition("case_file__volume__section__")
        if self.files:
            found &= Q(case_file__in=self.files)
        if self.medium:
            on_paper = Exists(PaperPart.objects.filter(document=OuterRef("pk")))
            found &= Q(on_paper) if self.medium == ANALOGUE else ~Q(on_paper)
        return found

    def of_files(self) -> Q:
        """The same for the table of files."""
        found = _equal(processor=self.person, unit=self.unit, identifier__iexact=self.identifier.strip())
        found &= _number("file_mark", self.file_mark) & self._filed("")
        if self.typed:
            found &= self.typed.condition("volume__section__")
        if self.files:
            found &= Q(pk__in=self.files)
        return found

    def of_classes(self) -> Q:
        """The same for the table of classes."""
        if self.files or self.person or self.unit or self.file_mark or self.typed:
            return Q(pk__in=[])
        found = _equal(identifier__iexact=self.identifier.strip())
        found &= _any_class("code", [self.class_code]) & _any_class("code", self.classes)
        return found & _regime("disposal_regime__mark", "disposal_regime__years", self.regime)

    def of_typed_files(self) -> Q:
        """The same for the table of typed files, which have neither a mark nor a regime."""
        if self.files or self.file_mark or self.regime:
            return Q(pk__in=[])
        found = _equal(processor=self.person, unit=self.unit, identifier__iexact=self.identifier.strip())
        if self.typed:
            found &= Q(pk__in=self.typed.files)
        return found & _any_class("class_code", [self.class_code]) & _any_class("class_code", self.classes)

    def of_sections(self) -> Q:
        """The same for the table of sections of typed files."""
        if self.files or self.file_mark:
            return Q(pk__in=[])
        found = _equal(typed_file__processor=self.person, typed_file__unit=self.unit)
        found &= _equal(identifier__iexact=self.identifier.strip())
        if self.typed:
            found &= self.typed.condition("")
        found &= _any_class("template__code", [self.class_code]) & _any_class("template__code", self.classes)
        return found & _regime("template__disposal_regime__mark", "template__disposal_regime__years", self.regime)

    def _filed(self, prefix: str) -> Q:
        found = _any_class(f"{prefix}class_code", [self.class_code]) & _any_class(f"{prefix}class_code", self.classes)
        return found & _regime(f"{prefix}disposal_mark", f"{prefix}retention_years", self.regime)

    def _came(self) -> Q:
        if not self.came and not self.came_by:
            return Q()
        received = Q(direction=Direction.RECEIVED.value)
        if self.came_by:
            return received & Q(channel=self.came_by) & self.came.condition("delivered_at")
        return (received & self.came.condition("delivered_at")) | (~received & self.came.condition("registered_at"))

    def _sent(self) -> Q:
        if not self.sent and not self.sent_by:
            return Q()
        sent = Addressee.objects.filter(self.sent.condition("dispatched_at"), dispatched_at__isnull=False)
        sent = sent.filter(_equal(sent_by=self.sent_by), document=OuterRef("pk"))
        return Q(Exists(sent))


def _equal(**wanted: str | int | None) -> Q:
    return Q(**{column: value for column, value in wanted.items() if value})


def _number(column: str, typed: str, *, or_former: bool = False) -> Q:
    """The column has the parts of the number one after another, the last one perhaps not whole."""
    parts = [re.escape(part) for part in words_of(typed)]
    if not parts:
        return Q()
    pattern = r"(^|[^[:alnum:]])" + "[^[:alnum:]]+".join(parts)
    found = Q(**{f"{column}__iregex": pattern})
    if or_former:
        former = FormerNumber.objects.filter(document=OuterRef("pk"), reference_number__iregex=pattern)
        found |= Q(Exists(former))
    return found


def _classes_in_index(codes: Sequence[str]) -> Iterator[str]:
    for code in codes:
        # An entry has the codes of classes above its own as well.
        yield has_beginning(Facet.CLASS_CODE, code[:-1]) if code.endswith("*") else has(Facet.CLASS_CODE, code)


def _any_class(column: str, codes: Sequence[str]) -> Q:
    found = Q()
    for code in filter(None, codes):
        if code.endswith("*"):
            found |= Q(**{f"{column}__istartswith": code[:-1]})
            continue
        found |= Q(**{f"{column}__iexact": code})
        for separator in Separator:
            found |= Q(**{f"{column}__istartswith": f"{code}{separator.value}"})
    return found


def _regime(mark_column: str, years_column: str, regime: str) -> Q:
    mark, _, years = regime.partition("/")
    return _equal(**{mark_column: mark}) & (Q(**{years_column: int(years)}) if years.isdecimal() else Q())
