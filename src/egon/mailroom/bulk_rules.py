"""Registering from a table: what its columns mean, and what is wrong with a line. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from egon.kernel.clock import PRAGUE
from egon.records.rules.labels import Labelled
from egon.records.rules.paper import MOST_SHEETS, PaperFacts, faults_of_paper

MOST_LINES: Final = 5000
LONGEST_SUBJECT: Final = 250
_FORMS: Final = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


class Founding(Labelled):
    """What to write down senders as whom the register does not know; one with an IČO is always a body."""

    NONE = "", "nezakládat, jejich řádky vynechat"
    LEGAL = "legal", "založit jako právnické osoby"
    NATURAL = "natural", "založit jako fyzické osoby, poslední slovo je příjmení"


class Column(Labelled):
    """What a column may hold."""

    SUBJECT = "subject", "věc"
    SENDER = "sender", "odesílatel"
    IC = "ic", "IČO odesílatele"
    BOX = "box", "schránka odesílatele"
    STREET = "street", "ulice odesílatele"
    HOUSE = "house_number", "číslo popisné odesílatele"
    CITY = "city", "obec odesílatele"
    POSTAL_CODE = "postal_code", "PSČ odesílatele"
    EMAIL = "email", "e-mail odesílatele"
    DELIVERED = "delivered", "doručeno"
    REFERENCE = "reference", "značka odesílatele"
    KIND = "kind", "druh dokumentu"
    UNIT = "unit", "předat útvaru (zkratka)"
    DEADLINE = "deadline", "termín"
    NOTE = "note", "poznámka"
    SHEETS = "sheets", "počet listů"
    ANNEXES = "annexes", "počet listinných příloh"
    BUNDLES = "bundles", "počet svazků"
    OTHER_ANNEXES = "other_annexes", "počet nelistinných příloh"
    OTHER_ANNEXES_NOTE = "other_annexes_note", "jaké nelistinné přílohy"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it reads; ``own`` are own metadata by the key of their field."""

    subject: str
    sender: str
    ic: str
    box: str
    delivered_at: datetime | None
    reference: str
    kind: str
    unit: str
    deadline: date | None
    note: str
    own: Mapping[str, str]
    contact: Mapping[str, str] = field(default_factory=dict)
    paper: PaperFacts | None = None

    @property
    def said(self) -> str:
        """What the sender is looked up by: IČO, otherwise the box, otherwise the whole name."""
        return self.ic or self.box or self.sender


COUNTED: Final = (Column.SHEETS, Column.ANNEXES, Column.BUNDLES, Column.OTHER_ANNEXES)
CONTACT: Final = (Column.STREET, Column.HOUSE, Column.CITY, Column.POSTAL_CODE, Column.EMAIL)


def new_sender(line: Line, founding: Founding) -> dict[str, Any]:
    """Facts of a sender whom the register does not know yet, as the register names them."""
    facts: dict[str, Any] = {"name": line.sender, "ic": line.ic, "databox_id": line.box} | dict(line.contact)
    if line.ic or founding is Founding.LEGAL:
        return facts | {"kind": "legal"}
    given, _, family = line.sender.rpartition(" ")
    return facts | {"kind": "natural", "given_name": given, "family_name": family}


KNOWN_AS: Final[Mapping[str, Column]] = {
    "předmět": Column.SUBJECT,
    "od koho": Column.SENDER,
    "ičo": Column.IC,
    "datová schránka": Column.BOX,
    "ulice": Column.STREET,
    "číslo popisné": Column.HOUSE,
    "obec": Column.CITY,
    "psč": Column.POSTAL_CODE,
    "e-mail": Column.EMAIL,
    "datum doručení": Column.DELIVERED,
    "druh": Column.KIND,
    "útvar": Column.UNIT,
    "listů": Column.SHEETS,
    "listinných příloh": Column.ANNEXES,
    "svazků": Column.BUNDLES,
}
"""Shorter names under which offices keep the same in their tables."""


def guess(header: Sequence[str], remembered: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """What each column means: as it was said last time, otherwise by its name; ``names`` are names of meanings."""
    by_name = {_plain(name): key for key, name in names.items()}
    found = []
    for column in header:
        meaning = remembered.get(column, by_name.get(_plain(column), KNOWN_AS.get(_plain(column), "")))
        found.append(meaning if meaning in names and meaning not in found else "")
    return found


def faults_of_mapping(meanings: Sequence[str]) -> list[str]:
    """What is missing or said twice."""
    faults = []
    if Column.SUBJECT not in meanings:
        faults.append("Vyberte, ve kterém sloupci je věc.")
    if Column.DELIVERED not in meanings:
        faults.append("Vyberte, ve kterém sloupci je datum doručení.")
    if not {Column.SENDER, Column.IC, Column.BOX} & set(meanings):
        faults.append("Vyberte sloupec s odesílatelem: název, IČO nebo schránku.")
    given = [meaning for meaning in meanings if meaning]
    if len(given) > len(set(given)):
        faults.append("Dva sloupce mají stejný význam. Každý význam může mít jen jeden.")
    return faults


def read_line(cells: Sequence[str], meanings: Sequence[str], *, own: str) -> tuple[Line, list[str]]:
    """The line and everything in it that cannot be read; meanings of own metadata begin with ``own``."""
    told = {meaning: cell.strip() for meaning, cell in zip(meanings, cells, strict=False) if meaning}
    faults: list[str] = []

    def of(column: Column) -> str:
        return told.get(column.value, "")

    delivered_at = _read(of(Column.DELIVERED), read_moment, "Doručeno", faults)
    deadline = _read(of(Column.DEADLINE), lambda text: read_moment(text).astimezone(PRAGUE).date(), "Termín", faults)
    line = Line(
        subject=of(Column.SUBJECT), sender=of(Column.SENDER), ic="".join(of(Column.IC).split()),
        box=of(Column.BOX), delivered_at=delivered_at, reference=of(Column.REFERENCE), kind=of(Column.KIND),
        unit=of(Column.UNIT), deadline=deadline, note=of(Column.NOTE),
        own={meaning.removeprefix(own): cell for meaning, cell in told.items() if meaning.startswith(own)},
        contact={column.value: of(column) for column in CONTACT if of(column)},
        paper=_paper(of, faults),
    )  # fmt: skip
    if not line.subject:
        faults.append("Chybí věc.")
    elif len(line.subject) > LONGEST_SUBJECT:
        faults.append(f"Věc má {len(line.subject)} znaků, nejvýše jich může být {LONGEST_SUBJECT}.")
    if not (line.sender or line.ic or line.box):
        faults.append("Chybí odesílatel.")
    if not of(Column.DELIVERED):
        faults.append("Chybí datum doručení.")
    return line, faults


def _paper(of: Callable[[Column], str], faults: list[str]) -> PaperFacts | None:
    """What the line says of paper; nothing or nought in all its columns says that there is none."""
    counts: dict[str, Any] = {column.value: _read_count(of(column), column, faults) for column in COUNTED}
    facts = PaperFacts(**counts, other_annexes_note=of(Column.OTHER_ANNEXES_NOTE))
    if facts.is_uncounted and not facts.other_annexes_note:
        return None
    faults += faults_of_paper(facts)
    return facts


def _read_count(text: str, column: Column, faults: list[str]) -> int:
    if not text:
        return 0
    if text.isdecimal() and text.isascii() and len(text) < 9 and int(text) <= MOST_SHEETS:
        return int(text)
    faults.append(f"{column.label.capitalize()}: „{text}“ není celé číslo od 0 do {MOST_SHEETS}.")
    return 0


def read_moment(text: str) -> datetime:
    """``24. 11. 2026``, ``24.11.2026 13:45`` or as computers write it, in Prague time. Raises ``ValueError``."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        joined = text.replace(". ", ".")
        for form in _FORMS:
            try:
                moment = datetime.strptime(joined, form)  # noqa: DTZ007 - the zone is given below
                break
            except ValueError:
                continue
        else:
            raise
    return moment if moment.tzinfo else moment.replace(tzinfo=PRAGUE)


def _read[T](text: str, reader: Callable[[str], T], name: str, faults: list[str]) -> T | None:
    if not text:
        return None
    try:
        return reader(text)
    except ValueError:
        faults.append(f"{name}: „{text}“ není datum. Napište ho například 24. 11. 2026 13:45.")
        return None


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
