"""What an import tells people: a line of progress, and the report with the fate of every file."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from egon.databox.importing import queries
from egon.databox.importing.rules import Pace
from egon.databox.importing.tables import ImportRun, Outcome
from egon.kernel.cells import harmless
from egon.kernel.clock import PRAGUE

REFUSED: Final = Outcome.REFUSED
NOT_TAKEN: Final = (Outcome.REFUSED, Outcome.ENVELOPE, Outcome.SKIPPED)
HEADER: Final = ("soubor", "výsledek", "proč", "ID zprávy", "velikost (B)", "čas")


def rows_of(run: ImportRun) -> Iterator[tuple[str, ...]]:
    """The report as rows of a table, its header first; texts are safe to open in a spreadsheet."""
    yield HEADER
    for entry in queries.entries(run).iterator(chunk_size=2000):
        yield (
            harmless(entry.name),
            Outcome(entry.outcome).label,
            harmless(entry.reason),
            harmless(entry.dm_id),
            str(entry.size),
            entry.at.astimezone(PRAGUE).isoformat(" ", "seconds"),
        )


def line_of(pace: Pace) -> str:
    """``1 200 z 5 000 (24 %), 31 za sekundu, zbývá asi 2 min``."""
    told = f"{_spaced(pace.done)} z {_spaced(pace.total)} ({pace.percent} %)"
    if pace.per_second is None or pace.remaining is None:
        return told
    return f"{told}, {_speed(pace.per_second)}, zbývá asi {duration(pace.remaining)}"


def duration(span: timedelta) -> str:
    """Seconds below two minutes, minutes below two hours, then hours."""
    seconds = int(span.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{round(seconds / 60)} min" if seconds < 7200 else f"{round(seconds / 3600)} h"


def _speed(per_second: float) -> str:
    return f"{per_second:.0f} za sekundu" if per_second >= 1 else f"{per_second * 60:.0f} za minutu"


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")
