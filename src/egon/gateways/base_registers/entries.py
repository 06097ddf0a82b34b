"""What is asked of the base registers and what they answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol, Self

KINDS: Final = ("natural", "entrepreneur", "legal", "authority")


class Register(StrEnum):
    """Which register: of inhabitants, or of persons (companies, entrepreneurs, authorities)."""

    ROB = "rob"
    ROS = "ros"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Exact facts of the one who is looked for; empty fields do not restrict (NSESSS 2.8.8)."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    street: str = ""
    house_number: str = ""
    orientation_number: str = ""
    city: str = ""
    postal_code: str = ""
    ic: str = ""
    name: str = ""
    legal_form: str = ""

    @property
    def given(self) -> dict[str, Any]:
        """Only what is known."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a register. ``reference`` names it for later readings (ROB: the agenda identifier, ROS: the IČO).

    ``kind`` is one of :data:`KINDS`.
    """

    register: Register
    reference: str
    kind: str
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    ic: str = ""
    legal_form: str = ""
    street: str = ""
    house_number: str = ""
    orientation_number: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = "CZ"
    databox_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the wire; dates by ISO 8601."""
        return asdict(self) | {"birth_date": self.birth_date.isoformat() if self.birth_date else None}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """From the wire; fields not known here are passed over. Raises ``KeyError``, ``ValueError``, ``TypeError``."""
        known = {field.name: told[field.name] for field in fields(cls) if told.get(field.name)}
        if birth := known.pop("birth_date", None):
            known["birth_date"] = date.fromisoformat(birth)
        if told["kind"] not in KINDS:
            raise ValueError(f"kind {told['kind']!r}")
        return cls(**known | {"register": Register(told["register"])})


@dataclass(frozen=True, slots=True)
class Changes:
    """References of entries that changed since a marker, and the marker to ask with next time."""

    references: tuple[tuple[Register, str], ...]
    marker: str


class BaseRegisters(Protocol):
    """The port. All methods may raise ``GatewayError``; none of them may be called inside a transaction."""

    def find(self, register: Register, query: Query) -> tuple[Entry, ...]:
        """Entries with exactly these facts; an empty result is not an error."""

    def read(self, register: Register, reference: str) -> Entry | None:
        """The present entry; ``None`` when the register has it no more."""

    def changes(self, since: str) -> Changes:
        """The notification service: what changed since the marker; an empty one asks for the present marker only."""
