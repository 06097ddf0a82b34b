"""Own metadata of persons of the jmenný rejstřík (NSESSS 9.1.1)."""

from collections.abc import Mapping
from typing import Any

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.parties import operations as parties
from egon.parties.models import Party
from egon.parties.permissions import may_edit
from egon.records import own_metadata
from egon.records.locking import require_seen
from egon.records.rules.own_metadata import OwnEntity


@operation("records.party.describe", title="Úprava vlastních údajů osoby", requires=may_edit, unlogged=("own", "seen"))
def describe_party(
    *, actor: Actor, party: Party, own: Mapping[str, Any] | None, seen: Mapping[str, Any] | None = None
) -> Party:
    """Change what an organisation records of a person beyond příloha 8; the person is found by it, too.

    ``seen`` are columns as the writer saw them. Raises :class:`egon.parties.errors.PartyRefused` for a merged record,
    :class:`Conflict`, :class:`InvalidInput` with every fault.
    """
    party = parties.lock_party(party)
    require_seen(party, seen)
    values = own_metadata.accepted(OwnEntity.PARTY, own, present=party.own_values, refusal="Údaje osoby se neuložily.")
    own_metadata.keep(party, values)
    parties.renew_words(party)
    return party


def join_values(kept: Party, absorbed: Party) -> dict[str, str]:
    """Fill what the kept record of a merged pair does not tell; returns only what was filled, by the field's key.

    What both tell differently stays as the kept one has it; the log tells what the other one had.
    """
    beaten = {key: value for key, value in absorbed.own_values.items() if kept.own_values.get(key, value) != value}
    if beaten:
        note(own_metadata_beaten=dict(own_metadata.shown(beaten)))
    filled = {key: value for key, value in absorbed.own_values.items() if key not in kept.own_values}
    _give(kept, kept.own_values | filled)
    return filled


def part_values(kept: Party, filled: Mapping[str, str]) -> None:
    """Take back what a merge filled and nobody changed since."""
    _give(kept, {key: value for key, value in kept.own_values.items() if filled.get(key) != value})


def _give(party: Party, values: dict[str, str]) -> None:
    if values != party.own_values:
        own_metadata.keep(party, values)
        parties.renew_words(party)
