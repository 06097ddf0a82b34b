"""Registering what came (evidence doručených dokumentů)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.events import publish
from egon.parties.models import Party
from egon.parties.operations import stop_period
from egon.records import events, indexing, own_metadata, permissions
from egon.records.errors import InvalidInput
from egon.records.models import Document, DocumentKind, PaperPart
from egon.records.numbers import take_document_numbers
from egon.records.operations.components import NewFile, write_components
from egon.records.operations.kinds import require_in_use
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.paper import PaperFacts
from egon.records.rules.states import Direction, DocumentState


@operation(
    "records.document.register",
    title="Zaevidování doručeného dokumentu",
    requires=permissions.may_register,
    unlogged=("own", "paper"),
)
def register_received(
    *,
    actor: Actor,
    subject: str,
    sender: Party | None,
    delivered_at: datetime,
    sender_reference: str = "",
    channel: str = "",
    files: Sequence[NewFile] = (),
    source: str = "",
    kind: DocumentKind | None = None,
    deadline: date | None = None,
    note: str = "",
    own: Mapping[str, Any] | None = None,
    paper: PaperFacts | None = None,
    at: datetime | None = None,
) -> Document:
    """Register a received document: it gets its identifier and reference number (vyhláška 259/2012 § 10, § 11).

    ``delivered_at`` is kept to the second; ``source`` tells the log where it came from (the id of a data message).
    ``own`` are own metadata by the key of their field; ``None`` when nobody was asked for them (a job, no such field),
    and what is required of them is then asked for before settling. ``paper`` is what came on paper.
    Raises :class:`InvalidInput` with everything that is missing (a sender by NSESSS 2.8.1).
    """
    at = at or clock.now()
    # The time of a data message is told by ISDS and stands, also when our clock is behind.
    _require_complete(subject, sender, min(delivered_at, at) if source else delivered_at, at)
    require_in_use(kind, on=at.astimezone(PRAGUE).date(), refusal="Dokument se nezaevidoval.")
    values = own_metadata.accepted(OwnEntity.DOCUMENT, own, kind=kind, refusal="Dokument se nezaevidoval.")
    numbers = take_document_numbers(unit=None, at=at)
    document = Document.objects.create(
        identifier=numbers.identifier,
        reference_number=numbers.written,
        serial_number=numbers.number,
        direction=Direction.RECEIVED.value,
        kind=kind,
        subject=subject.strip()[:250],
        state=DocumentState.REGISTERED.value,
        channel=channel,
        delivered_at=delivered_at.replace(microsecond=0),
        registered_at=at,
        sender=sender,
        sender_reference=sender_reference.strip()[:100],
        deadline=deadline,
        note=note,
        component_count=len(files),
    )
    stop_period(sender)
    if paper is not None:
        PaperPart.objects.create(document=document, **asdict(paper))
    versions = write_components(actor, document, files, at)
    own_metadata.keep(document, values, is_new=True)
    indexing.index_received(document, versions)
    log.note(identifier=numbers.identifier, reference_number=numbers.written, **({"source": source} if source else {}))
    publish(events.DocumentRegistered(document.pk))
    return document


def _require_complete(subject: str, sender: Party | None, delivered_at: datetime, at: datetime) -> None:
    missing = []
    if not subject.strip():
        missing.append("Vyplňte věc dokumentu.")
    if sender is None:
        missing.append("Vyberte odesílatele z jmenného rejstříku (NSESSS 2.8.1).")
    if delivered_at > at:
        missing.append("Dokument nemohl být doručen v budoucnosti. Opravte datum a čas doručení.")
    if missing:
        raise InvalidInput("Dokument se nezaevidoval.", missing)
