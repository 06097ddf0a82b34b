"""Two records of one person: found by themselves, marked by a person, merged, or kept apart (NSESSS 2.8.14)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from egon.audit.log import note
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.parties import permissions, queries, rules
from egon.parties.errors import NotMergeable
from egon.parties.models import Duplicate, DuplicateState, Party

MARKED = "označeno ručně"


def note_likenesses(party: Party, *, at: datetime) -> None:
    """Remember whom a record just written resembles; part of the operation that wrote it."""
    for other in queries.resembling(party):
        _remember(party, other, rules.why_the_same(queries.facts_of(party), queries.facts_of(other)), at)


@operation("parties.duplicate.find", title="Hledání vícečetných záznamů", requires=only_system)
def find_duplicates(*, actor: Actor, at: datetime) -> int:
    """Look through the whole register for records of one person; returns how many new pairs were found.

    What was decided before is not asked again.
    """
    found = 0
    for group in queries.groups_of_resembling():
        facts = [queries.facts_of(party) for party in group]
        for position, party in enumerate(group):
            # The first older one is enough: who decides about it sees the others on the pages of both.
            for older in range(position):
                if reasons := rules.why_the_same(facts[older], facts[position]):
                    found += _remember(group[older], party, reasons, at)
                    break
    note(total=found)
    return found


@operation("parties.duplicate.suspect", title="Označení vícečetného záznamu", requires=permissions.may_manage)
def suspect_duplicate(*, actor: Actor, party: Party, other: Party, at: datetime) -> Duplicate:
    """Mark by hand two records that are of one person; also a pair once kept apart. Raises :class:`NotMergeable`."""
    if party.pk == other.pk:
        raise NotMergeable(["Vyberte jiný záznam, tohle je tentýž."])
    _require_present(party, other)
    older, newer = sorted((party, other), key=lambda one: one.pk)
    pair, created = Duplicate.objects.get_or_create(
        party=older, other=newer, defaults={"reason": MARKED, "found_at": at, "found_by": actor.name[:200]}
    )
    if not created and pair.state == DuplicateState.APART:
        _decide(pair, DuplicateState.OPEN, actor, at)
    return pair


@operation("parties.duplicate.apart", title="Rozhodnutí, že jde o různé osoby", requires=permissions.may_manage)
def keep_apart(*, actor: Actor, duplicate: Duplicate, at: datetime) -> Duplicate:
    """Two records are of different persons; the pair is not offered again. Raises :class:`NotMergeable`."""
    duplicate = _lock(duplicate, DuplicateState.OPEN)
    _decide(duplicate, DuplicateState.APART, actor, at)
    return duplicate


@operation("parties.duplicate.merge", title="Sloučení záznamů jmenného rejstříku", requires=permissions.may_manage)
def record_merge(*, actor: Actor, duplicate: Duplicate, kept: Party, at: datetime) -> Duplicate:
    """The other record of the pair ends in ``kept``; records, which has the links, calls this before it moves them.

    The merged record stays with its history, but is offered nowhere. Raises :class:`NotMergeable`.
    """
    duplicate = _lock(duplicate, DuplicateState.OPEN)
    absorbed = absorbed_by(duplicate, kept)
    _require_present(kept, absorbed)
    Party.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    _decide(duplicate, DuplicateState.MERGED, actor, at)
    return duplicate


@operation("parties.duplicate.unmerge", title="Vrácení sloučení záznamů", requires=permissions.may_manage)
def record_unmerge(*, actor: Actor, duplicate: Duplicate, at: datetime) -> Duplicate:
    """A merge was a mistake: the merged record is offered again; records gives it its links back.

    Raises :class:`NotMergeable` also when the kept record was merged further: its links went on with it.
    """
    duplicate = _lock(duplicate, DuplicateState.MERGED)
    kept, absorbed = sides_of(duplicate)
    if kept.merged_into is not None:
        raise NotMergeable([f"Záznam {kept} je sám sloučený do {kept.merged_into}. Nejdřív vraťte to sloučení."])
    Party.objects.filter(pk=absorbed.pk).update(merged_into=None)
    _decide(duplicate, DuplicateState.OPEN, actor, at)
    return duplicate


def remember_moved(duplicate: Duplicate, moved: Mapping[str, Any]) -> None:
    """Keep what a merge changed, to be able to take it back; part of the operation that merges."""
    duplicate.moved = dict(moved)
    duplicate.save(update_fields=["moved"])


def sides_of(duplicate: Duplicate) -> tuple[Party, Party]:
    """The kept and the absorbed record of a merged pair."""
    if duplicate.party.merged_into_id == duplicate.other_id:
        return duplicate.other, duplicate.party
    return duplicate.party, duplicate.other


def absorbed_by(duplicate: Duplicate, kept: Party) -> Party:
    """The record of the pair that is not kept. Raises :class:`NotMergeable` when ``kept`` is not of the pair."""
    pair = {duplicate.party_id: duplicate.other, duplicate.other_id: duplicate.party}
    if kept.pk not in pair:
        raise NotMergeable(["Vyberte, který ze dvou záznamů má zůstat."])
    absorbed: Party = pair[kept.pk]
    return absorbed


def _remember(one: Party, other: Party, reasons: list[str], at: datetime) -> bool:
    if not reasons:
        return False
    older, newer = sorted((one, other), key=lambda party: party.pk)
    told = {"reason": ", ".join(reasons)[:250], "found_at": at}
    _, created = Duplicate.objects.get_or_create(party=older, other=newer, defaults=told)
    return created


def _lock(duplicate: Duplicate, expected: DuplicateState) -> Duplicate:
    row = Duplicate.objects.select_for_update(of=("self",)).select_related("party", "other").get(pk=duplicate.pk)
    if row.state != expected:
        decided = f" Rozhodl(a) {row.decided_by}." if row.decided_by else ""
        raise NotMergeable([f"O dvojici už je rozhodnuto: {row.get_state_display()}.{decided} Nic se nezměnilo."])
    return row


def _require_present(*parties: Party) -> None:
    keys = [party.pk for party in parties]
    rows = Party.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    gone = [f"Záznam {row} už je sloučený do jiného." for row in rows if row.merged_into_id is not None]
    if gone:
        raise NotMergeable(gone)


def _decide(duplicate: Duplicate, state: DuplicateState, actor: Actor, at: datetime) -> None:
    duplicate.state, duplicate.decided_at, duplicate.decided_by = state, at, actor.name[:200]
    duplicate.save(update_fields=["state", "decided_at", "decided_by"])
