"""Who sets reminders, and who changes them."""

from egon.kernel.access import Decision, allowed_if, denied
from egon.kernel.actor import Actor
from egon.records.models import CaseFile, Document, Reminder
from egon.records.permissions.seeing import may_see, may_see_file


def may_remind(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """Any person who sees the document or the file."""
    if actor.person_id is None:
        return denied("Připomínky si nastavuje jen člověk.")
    if file is not None:
        return may_see_file(actor, file)
    return may_see(actor, document) if document is not None else denied("Připomínka patří k dokumentu nebo ke spisu.")


def may_change_reminder(actor: Actor, reminder: Reminder) -> Decision:
    """Whom it reminds, and who set it; not their substitutes."""
    return allowed_if(
        actor.person_id is not None and actor.person_id in (reminder.person_id, reminder.set_by_id),
        "Připomínku mění jen ten, komu patří, a kdo ji nastavil.",
    )
