"""How states look: the Czech word and the tone of its chip."""

from dataclasses import dataclass

from egon.records.models import CaseFile, Document, PaperPart, TypedFile, TypedSection, Volume
from egon.records.queries import DocumentRow, FileRow
from egon.records.rules.paper import PaperFacts
from egon.records.rules.states import Direction, DocumentState, FileState
from egon.records.rules.typed import TypedState, VolumeState
from egon.web.formatting import write_count

_S = DocumentState
_TONES = {
    _S.REGISTERED: "primary",
    _S.ASSIGNED: "warning",
    _S.PROCESSING: "primary",
    _S.DRAFT: "neutral",
    _S.IN_APPROVAL: "warning",
    _S.APPROVED: "success",
    _S.DISPATCHED: "primary",
    _S.DELIVERED: "success",
    _S.SETTLED: "success",
    _S.WITHDRAWN: "error",
    _S.DESTROYED: "neutral",
}
_FILE_TONES = {
    FileState.OPEN: "primary",
    FileState.SETTLED: "success",
    FileState.CLOSED: "neutral",
    FileState.WITHDRAWN: "error",
    FileState.DESTROYED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """What ``components/state_chip.html`` shows."""

    label: str
    tone: str


_CHIPS = {state.value: Chip(state.label, tone) for state, tone in _TONES.items()}
_FILE_CHIPS = {state.value: Chip(state.label, tone) for state, tone in _FILE_TONES.items()}


def extent_of(paper: PaperFacts) -> str:
    """How much an analogue part has: ``3 listy, 1 příloha, jiné přílohy: 1 (CD)``."""
    parts = [write_count(paper.sheets, "list", "listy", "listů")] if paper.sheets else []
    if paper.bundles:
        parts.append(write_count(paper.bundles, "svazek", "svazky", "svazků"))
    if paper.annexes:
        parts.append(write_count(paper.annexes, "listinná příloha", "listinné přílohy", "listinných příloh"))
    if paper.other_annexes:
        parts.append(f"jiné přílohy: {paper.other_annexes} ({paper.other_annexes_note})")
    return ", ".join(parts) or "nespočítáno"


def paper_facts(part: PaperPart | None) -> list[tuple[str, str]]:
    """The analogue part of a document among its other facts; nothing of a digital one."""
    return [("Analogová část", f"{part}: {extent_of(part.facts)}")] if part else []


def short_extent_of(paper: PaperFacts | None) -> str:
    """The same for a narrow column: sheets / annexes of all kinds; empty of a digital document."""
    return f"{paper.sheets} / {paper.annexes + paper.bundles + paper.other_annexes}" if paper else ""


def chip_of(document: Document | DocumentRow) -> Chip:
    """The state of a document; an outgoing one that reached its addressee says so."""
    return _CHIPS[document.state]


def chip_of_file(file: CaseFile | FileRow) -> Chip:
    """The state of a file."""
    return _FILE_CHIPS[file.state]


_CHANNELS = {
    "databox": "datovou schránkou", "zfo_upload": "nahrané ZFO", "zfo": "nahrané ZFO",
    "email": "e-mailem", "paper": "v listinné podobě", "in_person": "osobně", "post": "poštou", "courier": "kurýrem",
}  # fmt: skip


def channel_of(document: Document) -> str:
    """How a document was delivered: ``poštou``."""
    return _CHANNELS.get(document.channel, document.channel)


def chip_of_typed(typed: TypedFile | TypedSection) -> Chip:
    """The state of a typed file or a section."""
    feminine = isinstance(typed, TypedSection)
    if typed.state == TypedState.OPEN:
        return Chip("otevřená" if feminine else "otevřený", "primary")
    return Chip("uzavřená" if feminine else "uzavřený", "neutral")


def chip_of_volume(volume: Volume) -> Chip:
    """The state of a volume."""
    state = VolumeState(volume.state)
    return Chip(state.label, {VolumeState.OPEN: "primary", VolumeState.CLOSED: "neutral"}.get(state, "error"))


def direction_of(document: Document | DocumentRow) -> str:
    """``doručený``, ``odesílaný`` or ``vlastní``."""
    return Direction(document.direction).label
