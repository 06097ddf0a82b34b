"""Who acts: a person in a role, or the product itself. Passed to every operation, never looked up inside one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Role(StrEnum):
    """User and administrator roles (NSESSS 7.1). A role is granted for one unit or for the whole organisation."""

    OFFICER = "officer"  # zpracovatel
    HEAD = "head"  # vedoucí, schvalovatel
    MAILROOM = "mailroom"  # podatelna a výpravna
    SECRETARIAT = "secretariat"  # sekretariát
    NODE_ADMINISTRATOR = "node_administrator"  # správce spisového uzlu
    RECORDS_KEEPER = "records_keeper"  # správce spisovny, posuzovatel skartační operace
    ADMINISTRATOR = "administrator"  # správce systému
    AUDITOR = "auditor"  # nahlíží do transakčního protokolu
    CENTRE_ADMINISTRATOR = "centre_administrator"  # správce krajského centra (organizace, provoz)


# Stands among codes of operations for seeing documents and files by a role.
SEEING = "records.see"


class LimitKind(StrEnum):
    """What an administrator's restriction is about (NSESSS 7.1.6)."""

    DOCUMENT = "document"
    FILE = "file"
    TYPED_FILE = "typed_file"
    SECTION = "section"
    COMPONENT = "component"
    CLASS = "class"
    FUNCTION = "function"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Limit:
    """One restriction that binds the actor today.

    ``about``: the id of the thing, the code of the class, or what is forbidden: the code of an operation, of a group of
    them (``records.file.*``), of all (``*``), or a page with those under it (``/hlaseni/``). ``hides``: not even read.
    """

    kind: LimitKind
    about: str = ""
    hides: bool = True

    def forbids(self, code: str) -> bool:
        """Whether a function is what this is about; ``code`` is an operation or a path of a page."""
        if self.kind is not LimitKind.FUNCTION:
            return False
        if code.startswith("/") or self.about.startswith("/"):
            return self.about.startswith("/") and code.startswith(self.about)
        return code == self.about or (self.about.endswith("*") and code.startswith(self.about[:-1]))


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held, for ``unit_id`` or (``None``) everywhere; ``on_behalf_of`` is the person substituted (zástup).

    Held through an own role of the organisation it may lack some operations of the role (``without``).
    """

    role: Role
    unit_id: int | None = None
    on_behalf_of: int | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting within one originator. ``person_ids``: whose work they may do (own and substituted)."""

    tenant_id: int
    name: str
    account_id: int | None = None
    person_id: int | None = None
    person_ids: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()  # units in which the actor (or the substituted person) has a position
    grants: frozenset[Grant] = frozenset()
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    ip: str = ""
    is_system: bool = False
    limits: frozenset[Limit] = frozenset()  # restrictions that bind today

    @classmethod
    def system(cls, tenant_id: int, name: str = "eGON Centrum") -> "Actor":
        """The product acting by itself (jobs, fiction of delivery, sealing)."""
        return cls(tenant_id=tenant_id, name=name, is_system=True)

    def doing(self, code: str) -> "Actor":
        """The actor with only those roles that include an operation; the same one when all of them do."""
        if all(code not in grant.without for grant in self.grants):
            return self
        return replace(self, grants=frozenset(grant for grant in self.grants if code not in grant.without))

    def limits_on(self, kind: LimitKind, *, hiding: bool = False) -> list[str]:
        """What the restrictions of one kind are about; with ``hiding`` only those that do not even let read."""
        return [one.about for one in self.limits if one.kind is kind and (one.hides or not hiding)]

    def is_forbidden(self, code: str) -> bool:
        """Whether a restriction forbids a function: the code of an operation, or the path of a page."""
        return any(one.forbids(code) for one in self.limits)

    def has(self, *roles: Role) -> bool:
        """Whether any of ``roles`` is held anywhere in the organisation."""
        return any(grant.role in roles for grant in self.grants)

    def has_in(self, unit_id: int | None, *roles: Role) -> bool:
        """Whether any of ``roles`` is held for this unit or for the whole organisation."""
        return any(g.role in roles and (g.unit_id is None or g.unit_id == unit_id) for g in self.grants)

    def units_with(self, *roles: Role) -> frozenset[int]:
        """Units for which one of ``roles`` is held explicitly (organisation-wide grants are not expanded)."""
        return frozenset(g.unit_id for g in self.grants if g.role in roles and g.unit_id is not None)

    def is_one_of(self, person_ids: Iterable[int | None]) -> bool:
        """Whether the actor is, or substitutes, one of these persons."""
        return any(person_id in self.person_ids for person_id in person_ids if person_id is not None)
