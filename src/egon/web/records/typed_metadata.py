"""All that is kept of a typed file or a section on one sheet, on the screen and printed (NSESSS 5.2.3, 5.2.6)."""

from typing import Final

from django.db.models import Q

from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import own_metadata, storing_queries, typed_queries
from egon.records.models import StoredPaper, TypedFile, TypedSection, Volume
from egon.records.rules.typed import VolumeState
from egon.records.typed_queries import SectionRow
from egon.web.formatting import write_date
from egon.web.records import above, annex, metadata
from egon.web.records.sheets import Facts, organisation_of

TOLD: Final = Q(operation__startswith="records.typed.") | Q(operation="records.resorting.batch")
"""What the history tells: what was done with files inside belongs to those who see the files."""
_SECTIONS: Final = (
    ("Spisový znak", 4), ("Název", 8), ("Identifikátor", 8), ("Režim", 2), ("Vytvořena", 3), ("Uzavřena", 3),
    ("Spisů", 2),
)  # fmt: skip
_VOLUMES: Final = (
    ("Díl", 2), ("Identifikátor", 8), ("Režim", 2), ("Založen", 3), ("Uzavřen", 3), ("Rok vyřazení", 2),
    ("Uložení listin", 5), ("Vlastní údaje", 6), ("Spisů", 2), ("Stav", 3),
)  # fmt: skip


def typed_file_facts(typed: TypedFile) -> Facts:
    """The main data of a typed file, in Czech; it has no disposal regime (NSESSS 3.3.17)."""
    return [
        ("Název", typed.name),
        ("Identifikátor", typed.identifier),
        ("Spisový znak", typed.class_code),
        ("Útvar", str(typed.unit)),
        ("Zpracovatel", str(typed.processor or "")),
        ("Zakládají i jiné útvary", "ano" if typed.shared else "ne"),
        ("Založen", write_date(typed.opened_on)),
        ("Uzavřen", write_date(typed.closed_on)),
        *own_metadata.shown(typed.own_values),
    ]


def section_facts(section: TypedSection) -> Facts:
    """The main data of a section, in Czech; its regime is that of the template."""
    template, own = section.template, own_metadata.shown(section.own_values)
    facts = [
        ("Typový spis", section.typed_file.name),
        ("Součást", template.name),
        ("Identifikátor", section.identifier),
        ("Spisový znak", template.code),
        ("Vytvořena", write_date(section.opened_on)),
        ("Uzavřena", write_date(section.closed_on)),
    ]
    if template.disposal_regime is None:
        return [*facts, *own]
    regime = template.disposal_regime
    return [
        *facts,
        ("Skartační režim", f"{regime}, běží: {regime.runs_from}"),
        ("Období dílu", template.written_period),
        ("Čísla jednací", "ze spisové značky" if template.numbers_by_file else "průběžně v roce"),
        ("Trvalý skartační souhlas", "ano" if template.standing_consent else "ne"),
        *own,
    ]


def typed_file_sheet(actor: Actor, typed: TypedFile) -> Sheet:
    """Every piece of metadata of a typed file, what is above it, its sections, its history."""
    return Sheet(
        organisation=organisation_of(actor),
        title=f"Metadata typového spisu {typed.name}",
        subtitle=str(typed.record_class),
        date=today(),
        code=typed.identifier,
        facts=[*annex.before(typed, typed_file_facts(typed)), ("Ke dni", write_date(today()))],
        sections=[
            above.levels_section(above.above_typed_file(typed)),
            _sections_section("Součásti", typed_queries.section_rows(typed, reader=actor)),
            metadata.history_section(actor, metadata.history_of(typed).filter(TOLD)),
        ],
        landscape=True,
    )


def section_sheet(actor: Actor, section: TypedSection) -> Sheet:
    """Every piece of metadata of a section, what is above it, its sections or volumes, its history."""
    return Sheet(
        organisation=organisation_of(actor),
        title=f"Metadata součásti {section.template}",
        subtitle=section.typed_file.name,
        date=today(),
        code=section.identifier,
        facts=[*annex.before(section, section_facts(section)), ("Ke dni", write_date(today()))],
        sections=[
            above.levels_section(above.above_section(section)),
            _inside(actor, section),
            metadata.history_section(actor, metadata.history_of(section).filter(TOLD)),
        ],
        landscape=True,
    )


def _inside(actor: Actor, section: TypedSection) -> Section:
    if not section.template.is_leaf:
        rows = typed_queries.section_rows(section.typed_file, reader=actor)
        return _sections_section("Součásti uvnitř", [row for row in rows if row.section.parent_id == section.pk])
    volumes = list(typed_queries.volumes_of(section).order_by("number"))
    stored = storing_queries.stored_volumes(volumes)
    return Section(
        heading="Díly",
        columns=_VOLUMES,
        rows=[_volume_cells(one, stored.get(one.pk)) for one in volumes],
        empty="Součást nemá žádný díl.",
    )


def _sections_section(heading: str, rows: list[SectionRow]) -> Section:
    return Section(
        heading=heading,
        columns=_SECTIONS,
        rows=[_section_cells(row) for row in rows],
        empty="Typový spis nemá žádnou součást.",
    )


def _section_cells(row: SectionRow) -> list[str]:
    section, template = row.section, row.section.template
    return [
        template.code,
        template.name,
        section.identifier,
        template.regime,
        write_date(section.opened_on),
        write_date(section.closed_on),
        str(row.files) if template.is_leaf else "",
    ]


def _volume_cells(volume: Volume, stored: StoredPaper | None) -> list[str]:
    """``size`` was counted by the query."""
    return [
        str(volume.number),
        volume.identifier,
        volume.regime,
        write_date(volume.opened_on),
        write_date(volume.closed_on),
        str(volume.disposal_year or ""),
        "; ".join(str(part) for part in (stored, volume.paper_note) if part),
        "; ".join(f"{name}: {value}" for name, value in own_metadata.shown(volume.own_values)),
        str(volume.size),  # type: ignore[attr-defined]
        VolumeState(volume.state).label,
    ]
