"""What of a document is sent, and how it is called in the envelope."""

from egon.databox.operations.sending import OutgoingBlob
from egon.databox.options import SendingOptions
from egon.gateways.isds.attachment_types import CONTENT_TYPES, extension_of
from egon.gateways.isds.dispatch import needs_big_message
from egon.gateways.isds.rules import MAX_REFERENCE
from egon.records import queries as records
from egon.records.models import Document
from egon.records.rules.components import ComponentRole
from egon.records.rules.states import DocumentState

_SENT_ROLES = (ComponentRole.MAIN.value, ComponentRole.ATTACHMENT.value)
_READY = (DocumentState.APPROVED.value, DocumentState.DISPATCHED.value)


def files_of(document: Document) -> list[OutgoingBlob]:
    """The newest versions of the main component and the annexes, the main one first."""
    sent = [view for view in records.components_of(document) if view.component.role in _SENT_ROLES]
    sent.sort(key=lambda view: view.component.role != ComponentRole.MAIN.value)
    return [
        OutgoingBlob(
            name=view.latest.file_name,
            media_type=accepted_type(view.latest.file_name, view.latest.media_type),
            digest=view.latest.digest,
            size=view.latest.size,
            role="main" if index == 0 else "enclosure",
        )
        for index, view in enumerate(sent)
    ]


def is_big(document: Document) -> bool:
    """Whether the document has to leave as a large message (over 20 MB)."""
    return needs_big_message([file.size for file in files_of(document)])


def accepted_type(name: str, media_type: str) -> str:
    """The content type ISDS takes for this extension; PRONOM names some formats otherwise than ISDS does."""
    accepted = CONTENT_TYPES.get(extension_of(name), ())
    return accepted[0] if accepted and media_type not in accepted else media_type


def obstacles_to_dispatching(document: Document) -> list[str]:
    """Everything in the document itself that stands in the way of sending it."""
    found = []
    if document.state not in _READY:
        found.append(f"Dokument je ve stavu „{document.get_state_display()}“, odeslat lze jen schválený.")
    if not files_of(document):
        found.append("Dokument nemá žádnou komponentu, není co odeslat.")
    return found


def file_mark_of(document: Document) -> str:
    """The mark of the document's file, if it is in one."""
    return document.case_file.file_mark if document.case_file else ""


def options_of(document: Document) -> SendingOptions:
    """The choices of an ordinary answer: public, with the mark of what is answered."""
    return SendingOptions(recipient_reference=recipient_reference_of(document)[:MAX_REFERENCE])


def recipient_reference_of(document: Document) -> str:
    """How the addressee marked what we answer to."""
    return document.replies_to.sender_reference if document.replies_to else ""
