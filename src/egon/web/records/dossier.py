"""A whole file as one PDF: its data, its history, its list of documents, the documents with components (NSESSS 5.2.13).

Pages of PDF components are bound in; what is no PDF, or cannot be bound, is an attached file, which its page says.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from egon import storage
from egon.gateways.cms.signers import signers_of
from egon.gateways.pdfa import Attachment, Part, Section, Sheet, bind, is_bindable, render_sheet
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import reference_queries
from egon.records.models import CaseFile, Document
from egon.records.operations import PrintedDocument
from egon.records.queries import ComponentView
from egon.records.rules.components import ComponentForm, ComponentRole
from egon.records.rules.printing import part_number
from egon.storage import StorageError
from egon.web.formatting import write_date, write_datetime, write_file_size
from egon.web.records import metadata, sheets
from egon.web.records.metadata import known

_COMPONENTS: Final = (("Označení", 3), ("Název", 8), ("Úloha", 3), ("Formát", 6), ("Velikost", 3))


def whole_file(actor: Actor, file: CaseFile, printed: Sequence[PrintedDocument]) -> bytes:
    """The PDF, in the order the standard asks for. Raises :class:`~egon.gateways.pdfa.RenderingFailed`."""
    organisation = sheets.organisation_of(actor)
    opened = [one.document for one in printed if one.components is not None]
    parts = [
        Part("Údaje spisu", [render_sheet(_file_sheet(actor, organisation, file, printed))]),
        Part("Část transakčního protokolu", [render_sheet(_history_sheet(actor, organisation, file, opened))]),
        Part("Soupis dokumentů", [render_sheet(sheets.documents_sheet(actor, file))]),
        *(_document_part(organisation, number, one) for number, one in enumerate(printed, start=1)),
    ]
    return bind(parts, title=f"Spis {file.file_mark}")


def _file_sheet(actor: Actor, organisation: str, file: CaseFile, printed: Sequence[PrintedDocument]) -> Sheet:
    numbers = [
        [part_number(n), one.document.reference_number, one.document.subject] for n, one in enumerate(printed, 1)
    ]
    return Sheet(
        organisation=organisation,
        title=f"Spis {file.file_mark}",
        subtitle=file.subject,
        date=today(),
        code=file.identifier,
        facts=[("Původce", organisation), *known(sheets.facts_of(file)), ("Vytvořeno", write_date(today()))],
        sections=[
            sheets.references_section(reference_queries.linked_to(actor, file), what="Spis"),
            Section(
                heading="Čísla jednací",
                columns=(("Označení", 2), ("Číslo jednací", 5), ("Věc", 10)),
                rows=numbers,
                empty="Ve spisu není žádný dokument.",
            ),
            sheets.notes_section(file),
        ],
    )


def _history_sheet(actor: Actor, organisation: str, file: CaseFile, opened: Sequence[Document]) -> Sheet:
    """Steps of the file and of those documents that the reader may open, oldest first."""
    return Sheet(
        organisation=organisation,
        title=f"Část transakčního protokolu: spis {file.file_mark}",
        date=today(),
        sections=[metadata.history_section(actor, metadata.history_of(file, *opened), heading="")],
        landscape=True,
    )


def _document_part(organisation: str, number: int, printed: PrintedDocument) -> Part:
    document, mark = printed.document, part_number(number)
    components = printed.components or ()
    empty = "Dokument nemá žádnou komponentu."
    if printed.components is None:
        empty = "K tomuto dokumentu nemáte přístup, jeho komponenty tu proto nejsou."
    rows = [[part_number(number, n), *_component_cells(one)] for n, one in enumerate(components, start=1)]
    sheet = Sheet(
        organisation=organisation,
        title=f"{mark} {document.reference_number}",
        subtitle=document.subject,
        date=today(),
        facts=known(metadata.facts_of_document(document)),
        sections=[Section(heading="Komponenty", columns=_COMPONENTS, rows=rows, empty=empty)],
    )
    below = [_component_part(organisation, part_number(number, n), one) for n, one in enumerate(components, start=1)]
    return Part(f"{mark} {document.reference_number}", [render_sheet(sheet)], parts=below)


def _component_part(organisation: str, mark: str, view: ComponentView) -> Part:
    name = view.component.name
    content, told = _content_of(view)
    signers = ", ".join(signers_of(content)) if content is not None else ""
    bound = content is not None and not told
    sheet = Sheet(
        organisation=organisation,
        title=f"{mark} {name}",
        date=today(),
        facts=known(
            _component_facts(view, signers, told or "na následujících stranách; podpisy ověřujte v původním souboru")
        ),
    )
    attachment = None
    if content is not None and not bound:
        version = view.latest
        attachment = Attachment(
            f"{mark} {version.file_name}", content, version.media_type or "application/octet-stream"
        )
    return Part(
        f"{mark} {name}",
        [render_sheet(sheet), *([content] if content is not None and bound else [])],
        attachment,
    )


def _content_of(view: ComponentView) -> tuple[bytes | None, str]:
    """The content and, unless its pages can be bound in, where it is."""
    try:
        content = storage.read(view.latest.digest)
    except StorageError as broken:
        return None, f"ve spisové službě, ale nepodařilo se ho přečíst: {broken.message}"
    if content[:1024].find(b"%PDF-") < 0:
        return content, "připojen k tomuto PDF jako soubor, protože není ve formátu PDF"
    if not is_bindable(content):
        return content, "připojen k tomuto PDF jako soubor, protože je zamčený heslem nebo poškozený"
    return content, ""


def _component_cells(view: ComponentView) -> list[str]:
    version = view.latest
    return [
        view.component.name,
        ComponentRole(view.component.role).label,
        version.format_name or version.media_type,
        write_file_size(version.size),
    ]


def _component_facts(view: ComponentView, signers: str, where: str) -> Iterator[tuple[str, str]]:
    version = view.latest
    yield "Úloha", ComponentRole(view.component.role).label
    yield "Verze", f"{version.number} ({ComponentForm(version.form).label})"
    yield "Formát", " ".join(part for part in (version.format_name or version.media_type, version.format_id) if part)
    yield "Velikost", write_file_size(version.size)
    yield "Otisk SHA-256", version.digest
    yield "Vytvořena", write_datetime(version.created_at)
    yield "Vytvořil(a)", str(version.created_by or "")
    yield "Podepsal(a)", signers
    yield "Obsah", where
