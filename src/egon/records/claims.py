"""Which disposal regimes hold for files: their own, and those of the kinds of documents in them (NSESSS 6.1.8)."""

from collections.abc import Mapping, Sequence
from datetime import date

from egon.records.models import CaseFile, Document, Volume
from egon.records.rules.conflicts import Claim
from egon.records.rules.retention import KNOWN_LATER, Trigger, disposal_year
from egon.records.rules.states import DocumentState, FileState

_REGIME = tuple(f"kind__disposal_regime__{name}" for name in ("mark", "years", "trigger", "check_years"))


def claims_of(files: Sequence[CaseFile]) -> Mapping[int, list[Claim]]:
    """Claims by the key of the file, its own first, in one query. Years are known for closed files only."""
    claims = {file.pk: [_own_claim(file)] for file in files}
    by_pk = {file.pk: file for file in files}
    found = Document.objects.filter(case_file__in=by_pk, kind__disposal_regime__isnull=False)
    rows = found.exclude(state=DocumentState.WITHDRAWN.value).values_list(
        "case_file_id", "reference_number", "kind__name", "settled_on", *_REGIME
    )
    for file_id, number, kind, settled_on, mark, years, trigger, check_years in rows.order_by("order_in_file"):
        source = f"druh {kind}, {number}"
        claims[file_id].append(
            _claim(by_pk[file_id], source, (mark, years, trigger), check_years, settled_on=settled_on)
        )
    return claims


def claims_of_volume(volume: Volume) -> list[Claim]:
    """The claim of a closed volume, and those of the files in it, in two queries (NSESSS 6.1.8 písm. b).

    The event of the volume's own regime came in the year recorded for the volume, otherwise in the last year recorded
    for its files, once all have one.
    """
    files = list(CaseFile.objects.filter(volume=volume, state=FileState.CLOSED.value).order_by("pk"))
    years = [file.trigger_year for file in files if file.trigger in KNOWN_LATER]
    trigger_year = volume.trigger_year
    if trigger_year is None and years and None not in years:
        trigger_year = max(year for year in years if year is not None)
    own = None
    if volume.opened_on is not None and volume.closed_on is not None:
        own = disposal_year(
            trigger=Trigger(volume.trigger),
            years=volume.retention_years or 0,
            opened_on=volume.opened_on,
            settled_on=None,
            closed_on=volume.closed_on,
            trigger_year=trigger_year,
        )
    claim = Claim(str(volume), volume.disposal_mark, volume.retention_years or 0, volume.trigger, own,
                  volume.check_years)  # fmt: skip
    return [claim, *(one for claims in claims_of(files).values() for one in claims)]


def _own_claim(file: CaseFile) -> Claim:
    regime = (file.disposal_mark, file.retention_years, file.trigger)
    return _claim(file, f"spis {file}", regime, file.check_years)


def _claim(
    file: CaseFile,
    source: str,
    regime: tuple[str, int, str],
    check_years: int | None,
    settled_on: date | None = None,
) -> Claim:
    mark, years, trigger = regime
    year = None
    if file.closed_on is not None:
        year = disposal_year(
            trigger=Trigger(trigger),
            years=years,
            opened_on=file.opened_on,
            settled_on=settled_on or file.settled_on,
            closed_on=file.closed_on,
            trigger_year=file.trigger_year,
        )
    return Claim(source, mark, years, trigger, year, check_years)
