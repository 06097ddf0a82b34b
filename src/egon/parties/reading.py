"""Readings of personal data, each of which leaves a record (NSESSS 2.8; GDPR art. 5)."""

from collections.abc import Sequence

from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.parties import permissions
from egon.parties.models import Party


@operation("parties.party.read", title="Nahlédnutí do jmenného rejstříku", requires=permissions.may_read, reads=True)
def note_reading(*, actor: Actor, party: Party) -> None:
    """The actor looked at a natural person."""


@operation("parties.party.find", title="Vyhledání ve jmenném rejstříku", requires=permissions.may_read, reads=True)
def note_listing(*, actor: Actor, text: str, page: int, shown: Sequence[Party]) -> None:
    """The actor was shown a list with natural persons; each of them is a subject of the record."""
