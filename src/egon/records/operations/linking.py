"""Links of documents and files to other persons of the jmenný rejstřík (NSESSS 2.8.3, 2.8.5)."""

from datetime import datetime

from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.parties.models import Party
from egon.parties.operations import stop_period
from egon.records import events, permissions
from egon.records.errors import InvalidInput
from egon.records.locking import lock, lock_file
from egon.records.models import CaseFile, Document, PartyLink
from egon.records.rules.parties import PartyRole
from egon.records.rules.states import DocumentState

NOT_LINKED = "Vazba na osobu se nezapsala."


@operation("records.party.link", title="Vazba na osobu jmenného rejstříku", requires=permissions.may_link_party)
def link_party(
    *,
    actor: Actor,
    party: Party,
    role: PartyRole,
    at: datetime,
    document: Document | None = None,
    file: CaseFile | None = None,
    note: str = "",
) -> PartyLink:
    """Link a person to a document or a file, in any state before its disposal, also when settled or closed.

    Raises :class:`InvalidInput` when the document is withdrawn or the person has this role in it already.
    """
    faults = _what_prevents(document, file)
    if PartyLink.objects.filter(document=document, file=file, party=party, role=role.value).exists():
        faults.append(f"{party.name} už tu v roli „{role.label}“ je.")
    if faults:
        raise InvalidInput(NOT_LINKED, faults)
    stop_period(party)
    link = PartyLink.objects.create(
        document=document,
        file=file,
        party=party,
        role=role.value,
        note=note.strip()[:250],
        linked_at=at,
        linked_by=actor.name[:200],
    )
    _tell(link)
    return link


@operation(
    "records.party.unlink", title="Zrušení vazby na osobu jmenného rejstříku", requires=permissions.may_unlink_party
)
def unlink_party(*, actor: Actor, link: PartyLink, reason: str) -> None:
    """Take a link back; the log keeps who it was and why. Raises :class:`InvalidInput` without a reason."""
    faults = [] if reason.strip() else ["Napište důvod."]
    faults += _what_prevents(link.document, link.file)
    if faults:
        raise InvalidInput("Vazba se nezrušila.", faults)
    # By a query, so that the instance keeps its key for the log.
    PartyLink.objects.filter(pk=link.pk).delete()
    _tell(link)


def _tell(link: PartyLink) -> None:
    """What is linked is found by the name of the person."""
    if link.document_id is not None:
        publish(events.DocumentChanged(link.document_id))
    if link.file_id is not None:
        publish(events.FileChanged(link.file_id))


def _what_prevents(document: Document | None, file: CaseFile | None) -> list[str]:
    if (document is None) == (file is None):
        return ["Vazba patří buď k dokumentu, nebo ke spisu."]
    if file is not None:
        lock_file(file)
    if document is not None:
        lock(document)
        if document.state == DocumentState.WITHDRAWN:
            return [f"Dokument {document} je stornovaný."]
    return []
