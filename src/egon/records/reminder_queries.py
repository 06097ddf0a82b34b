"""Reads of reminders: own ones, those set to others, those that are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import queries
from egon.records.models import CaseFile, Document, Reminder


@dataclass(frozen=True, slots=True)
class ReminderView:
    """A reminder as its reader may see it; ``entity`` is None when they do not see what it is of (any more).

    Then also the note is empty, unless it is their own: another wrote it for one who saw the entity.
    """

    reminder: Reminder
    entity: Document | CaseFile | None
    note: str


def due(actor: Actor, *, on: date) -> QuerySet[Reminder]:
    """Reminders of the actor that wait, of this day and of days before."""
    return Reminder.objects.filter(person=actor.person_id or 0, done_at__isnull=True, day__lte=on)


def reminders_of(actor: Actor, *, set_to_others: bool = False) -> QuerySet[Reminder]:
    """Reminders of the actor, or those they set to others, by day."""
    own = Q(person=actor.person_id or 0)
    found = Reminder.objects.filter(Q(set_by=actor.person_id or 0) & ~own if set_to_others else own)
    return found.order_by("day", "pk")


def reminder_for(actor: Actor, pk: int) -> Reminder:
    """A reminder of the actor or one they set. Raises :class:`NotFound`."""
    found = _shown().filter(Q(person=actor.person_id or 0) | Q(set_by=actor.person_id or 0), pk=pk).first()
    if found is None:
        raise NotFound("Taková připomínka tu není: smazal ji někdo jiný, nebo není vaše.")
    return found


def waiting_for(actor: Actor, entity: Document | CaseFile) -> list[Reminder]:
    """Reminders of a document or a file that wait: the actor's, and those they set to others; by day."""
    of = Q(document=entity.pk) if isinstance(entity, Document) else Q(file=entity.pk)
    own = Q(person=actor.person_id or 0) | Q(set_by=actor.person_id or 0)
    found = Reminder.objects.filter(of, own, done_at__isnull=True).select_related("person", "set_by")
    return list(found.order_by("day", "pk"))


def views(actor: Actor, ids: Sequence[int]) -> list[ReminderView]:
    """Reminders by their keys, in their order, each as the actor may see it; four queries for all of them."""
    found = _shown().in_bulk(ids)
    reminders = [found[pk] for pk in ids if pk in found]
    documents = frozenset(queries.visible_ids(actor, [one.document_id for one in reminders]))
    files = queries.visible_file_ids(actor, [one.file_id for one in reminders if one.file_id is not None])
    return [
        _view(actor, one, is_seen=one.document_id in documents if one.file_id is None else one.file_id in files)
        for one in reminders
    ]


def view_of(actor: Actor, reminder: Reminder) -> ReminderView:
    """One reminder as the actor may see it."""
    return views(actor, [reminder.pk])[0]


def _view(actor: Actor, reminder: Reminder, *, is_seen: bool) -> ReminderView:
    note = reminder.note if is_seen or reminder.set_by_id == actor.person_id else ""
    return ReminderView(reminder, (reminder.document or reminder.file) if is_seen else None, note)


def _shown() -> QuerySet[Reminder]:
    return Reminder.objects.select_related("document", "file", "person", "set_by")
