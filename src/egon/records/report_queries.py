"""Reports on the state of records (NSESSS 7.3.3 to 7.3.5, 7.3.9): numbers of the whole originator, no content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf, TruncDay, TruncMonth

from egon.kernel.actor import Role
from egon.kernel.clock import PRAGUE
from egon.records import destruction_queries, removal_queries
from egon.records.disclosure import UNTOLD
from egon.records.models import (
    CaseFile,
    Component,
    ComponentVersion,
    Document,
    RecordClass,
    StoragePlace,
    StoredPaper,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.removal_queries import WantedWithdrawals
from egon.records.rules.states import FINAL, GONE, Direction, DocumentState, FileState
from egon.records.rules.typed import TypedState, VolumeState
from egon.registry.models import ROLE_NAMES, Person, RoleGrant

MOST_DAYS = 62
"""A longer period is counted by months."""
MOST_STORED = 3000
"""Files and volumes of one place in one report."""
_FINAL_MARK = Coalesce(NullIf("resolved_mark", Value("")), "disposal_mark")

type Cell = str | int | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Both days included; ``person`` narrows the reports on people, ``place`` those on paper, ``on`` is a third day."""

    since: date
    until: date
    on: date | None = None
    person: Person | None = None
    place: StoragePlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``charted`` is the column whose numbers are drawn; ``told_of`` says what of the period the report asks for.

    A report that names records, not only counts them, is ``for_appraiser`` alone.
    """

    title: str
    columns: Sequence[str]
    rows: Callable[[Period], list[list[Cell]]]
    charted: int | None = None
    told_of: str = "now"  # now, period, day, closed (a period of closing and a day)
    of_people: bool = False
    of_places: bool = False
    heavy: bool = False  # it goes through all rows of the originator: see kept_reports
    longest: int | None = None  # rows; the page says when there may be more
    for_appraiser: bool = False


def files_by_state(period: Period) -> list[list[Cell]]:
    """All files and typed files by their state, and their sums (NSESSS 7.3.3 a)."""
    counts = dict(CaseFile.objects.order_by().values_list("state").annotate(Count("pk")))
    # What is withdrawn looks destroyed here, too (NSESSS 7.2.13).
    counts[FileState.DESTROYED.value] = sum(counts.pop(state, 0) for state in GONE)
    shown = [state for state in FileState if state is not FileState.WITHDRAWN]
    typed = dict(TypedFile.objects.order_by().values_list("state").annotate(Count("pk")))
    return [
        *([state.label, counts.get(state.value, 0)] for state in shown),
        ["celkem", sum(counts.values())],
        *([f"typové: {state.label}", typed.get(state.value, 0)] for state in TypedState),
        ["typové: celkem", sum(typed.values())],
    ]


def components_by_format(period: Period) -> list[list[Cell]]:
    """Components by the format of their newest version, the most frequent first (NSESSS 7.3.3 b)."""
    newest = ComponentVersion.objects.filter(component=OuterRef("pk")).order_by("-number")
    kept = Component.objects.filter(removed_at__isnull=True).annotate(
        format=Subquery(newest.values("format_name")[:1]), pronom=Subquery(newest.values("format_id")[:1])
    )
    found = kept.order_by().values_list("format", "pronom").annotate(count=Count("pk")).order_by("-count", "format")
    return [[name or "neurčený", pronom or "", count] for name, pronom, count in found]


def holdings(period: Period) -> list[list[Cell]]:
    """What each person holds: documents, files and typed files they process, with roles (NSESSS 7.3.3 c, d)."""
    people = Person.objects.order_by("sort_key", "pk")
    if period.person is not None:
        people = people.filter(pk=period.person.pk)
    in_hand, processed = Document.objects.exclude(state__in=GONE), CaseFile.objects.exclude(state__in=GONE)
    if period.person is not None:
        in_hand, processed = in_hand.filter(holder=period.person), processed.filter(processor=period.person)
    documents = _counts(in_hand, "holder")
    unsettled = _counts(in_hand.exclude(state__in=FINAL), "holder")
    files = _counts(processed, "processor")
    opened = _counts(processed.exclude(state=FileState.CLOSED.value), "processor")
    roles: dict[int, list[str]] = {}
    for person, role in RoleGrant.objects.order_by("role").values_list("person", "role").distinct():
        roles.setdefault(person, []).append(ROLE_NAMES[Role(role)])
    typed = _counts(TypedFile.objects.all(), "processor")
    sections = _counts(TypedSection.objects.all(), "typed_file__processor")
    held = [documents, unsettled, files, opened, typed, sections]
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
    """New files and typed files of the period, all files at its end, by class in the order of the plan (7.3.5 b, c)."""
    found = _in_order(RecordClass.objects.all()).annotate(
        new=Count("files", filter=Q(files__opened_on__range=(period.since, period.until))),
        filed=Count("files", filter=Q(files__opened_on__lte=period.until)),
    )
    opened = TypedFile.objects.filter(opened_on__range=(period.since, period.until)).order_by()
    typed = dict(opened.values_list("record_class").annotate(Count("pk")))
    return [
        [one.code, one.name, one.plan.name, one.new, typed.get(one.pk, 0), one.filed]
        for one in found.filter(Q(filed__gt=0) | Q(pk__in=typed))
    ]


def open_classes(period: Period) -> list[list[Cell]]:
    """Every class open on the last day, with its code, in the order of the plan (NSESSS 7.3.5 d)."""
    opened = Q(valid_from__lte=period.until) & (Q(valid_to__isnull=True) | Q(valid_to__gte=period.until))
    found = _in_order(RecordClass.objects.filter(opened, plan__draft=False))
    return [[one.code, one.name, one.plan.name, one.valid_from] for one in found]


def stored_paper(period: Period) -> list[list[Cell]]:
    """Where paper of files and volumes lies, by place and shelf: counts, or what lies in one place (NSESSS 7.3.4).

    A volume is called by the identifier of its typed file, whose name may be that of a person.
    """
    stored = StoredPaper.objects.order_by("place__name", "detail")
    if period.place is None:
        counted = stored.values_list("place__name", "detail").annotate(Count("file"), Count("volume"))
        return [[place, detail or "neuvedeno", "", files, volumes] for place, detail, files, volumes in counted]
    found = stored.filter(place=period.place).order_by(
        "detail", "file__file_mark", "volume__section__typed_file__identifier", "volume__section__template__sort_key",
        "volume__number",
    )  # fmt: skip
    found = found.select_related("place", "file", "volume__section__typed_file", "volume__section__template")
    return [[str(one.place), one.detail or "neuvedeno", *_stored_thing(one)] for one in found[:MOST_STORED]]


def lapsed(period: Period) -> list[list[Cell]]:
    """Files and volumes closed in the period, and documents in the files, whose disposal period has passed (7.3.9).

    It passes with the last day before the year of disposal (vyhláška 259/2012 § 15 odst. 3).
    """
    on = period.on or period.until
    over = {"closed_on__range": (period.since, period.until), "disposal_year__lte": on.year}
    closed = CaseFile.objects.filter(state=FileState.CLOSED.value, **over)
    files = _by_year_and_mark(closed)
    volumes = _by_year_and_mark(Volume.objects.filter(state=VolumeState.CLOSED.value, **over))
    held = Document.objects.filter(case_file__in=closed.values("pk")).exclude(state=DocumentState.WITHDRAWN.value)
    of_files = held.annotate(
        year=F("case_file__disposal_year"),
        mark=Coalesce(NullIf("case_file__resolved_mark", Value("")), "case_file__disposal_mark"),
    )
    documents = {
        (year, mark): count
        for year, mark, count in of_files.order_by().values_list("year", "mark").annotate(Count("pk"))
    }
    kinds = (files, documents, volumes)
    rows: list[list[Cell]] = [
        [str(year), mark, *(counts.get((year, mark), 0) for counts in kinds)]
        for year, mark in sorted({*files, *volumes})
    ]
    return [*rows, ["celkem", "", *(sum(counts.values()) for counts in kinds)]] if rows else []


def withdrawn(period: Period) -> list[list[Cell]]:
    """What was withdrawn in the period: numbers, subject, who and why (NSESSS 7.3.7)."""
    found = removal_queries.withdrawals(WantedWithdrawals(since=period.since, until=period.until, order="kdy"))
    rows: list[list[Cell]] = []
    for one in found:
        entity, file = one.document or one.file, one.from_file or one.file
        if entity is not None:
            mark = file.file_mark if file else ""
            day = one.withdrawn_at.astimezone(PRAGUE).date()
            # The report is everybody's who makes reports: of restricted files it says only that and by whom.
            shut = removal_queries.is_of_restricted(one)
            subject, reason = (UNTOLD, UNTOLD) if shut else (entity.subject, one.reason)
            rows.append([day, entity.identifier, mark, subject, one.withdrawn_by, reason])
    return rows


def destroyed(period: Period) -> list[list[Cell]]:
    """Destroyed in the period on the grounds 7.2.1 a) to d): by whom, by what decision, how much (NSESSS 7.3.8)."""
    return [
        [row.at, row.appraiser, row.reference, row.ground, row.class_code, row.class_name, row.files, row.documents]
        for row in destruction_queries.counted(period.since, period.until)
    ]


REPORTS: Mapping[str, Report] = {
    "spisy": Report(title="Počet spisů", columns=["Stav", "Spisů"], rows=files_by_state, charted=1, heavy=True),
    "formaty": Report(
        title="Komponenty podle formátu",
        columns=["Formát", "PRONOM", "Komponent"],
        rows=components_by_format,
        charted=2,
        heavy=True,
    ),
    "drzeni": Report(
        title="Co kdo má",
        columns=[
            "Osoba",
            "Role",
            "Dokumentů",
            "Nevyřízených dokumentů",
            "Spisů",
            "Neuzavřených spisů",
            "Typových spisů",
            "Jejich součástí",
        ],
        rows=holdings,
        charted=3,
        of_people=True,
        heavy=True,
    ),
    "prijate": Report(
        title="Přijaté dokumenty",
        columns=["Kdy", "Dokumentů"],
        rows=received,
        charted=1,
        told_of="period",
        heavy=True,
    ),
    "skupiny": Report(
        title="Spisy ve věcných skupinách",
        columns=[
            "Spisový znak",
            "Věcná skupina",
            "Plán",
            "Nových v období",
            "Nových typových",
            "Všech ke konci období",
        ],
        rows=files_by_class,
        charted=3,
        told_of="period",
        heavy=True,
    ),
    "otevrene": Report(
        title="Otevřené věcné skupiny",
        columns=["Spisový znak", "Věcná skupina", "Plán", "Otevřena od"],
        rows=open_classes,
        told_of="day",
    ),
    "ulozeni": Report(
        title="Uložení listin",
        columns=["Místo uložení", "Regál, krabice", "Spis nebo díl typového spisu", "Spisů", "Dílů"],
        rows=stored_paper,
        charted=3,
        of_places=True,
        longest=MOST_STORED,
    ),
    "lhuty": Report(
        title="Uplynulé skartační lhůty",
        columns=["Rok vyřazení", "Skartační znak", "Spisů", "Dokumentů", "Dílů"],
        rows=lapsed,
        charted=2,
        told_of="closed",
        heavy=True,
    ),
    "znepristupnene": Report(
        title="Znepřístupněné dokumenty a spisy",
        columns=["Kdy", "Identifikátor", "Spisová značka", "Věc", "Znepřístupnil(a)", "Důvod"],
        rows=withdrawn,
        told_of="period",
        for_appraiser=True,
    ),
    "znicene": Report(
        title="Zničené dokumenty a spisy",
        columns=[
            "Kdy",
            "Posuzovatel",
            "Rozhodnutí",
            "Důvod",
            "Spisový znak",
            "Věcná skupina",
            "Spisů",
            "Dokumentů",
        ],
        rows=destroyed,
        told_of="period",
        for_appraiser=True,
    ),
}


def _stored_thing(stored: StoredPaper) -> list[Cell]:
    """How a file or a volume is called, then ones and zeroes of the columns that count."""
    if stored.file is not None:
        return [stored.file.file_mark, 1, 0]
    return [stored.volume.full_name if stored.volume else "", 0, 1]


def _counts(found: QuerySet[Any], person: str) -> dict[int | None, int]:
    return dict(found.order_by().values_list(person).annotate(Count("pk")))


def _by_year_and_mark(found: QuerySet[Any]) -> dict[tuple[int, str], int]:
    """How many files or volumes have each year of disposal and final mark."""
    counted = found.annotate(mark=_FINAL_MARK).order_by().values_list("disposal_year", "mark").annotate(Count("pk"))
    return {(year, mark): count for year, mark, count in counted}


def _within(period: Period) -> dict[str, datetime]:
    return {
        "registered_at__gte": datetime.combine(period.since, time(), PRAGUE),
        "registered_at__lt": datetime.combine(period.until + timedelta(days=1), time(), PRAGUE),
    }


def _in_order(classes: QuerySet[RecordClass]) -> QuerySet[RecordClass]:
    return classes.select_related("plan").order_by("plan__valid_from", "plan", "sort_key")
