"""Every data message the register holds, as a list one may search: fetched, sent, uploaded and imported ones."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from egon import search
from egon.databox import permissions
from egon.databox.models import Box, DataMessage
from egon.databox.overview import NEWEST
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE

_ORDERS: Final[Mapping[str, tuple[OrderBy, ...]]] = {
    "-dodano": NEWEST,
    "dodano": (F("delivered_at").asc(nulls_first=True), F("id").asc()),  # the index of the newest, backwards
    "vec": (F("annotation").asc(), *NEWEST),
    "-vec": (F("annotation").desc(), *NEWEST),
    "odesilatel": (F("sender_name").asc(), *NEWEST),
    "-odesilatel": (F("sender_name").desc(), *NEWEST),
}

_UNINDEXED: Final = ("vec", "odesilatel")


def is_ordered_among_newest(order: str) -> bool:
    """Whether only the newest :data:`egon.search.MOST_SOUGHT` messages are put in this order."""
    return order.removeprefix("-") in _UNINDEXED


def visible_to(actor: Actor) -> QuerySet[DataMessage]:
    """Messages of the organisation for the mailroom; others reach theirs from the documents they may see."""
    return DataMessage.objects.all() if permissions.may_receive(actor) else DataMessage.objects.none()


def browse(
    actor: Actor,
    *,
    direction: str = "",
    box: Box | None = None,
    since: date | None = None,
    until: date | None = None,
    party: str = "",
    text: str = "",
    checks: str = "",
    order: str = "",
) -> QuerySet[DataMessage]:
    """Messages narrowed by what is given, newest first by the time of delivery into the box (dodání).

    ``party`` is sought in names and boxes of both sides, ``text`` in the subject, the id and the reference numbers,
    both among the newest :data:`egon.search.MOST_SOUGHT` messages of the rest; so are those put in order by words.
    """
    found = visible_to(actor).order_by(*NEWEST).defer("checks", "problem")
    if direction:
        found = found.filter(direction=direction)
    if box is not None:
        found = found.filter(Q(box=box) | Q(sender_box_id=box.box_id) | Q(recipient_box_id=box.box_id))
    if since is not None:
        found = found.filter(delivered_at__gte=_midnight(since))
    if until is not None:
        found = found.filter(delivered_at__lt=_midnight(until + timedelta(days=1)))
    if checks:
        found = found.filter(checks_level="" if checks == "none" else checks)
    if text.strip().isdecimal() and (known := found.filter(dm_id=text.strip())).exists():
        return known
    if party or text or is_ordered_among_newest(order):
        found = search.newest_of(found)
    for word in party.split():
        found = found.filter(_party_is(word))
    for word in text.split():
        found = found.filter(_text_has(word))
    return found.order_by(*_ORDERS.get(order, NEWEST))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PRAGUE)


def _party_is(word: str) -> Q:
    by_name = Q(sender_name__icontains=word) | Q(recipient_name__icontains=word)
    return by_name | Q(sender_box_id__iexact=word) | Q(recipient_box_id__iexact=word)


def _text_has(word: str) -> Q:
    ours = Q(recipient_reference__icontains=word) | Q(recipient_file_mark__icontains=word)
    theirs = Q(sender_reference__icontains=word) | Q(sender_file_mark__icontains=word)
    return Q(annotation__icontains=word) | Q(dm_id=word) | ours | theirs
