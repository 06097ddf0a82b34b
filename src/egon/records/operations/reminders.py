"""Reminders: set to oneself or to another who sees the same, put off, done, taken back, deleted."""

from datetime import date, datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, Document, Reminder
from egon.records.rules.reminders import faults_of_reminder
from egon.registry import queries as registry
from egon.registry.models import Person


@operation("records.reminder.set", title="Nastavení připomínky", requires=permissions.may_remind, unlogged=("note",))
def set_reminder(
    *,
    actor: Actor,
    day: date,
    note: str,
    document: Document | None = None,
    file: CaseFile | None = None,
    person: Person | None = None,
    at: datetime | None = None,
) -> Reminder:
    """Have oneself, or another ``person`` who sees the document or the file, reminded of it on a day.

    The log tells who is to be reminded and when, not of what: the note is theirs. Raises :class:`InvalidInput`.
    """
    at = at or clock.now()
    person = person or Person.objects.get(pk=actor.person_id or 0)
    waiting = Reminder.objects.filter(person=person, done_at=None).count()
    faults = faults_of_reminder(day=day, note=note.strip(), today=at.astimezone(PRAGUE).date(), waiting=waiting)
    if person.pk != actor.person_id and not _sees(person, document, file, at):
        what = "Dokument" if document else "Spis"
        faults.append(f"{what} {document or file} {person} nevidí, připomenout mu ho nejde. Nejdřív ho zpřístupněte.")
    if faults:
        raise InvalidInput("Připomínka se nenastavila.", faults)
    return Reminder.objects.create(
        document=document, file=file, person=person, set_by_id=actor.person_id or 0, day=day, note=note.strip(),
        set_at=at,
    )  # fmt: skip


@operation(
    "records.reminder.change",
    title="Změna připomínky",
    requires=permissions.may_change_reminder,
    unlogged=("note",),
)
def change_reminder(
    *, actor: Actor, reminder: Reminder, day: date, note: str | None = None, at: datetime | None = None
) -> Reminder:
    """Put a reminder off to another day, or say it otherwise; one that was done waits again.

    Raises :class:`InvalidInput`.
    """
    _lock(reminder)
    note = reminder.note if note is None else note.strip()
    faults = faults_of_reminder(day=day, note=note, today=(at or clock.now()).astimezone(PRAGUE).date())
    if faults:
        raise InvalidInput("Připomínka zůstala, jak byla.", faults)
    log.note_changes({"day": reminder.day}, {"day": day})
    reminder.day, reminder.note, reminder.done_at = day, note, None
    reminder.save(update_fields=["day", "note", "done_at"])
    return reminder


@operation("records.reminder.done", title="Vyřízení připomínky", requires=permissions.may_change_reminder)
def finish_reminder(*, actor: Actor, reminder: Reminder, at: datetime | None = None) -> Reminder:
    """The reminder has done its work. Raises :class:`NotInThisState` for a second time."""
    _lock(reminder)
    if reminder.done_at is not None:
        raise NotInThisState("Připomínka už je vyřízená, nic se nezměnilo.")
    reminder.done_at = at or clock.now()
    reminder.save(update_fields=["done_at"])
    return reminder


@operation("records.reminder.delete", title="Smazání připomínky", requires=permissions.may_change_reminder)
def delete_reminder(*, actor: Actor, reminder: Reminder) -> None:
    """Forget a reminder; the log keeps that there was one."""
    reminder.delete()


def _lock(reminder: Reminder) -> None:
    reminder.refresh_from_db(from_queryset=Reminder.objects.select_for_update(of=("self",)))


def _sees(person: Person, document: Document | None, file: CaseFile | None, at: datetime) -> bool:
    return bool(permissions.may_remind(registry.actor_of(person, at=at), document, file))
