"""Rules of where the paper of a document is. Pure functions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of paper: a unit, a person, a storage place, a room or shelf; at least one of them."""

    unit_id: int | None = None
    person_id: int | None = None
    room: str = ""
    place_id: int | None = None


def obstacles_to_placing(
    spot: Spot, *, present: Spot | None, person_works_in_unit: bool, place_is_used: bool = True
) -> list[str]:
    """What speaks against recording that the paper is there now, all together. NSESSS 2.7.5."""
    obstacles = []
    if spot == Spot():
        obstacles.append("Napište, kde papír je: útvar, osobu, místo uložení, nebo místnost.")
    elif spot == present:
        obstacles.append("Papír je podle evidence už tam. Nic se nezměnilo.")
    if spot.unit_id and spot.person_id and not person_works_in_unit:
        obstacles.append("Vybraná osoba v tomto útvaru nepracuje. Vyberte jiný útvar, nebo útvar nechte prázdný.")
    if not place_is_used:
        obstacles.append("Vybrané místo uložení se dnes nepoužívá. Vyberte jiné.")
    return obstacles
