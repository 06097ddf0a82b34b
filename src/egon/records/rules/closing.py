"""What stands in the way of settling and closing a file (NSESSS 3.2.6, 3.2.9, 3.4.2; zákon 499/2004 § 65 odst. 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from egon.records.rules.components import ComponentRole
from egon.records.rules.conversion import ConversionState, FormatFacts, needs_output_format
from egon.records.rules.labels import Labelled
from egon.records.rules.states import Direction, DocumentState, FileState


class Fix(Labelled):
    """Where a person supplies what is missing; the label is what they are invited to do."""

    FILE = "file", "Doplnit údaje spisu"
    PAPER = "paper", "Zapsat, kde listiny jsou"
    DOCUMENT = "document", "Otevřít dokument"
    DOCUMENT_DATA = "data", "Doplnit údaje dokumentu"
    PAPER_PART = "paper_part", "Zapsat počet listů a příloh"
    PARTY = "party", "Doplnit údaje osoby"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that stands in the way; ``subject`` is the key of the document or the person it is about."""

    text: str
    fix: Fix | None = None
    subject: int | None = None


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """The latest version of one component, and what became of its change of format."""

    name: str
    role: ComponentRole
    format_id: str
    format_name: str = ""
    version: int = 0
    conversion: ConversionState | None = None
    conversion_note: str = ""

    @property
    def format_facts(self) -> FormatFacts:
        """As :mod:`egon.records.rules.conversion` counts it."""
        return FormatFacts(self.version, self.format_id, self.name, self.conversion)


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """The sender or an addressee; a package for the archive needs an address, or another contact."""

    party: int | None
    has_contact: bool


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
    pk: int | None = None
    has_processor: bool = True
    is_on_paper: bool = False
    paper_is_counted: bool = True
    parties: Sequence[PartyFacts] = ()


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
    paper_is_placed: bool = True


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """The outcome: what forbids it (``found``), what should be known when it is done (``warnings``), and components in
    other than output formats.
    """

    found: list[Obstacle]
    warnings: list[str]
    formats: list[FormatFacts]

    @property
    def obstacles(self) -> list[str]:
        """What forbids it, in words."""
        return [obstacle.text for obstacle in self.found]


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
        return ClosingCheck([Obstacle(f"Spis {facts.file_mark} už je uzavřený.")], [], [])
    found = _missing_metadata(facts) if facts.checks_metadata else []
    if facts.state is FileState.OPEN and not facts.settled_by_closing:
        found.append(
            Obstacle("Spis není vyřízený; podle nastavení ho uzavření nevyřídí. Nejdřív ho vyřiďte (NSESSS 3.2.8).")
        )
    documents = _living(facts.documents)
    if not documents:
        found.append(Obstacle("Spis neobsahuje žádný dokument (NSESSS 3.2.9)."))
    for document in documents:
        found.extend(_about(document, _unsettled(document, facts.state)))
        if facts.checks_metadata:
            found.extend(_missing_in_document(document))
    if on < facts.opened_on:
        found.append(Obstacle("Datum uzavření nemůže předcházet založení spisu."))
    checked = documents if facts.checks_formats else []
    unconverted = [(document, one) for document in checked for one in document.components if _is_unconverted(one)]
    warnings = [_about_format(document, component) for document, component in unconverted]
    return ClosingCheck(found, warnings, [component.format_facts for _, component in unconverted])


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


def _missing_metadata(facts: FileFacts) -> list[Obstacle]:
    """What a package for the archive needs of the file (příloha č. 2) and people write."""
    found = []
    if not facts.subject.strip():
        found.append("Spis nemá stručný obsah (vyhláška 259/2012 Sb., § 12 odst. 6 písm. b).")
    if not facts.has_processor:
        found.append("Spis nemá zpracovatele (NSESSS 3.2.9).")
    if not facts.has_regime:
        found.append("Spis nemá skartační režim (vyhláška 259/2012 Sb., § 12 odst. 3).")
    found += [f"Spis nemá vyplněný povinný údaj „{name}“ (NSESSS 9.1.1)." for name in facts.missing_own]
    obstacles = [Obstacle(text, Fix.FILE) for text in found]
    if not facts.paper_is_placed and any(document.is_on_paper for document in _living(facts.documents)):
        text = "Spis má listiny a není zapsáno, kde jsou uložené (vyhláška 259/2012 Sb., § 12 odst. 6 písm. i)."
        obstacles.append(Obstacle(text, Fix.PAPER))
    return obstacles


def _missing_in_document(document: DocumentFacts) -> list[Obstacle]:
    """What it needs of a document and people write."""
    number = document.reference_number
    found = []
    if not document.components and not document.is_on_paper:
        found.append(Obstacle(f"Dokument {number} nemá žádnou komponentu.", Fix.DOCUMENT, document.pk))
    if not document.has_processor:
        found.append(Obstacle(f"Dokument {number} nemá zpracovatele (NSESSS 3.2.9).", Fix.DOCUMENT, document.pk))
    if document.is_on_paper and not document.paper_is_counted:
        text = f"U dokumentu {number} není zapsáno, kolik má listů a příloh (příloha č. 2 NSESSS)."
        found.append(Obstacle(text, Fix.PAPER_PART, document.pk))
    missing = []
    if document.direction is Direction.RECEIVED and not document.has_sender:
        missing.append(f"U dokumentu {number} chybí odesílatel (NSESSS 2.8.1).")
    missing += [f"Dokument {number} nemá vyplněný povinný údaj „{name}“." for name in document.missing_own]
    found += [Obstacle(text, Fix.DOCUMENT_DATA, document.pk) for text in missing]
    if document.direction is Direction.OUTGOING and not document.has_addressee:
        text = f"U dokumentu {number} chybí adresát (vyhláška 259/2012 Sb., § 10 odst. 2 písm. f)."
        found.append(Obstacle(text, Fix.DOCUMENT, document.pk))
    return found + [_without_contact(document, one) for one in document.parties if not one.has_contact]


def _without_contact(document: DocumentFacts, party: PartyFacts) -> Obstacle:
    """The name stays out: the reader of the file need not see the document."""
    who = "Odesílatel" if document.direction is Direction.RECEIVED else "Adresát"
    text = (
        f"{who} dokumentu {document.reference_number} nemá adresu, e-mail ani datovou schránku; archiv některý z "
        "těchto údajů potřebuje (příloha č. 2 NSESSS)."
    )
    return Obstacle(text, Fix.PARTY, party.party) if party.party else Obstacle(text, Fix.DOCUMENT, document.pk)


def _about(document: DocumentFacts, texts: Sequence[str]) -> list[Obstacle]:
    return [Obstacle(text, Fix.DOCUMENT, document.pk) for text in texts]


def _is_unconverted(component: ComponentFacts) -> bool:
    return needs_output_format(component.role, component.format_id)


def _about_format(document: DocumentFacts, component: ComponentFacts) -> str:
    told = f"Komponenta „{component.name}“ dokumentu {document.reference_number} není ve výstupním datovém formátu"
    if component.format_name:
        told += f" ({component.format_name})"
    match component.conversion:
        case ConversionState.KEPT:
            return f"{told}; zůstane tak: {component.conversion_note}"
        case ConversionState.WAITING:
            return f"{told}; právě se převádí."
        case ConversionState.FAILED:
            return f"{told}; převod se nepovedl: {component.conversion_note}"
    if component.format_facts.is_convertible:
        return f"{told}; převede se při uzavření."
    return f"{told} a převést ho nejde; uloží se, jak došla."
