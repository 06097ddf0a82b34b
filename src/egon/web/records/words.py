"""How states look: the Czech word and the tone of its chip."""

from dataclasses import dataclass

from egon.records.models import CaseFile, Document, TypedFile, TypedSection, Volume
from egon.records.queries import DocumentRow, FileRow
from egon.records.rules.states import Direction, DocumentState, FileState
from egon.records.rules.typed import TypedState, VolumeState

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
