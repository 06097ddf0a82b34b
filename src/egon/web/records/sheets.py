"""What is printed of files: the cover, the list of documents, a list of files (NSESSS 5.2.5, 5.2.7, 5.2.9)."""

from collections.abc import Sequence
from typing import Final

from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import disclosure, queries, reference_queries, storing_queries
from egon.records.models import CaseFile
from egon.records.queries import FileRow
from egon.records.reference_queries import Linked
from egon.records.rules.retention import DisposalMark, Trigger
from egon.records.rules.states import DocumentState, FileState
from egon.tenancy.models import Tenant
from egon.web.formatting import write_count, write_date, write_datetime
from egon.web.records.words import direction_of

Facts = list[tuple[str, str]]
_FILE_COLUMNS: Final = (
    ("Spisová značka", 4), ("Stručný obsah", 8), ("Spisový znak", 5), ("Režim", 2),
    ("Útvar, zpracovatel", 4), ("Založen", 2), ("Stav", 2),
)  # fmt: skip
_DOCUMENT_COLUMNS: Final = (
    ("Poř.", 2), ("Číslo jednací", 8), ("Identifikátor", 8), ("Věc", 14), ("Druh", 4), ("Zaevidováno", 5),
    ("Komp.", 3), ("Stav", 5),
)  # fmt: skip
_REFERENCE_COLUMNS: Final = (
    ("Odkaz", 4), ("Na", 4), ("Značka nebo číslo", 8), ("Obsah", 14), ("Důvod", 9), ("Od", 6),
)  # fmt: skip


def facts_of(file: CaseFile) -> Facts:
    """The main data of a file, in Czech, in the order of a cover; what is not known is empty."""
    mark = DisposalMark(file.disposal_mark)
    resolved = DisposalMark(file.resolved_mark).label if file.resolved_mark else ""
    return [
        ("Spisová značka", file.file_mark),
        ("Identifikátor", file.identifier),
        ("Stručný obsah", file.subject),
        *place_of(file),
        ("Skartační režim", f"{file.regime} ({mark.label}), běží: {Trigger(file.trigger).label}"),
        *([("Výsledek konfliktu režimů", resolved)] if resolved else []),
        ("Útvar", str(file.unit)),
        ("Zpracovatel", str(file.processor or "")),
        ("Založen", write_date(file.opened_on)),
        ("Vyřízen", write_date(file.settled_on)),
        ("Uzavřen", write_date(file.closed_on)),
        ("Rok vyřazení", str(file.disposal_year or "")),
        ("Analogové dokumenty", paper_in(file)),
        ("Uložení listinné části", str(storing_queries.stored_of(file) or "")),
    ]


def paper_in(file: CaseFile) -> str:
    """Whether a file has documents on paper (vyhláška 259/2012 § 12 odst. 6 písm. i); empty when it has none."""
    documents, sheets = storing_queries.paper_in(file)
    return f"{documents}, celkem {write_count(sheets, 'list', 'listy', 'listů')}" if documents else ""


def place_of(file: CaseFile) -> Facts:
    """The class of a file; in a typed file the section and the typed file (NSESSS 5.2.6 f)."""
    if file.volume is None:
        return [("Spisový znak", str(file.record_class))]
    section = file.volume.section
    return [("Spisový znak", str(section.template)), ("Typový spis", section.typed_file.name)]


def cover_sheet(actor: Actor, file: CaseFile) -> Sheet:
    """The cover: large letters, the identifier also as a code that opens the file when scanned (NSESSS 5.2.5)."""
    facts = [(label, value or "–") for label, value in facts_of(file) if label != "Stručný obsah"]
    return Sheet(
        organisation=organisation_of(actor),
        title=f"Spis {file.file_mark}",
        subtitle=file.subject,
        date=today(),
        code=file.identifier,
        facts=facts,
        size=13,
    )


def documents_sheet(actor: Actor, file: CaseFile) -> Sheet:
    """The documents of a file with their numbers and identifiers, and what the file refers to (NSESSS 5.2.7)."""
    section = documents_section(actor, file)
    return Sheet(
        organisation=organisation_of(actor),
        title=f"Seznam dokumentů spisu {file.file_mark}",
        subtitle=file.subject,
        date=today(),
        facts=[
            *place_of(file),
            ("Dokumentů", str(len(section.rows))),
            ("Ke dni", write_date(today())),
            ("Vytiskl(a)", actor.name),
        ],
        sections=[section, references_section(reference_queries.linked_to(actor, file), what="Spis")],
        landscape=True,
    )


def documents_section(actor: Actor, file: CaseFile, heading: str = "") -> Section:
    """One row a document; a former number stands under the present one. What the actor may not know is not there."""
    rows = []
    numbers = queries.former_numbers_in(file)
    for document, level, _ in disclosure.documents_in(actor, file):
        former = [f"dříve {one}" for one in numbers.get(document.pk, [])] if level.shows_number else []
        rows.append(
            [
                str(document.order_in_file),
                "\n".join([document.reference_number, *former]),
                document.identifier,
                document.subject,
                direction_of(document) if level.shows_more else "",
                write_date(document.registered_at),
                str(document.component_count) if level.shows_more else "",
                DocumentState(document.state).label if level.shows_more else "",
            ]
        )
    return Section(heading=heading, rows=rows, empty="Ve spisu není žádný dokument.", columns=_DOCUMENT_COLUMNS)


def references_section(linked: Sequence[Linked], *, what: str) -> Section:
    """What a file or a document is linked to, fixed references first, as far as the reader may see it (5.2.7)."""
    rows = []
    for one in sorted((each for each in linked if each.is_told), key=lambda each: not each.reference.fixed):
        other = one.file or one.document
        kind = "spis" if one.file else "dokument" if one.document else ""
        seen = (
            [kind, str(other), other.subject]
            if other
            else ["", ", ".join(str(value) for _, value in one.told if value), ""]
        )
        strength = "pevný" if one.reference.fixed else "volný"
        rows.append([strength, *seen, one.reference.reason if other else "", write_date(one.reference.made_on)])
    return Section(heading="Křížové odkazy", rows=rows, empty=f"{what} na nic neodkazuje.", columns=_REFERENCE_COLUMNS)


def notes_section(file: CaseFile) -> Section:
    """Notes that people wrote to the file, with their names and days (NSESSS 5.2.13 k)."""
    return Section(
        heading="Poznámky uživatelů",
        columns=(("Kdo", 4), ("Kdy", 4), ("Poznámka", 14)),
        rows=[[one.author.name, write_datetime(one.written_at), one.text] for one in storing_queries.notes_of(file)],
        empty="Nikdo ke spisu nic nepoznamenal.",
    )


def files_sheet(actor: Actor, rows: Sequence[FileRow], filters: Facts) -> Sheet:
    """A list of files with their classes; ``filters`` say what was chosen (NSESSS 5.2.9)."""
    return Sheet(
        organisation=organisation_of(actor),
        title="Seznam spisů",
        date=today(),
        facts=[
            *(filters or [("Výběr", "všechny spisy, ke kterým má tisknoucí přístup")]),
            ("Počet", write_count(len(rows), "spis", "spisy", "spisů")),
            ("Ke dni", write_date(today())),
            ("Vytiskl(a)", actor.name),
        ],
        sections=[Section(rows=[_file_cells(row) for row in rows], empty="Žádný spis.", columns=_FILE_COLUMNS)],
        landscape=True,
    )


def organisation_of(actor: Actor) -> str:
    """The name of the originator for whom the actor works."""
    return Tenant.objects.get(pk=actor.tenant_id).name


def _file_cells(row: FileRow) -> list[str]:
    return [
        row.file_mark,
        row.subject,
        f"{row.class_code} {row.class_name}",
        row.regime,
        ", ".join(part for part in (row.unit, row.processor) if part),
        write_date(row.opened_on),
        FileState(row.state).label,
    ]
