"""Codes for the database with Czech words for people."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A code stored in the database, and its Czech ``label``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


def choices(codes: type[Labelled]) -> list[tuple[str, str]]:
    """Pairs (code, label) for a form or a column."""
    return [(code.value, code.label) for code in codes]
