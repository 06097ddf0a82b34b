"""Background entry points of this domain."""

import logging
from collections.abc import Sequence

from egon.jobs.job import defer, job, periodic
from egon.kernel.actor import Actor
from egon.kernel.errors import DomainError
from egon.parties import operations as parties
from egon.parties import queries
from egon.parties.models import Party
from egon.tenancy.scope import current_tenant_id

logger = logging.getLogger(__name__)


@job("mailroom.refresh_party", queue="mailroom")
def refresh_party(*, party_id: int) -> None:
    """Ask the source of an identified party whether its facts changed (NSESSS 2.8.13)."""
    from egon.mailroom import identification

    party = queries.present().filter(pk=party_id).first()
    if party is not None and party.identified_at is not None:
        identification.refresh(party)


@periodic("*/10 * * * *")
@job("mailroom.follow_registers", queue="mailroom")
def follow_registers() -> None:
    """Take what the notification service of the base registers tells, where it is used (NSESSS 2.8.12).

    The marker moves only when all was taken, so nothing is lost when the registers fall silent in between.
    """
    from egon.mailroom import identification

    used = queries.notifications()
    if used is None:
        return
    changes = identification.registers().changes(used.notification_marker)
    if changes.marker == used.notification_marker:
        return
    told = [party for source, reference in changes.references for party in queries.known_by(source, [reference])]
    changed = sum(map(_refresh_or_say, told))
    parties.remember_marker(actor=Actor.system(current_tenant_id()), marker=changes.marker, parties=changed)


def ask_about(people: Sequence[Party | None]) -> None:
    """Have the facts of identified senders and addressees refreshed once this transaction commits."""
    for party in people:
        if party is not None and queries.is_asked_about(party):
            defer(refresh_party, only_one=f"refresh_party:{party.pk}", party_id=party.pk)


def _refresh_or_say(party: Party) -> bool:
    """One record that cannot take what its source tells does not stop the others."""
    from egon.mailroom import identification

    try:
        return identification.refresh(party)
    except DomainError as error:
        logger.warning("party %s was not refreshed: %s", party.pk, error.message)
        return False
