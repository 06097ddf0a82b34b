"""Check-out of components: which may be taken, and what a check-in must bring."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from egon.records.rules.components import KEPT_AS_THEY_ARE, ComponentRole

LONGEST_COMMENT = 250


def may_be_taken(role: ComponentRole, *, is_written: bool) -> bool:
    """Whether a component of a draft can be checked out: not evidence of delivery, nor a letter written in the page."""
    return role not in KEPT_AS_THEY_ARE and not is_written


def obstacles_to_check_in(*, component: str, uploaded: str, changes: str, unchanged: bool) -> list[str]:
    """All that is wrong with a check-in; ``component`` and ``uploaded`` are file names."""
    obstacles = []
    if suffix_of(uploaded) != suffix_of(component):
        obstacles.append(
            f"Soubor „{uploaded}“ má jinou příponu než „{component}“. Uložte ho ve stejném formátu, "
            "nebo ho přidejte jako novou přílohu."
        )
    if not changes.strip():
        obstacles.append("Napište, co se změnilo.")
    elif len(changes.strip()) > LONGEST_COMMENT:
        obstacles.append(f"Popis změny má nejvýš {LONGEST_COMMENT} znaků.")
    if unchanged:
        obstacles.append("Obsah je stejný jako dosavadní verze. Vyberte upravený soubor, nebo úpravy zrušte.")
    return obstacles


def obstacles_while_taken(taken: Iterable[tuple[str, str]]) -> list[str]:
    """What stands in the way of steps that freeze a draft; pairs of a component's name and who edits it."""
    return [f"Soubor „{name}“ právě upravuje {person}. Úpravy je třeba uložit, nebo zrušit." for name, person in taken]


def suffix_of(name: str) -> str:
    """The extension in lower case, with its dot; empty without any."""
    return PurePosixPath(name).suffix.lower()
