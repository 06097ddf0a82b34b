"""Rules of reminders (připomenutí dne). Pure functions."""

from datetime import date
from typing import Final

LONGEST_REMINDER: Final = 500
FARTHEST_YEARS: Final = 10
MOST_OPEN: Final = 1000
"""Reminders of one person that wait: more would be a mistake of a program, not work of a person."""


def faults_of_reminder(*, day: date, note: str, today: date, waiting: int = 0) -> list[str]:
    """Why there can be no such reminder, all of it."""
    faults = []
    if day < today:
        faults.append("Den připomenutí už minul. Vyberte dnešek nebo pozdější den.")
    if day.year > today.year + FARTHEST_YEARS:
        faults.append(f"Připomenout jde nejvýš {FARTHEST_YEARS} let dopředu.")
    if not note:
        faults.append("Napište, co se má připomenout.")
    if len(note) > LONGEST_REMINDER:
        faults.append(f"Poznámka může mít nejvýš {LONGEST_REMINDER} znaků, tato má {len(note)}.")
    if waiting >= MOST_OPEN:
        faults.append(f"Připomínek čeká už {waiting}, víc jich mít nejde. Nejdřív některé vyřiďte nebo smažte.")
    return faults
