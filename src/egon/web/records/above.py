"""Everything above a class, a typed file, a file or a document, from the plan down (5.2.1), on pages and in prints."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from egon.gateways.pdfa import Section
from egon.records import plan_queries, typed_queries
from egon.records.models import CaseFile, RecordClass, TypedFile, TypedSection, Volume
from egon.web.formatting import write_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One entity of the hierarchy: what it is, how it is called, from when to when it is open."""

    kind: str
    code: str
    name: str
    since: date | None
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


def above_typed_file(typed: TypedFile) -> list[Level]:
    """What is above a typed file, with the class from whose template it is."""
    return [*above_class(typed.record_class), _of_class(typed.record_class)]


def above_section(section: TypedSection, *, may_open: bool = True) -> list[Level]:
    """What is above a section: the typed file and the sections that hold it."""
    typed = section.typed_file
    holding = reversed(typed_queries.above(section))
    return [
        *above_typed_file(typed),
        _of_typed_file(typed, may_open=may_open),
        *(_of_section(one, may_open=may_open) for one in holding),
    ]


def above_file(file: CaseFile, *, may_open: bool = True) -> list[Level]:
    """What is above a file: the class that holds it, or the typed file down to the volume; they open with the file."""
    if file.volume is None:
        return [*above_class(file.record_class), _of_class(file.record_class)]
    section = file.volume.section
    return [
        *above_section(section, may_open=may_open),
        _of_section(section, may_open=may_open),
        _of_volume(file.volume, may_open=may_open),
    ]


def above_document(file: CaseFile | None, *, may_open: bool) -> list[Level]:
    """What is above a document with its file; ``may_open``: the reader sees the file as well."""
    return [] if file is None else [*above_file(file, may_open=may_open), _of_file(file, may_open=may_open)]


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


def _of_typed_file(typed: TypedFile, *, may_open: bool) -> Level:
    return Level(
        kind="typový spis",
        code="",
        name=typed.name,
        since=typed.opened_on,
        until=typed.closed_on,
        url=reverse("records:typed_file", args=[typed.pk]) if may_open else "",
    )


def _of_section(section: TypedSection, *, may_open: bool) -> Level:
    return Level(
        kind="součást typového spisu",
        code=section.template.code,
        name=section.template.name,
        since=section.opened_on,
        until=section.closed_on,
        regime=section.template.regime,
        url=reverse("records:section", args=[section.pk]) if may_open else "",
    )


def _of_volume(volume: Volume, *, may_open: bool) -> Level:
    section = reverse("records:section", args=[volume.section_id])
    return Level(
        kind="díl typového spisu",
        code="",
        name=str(volume),
        since=volume.opened_on,
        until=volume.closed_on,
        regime=volume.regime,
        url=f"{section}?dil={volume.number}" if may_open else "",
    )
