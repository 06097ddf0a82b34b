"""What was found, as rows of a table to be taken away or as a sheet to be printed (NSESSS 5.2.11)."""

from collections.abc import Collection, Sequence
from typing import Final

from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE, today
from egon.records import indexing, queries
from egon.records.models import TypedFile, TypedSection
from egon.records.rules.states import DocumentState, FileState
from egon.records.search_reach import ids_of
from egon.search import Hit
from egon.web.formatting import write_count, write_date
from egon.web.records.sheets import Facts, organisation_of
from egon.web.records.words import direction_of

_COLUMNS: Final = (
    ("Druh", 3), ("Číslo", 6), ("Věc", 12), ("Odesílatel", 7), ("Spis", 6), ("Znak", 3), ("Režim", 2), ("Útvar", 3),
    ("Zpracovatel", 5), ("Ze dne", 4), ("Stav", 4),
)  # fmt: skip
HEADER: Final = tuple(name for name, _ in _COLUMNS)


def sheet_of(actor: Actor, rows: Sequence[Sequence[str]], *, facts: Facts, more: bool) -> Sheet:
    """The rows as a sheet to be printed; ``more`` tells that older ones were left."""
    count = write_count(len(rows), "výsledek", "výsledky", "výsledků")
    return Sheet(
        organisation=organisation_of(actor),
        title="Výsledky hledání",
        date=today(),
        facts=[
            *facts,
            ("Počet", f"{count} (nejnovější, starší zbývají)" if more else count),
            ("Ke dni", write_date(today())),
            ("Vytiskl(a)", actor.name),
        ],
        sections=[Section(rows=rows, empty="Nic se nenašlo.", columns=_COLUMNS)],
        landscape=True,
    )


def rows_of(hits: Sequence[Hit], *, hides: Collection[str]) -> list[list[str]]:
    """One row a hit, in Czech, in their order; of what is in a state that ``hides`` only the header (NSESSS 7.2.13)."""
    rows = rows_by_key(hits, hides=hides)
    return [rows[key] for hit in hits if (key := (hit.entity_type, hit.entity_id)) in rows]


def rows_by_key(hits: Sequence[Hit], *, hides: Collection[str]) -> dict[tuple[str, int], list[str]]:
    """The same by the kind and the key of each; what has gone meanwhile is missing."""
    rows: dict[tuple[str, int], list[str]] = {}
    documents = queries.document_rows(ids_of(hits, indexing.DOCUMENT))
    files = {file.pk: file for file in queries.file_rows({one.case_file_id for one in documents if one.case_file_id})}
    for document in documents:
        if document.state in hides:
            rows[indexing.DOCUMENT, document.pk] = _header("dokument", document.reference_number, document.subject)
            continue
        file = files.get(document.case_file_id or 0)
        rows[indexing.DOCUMENT, document.pk] = [
            f"dokument {direction_of(document)}",
            document.reference_number,
            document.subject,
            document.sender or "",
            document.file_mark or "",
            file.class_code if file else "",
            file.regime if file else "",
            document.unit or "",
            document.holder,
            write_date(document.registered_at.astimezone(PRAGUE)),
            DocumentState(document.state).label,
        ]
    for file in queries.file_rows(ids_of(hits, indexing.FILE)):
        if file.state in hides:
            rows[indexing.FILE, file.pk] = _header("spis", file.file_mark, file.subject)
            continue
        rows[indexing.FILE, file.pk] = [
            "spis", file.file_mark, file.subject, "", file.file_mark, file.class_code, file.regime, file.unit,
            file.processor, write_date(file.opened_on), FileState(file.state).label,
        ]  # fmt: skip
    typed_files = TypedFile.objects.select_related("unit", "processor")
    for typed in typed_files.filter(pk__in=ids_of(hits, indexing.TYPED_FILE)):
        rows[indexing.TYPED_FILE, typed.pk] = [
            "typový spis", typed.identifier, typed.name, "", "", typed.class_code, "", typed.unit.code,
            str(typed.processor or ""), write_date(typed.opened_on), typed.get_state_display(),
        ]  # fmt: skip
    sections = TypedSection.objects.select_related("typed_file", "template__disposal_regime")
    for section in sections.filter(pk__in=ids_of(hits, indexing.SECTION)):
        template = section.template
        rows[indexing.SECTION, section.pk] = [
            "součást", template.code, template.name, "", section.typed_file.name, template.code, template.regime, "",
            "",            write_date(section.opened_on), section.get_state_display(),
        ]  # fmt: skip
    for entry in queries.class_rows(ids_of(hits, indexing.CLASS)):
        state = "uzavřená" if entry.valid_to else "otevřená"
        rows[indexing.CLASS, entry.pk] = [
            "věcná skupina", entry.code, entry.name, "", "", entry.code, entry.regime, "", "",
            write_date(entry.valid_from), state,
        ]  # fmt: skip
    return rows


def _header(kind: str, number: str, subject: str) -> list[str]:
    """What is left of something destroyed, and told of something withdrawn as if it were."""
    return [kind, number, subject, *[""] * (len(_COLUMNS) - 4), DocumentState.DESTROYED.label]
