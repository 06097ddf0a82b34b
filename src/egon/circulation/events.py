"""What circulation tells to others."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentReturned:
    """The addressee sent a document back; ``handover_id`` has the reason."""

    handover_id: int


@dataclass(frozen=True)
class DocumentApproved:
    """The approver approved a document: it can be dispatched."""

    document_id: int
