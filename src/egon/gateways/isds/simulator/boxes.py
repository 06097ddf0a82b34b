"""Boxes and their users: identifiers, names and addresses the way ISDS composes them."""

import secrets
from dataclasses import dataclass, field
from typing import Final

from egon.gateways.isds.codes import BoxType

ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 characters of a box identifier: no ``l``, ``o``, ``0``, ``1`` (manual 2.67, 1.3.3)."""

READ_NON_PERSONAL: Final = 1
READ_ALL: Final = 2
CREATE_MESSAGES: Final = 4
VIEW_INFO: Final = 8
SEARCH_BOXES: Final = 16
ADMINISTER: Final = 32
ERASE_VAULT: Final = 128
EVERY_PRIVILEGE: Final = 255
VIRTUAL_PRIVILEGES: Final = 159
"""What an application with a system certificate may do, always."""

PRIMARY_USER_TYPES: Final = frozenset({"PRIMARY_USER", "LIQUIDATOR", "RECEIVER", "GUARDIAN"})
USER_TYPES: Final = PRIMARY_USER_TYPES | {"ENTRUSTED_USER", "ADMINISTRATOR", "OFFICIAL", "OFFICIAL_CERT"}


def check_character(first_six: str) -> str:
    """The seventh character of a box identifier (Luhn modulo 32; ``aydaad`` gives ``k``)."""
    total = 0
    for position, character in enumerate(first_six):
        value = ALPHABET.index(character) * (2 if position % 2 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def is_box_id(text: str) -> bool:
    """Seven characters of the alphabet with a right check character."""
    return len(text) == 7 and all(c in ALPHABET for c in text) and check_character(text[:6]) == text[6]


def new_box_id() -> str:
    """A random valid identifier."""
    first_six = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return first_six + check_character(first_six)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Address of a box owner, as in ``gAddressExt2``."""

    code: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    number_in_street: str = ""
    number_in_municipality: str = ""
    zip_code: str = ""
    state: str = "CZ"

    def in_one_line(self) -> str:
        """``Vycházková 1396/26, 66451 Šlapanice, CZ``; at most 100 characters, which is what an envelope carries."""
        number = "/".join(part for part in (self.number_in_municipality, self.number_in_street) if part)
        place = " ".join(part for part in (self.street, number) if part)
        town = " ".join(part for part in (self.zip_code, self.city) if part)
        if not (place or town):
            return ""
        return ", ".join(part for part in (place, town, self.state) if part)[:100]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A data box and its owner. ``type`` is the number of the type, ``state`` that of ``dbState``."""

    id: str
    type: int
    name: str = ""
    given_names: str = ""
    last_name: str = ""
    ic: str = ""
    id_ovm: str = ""
    birth_date: str = ""
    address: Address = field(default_factory=Address)
    state: int = 1
    open_addressing: bool = False
    """Whether it takes commercial messages (poštovní datové zprávy)."""
    commercial_sender: bool = False
    """Whether it may send commercial messages."""
    upper_id: str = ""

    @property
    def type_name(self) -> str:
        return str(BoxType.of(self.type))

    @property
    def is_public_authority(self) -> bool:
        return BoxType.of(self.type).is_public_authority

    @property
    def is_natural_person(self) -> bool:
        return self.type == 40

    @property
    def full_name(self) -> str:
        """Name as it stands on an envelope, at most 100 characters: person, ``person - firm``, or firm."""
        person = " ".join(part for part in (self.given_names, self.last_name) if part)
        return " - ".join(part for part in (person, self.name) if part)[:100]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who may log in to one box."""

    login: str
    box_id: str
    isds_id: str
    given_names: str = ""
    last_name: str = ""
    type: str = "PRIMARY_USER"
    privileges: int = EVERY_PRIVILEGE
    birth_date: str = ""
    by_certificate: bool = False
    """An application that came with a system certificate or as a hosted records service, not a person."""

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_names, self.last_name) if part) or self.login

    @property
    def is_primary(self) -> bool:
        return self.type in PRIMARY_USER_TYPES

    def may(self, privilege: int) -> bool:
        return bool(self.privileges & privilege)

    def may_read(self, *, personal: bool) -> bool:
        """Messages into one's own hands need ``PRIVIL_READ_ALL``, others either of the two reading rights."""
        return self.may(READ_ALL) or (not personal and self.may(READ_NON_PERSONAL))
