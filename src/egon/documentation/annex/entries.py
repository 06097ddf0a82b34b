"""What a row of the annex is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

Value = str | int | bool | date | datetime | Sequence[str] | None

SIGNATURES: Final = "zajišťovací prvky se zatím neověřují (NSESSS 2.6)"
ARCHIVE: Final = "přijde s výběrem archiválií (NSESSS 6.2)"
TRANSFER: Final = "přijde s přenosem a předáním do archivu (NSESSS 6.3)"
SEPARATE: Final = "přijde s rozhraním pro samostatné evidence dokumentů (NSESSS 8.1)"
TYPED_END: Final = "typové spisy a součásti zatím nezanikají (NSESSS 6.3)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of metadata of an entity.

    ``label`` is how its row in the annex begins, ``shown`` how a page calls it. ``read`` gives the value, empty when
    the entity has none; without it ``later`` says in Czech why it is not kept yet. ``in_header``: it survives the
    destruction.
    ``listed``: it names other entities, which a page shows by what its reader may see, never by this value.
    """

    label: str
    shown: str
    read: Callable[[Any], Value] | None = None
    later: str = ""
    in_header: bool = False
    listed: bool = False


def stored(
    label: str, read: Callable[[Any], Value], *, shown: str = "", header: bool = False, listed: bool = False
) -> Entry:
    """A row whose value is kept here."""
    return Entry(label, shown or label, read, in_header=header, listed=listed)


def coming(label: str, why: str, *, header: bool = False) -> Entry:
    """A row that is not kept yet."""
    return Entry(label, label, later=why, in_header=header)


def known_of(entries: Sequence[Entry], entity: Any) -> list[tuple[str, Value]]:
    """Names and values of what is known of an entity, in the order of the annex, without what is listed elsewhere."""
    found = [(entry.shown, entry.read(entity)) for entry in entries if entry.read is not None and not entry.listed]
    return [(name, value) for name, value in found if value is not None and value != "" and value != []]
