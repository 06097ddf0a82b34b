"""Messages ``do vlastních rukou``: the mailroom names the person by the envelope, the person hands the message over."""

from datetime import datetime

from egon.audit.operation import operation
from egon.databox import events, permissions
from egon.databox.errors import AlreadyUnderWay
from egon.databox.models import DataMessage, lock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.registry.models import Person


@operation("databox.personal.name", title="Určení adresáta do vlastních rukou", requires=permissions.may_name_person)
def name_person(*, actor: Actor, message: DataMessage, person: Person) -> DataMessage:
    """Say whose own hands the message is for; from then on that person sees it. Raises ``AlreadyUnderWay``."""
    row = lock(DataMessage, message.pk)
    if not row.is_hidden:
        raise AlreadyUnderWay(
            f"Zpráva {row.dm_id} není do vlastních rukou, nebo ji adresát už předal. Nic se nezměnilo."
        )
    row.named_person = person
    row.save(update_fields=["named_person"])
    return row


@operation(
    "databox.personal.release", title="Předání zprávy do vlastních rukou k evidenci", requires=permissions.may_release
)
def release_personal(*, actor: Actor, message: DataMessage, at: datetime) -> DataMessage:
    """The person it was for has read the message and hands it over: from now on it is like any other."""
    row = lock(DataMessage, message.pk)
    if not row.is_hidden or not permissions.is_named_in(actor, row):
        raise AlreadyUnderWay(f"Zpráva {row.dm_id} už podatelně předaná je, nebo byla mezitím určena někomu jinému.")
    row.released_at, row.annotation, row.hidden_annotation = at, row.hidden_annotation, ""
    row.save(update_fields=["released_at", "annotation", "hidden_annotation"])
    publish(events.PersonalMessageReleased(message_id=row.pk))
    return row
