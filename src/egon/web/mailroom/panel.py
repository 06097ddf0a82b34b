"""The paper letter of a document, as its page shows it."""

from typing import Any

from egon.kernel.actor import Actor, Role
from egon.mailroom import queries
from egon.records.models import Document


def context(actor: Actor, document: Document) -> dict[str, Any]:
    """Context of ``mailroom/envelope_panel.html``. Everyone who sees the document sees how it came."""
    envelope = queries.envelope_of(document) if document.direction == "received" else None
    return {"envelope": envelope, "may_correct_envelope": envelope is not None and actor.has(Role.MAILROOM)}
