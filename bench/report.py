"""What was measured, as one table on the screen and in ``docs/benchmarks.md``."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LARGE = 5_000_000  # documents, from which the figures stand in a table of their own


def _marks(documents: int) -> tuple[str, str]:
    of_what = "measured on large data" if documents >= LARGE else "measured"
    return f"<!-- {of_what}: begin -->", f"<!-- {of_what}: end -->"


@dataclass(frozen=True)
class Row:
    """One figure: what, how much, what was wanted, and whether it was reached (None: no target)."""

    what: str
    value: str
    target: str = ""
    reached: bool | None = None

    @property
    def verdict(self) -> str:
        """In Czech, for the table."""
        return {None: "", True: "splněno", False: "nesplněno"}[self.reached]


def as_table(rows: Sequence[Row]) -> str:
    """A Markdown table, aligned so that it reads well on a screen too."""
    cells = [("Co", "Naměřeno", "Cíl", ""), *((row.what, row.value, row.target, row.verdict) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write(page: Path, rows: Sequence[Row], *, documents: int, setting: str, at: datetime) -> None:
    """Put the table between the marks of the page for so many documents; the rest of the page stays."""
    begin, end = _marks(documents)
    section = f"{begin}\n\n{at:%d. %m. %Y}, {machine()}. {setting}\n\n{as_table(rows)}\n\n{end}"
    text = page.read_text(encoding="utf-8") if page.exists() else f"{begin}\n{end}\n"
    before, _, rest = text.partition(begin)
    page.write_text(before + section + rest.partition(end)[2], encoding="utf-8")


def machine() -> str:
    """What it ran on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} jádra {platform.machine()}, Python {platform.python_version()}, vestavěný PostgreSQL 18"
