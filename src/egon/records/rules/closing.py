"""What stands in the way of settling and closing a file (NSESSS 3.2.6, 3.2.9, 3.4.2; zákon 499/2004 § 65 odst. 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from egon.gateways.formats.output import is_output_format
from egon.records.rules.components import KEPT_AS_THEY_ARE, ComponentRole
from egon.records.rules.states import Direction, DocumentState, FileState


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """The latest version of one component."""

    name: str
    role: ComponentRole
    format_id: str
    format_name: str = ""


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """One document of the file."""

    reference_number: str
    direction: Direction
    state: DocumentState
    is_settled: bool
    has_sender: bool = True
    has_addressee: bool = True
    components: Sequence[ComponentFacts] = ()
    missing_own: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the rules need to know of a file."""

    file_mark: str
    subject: str
    state: FileState
    opened_on: date
    has_processor: bool
    has_regime: bool
    documents: Sequence[DocumentFacts]
    checks_formats: bool = True
    checks_metadata: bool = True
    settled_by_closing: bool = True
    missing_own: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """The outcome: what forbids it (``obstacles``), and what should be known when it is done (``warnings``)."""

    obstacles: list[str]
    warnings: list[str]


def obstacles_to_settling_file(facts: FileFacts, *, on: date) -> list[str]:
    """Settling a file settles all its documents at once; those still on their way stand in the way (NSESSS 3.2.6)."""
    found = []
    if facts.state is not FileState.OPEN:
        found.append(f"Spis {facts.file_mark} je {facts.state.label}, vyřídit jde jen otevřený spis.")
    documents = _living(facts.documents)
    if not documents:
        found.append("Spis neobsahuje žádný dokument. Vložte do něj dokument, nebo ho stornujte.")
    for document in documents:
        found.extend(_unfinished(document))
    if on < facts.opened_on:
        found.append("Datum vyřízení nemůže předcházet založení spisu.")
    return found


def check_before_closing(facts: FileFacts, *, on: date) -> ClosingCheck:
    """All that forbids closing on this day, and formats that were not converted (NSESSS 3.2.9 písm. a, b).

    Under a standing consent of the archive metadata are not checked, nor formats unless they are converted (3.2.10).
    """
    if facts.state is FileState.CLOSED:
        return ClosingCheck([f"Spis {facts.file_mark} už je uzavřený."], [])
    found = _missing_metadata(facts) if facts.checks_metadata else []
    if facts.state is FileState.OPEN and not facts.settled_by_closing:
        found.append("Spis není vyřízený; podle nastavení ho uzavření nevyřídí. Nejdřív ho vyřiďte (NSESSS 3.2.8).")
    documents = _living(facts.documents)
    if not documents:
        found.append("Spis neobsahuje žádný dokument (NSESSS 3.2.9).")
    for document in documents:
        found.extend(_unsettled(document, facts.state))
        if facts.checks_metadata:
            found.extend(_missing_in_document(document))
    if on < facts.opened_on:
        found.append("Datum uzavření nemůže předcházet založení spisu.")
    checked = documents if facts.checks_formats else []
    warnings = [warning for document in checked for warning in _not_output_formats(document)]
    return ClosingCheck(found, warnings)


def _living(documents: Sequence[DocumentFacts]) -> list[DocumentFacts]:
    return [document for document in documents if document.state is not DocumentState.WITHDRAWN]


def _unfinished(document: DocumentFacts) -> list[str]:
    match document.direction, document.state:
        case Direction.RECEIVED, DocumentState.REGISTERED | DocumentState.ASSIGNED:
            return [f"Dokument {document.reference_number} nikdo nepřevzal k vyřízení."]
        case Direction.OUTGOING, DocumentState.DRAFT | DocumentState.IN_APPROVAL | DocumentState.APPROVED:
            return [f"Dokument {document.reference_number} není odeslaný (je ve stavu „{document.state.label}“)."]
        case _, DocumentState.IN_APPROVAL:
            return [f"Dokument {document.reference_number} čeká na schválení."]
    return []


def _unsettled(document: DocumentFacts, file_state: FileState) -> list[str]:
    if unfinished := _unfinished(document):
        return unfinished
    is_sent = document.state in (DocumentState.DISPATCHED, DocumentState.DELIVERED)
    if document.is_settled or is_sent or file_state is FileState.SETTLED:
        return []
    return [f"Dokument {document.reference_number} není vyřízený (NSESSS 3.4.2)."]


def _missing_metadata(facts: FileFacts) -> list[str]:
    found = []
    if not facts.subject.strip():
        found.append("Spis nemá stručný obsah (vyhláška 259/2012 Sb., § 12 odst. 6 písm. b).")
    if not facts.has_processor:
        found.append("Spis nemá zpracovatele (NSESSS 3.2.9).")
    if not facts.has_regime:
        found.append("Spis nemá skartační režim (vyhláška 259/2012 Sb., § 12 odst. 3).")
    return found + [f"Spis nemá vyplněný povinný údaj „{name}“ (NSESSS 9.1.1)." for name in facts.missing_own]


def _missing_in_document(document: DocumentFacts) -> list[str]:
    found = []
    if not document.components:
        found.append(f"Dokument {document.reference_number} nemá žádnou komponentu.")
    if document.direction is Direction.RECEIVED and not document.has_sender:
        found.append(f"U dokumentu {document.reference_number} chybí odesílatel (NSESSS 2.8.1).")
    if document.direction is Direction.OUTGOING and not document.has_addressee:
        found.append(
            f"U dokumentu {document.reference_number} chybí adresát (vyhláška 259/2012 Sb., § 10 odst. 2 písm. f)."
        )
    number = document.reference_number
    return found + [f"Dokument {number} nemá vyplněný povinný údaj „{name}“." for name in document.missing_own]


def _not_output_formats(document: DocumentFacts) -> list[str]:
    return [
        f"Komponenta „{component.name}“ dokumentu {document.reference_number} není ve výstupním datovém formátu"
        f"{f' ({component.format_name})' if component.format_name else ''}; uloží se, jak došla."
        for component in document.components
        if component.role not in KEPT_AS_THEY_ARE and not is_output_format(component.format_id)
    ]
