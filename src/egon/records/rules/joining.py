"""Fixed cross-references: which files may be joined, and into which class they go together (NSESSS 4.1.2 to 4.1.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from egon.records.rules.labels import Labelled


class JoinedInto(Labelled):
    """Whose class joined files go into (NSESSS 4.1.5)."""

    FIRST = "first", "nejdříve založeného spisu"
    LAST = "last", "nejpozději založeného spisu"


@dataclass(frozen=True, slots=True)
class FileToJoin:
    """What the rules need to know of a file."""

    pk: int
    file_mark: str
    opened_on: date
    is_closed: bool
    awaits_event: bool = False
    in_volume: bool = False


def obstacles_to_joining(first: Sequence[FileToJoin], second: Sequence[FileToJoin]) -> list[str]:
    """Why two files, each with those already joined to it, cannot be joined; all reasons at once (NSESSS 4.1.2)."""
    if {one.pk for one in first} & {one.pk for one in second}:
        return ["Tyto spisy už pevně spojené jsou."]
    found: list[str] = []
    both = [*first, *second]
    found.extend(
        f"Spis {one.file_mark} je v typovém spisu, pevný odkaz na něj vytvořit nejde (NSESSS 4.1.3)."
        for one in both
        if one.in_volume
    )
    still_open = [one.file_mark for one in both if not one.is_closed]
    if len(still_open) > 1:
        found.append(
            f"Ze spojených spisů smí být otevřený nejvýše jeden, otevřené jsou: {', '.join(still_open)}. "
            "Nejdřív jeden z nich uzavřete (NSESSS 4.1.2)."
        )
    found.extend(
        f"Uzavřený spis {one.file_mark} má nevyřešený konflikt skartačních režimů, čeká se na událost (NSESSS 4.1.2)."
        for one in both
        if one.is_closed and one.awaits_event
    )
    return found


def leading(files: Sequence[FileToJoin], joined_into: JoinedInto) -> FileToJoin:
    """The file into whose class the others go."""
    order = sorted(files, key=lambda one: (one.opened_on, one.pk))
    return order[0] if joined_into is JoinedInto.FIRST else order[-1]
