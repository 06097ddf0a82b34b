"""How numbers given to records are written (vyhláška 259/2012 § 11 odst. 2; NSESSS 2.7.1, 2.7.4, 3.2.2)."""

import re
import string
from enum import Enum

_FIELDS = {"code", "number", "year", "unit"}
_SPACES = re.compile(r"\s+")


class NumberFrom(Enum):
    """Where a reference number comes from."""

    KEPT = "kept"
    FILE = "file"
    SERIES = "series"


def write_number(pattern: str, *, code: str, number: int, year: int | str, unit: str = "") -> str:
    """Fill a pattern such as ``{code} {number}/{year} {unit}``: ``KSA 123/2026 OD``. A missing unit leaves no gap.

    ``year`` is the calendar year, or the label of the period the administrator set (2.7.2).
    """
    written = pattern.format(code=code, number=number, year=year, unit=unit)
    return _SPACES.sub(" ", written).strip(" -/.")


def write_number_in_file(file_mark: str, order: int) -> str:
    """A reference number derived from the file mark: ``S-KSA 45/2026-3`` (NSESSS 2.7.4 písm. b)."""
    return f"{file_mark}-{order}"


def numbering_after_move(*, numbered_by_file: bool, file_numbers: bool) -> NumberFrom:
    """Where the number of a document put into a file comes from (NSESSS 3.4.7).

    A file that numbers gives each document a number of its own. Elsewhere the document keeps what it has, unless that
    number speaks of a file which the document has left.
    """
    if file_numbers:
        return NumberFrom.FILE
    return NumberFrom.SERIES if numbered_by_file else NumberFrom.KEPT


def faults_of_pattern(pattern: str) -> list[str]:
    """What makes a pattern unusable, in Czech; a number must carry the originator, the order and the year."""
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
        for year in (2026, "2026/27"):
            pattern.format(code="X", number=1, year=year, unit="Y")
    except (ValueError, KeyError, IndexError, AttributeError):
        return ["Tvar čísla nejde přečíst. Použijte jen {code}, {number}, {year} a {unit}."]
    faults = []
    if unknown := fields - _FIELDS:
        faults.append(f"Tvar čísla obsahuje neznámé údaje: {', '.join(sorted(unknown))}.")
    faults.extend(f"V tvaru čísla chybí {{{name}}}." for name in ("code", "number", "year") if name not in fields)
    return faults
