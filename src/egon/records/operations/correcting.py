"""What is asked of corrections after a file was closed, and what follows from them (NSESSS 7.1.5)."""

from egon.kernel.access import Decision
from egon.kernel.events import publish
from egon.records import events
from egon.records.errors import NotInThisState
from egon.records.models import CaseFile
from egon.records.operations.disposal_years import RESULT, fix_disposal_year, fix_volume
from egon.records.rules.states import FileState
from egon.records.rules.typed import VolumeState


def faults_of_correction(file: CaseFile | None, reason: str) -> list[str]:
    """What a correction lacks: in a closed file its reason."""
    if file is None or file.state != FileState.CLOSED or reason.strip():
        return []
    return [f"Spis {file} je uzavřený, napište důvod opravy."]


def require_still_allowed(decision: Decision) -> None:
    """Refuse when the file was closed between the question whether one may edit and the lock."""
    if not decision:
        raise NotInThisState(decision.reason)


def settle_regime_again(file: CaseFile | None) -> None:
    """Another kind of a document may mean another regime of its closed file (NSESSS 6.1.8)."""
    if file is None or file.state != FileState.CLOSED:
        return
    fix_disposal_year(file)
    file.save(update_fields=list(RESULT))
    if file.volume is not None and file.volume.state == VolumeState.CLOSED:
        fix_volume(file.volume)
    publish(events.FileChanged(file.pk))
