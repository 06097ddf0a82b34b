"""How long a record without any link is kept, and its end (NSESSS 2.8.15 to 2.8.18). Who has links, records knows."""

from django.db.models import Q

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.parties import permissions, queries, rules
from egon.parties.errors import PartyRefused
from egon.parties.models import DestroyedParty, Duplicate, Party, RegisterSettings


@operation("parties.settings.retention", title="Lhůty pro zničení osob rejstříku", requires=permissions.may_configure)
def set_retention(*, actor: Actor, natural_days: int | None, legal_days: int | None) -> RegisterSettings:
    """Set after how many days without any link records are destroyed; ``None``: never. Raises :class:`PartyRefused`."""
    obstacles = rules.obstacles_to_periods(rules.Periods(natural_days, legal_days))
    if obstacles:
        raise PartyRefused(obstacles)
    settings, _ = RegisterSettings.objects.select_for_update().get_or_create()
    note(before={"natural_days": settings.natural_days, "legal_days": settings.legal_days})
    settings.natural_days, settings.legal_days = natural_days, legal_days
    settings.save()
    return settings


def stop_period(*parties: Party | None) -> None:
    """A record got a link: its period of destruction ends (NSESSS 2.8.17); part of the operation that links."""
    running = [party.pk for party in parties if party is not None and party.unlinked_since is not None]
    if running:
        Party.objects.filter(pk__in=running).update(unlinked_since=None)


def erase(party: Party) -> None:
    """Destroy a record with those merged into it; part of the operation that found it has no link.

    Headers without personal data stay (příloha 8). The database refuses to destroy what something points at.
    """
    rows = list(queries.with_merged(party))
    doomed = [one.pk for one in rows]
    DestroyedParty.objects.bulk_create(
        DestroyedParty(identifier=one.identifier, kind=one.kind, destroyed_on=clock.today()) for one in rows
    )
    Duplicate.objects.filter(Q(party__in=doomed) | Q(other__in=doomed)).delete()
    # By queries, so that the instance keeps its key for the log; the merged ones first, they point at the others.
    Party.objects.filter(pk__in=doomed).update(merged_into=None)
    Party.objects.filter(pk__in=doomed).delete()
