"""A filing plan as a table (CSV): what people keep their plan in, and the plans to start from.

Columns: ``spisový znak``, ``obsah``, ``skartační znak``, ``lhůta``, and optionally ``spouštěcí událost``,
``kontrola``, ``čj. ze spisu``, ``typové spisy``, ``součást``, ``období dílu``, ``trvalý souhlas``, ``poznámka``. A row
with ``součást`` is a section of the template of the class for typed files above it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final

from egon.gateways.nsesss import ClassData, PlanData, PlanUnreadable, RegimeData
from egon.kernel.cells import harmless
from egon.kernel.czech import sort_key, without_diacritics
from egon.records.rules.plan import Separator, parent_code

COLUMNS: Final = {
    "code": "spisový znak",
    "name": "obsah",
    "mark": "skartační znak",
    "years": "lhůta",
    "trigger": "spouštěcí událost",
    "check": "kontrola",
    "by_file": "čj. ze spisu",
    "typed": "typové spisy",
    "section": "součást",
    "period": "období dílu",
    "consent": "trvalý souhlas",
    "note": "poznámka",
}
_NEEDED: Final = ("code", "name", "mark", "years")
_YES: Final = {"ano", "a", "1", "x", "yes"}


def read_table(content: bytes, *, name: str, separator: str | None = None) -> PlanData:
    """The plan in a CSV file (UTF-8 or Windows-1250; comma, semicolon or tab), its classes in the order of codes.

    Without a ``separator`` it is told by the codes. Raises :class:`PlanUnreadable` with every fault and its line.
    """
    rows = list(_rows(_decoded(content)))
    used = separator or _separator_of([row["code"] for _, row in rows])
    rows.sort(key=lambda row: sort_key(row[1]["code"]))
    positions: dict[str, int] = {}
    classes: list[ClassData] = []
    faults: list[str] = []
    for line, row in rows:
        above = parent_code(row["code"], used)
        if above and above not in positions:
            faults.append(f"řádek {line}: nad znakem „{row['code']}“ chybí skupina „{above}“.")
        classes.append(_class(line, row, positions.get(above) if above else None, faults))
        positions.setdefault(row["code"], len(classes) - 1)
    if not classes:
        faults.append("V tabulce není žádná věcná skupina.")
    if faults:
        raise PlanUnreadable(faults)
    return PlanData(name=name, separator=used, classes=classes)


def write_table(plan: PlanData) -> bytes:
    """The plan as CSV in UTF-8 with semicolons and a byte order mark, as spreadsheets open it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS.values())
    for one in plan.classes:
        regime = one.regime
        writer.writerow(
            [
                one.code,
                harmless(one.name),
                regime.mark if regime else "",
                regime.years if regime else "",
                harmless(regime.trigger) if regime else "",
                regime.check_years or "" if regime else "",
                "ano" if one.numbers_by_file else "",
                "ano" if one.for_typed_files else "",
                "ano" if one.is_section else "",
                one.period,
                "ano" if one.standing_consent else "",
                harmless(one.note),
            ]
        )
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Lines with their numbers, keyed by our names of columns; empty ones are left out."""
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    columns = _columns(next(lines, []))
    for cells in lines:
        row = {key: cells[at].strip() if at < len(cells) else "" for key, at in columns.items()}
        if any(row.values()):
            yield lines.line_num, {**dict.fromkeys(COLUMNS, ""), **row}


def _columns(header: list[str]) -> dict[str, int]:
    written = {_plain(cell): position for position, cell in enumerate(header)}
    found = {key: written[_plain(title)] for key, title in COLUMNS.items() if _plain(title) in written}
    missing = [COLUMNS[key] for key in _NEEDED if key not in found]
    if missing:
        raise PlanUnreadable([f"V prvním řádku tabulky chybí sloupce: {', '.join(missing)}."])
    return found


def _class(line: int, row: Mapping[str, str], parent: int | None, faults: list[str]) -> ClassData:
    return ClassData(
        code=row["code"],
        name=row["name"],
        note=row["note"],
        parent=parent,
        regime=_regime(line, row, faults),
        for_typed_files=_yes(row["typed"]),
        is_section=_yes(row["section"]),
        period=row["period"],
        numbers_by_file=_yes(row["by_file"]),
        standing_consent=_yes(row["consent"]),
        where=f"řádek {line} ({row['code']})",
    )


def _regime(line: int, row: Mapping[str, str], faults: list[str]) -> RegimeData | None:
    if not row["mark"] and not row["years"]:
        return None
    for key in ("years", "check"):
        if (key == "years" or row[key]) and not row[key].isdecimal():
            faults.append(f"řádek {line}: {COLUMNS[key]} „{row[key]}“ není počet let.")
            return None
    check = int(row["check"]) if row["check"] else None
    return RegimeData(row["mark"].upper(), int(row["years"]), row["trigger"], check)


def _separator_of(codes: list[str]) -> str:
    return max(Separator, key=lambda separator: sum(separator.value in code for code in codes)).value


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1250", errors="replace")


def _yes(cell: str) -> bool:
    return cell.casefold() in _YES


def _plain(title: str) -> str:
    return "".join(c for c in without_diacritics(title).casefold() if c.isalnum())
