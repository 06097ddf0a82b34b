"""Everything above a class, a file or a document, from the plan down (NSESSS 5.2.1), for pages and for prints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from egon.gateways.pdfa import Section
from egon.records import plan_queries
from egon.records.models import CaseFile, RecordClass
from egon.web.formatting import write_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One entity of the hierarchy: what it is, how it is called, from when to when it is open."""

    kind: str
    code: str
    name: str
    since: date
    until: date | None = None
    regime: str = ""
    url: str = ""


def above_class(entry: RecordClass, *, keeps: bool = False) -> list[Level]:
    """The plan and the classes above; ``keeps``: the reader may open other versions of the plan than the present."""
    plan = entry.plan
    tree = reverse("records:plan")
    return [
        Level(
            kind="spisový a skartační plán",
            code="",
            name=plan.name,
            since=plan.valid_from,
            until=plan.valid_to,
            url=f"{tree}?verze={plan.pk}" if keeps else tree,
        ),
        *(_of_class(one) for one in plan_queries.path_of(entry)),
    ]


def above_file(file: CaseFile) -> list[Level]:
    """What is above a file, with the class that holds it."""
    return [*above_class(file.record_class), _of_class(file.record_class)]


def above_document(file: CaseFile | None, *, may_open: bool) -> list[Level]:
    """What is above a document with its file; ``may_open``: the reader sees the file as well."""
    return [] if file is None else [*above_file(file), _of_file(file, may_open=may_open)]


def levels_section(levels: list[Level]) -> Section:
    """The hierarchy as a table of a print."""
    return Section(
        heading="Nadřazené entity",
        columns=(("Co", 5), ("Znak nebo značka", 5), ("Název", 10), ("Režim", 2), ("Od", 3), ("Uzavřeno", 3)),
        rows=list(_cells(levels)),
        empty="Zatím není v žádném spisu, nemá tedy nic nadřazeného.",
    )


def _cells(levels: list[Level]) -> Iterator[list[str]]:
    for one in levels:
        yield [one.kind, one.code, one.name, one.regime, write_date(one.since), write_date(one.until)]


def _of_class(entry: RecordClass) -> Level:
    return Level(
        kind="věcná skupina",
        code=entry.code,
        name=entry.name,
        since=entry.valid_from,
        until=entry.valid_to,
        regime=entry.regime,
        url=reverse("records:class", args=[entry.pk]),
    )


def _of_file(file: CaseFile, *, may_open: bool) -> Level:
    return Level(
        kind="spis",
        code=file.file_mark,
        name=file.subject,
        since=file.opened_on,
        until=file.closed_on,
        regime=file.regime,
        url=reverse("records:file", args=[file.pk]) if may_open else "",
    )
