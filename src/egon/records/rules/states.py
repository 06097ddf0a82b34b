"""The life of a document and of a file: which state may follow which, by whose decision."""

from egon.records.rules.labels import Labelled


class Direction(Labelled):
    """Where a document comes from or goes to (vyhláška 259/2012 § 10 odst. 1 písm. c)."""

    RECEIVED = "received", "doručený"
    OUTGOING = "outgoing", "odesílaný"
    INTERNAL = "internal", "vlastní"


class DocumentState(Labelled):
    """Where a document stands. A received one starts in the mailroom, an own one as a draft."""

    REGISTERED = "registered", "v podatelně"
    ASSIGNED = "assigned", "čeká na převzetí"
    PROCESSING = "processing", "vyřizuje se"
    DRAFT = "draft", "rozpracovaný"
    IN_APPROVAL = "in_approval", "ke schválení"
    APPROVED = "approved", "schválený"
    DISPATCHED = "dispatched", "odeslaný"
    DELIVERED = "delivered", "doručený"
    SETTLED = "settled", "vyřízený"
    WITHDRAWN = "withdrawn", "stornovaný"
    DESTROYED = "destroyed", "zničený"


class FileState(Labelled):
    """A file is worked on, settled, and closed (NSESSS 3.2.6, 3.2.9); or withdrawn, and destroyed (7.2)."""

    OPEN = "open", "otevřený"
    SETTLED = "settled", "vyřízený"
    CLOSED = "closed", "uzavřený"
    WITHDRAWN = "withdrawn", "stornovaný"
    DESTROYED = "destroyed", "zničený"


_S = DocumentState

_RECEIVED: dict[DocumentState, frozenset[DocumentState]] = {
    _S.REGISTERED: frozenset({_S.ASSIGNED, _S.PROCESSING, _S.WITHDRAWN}),
    _S.ASSIGNED: frozenset({_S.REGISTERED, _S.ASSIGNED, _S.PROCESSING, _S.WITHDRAWN}),
    _S.PROCESSING: frozenset({_S.REGISTERED, _S.ASSIGNED, _S.PROCESSING, _S.SETTLED, _S.WITHDRAWN}),
    _S.SETTLED: frozenset({_S.PROCESSING}),
    _S.WITHDRAWN: frozenset(),
}

# Own documents: an internal one ends settled, an outgoing one delivered; both are settled together with their file.
_OUTGOING: dict[DocumentState, frozenset[DocumentState]] = {
    _S.DRAFT: frozenset({_S.IN_APPROVAL, _S.WITHDRAWN}),
    _S.IN_APPROVAL: frozenset({_S.DRAFT, _S.APPROVED}),
    _S.APPROVED: frozenset({_S.DRAFT, _S.DISPATCHED, _S.WITHDRAWN}),
    _S.DISPATCHED: frozenset({_S.DELIVERED, _S.APPROVED}),  # back when the box refused it
    _S.DELIVERED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
_INTERNAL: dict[DocumentState, frozenset[DocumentState]] = {
    _S.DRAFT: frozenset({_S.IN_APPROVAL, _S.SETTLED, _S.WITHDRAWN}),
    _S.IN_APPROVAL: frozenset({_S.DRAFT, _S.APPROVED}),
    _S.APPROVED: frozenset({_S.DRAFT, _S.SETTLED, _S.WITHDRAWN}),
    _S.SETTLED: frozenset({_S.APPROVED}),
    _S.WITHDRAWN: frozenset(),
}

TRANSITIONS = {Direction.RECEIVED: _RECEIVED, Direction.OUTGOING: _OUTGOING, Direction.INTERNAL: _INTERNAL}

# Nobody works on a document in these states any more.
FINAL = frozenset({_S.SETTLED, _S.DELIVERED, _S.WITHDRAWN, _S.DESTROYED})

# What looks destroyed to all but the appraiser (NSESSS 7.2.13); documents and files use the same codes.
GONE = (_S.WITHDRAWN.value, _S.DESTROYED.value)
UNCLOSED = (FileState.OPEN.value, FileState.SETTLED.value)  # files still worked on


def first_state(direction: Direction) -> DocumentState:
    """The state in which a document of this direction is born."""
    return DocumentState.REGISTERED if direction is Direction.RECEIVED else DocumentState.DRAFT


def may_follow(direction: Direction, present: DocumentState, next_state: DocumentState) -> bool:
    """Whether ``next_state`` may follow ``present``. A state that the direction does not know may not be left."""
    return next_state in TRANSITIONS[direction].get(present, frozenset())


def is_editable(direction: Direction, state: DocumentState) -> bool:
    """Whether components and text may change: only in a draft. What was received or approved never changes."""
    return direction is not Direction.RECEIVED and state is DocumentState.DRAFT


def state_after_reopening(direction: Direction) -> DocumentState:
    """The state a settled document returns to when its settling is taken back."""
    return DocumentState.PROCESSING if direction is Direction.RECEIVED else DocumentState.APPROVED
