"""Kinds of documents (druhy dokumentů) as a code list: what makes one wrong, and when one may be given (NSESSS 4.2)."""

from datetime import date

LONGEST_NAME = 120


def faults_of_kind(*, name: str, name_is_taken: bool, valid_from: date, valid_to: date | None) -> list[str]:
    """Everything that keeps a kind from being saved."""
    faults = []
    if not name.strip():
        faults.append("Vyplňte název druhu.")
    elif len(name.strip()) > LONGEST_NAME:
        faults.append(f"Název má víc než {LONGEST_NAME} znaků.")
    if name_is_taken:
        faults.append(f"Druh „{name.strip()}“ už v číselníku je. Zvolte jiný název, nebo upravte ten, který tu je.")
    if valid_to is not None and valid_to < valid_from:
        faults.append("Poslední den používání je před prvním. Opravte jedno z dat.")
    return faults


def is_in_use(valid_from: date, valid_to: date | None, *, on: date) -> bool:
    """Whether a kind may be given to a document on a day."""
    return valid_from <= on and (valid_to is None or on <= valid_to)
