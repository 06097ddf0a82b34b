"""Rules of places where paper is kept. Pure functions."""

from datetime import date
from typing import Final

LONGEST_PLACE: Final = 120
LONGEST_NOTE: Final = 1000
LONGEST_VOLUME_NOTE: Final = 250

type Place = tuple[int, date, date | None]
"""Its key, the first and the last day of its use."""


def faults_of_place(*, name: str, name_is_taken: bool, valid_from: date, valid_to: date | None) -> list[str]:
    """What is wrong with a place, all of it, in Czech."""
    faults = []
    if not name:
        faults.append("Vyplňte název místa.")
    if len(name) > LONGEST_PLACE:
        faults.append(f"Název místa může mít nejvýš {LONGEST_PLACE} znaků.")
    if name_is_taken:
        faults.append(f"Místo „{name}“ už v číselníku je.")
    if valid_to is not None and valid_to < valid_from:
        faults.append("Poslední den používání je před prvním.")
    return faults


def obstacles_to_storing(*, place: Place | None, present: tuple[int, str] | None, detail: str, on: date) -> list[str]:
    """What speaks against recording that paper lies there, all of it. NSESSS 5.2.6 j, 7.3.4."""
    if place is None:
        obstacles = ["Bez místa uložení nejde zapsat regál ani krabici. Vyberte místo."] if detail else []
        if not detail and present is None:
            obstacles.append("Žádné místo uložení zapsané není, nic se nezměnilo. Vyberte místo.")
        return obstacles
    key, valid_from, valid_to = place
    obstacles = []
    if present == (key, detail):
        obstacles.append("Listinná část podle evidence leží už tam, nic se nezměnilo.")
    if on < valid_from or (valid_to is not None and valid_to < on):
        obstacles.append("Toto místo se dnes nepoužívá. Vyberte jiné.")
    return obstacles
