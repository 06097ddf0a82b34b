"""Merging two records of the jmenný rejstřík: what points at one of them points at the other (NSESSS 2.8.14)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.parties import operations as parties
from egon.parties.models import Duplicate, Party
from egon.parties.operations import PartyDetails
from egon.parties.permissions import may_manage
from egon.records.operations.persons import join_values, part_values
from egon.records.party_links import LINKS

# Facts that make sense only together.
_GROUPS = (
    ("birth_date",),
    ("ic",),
    ("street", "house_number", "orientation_number", "city", "postal_code", "country"),
    ("databox_id",),
    ("email",),
    ("phone",),
)


@operation("records.party.merge", title="Převedení vazeb na ponechaný záznam", requires=may_manage)
def merge_parties(*, actor: Actor, duplicate: Duplicate, kept: Party, at: datetime) -> Duplicate:
    """Merge a pair: links of documents and files go to ``kept``, its empty facts are filled from the other record.

    Names and addresses on letters stay as they were written. Raises :class:`egon.parties.errors.NotMergeable`.
    """
    absorbed = parties.absorbed_by(duplicate, kept)
    duplicate = parties.record_merge(actor=actor, duplicate=duplicate, kept=kept, at=at)
    parties.stop_period(kept)
    moved = {name: _repoint(name, absorbed, kept) for name in LINKS}
    filled = _facts_to_fill(kept, absorbed)
    if filled:
        parties.edit_party(actor=actor, party=kept, details=replace(PartyDetails.of(kept), **filled))
    told = {name: str(value or "") for name, value in filled.items()}
    kept.refresh_from_db()
    parties.remember_moved(duplicate, {**moved, "facts": told, "own": join_values(kept, absorbed)})
    parties.note_likenesses(kept, at=at)
    note(links=sum(map(len, moved.values())))
    return duplicate


@operation("records.party.unmerge", title="Vrácení vazeb sloučeného záznamu", requires=may_manage)
def undo_merge(*, actor: Actor, duplicate: Duplicate, at: datetime) -> Duplicate:
    """Take a merge back: the links it moved return, as far as they still point at the kept record, and so do facts."""
    kept, absorbed = parties.sides_of(duplicate)
    duplicate = parties.record_unmerge(actor=actor, duplicate=duplicate, at=at)
    moved = dict(duplicate.moved)
    _take_facts_back(actor, kept, moved.pop("facts", {}))
    part_values(Party.objects.get(pk=kept.pk), moved.pop("own", {}))
    returned = 0
    for name, keys in moved.items():
        model, field = LINKS[name]
        returned += model.objects.filter(pk__in=keys, **{field: kept}).update(**{field: absorbed})
    parties.remember_moved(duplicate, {})
    note(links=returned)
    return duplicate


def _repoint(name: str, absorbed: Party, kept: Party) -> list[int]:
    model, field = LINKS[name]
    keys = list(model.objects.filter(**{field: absorbed}).values_list("pk", flat=True))
    model.objects.filter(pk__in=keys).update(**{field: kept})
    return keys


def _facts_to_fill(kept: Party, absorbed: Party) -> dict[str, Any]:
    """What only the absorbed record knows; a person and a company tell different things, so nothing then."""
    if kept.kind != absorbed.kind:
        return {}
    filled: dict[str, Any] = {}
    for group in _GROUPS:
        known = [name for name in group if name != "country"]
        if any(getattr(absorbed, name) for name in known) and not any(getattr(kept, name) for name in known):
            filled |= {name: getattr(absorbed, name) for name in group}
    return filled


def _take_facts_back(actor: Actor, kept: Party, filled: dict[str, Any]) -> None:
    details = PartyDetails.of(Party.objects.get(pk=kept.pk))
    same = [name for name, value in filled.items() if str(getattr(details, name) or "") == value and name != "country"]
    if same:
        empty: dict[str, Any] = {name: None if name == "birth_date" else "" for name in same}
        parties.edit_party(actor=actor, party=kept, details=replace(details, **empty))
