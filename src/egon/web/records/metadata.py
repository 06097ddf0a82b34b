"""All that is kept of a document or a file on one sheet, on the screen and printed (NSESSS 5.2.3, 5.2.4, 5.2.6)."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import Model, Q, QuerySet

from egon.audit import queries as audit
from egon.audit.models import LogRecord
from egon.circulation import paper_queries
from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import own_metadata, queries, reference_queries, storing_queries
from egon.records.models import CaseFile, Document
from egon.records.queries import ComponentView
from egon.records.rules.components import ComponentForm, ComponentRole
from egon.records.rules.retention import DisposalMark, Trigger
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import DocumentState
from egon.web.audit.history import UNTOLD, HistoryEntry, entry_of, unseen_names
from egon.web.formatting import write_date, write_datetime, write_file_size
from egon.web.records import above, annex, sheets
from egon.web.records.words import direction_of, paper_facts

MOST_STEPS: Final = 2000
"""Steps of the log in one print."""
CIRCULATION: Final = ("circulation.", "mailroom.", "records.document.register", "records.document.place")
_HISTORY: Final = (("Kdy", 4), ("Co", 6), ("Kdo", 4), ("Podrobnosti", 10))
_COMPONENTS: Final = (("Název", 8), ("Úloha", 3), ("Verze", 2), ("Formát", 6), ("Velikost", 3), ("Otisk SHA-256", 8))
_PLACES: Final = (("Kde", 8), ("Od", 4), ("Poznámka", 6))
_PERSONS: Final = (("Osoba", 8), ("Role", 4), ("Poznámka", 6))


def document_sheet(actor: Actor, document: Document) -> Sheet:
    """Every piece of metadata of a document and its components, what is above it, what it is linked to, its history."""
    file = document.case_file
    sees_file = file is not None and queries.files_visible_to(actor).filter(pk=file.pk).exists()
    return Sheet(
        organisation=sheets.organisation_of(actor),
        title=f"Metadata dokumentu {document.reference_number}",
        subtitle=document.subject,
        date=today(),
        code=document.identifier,
        facts=[*known(facts_of_document(document)), ("Ke dni", write_date(today()))],
        sections=[
            above.levels_section(above.above_document(file, may_open=sees_file)),
            components_section(queries.components_of(document, reader=actor)),
            sheets.references_section(reference_queries.linked_to(actor, document), what="Dokument"),
            _persons_section(document),
            _places_section(document),
            history_section(actor, history_of(document)),
        ],
        landscape=True,
    )


def file_sheet(actor: Actor, file: CaseFile) -> Sheet:
    """Every piece of metadata of a file, what is above it and in it, what it is linked to, its history."""
    return Sheet(
        organisation=sheets.organisation_of(actor),
        title=f"Metadata spisu {file.file_mark}",
        subtitle=file.subject,
        date=today(),
        code=file.identifier,
        facts=[*known(facts_of_file(file)), ("Ke dni", write_date(today()))],
        sections=[
            above.levels_section(above.above_file(file)),
            sheets.documents_section(actor, file, heading="Dokumenty"),
            sheets.references_section(reference_queries.linked_to(actor, file), what="Spis"),
            _persons_section(file=file),
            sheets.notes_section(file),
            history_section(actor, history_of(file)),
        ],
        landscape=True,
    )


def history_sheet(actor: Actor, entity: CaseFile | Document, *, only_circulation: bool = False) -> Sheet:
    """The part of the transaction log that tells the history of an entity, above all its circulation (5.2.6 d)."""
    what = "Oběh" if only_circulation else "Historie"
    return Sheet(
        organisation=sheets.organisation_of(actor),
        title=f"{what}: {'spis' if isinstance(entity, CaseFile) else 'dokument'} {entity}",
        subtitle=entity.subject,
        date=today(),
        facts=[("Ke dni", write_date(today())), ("Vytiskl(a)", actor.name)],
        sections=[history_section(actor, history_of(entity, only_circulation=only_circulation), heading="")],
        landscape=True,
    )


def history_of(*entities: Model, only_circulation: bool = False) -> QuerySet[LogRecord]:
    """Records of the log about entities, oldest first, without mere readings; ``only_circulation``: who had it."""
    found = audit.history_of(*entities).exclude(operation__in=UNTOLD)
    if not only_circulation:
        return found
    wanted = Q()
    for prefix in CIRCULATION:
        wanted |= Q(operation__startswith=prefix)
    return found.filter(wanted)


def history_section(
    reader: Actor, records: QuerySet[LogRecord], heading: str = "Část transakčního protokolu"
) -> Section:
    """The newest records as a table, oldest first; when there are more, it is said."""
    found = list(records.order_by("-recorded_at", "-pk")[: MOST_STEPS + 1])
    more = len(found) > MOST_STEPS
    hidden = unseen_names(reader, found)
    return Section(
        heading=heading,
        facts=[("Záznamů", f"posledních {MOST_STEPS}, starší jsou v protokolu")] if more else [],
        columns=_HISTORY,
        rows=[step_cells(entry_of(one, hidden=hidden)) for one in found[:MOST_STEPS][::-1]],
        empty="Žádný záznam.",
    )


def step_cells(entry: HistoryEntry) -> list[str]:
    """One step as cells of a table."""
    return [write_datetime(entry.at), entry.title, entry.who, entry.text]


def components_section(views: Sequence[ComponentView]) -> Section:
    """Components with the format and the digest of their newest version, and their own metadata if there are any."""
    has_own = any(one.component.own_values for one in views)
    return Section(
        heading="Komponenty",
        columns=(*_COMPONENTS, ("Vlastní údaje", 8)) if has_own else _COMPONENTS,
        rows=[[*_component_cells(one), *([_own_of(one)] if has_own else [])] for one in views],
        empty="Dokument nemá žádnou komponentu.",
    )


def _own_of(view: ComponentView) -> str:
    return "; ".join(f"{name}: {value}" for name, value in own_metadata.shown(view.component.own_values))


def _component_cells(view: ComponentView) -> list[str]:
    version = view.latest
    return [
        view.component.name,
        ComponentRole(view.component.role).label,
        f"{version.number} ({ComponentForm(version.form).label})",
        " ".join(part for part in (version.format_name or version.media_type, version.format_id) if part),
        write_file_size(version.size),
        version.digest,
    ]


def facts_of_document(document: Document) -> Iterator[tuple[str, str]]:
    """Metadata of a document in the order of příloha č. 8, then what it has beside the annex."""
    yield from annex.written(document)
    yield "Dřívější čísla", ", ".join(str(one) for one in document.former_numbers.all())
    yield "Směr", direction_of(document)
    yield from paper_facts(storing_queries.paper_part_of(document))
    yield "Stav", DocumentState(document.state).label
    yield "Zaevidováno", write_datetime(document.registered_at)
    yield "Termín", write_date(document.deadline)
    if document.case_file is not None:
        yield "Spisová značka", document.case_file.file_mark
        yield "Spisový znak", document.case_file.class_code
    yield "Komponent", str(document.component_count)
    yield "Způsob vyřízení", SettledHow(document.settled_how).label if document.settled_how else ""
    yield "Záznam o vyřízení", document.settled_note
    yield "Poznámka", document.note
    yield from own_metadata.shown(document.own_values)


def facts_of_file(file: CaseFile) -> Iterator[tuple[str, str]]:
    """Metadata of a file in the order of příloha č. 8, then what it has beside the annex."""
    yield from annex.written(file)
    yield "Věcná skupina", file.record_class.name
    yield "Typový spis", file.volume.section.typed_file.name if file.volume else ""
    yield "Skartační znak", DisposalMark(file.disposal_mark).label
    yield "Skartační lhůta běží", Trigger(file.trigger).label
    yield "Výsledek konfliktu režimů", DisposalMark(file.resolved_mark).label if file.resolved_mark else ""
    yield "Číslování dokumentů", "ze spisové značky a pořadí ve spisu" if file.numbers_by_file else "průběžně v roce"
    yield "Dokumentů ve spisu", str(file.last_order or "žádný")
    yield "Analogové dokumenty", sheets.paper_in(file)
    yield "Rok spouštěcí události", str(file.trigger_year or "")
    yield "Rok kontroly spouštěcí události", str(file.trigger_check_year or "")
    yield from own_metadata.shown(file.own_values)


def known(facts: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Only what is known."""
    return [(label, value) for label, value in facts if value]


def _persons_section(document: Document | None = None, file: CaseFile | None = None) -> Section:
    links = queries.links_of(document=document, file=file)
    return Section(
        heading="Další osoby",
        columns=_PERSONS,
        rows=[[link.party.name, link.get_role_display(), link.note] for link in links],
        empty="Žádná další osoba není připojena.",
    )


def _places_section(document: Document) -> Section:
    """Where the paper is and was (NSESSS 5.2.6 j)."""
    return Section(
        heading="Umístění listinné podoby",
        columns=_PLACES,
        rows=[[str(one), write_datetime(one.since), one.note] for one in paper_queries.places_of(document)],
        empty="Umístění listinné podoby není zapsáno.",
    )
