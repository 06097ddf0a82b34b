"""The end of records of the jmenný rejstřík that no document and no file points at (NSESSS 2.8.16 to 2.8.18)."""

from datetime import date

from egon.audit.log import note
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.parties import operations as parties
from egon.parties import queries
from egon.parties.errors import PartyRefused
from egon.parties.models import Party
from egon.parties.permissions import may_configure
from egon.parties.rules import destroyed_on
from egon.records.party_links import count_links, linked


@operation("records.party.review", title="Zjištění osob bez vazby", requires=only_system)
def review_unlinked(*, actor: Actor, on: date) -> None:
    """Start the period of records that have no link any more, and end it where one came (NSESSS 2.8.17)."""
    stopped = queries.unlinked().filter(linked()).update(unlinked_since=None)
    started = Party.objects.filter(~linked(), unlinked_since__isnull=True).update(unlinked_since=on)
    note(started=started, stopped=stopped)


@operation("records.party.destroy", title="Zničení záznamu jmenného rejstříku", requires=may_configure)
def destroy_party(*, actor: Actor, party: Party, reason: str) -> None:
    """Destroy by hand a record that nothing points at (NSESSS 2.8.16). Raises :class:`PartyRefused`."""
    faults = [] if reason.strip() else ["Napište důvod."]
    faults += _lock_and_look(party)
    if faults:
        raise PartyRefused(faults)
    parties.erase(party)


@operation("records.party.expire", title="Zničení záznamu rejstříku po uplynutí lhůty", requires=only_system)
def destroy_expired(*, actor: Actor, party: Party, on: date) -> bool:
    """Destroy a record whose period has passed and that still has no link (NSESSS 2.8.18). Tells whether it did."""
    obstacles = _lock_and_look(party)
    end = destroyed_on(party.kind, party.unlinked_since, queries.periods())
    destroyed = not obstacles and end is not None and end <= on
    note(destroyed=destroyed)
    if destroyed:
        parties.erase(party)
    return destroyed


def _lock_and_look(party: Party) -> list[str]:
    """Lock the record, so that nobody can link it meanwhile, and tell what points at it."""
    party.refresh_from_db(from_queryset=Party.objects.select_for_update())
    links = sum(count_links(one) for one in queries.with_merged(party))
    return [f"Na záznam ukazují dokumenty nebo spisy (vazeb: {links}), zničit ho nejde."] if links else []
