"""Taking the whole result of a search away: how much, how long it is kept, and by what periods it is gone through."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from egon.records.rules.labels import Labelled

KEPT_DAYS: Final = 2
"""For how long the file may be taken: what is in it, its person may no longer see tomorrow."""
MOST_ROWS: Final = 200_000
MOST_PRINTED: Final = 5_000
MOST_UNDER_WAY: Final = 3
"""Runs of one person at the same time."""


class ExportForm(Labelled):
    """What the result is taken away as."""

    CSV = "csv", "tabulka CSV"
    XLSX = "xlsx", "sešit XLSX"
    PDF = "pdf", "PDF/A"

    @property
    def most(self) -> int:
        """Rows in one file."""
        return MOST_PRINTED if self is ExportForm.PDF else MOST_ROWS


def months_between(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Calendar months, both days included, the newest first; the outer ones may be shortened."""
    while first <= last:
        begins = max(first, last.replace(day=1))
        yield begins, last
        if begins == date.min:
            return
        last = begins - timedelta(days=1)
