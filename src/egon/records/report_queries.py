"""Counts for reports on the state of records (NSESSS 7.3.3, 7.3.5): numbers of the whole originator, no content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDay, TruncMonth

from egon.kernel.actor import Role
from egon.kernel.clock import PRAGUE
from egon.records.models import CaseFile, Component, ComponentVersion, Document, RecordClass
from egon.records.rules.states import FINAL, Direction, FileState
from egon.registry.models import ROLE_NAMES, Person, RoleGrant

MOST_DAYS = 62
"""A longer period is counted by months."""

type Cell = str | int | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Both days included; ``person`` narrows the reports on people."""

    since: date
    until: date
    person: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``charted`` is the column whose numbers are drawn; ``told_of`` says what of the period the report asks for."""

    title: str
    columns: Sequence[str]
    rows: Callable[[Period], list[list[Cell]]]
    charted: int | None = None
    told_of: str = "now"  # now, period, day
    of_people: bool = False


def files_by_state(period: Period) -> list[list[Cell]]:
    """All files by their state, and their sum (NSESSS 7.3.3 a)."""
    counts = dict(CaseFile.objects.order_by().values_list("state").annotate(Count("pk")))
    return [[state.label, counts.get(state.value, 0)] for state in FileState] + [["celkem", sum(counts.values())]]


def components_by_format(period: Period) -> list[list[Cell]]:
    """Components by the format of their newest version, the most frequent first (NSESSS 7.3.3 b)."""
    newest = ComponentVersion.objects.filter(component=OuterRef("pk")).order_by("-number")
    kept = Component.objects.filter(removed_at__isnull=True).annotate(
        format=Subquery(newest.values("format_name")[:1]), pronom=Subquery(newest.values("format_id")[:1])
    )
    found = kept.order_by().values_list("format", "pronom").annotate(count=Count("pk")).order_by("-count", "format")
    return [[name or "neurčený", pronom or "", count] for name, pronom, count in found]


def holdings(period: Period) -> list[list[Cell]]:
    """What each person holds: documents, and files they process, with their roles (NSESSS 7.3.3 c, d)."""
    people = Person.objects.order_by("sort_key", "pk")
    if period.person is not None:
        people = people.filter(pk=period.person.pk)
    documents = _counts(Document.objects.all(), "holder")
    unsettled = _counts(Document.objects.exclude(state__in=FINAL), "holder")
    files = _counts(CaseFile.objects.all(), "processor")
    opened = _counts(CaseFile.objects.exclude(state=FileState.CLOSED.value), "processor")
    roles: dict[int, list[str]] = {}
    for person, role in RoleGrant.objects.order_by("role").values_list("person", "role").distinct():
        roles.setdefault(person, []).append(ROLE_NAMES[Role(role)])
    held = [documents, unsettled, files, opened]
    return [
        [one.name, ", ".join(roles.get(one.pk, [])), *(counts.get(one.pk, 0) for counts in held)]
        for one in people
        if one.active or period.person or any(counts.get(one.pk) for counts in held)
    ]


def received(period: Period) -> list[list[Cell]]:
    """Received documents by day, in a longer period by month, and their sum (NSESSS 7.3.5 a)."""
    by_month = (period.until - period.since).days > MOST_DAYS
    cut = TruncMonth if by_month else TruncDay
    registered = Document.objects.filter(direction=Direction.RECEIVED.value, **_within(period))
    found = registered.annotate(when=cut("registered_at", tzinfo=PRAGUE)).order_by().values_list("when")
    rows: list[list[Cell]] = [
        [f"{when.month}/{when.year}" if by_month else when.date(), count]
        for when, count in found.annotate(count=Count("pk")).order_by("when")
    ]
    return [*rows, ["celkem", registered.count()]] if rows else []


def files_by_class(period: Period) -> list[list[Cell]]:
    """New files of the period and all files at its end by class, in the order of the plan (NSESSS 7.3.5 b, c)."""
    found = _in_order(RecordClass.objects.all()).annotate(
        new=Count("files", filter=Q(files__opened_on__range=(period.since, period.until))),
        filed=Count("files", filter=Q(files__opened_on__lte=period.until)),
    )
    return [[one.code, one.name, one.plan.name, one.new, one.filed] for one in found.filter(filed__gt=0)]


def open_classes(period: Period) -> list[list[Cell]]:
    """Every class open on the last day, with its code, in the order of the plan (NSESSS 7.3.5 d)."""
    opened = Q(valid_from__lte=period.until) & (Q(valid_to__isnull=True) | Q(valid_to__gte=period.until))
    found = _in_order(RecordClass.objects.filter(opened, plan__draft=False))
    return [[one.code, one.name, one.plan.name, one.valid_from] for one in found]


REPORTS: Mapping[str, Report] = {
    "spisy": Report(title="Počet spisů", columns=["Stav", "Spisů"], rows=files_by_state, charted=1),
    "formaty": Report(
        title="Komponenty podle formátu",
        columns=["Formát", "PRONOM", "Komponent"],
        rows=components_by_format,
        charted=2,
    ),
    "drzeni": Report(
        title="Co kdo má",
        columns=["Osoba", "Role", "Dokumentů", "Nevyřízených dokumentů", "Spisů", "Neuzavřených spisů"],
        rows=holdings,
        charted=3,
        of_people=True,
    ),
    "prijate": Report(
        title="Přijaté dokumenty", columns=["Kdy", "Dokumentů"], rows=received, charted=1, told_of="period"
    ),
    "skupiny": Report(
        title="Spisy ve věcných skupinách",
        columns=["Spisový znak", "Věcná skupina", "Plán", "Nových v období", "Všech ke konci období"],
        rows=files_by_class,
        charted=3,
        told_of="period",
    ),
    "otevrene": Report(
        title="Otevřené věcné skupiny",
        columns=["Spisový znak", "Věcná skupina", "Plán", "Otevřena od"],
        rows=open_classes,
        told_of="day",
    ),
}


def _counts(found: QuerySet[Document] | QuerySet[CaseFile], person: str) -> dict[int | None, int]:
    return dict(found.order_by().values_list(person).annotate(Count("pk")))


def _within(period: Period) -> dict[str, datetime]:
    return {
        "registered_at__gte": datetime.combine(period.since, time(), PRAGUE),
        "registered_at__lt": datetime.combine(period.until + timedelta(days=1), time(), PRAGUE),
    }


def _in_order(classes: QuerySet[RecordClass]) -> QuerySet[RecordClass]:
    return classes.select_related("plan").order_by("plan__valid_from", "plan", "sort_key")
