"""Prints of typed files: covers of volumes, their files, all files by volumes (NSESSS 3.3.20, 5.2.5, 5.2.7)."""

from collections import defaultdict
from typing import Final

from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import queries, storing_queries, typed_queries
from egon.records.models import CaseFile, TypedFile, Volume
from egon.records.rules.retention import DisposalMark, Trigger
from egon.records.rules.states import FileState
from egon.records.rules.typed import VolumeState
from egon.web.formatting import write_date
from egon.web.records.sheets import Facts, organisation_of

_COLUMNS: Final = (
    ("Spisová značka", 5), ("Identifikátor", 6), ("Stručný obsah", 10), ("Režim", 2), ("Založen", 3), ("Uzavřen", 3),
    ("Stav", 3),
)  # fmt: skip


def volume_facts(volume: Volume) -> Facts:
    """The main data of a volume, in Czech (NSESSS 5.2.5)."""
    template = volume.section.template
    facts = [
        ("Typový spis", volume.section.typed_file.name),
        ("Součást", template.name),
        ("Díl", str(volume.number)),
        ("Identifikátor", volume.identifier),
        ("Spisový znak", template.code),
    ]
    if volume.state == VolumeState.DESTROYED:
        return [*facts, ("Zničen", write_date(volume.destroyed_on)), ("Důvod", volume.destroyed_why)]
    mark = DisposalMark(volume.disposal_mark).label
    resolved = DisposalMark(volume.resolved_mark).label if volume.resolved_mark else ""
    return [
        *facts,
        ("Skartační režim", f"{volume.regime} ({mark}), běží: {Trigger(volume.trigger).label}"),
        *([("Výsledek konfliktu režimů", resolved)] if resolved else []),
        ("Založen", write_date(volume.opened_on)),
        ("Uzavřen", write_date(volume.closed_on)),
        ("Období do", write_date(volume.ends_on)),
        ("Rok vyřazení", str(volume.disposal_year or "")),
        ("Uložení listin", str(storing_queries.stored_volumes([volume]).get(volume.pk) or "")),
        *([("Poznámka k listinám", volume.paper_note)] if volume.paper_note else []),
    ]


def volume_cover(actor: Actor, volume: Volume) -> Sheet:
    """The cover of the paper of a volume, its identifier also as a code (NSESSS 5.2.5)."""
    return Sheet(
        organisation=organisation_of(actor),
        title=f"{volume.section.typed_file.name} – {volume}",
        subtitle=str(volume.section.template),
        date=today(),
        code=volume.identifier,
        facts=[(label, value or "–") for label, value in volume_facts(volume)],
        size=13,
    )


def volume_files(actor: Actor, volume: Volume) -> Sheet:
    """The files of one volume (NSESSS 3.3.20 a)."""
    files = list(volume.files.order_by("opened_on", "pk"))
    return Sheet(
        organisation=organisation_of(actor),
        title=f"Seznam spisů: {volume.section.typed_file.name}, {volume}",
        subtitle=str(volume.section.template),
        date=today(),
        facts=[*((label, value) for label, value in volume_facts(volume) if value), ("Vytiskl(a)", actor.name)],
        sections=[_section("", files, queries.visible_file_ids(actor, (file.pk for file in files)))],
        landscape=True,
    )


def typed_file_files(actor: Actor, typed: TypedFile) -> Sheet:
    """All files of a typed file by sections and volumes (NSESSS 5.2.7 b)."""
    sections = [row.section for row in typed_queries.section_rows(typed, reader=actor) if row.section.template.is_leaf]
    files: dict[int, list[CaseFile]] = defaultdict(list)
    for file in typed_queries.files_in(sections).order_by("opened_on", "pk"):
        files[file.volume_id or 0].append(file)
    seen = queries.visible_file_ids(actor, (file.pk for held in files.values() for file in held))
    parts = []
    for section in sections:
        for volume in typed_queries.volumes_of(section).order_by("number"):
            if volume.state != VolumeState.DESTROYED:
                period = f"{write_date(volume.opened_on)} – {write_date(volume.closed_on or volume.ends_on)}"
                parts.append(_section(f"{section.template}, {volume} ({period})", files[volume.pk], seen))
    return Sheet(
        organisation=organisation_of(actor),
        title=f"Spisy typového spisu {typed.name}",
        subtitle=str(typed.record_class),
        date=today(),
        facts=[
            ("Identifikátor", typed.identifier),
            ("Spisů", str(sum(len(held) for held in files.values()))),
            ("Ke dni", write_date(today())),
            ("Vytiskl(a)", actor.name),
        ],
        sections=parts,
        landscape=True,
    )


def _section(heading: str, files: list[CaseFile], seen: frozenset[int]) -> Section:
    rows = [
        [
            file.file_mark,
            file.identifier,
            file.subject if file.pk in seen else "(nemáte přístup)",
            file.regime,
            write_date(file.opened_on),
            write_date(file.closed_on),
            FileState(file.state).label,
        ]
        for file in files
    ]
    return Section(heading=heading, rows=rows, empty="V dílu není žádný spis.", columns=_COLUMNS)
