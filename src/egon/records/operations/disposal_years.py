"""The year of disposal and the mark that holds in the end (NSESSS 6.1.8).

For closed files with all joined to them, and for closed volumes with all files in them, which are disposed of together.
"""

from collections.abc import Sequence

from egon.kernel.events import publish
from egon.records import events
from egon.records.claims import claims_of, claims_of_volume
from egon.records.joined import groups_of
from egon.records.locking import lock_file
from egon.records.models import CaseFile, Volume
from egon.records.rules.conflicts import Claim, Outcome, resolve
from egon.records.rules.states import FileState

RESULT = ("resolved_mark", "disposal_year", "trigger_check_year")


def fix_disposal_year(file: CaseFile) -> None:
    """Set what :data:`RESULT` names for one file; the caller saves it, files joined to it are saved here."""
    fix_disposal_years([file])


def fix_disposal_years(files: Sequence[CaseFile]) -> None:
    """The same for many files, in two queries when none is joined to another.

    An open file has no result. A closed one gets the gravest mark and the latest year of all regimes that hold for it
    and for closed files joined to it, or the year in which its external event is asked about (6.1.9). The year of a
    file in a volume is the volume's, known once that is closed: :func:`fix_volume`.
    """
    for file in files:
        _set(file, Outcome("", None), [])
    given = {file.pk for file in files}
    for group in groups_of([file for file in files if file.closed_on is not None]):
        for other in group[1:]:
            if other.pk not in given:
                lock_file(other)
        closed = [file for file in group if file.closed_on is not None]
        claims = claims_of(closed)
        outcome = resolve([claim for file in closed for claim in claims[file.pk]])
        if group[0].volume_id is not None:  # not joined to any other (4.1.3)
            outcome = Outcome(outcome.mark, None)
        for file in closed:
            _set(file, outcome, claims[file.pk])
            if file.pk not in given:
                file.save(update_fields=list(RESULT))
                publish(events.FileChanged(file.pk))


def fix_volume(volume: Volume) -> None:
    """The result of a closed volume, for itself and for all files in it (NSESSS 6.1.8 písm. b).

    Put off while the year of an event of any regime in it is not known. Files keep what they had till then.
    """
    outcome = resolve(claims_of_volume(volume))
    volume.resolved_mark, volume.disposal_year = outcome.mark, outcome.disposal_year
    volume.save(update_fields=["resolved_mark", "disposal_year"])
    if outcome.disposal_year is not None:
        CaseFile.objects.filter(volume=volume, state=FileState.CLOSED.value).update(
            resolved_mark=outcome.mark, disposal_year=outcome.disposal_year, trigger_check_year=None
        )


def _set(file: CaseFile, outcome: Outcome, claims: Sequence[Claim]) -> None:
    file.resolved_mark, file.disposal_year, file.trigger_check_year = outcome.mark, outcome.disposal_year, None
    waits = [one.check_years for one in claims if one.disposal_year is None and one.check_years is not None]
    if outcome.disposal_year is None and file.closed_on is not None and waits:
        file.trigger_check_year = file.closed_on.year + min(waits)
