"""Rules of an import that need no database: whose a message is, and how long the rest will take."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

RECEIVED: Final = "received"
SENT: Final = "sent"
RECEIPT: Final = "receipt"

_SHORTEST_MEASURE: Final = timedelta(seconds=2)
"""A speed measured over less than this says nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How far an import has got. ``per_second`` and ``remaining`` are known only while it runs."""

    done: int
    total: int
    per_second: float | None = None
    remaining: timedelta | None = None

    @property
    def percent(self) -> int:
        """Done of the total, 0 to 100; an import of nothing is done."""
        return 100 if self.total == 0 else min(100, self.done * 100 // self.total)


def own_box_of(direction: str, *, sender: str, recipient: str, ours: Collection[str]) -> str | None:
    """The own box a message belongs to, or None for a message of somebody else.

    A received one belongs to its recipient, a sent one to its sender; a delivery receipt may be taken out by both.
    """
    sides = {RECEIVED: (recipient,), SENT: (sender,), RECEIPT: (sender, recipient)}[direction]
    return next((box for box in sides if box and box in ours), None)


def why_foreign(direction: str, *, sender: str, recipient: str) -> str:
    """Why a message of somebody else's box stayed out, and what to do."""
    boxes = {RECEIVED: [recipient], SENT: [sender], RECEIPT: [sender, recipient]}[direction]
    named = " a ".join(box for box in boxes if box) or "neuvedená"
    return (
        f"Zpráva patří cizí schránce ({named}). Neuložila se. Pokud schránka patřila této organizaci dříve, "
        "uveďte ji při novém importu jako bývalou vlastní schránku."
    )


def is_genuine(checks: Sequence[Mapping[str, str]]) -> bool:
    """Whether every fact found about the seal holds; only then may a file stand in for what ISDS would give."""
    return bool(checks) and all(fact["outcome"] == "PASSED" for fact in checks)


def doubts_in(checks: Sequence[Mapping[str, str]]) -> str:
    """The facts that failed, as sentences; empty when none did."""
    return " ".join(fact["sentence"] for fact in checks if fact["outcome"] == "FAILED")


def pace_of(
    *, done: int, total: int, done_before: int = 0, resumed_at: datetime | None = None, now: datetime | None = None
) -> Pace:
    """Progress, with speed and the remaining time measured since the import was last started or resumed."""
    if resumed_at is None or now is None or now - resumed_at < _SHORTEST_MEASURE or done <= done_before:
        return Pace(done, total)
    per_second = (done - done_before) / (now - resumed_at).total_seconds()
    return Pace(done, total, per_second, timedelta(seconds=round(max(total - done, 0) / per_second)))
