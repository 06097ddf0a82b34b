"""Delivery slips: what came back about a letter that left on paper is written to its dispatch and document."""

from datetime import date, datetime, time

from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.mailroom import permissions, rules
from egon.mailroom.errors import SlipRefused
from egon.mailroom.models import Dispatch, DispatchState
from egon.mailroom.operations.dispatching import tell_document
from egon.mailroom.rules import SlipOutcome


@operation("mailroom.dispatch.slip", title="Zápis doručenky", requires=permissions.may_dispatch)
def record_slip(
    *, actor: Actor, dispatch: Dispatch, outcome: SlipOutcome, on: date, at: datetime, note: str = ""
) -> Dispatch:
    """Record what a slip, a returned envelope or a signature tells of a letter sent otherwise than by a data box.

    ``on`` is the day written on it; a delivery counts from its beginning. What came back waits in dispatch again.
    Raises ``SlipRefused`` with every obstacle, also when the result is known already.
    """
    row = Dispatch.objects.select_for_update(of=("self",)).select_related("addressee", "document").get(pk=dispatch.pk)
    found = [] if row.outbox_item_id is None else ["Datové zprávě přichází doručenka sama."]
    if row.state != DispatchState.SENT:
        found.append(f"Zásilka na doručenku nečeká, je ve stavu „{row.get_state_display()}“.")
    sent_on = row.sent_at.astimezone(PRAGUE).date() if row.sent_at else None
    found += rules.obstacles_to_slip(on=on, sent_on=sent_on, today=at.astimezone(PRAGUE).date())
    if found:
        raise SlipRefused(found)
    told = ", ".join(part for part in (outcome.label, note.strip()) if part)
    row.note, row.changed_at = "; ".join(part for part in (row.note, told) if part)[:255], at
    if outcome.is_delivery:
        row.state, row.delivered_at = DispatchState.DELIVERED, datetime.combine(on, time(), PRAGUE)
    else:
        row.state, row.problem = DispatchState.FAILED, f"Zásilka se vrátila {on.day}. {on.month}. {on.year}: {told}."
    row.save(update_fields=["note", "changed_at", "state", "delivered_at", "problem"])
    tell_document(actor, row.addressee, DispatchState(row.state), row.delivered_at or at, channel=row.channel)
    return row
