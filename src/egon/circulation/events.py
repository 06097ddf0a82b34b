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


@dataclass(frozen=True)
class RouteStepStarted:
    """It is the turn of a step of a route."""

    step_id: int


@dataclass(frozen=True)
class RouteEnded:
    """A route finished, was returned to its author, or recalled; its row says which."""

    route_id: int
