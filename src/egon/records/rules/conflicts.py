"""Conflicts of disposal regimes: what becomes of a file for which several hold at once (NSESSS 6.1.8)."""

from collections.abc import Sequence
from dataclasses import dataclass

from egon.records.rules.retention import DisposalMark


@dataclass(frozen=True, slots=True)
class Claim:
    """One regime that holds for a file: its own, of the kind of a document in it, or of a file joined to it."""

    source: str
    mark: str
    years: int
    trigger: str
    disposal_year: int | None = None
    check_years: int | None = None

    @property
    def told(self) -> str:
        """As a person reads it: ``A/10 (druh Smlouva, KSA 3/2026)``."""
        return f"{self.mark}/{self.years} ({self.source})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What holds in the end. ``mark`` is empty without a conflict, ``disposal_year`` None while an event is awaited."""

    mark: str
    disposal_year: int | None


def is_conflict(claims: Sequence[Claim]) -> bool:
    """Whether the regimes differ in the mark, the period or the trigger."""
    return len({(claim.mark, claim.years, claim.trigger) for claim in claims}) > 1


def resolve(claims: Sequence[Claim]) -> Outcome:
    """A wins over S and the latest year wins; put off while the year of any event is not known."""
    years = [claim.disposal_year for claim in claims if claim.disposal_year is not None]
    if len(years) < len(claims):
        return Outcome("", None)
    marks = {claim.mark for claim in claims}
    worst = DisposalMark.ARCHIVE if DisposalMark.ARCHIVE in marks else DisposalMark.SHRED
    return Outcome(worst.value if is_conflict(claims) else "", max(years))
