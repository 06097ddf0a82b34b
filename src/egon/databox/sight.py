"""Who sees one message, its envelope alone or its content as well (NSESSS 5.2.15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from egon.databox import queries
from egon.databox.models import DataMessage
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import AccessDenied
from egon.records import sight
from egon.records.models import Document
from egon.records.seers import Reason, Sight, people_with
from egon.registry.models import RoleGrant
from egon.registry.queries import actor_of


@dataclass(frozen=True)
class MessageSight:
    """One person who sees the envelope, and whether they see the subject and the attachments, too."""

    seer: Sight
    content: bool


def who_sees_message(message: DataMessage, *, on: date) -> list[MessageSight]:
    """The mailroom, who it is to the own hands of, and those who see a document of it; in Czech alphabetical order."""
    acting = ((one, actor_of(one.person, at=clock.now())) for one in people_with(_reasons(message, on), on))
    seers = [(one, actor) for one, actor in acting if queries.may_see_message(actor, message)]
    return [MessageSight(one, _sees_content(actor, message)) for one, actor in seers]


def _reasons(message: DataMessage, on: date) -> Iterator[Reason]:
    for person in RoleGrant.objects.filter(role=Role.MAILROOM).values_list("person", flat=True).distinct():
        yield Reason(person, "role podatelna a výpravna")
    if message.named_person_id is not None:
        yield Reason(message.named_person_id, "zpráva je do jeho vlastních rukou", passes_on=False)
    documents = Document.objects.filter(pk__in=queries.documents_of(message)).select_related("unit", "case_file")
    for document in documents:
        for one in sight.who_sees_document(document, on=on):
            yield Reason(one.person.pk, f"vidí dokument {document}", passes_on=False)


def _sees_content(actor: Actor, message: DataMessage) -> bool:
    try:
        queries.require_content(actor, message)
    except AccessDenied:
        return False
    return True
