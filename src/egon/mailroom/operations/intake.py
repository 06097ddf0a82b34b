"""Intake: what came becomes a registered document, or stays out of the records with a reason."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.circulation import operations as circulation
from egon.databox import queries as databox
from egon.databox.models import DataMessage, Direction, OutboxItem, Progress
from egon.kernel.actor import Actor
from egon.mailroom import jobs, parts, permissions
from egon.mailroom.errors import IntakeDecided, NotRegistrable, ReasonMissing
from egon.mailroom.models import Channel, Dispatch, IntakeItem, IntakeState
from egon.mailroom.refusals import Refusals
from egon.mailroom.rules import obstacles_to_refusals
from egon.parties.models import Party
from egon.records import operations as records
from egon.records.models import Document, DocumentKind
from egon.registry.models import Person, Unit


@operation("mailroom.intake.receive", title="Příjem do podatelny", requires=only_system)
def receive_items(*, actor: Actor, messages: Sequence[DataMessage], at: datetime) -> list[IntakeItem]:
    """Put stored messages into the inbox of the mailroom, also those that could not be read or downloaded."""
    # The caller holds the rows of the messages, so nobody else can be making items of them.
    known = {item.data_message_id: item for item in IntakeItem.objects.filter(data_message__in=messages)}
    twins = _with_twins(messages)
    new = [_arrived(message, message.pk in twins, at) for message in messages if message.pk not in known]
    IntakeItem.objects.bulk_create(new)
    for message in messages:
        item = known.get(message.pk)
        if item is not None and item.state == IntakeState.WAITING:
            _refresh(item, message)  # a message that failed before was fetched after all
    return [*new, *known.values()]


@operation("mailroom.intake.bring", title="Zařazení uložené zprávy do podatelny", requires=permissions.may_receive)
def bring_in(*, actor: Actor, message: DataMessage, at: datetime) -> IntakeItem:
    """Put a message that lies only among data messages (an imported one) into the inbox, to be registered."""
    locked = DataMessage.objects.select_for_update().filter(pk=message.pk)
    return receive_items(actor=Actor.system(actor.tenant_id), messages=list(locked), at=at)[0]


def _arrived(message: DataMessage, has_twin: bool, at: datetime) -> IntakeItem:
    files = list(message.files.all())
    return IntakeItem(
        data_message=message,
        channel=Channel.ZFO_UPLOAD if message.box_id is None else Channel.DATABOX,
        received_at=message.accepted_at or message.delivered_at or at,
        subject=message.annotation or f"Zpráva {message.dm_id}",
        sender_name=message.sender_name,
        sender_box_id=message.sender_box_id,
        files_count=len(files),
        files_size=sum(file.size for file in files),
        checks_level=message.checks_level,
        problem=message.problem or (_twin_warning(message) if has_twin else ""),
    )


@operation(
    "mailroom.intake.register",
    title="Zaevidování podání",
    requires=permissions.may_receive,
    unlogged=("own", "refusals"),
)
def register_intake(
    *,
    actor: Actor,
    item: IntakeItem,
    sender: Party | None,
    subject: str,
    at: datetime,
    kind: DocumentKind | None = None,
    unit: Unit | None = None,
    deadline: date | None = None,
    note: str = "",
    own: Mapping[str, Any] | None = None,
    person: Person | None = None,
    refusals: Refusals | None = None,
) -> Document:
    """Register a waiting item: identifier and číslo jednací are given, the ZFO and all attachments become components.

    With ``unit`` the document is handed to it at once, with ``person`` to the one it is meant for (2.1.6);
    ``refusals`` are attachments replaced by a reason why they are not stored (2.1.7); ``own`` are own metadata. Raises
    ``NotRegistrable`` with every obstacle, ``IntakeDecided`` when somebody was faster. Vyhláška 259/2012 Sb. § 4, § 8;
    NSESSS 2.2.
    """
    row = _take(item)
    message = row.data_message
    obstacles = obstacles_to_registering(row, sender=sender, subject=subject)
    if refusals is not None and message is not None:
        obstacles += _obstacles_to_refusals(message, refusals)
    if obstacles:
        raise NotRegistrable(obstacles)
    document = records.register_received(
        actor=actor,
        subject=subject.strip(),
        sender=sender,
        delivered_at=row.received_at,
        sender_reference=message.sender_reference if message else "",
        channel=row.channel,
        files=parts.components_of_message(message, refusals) if message else [],
        source=f"datová zpráva {message.dm_id}" if message else "",
        kind=kind,
        deadline=deadline,
        own=own,
        at=at,
    )
    jobs.ask_about([sender])
    hand_over(actor, document, unit, person, at=at, deadline=deadline, note=note)
    _decide(row, IntakeState.REGISTERED, actor, at, document=document)
    return document


def hand_over(
    actor: Actor,
    document: Document,
    unit: Unit | None,
    person: Person | None,
    *,
    at: datetime,
    deadline: date | None,
    note: str,
) -> None:
    """What was just registered goes to the person it is meant for (NSESSS 2.1.6), otherwise to a unit, or waits."""
    if person is not None:
        circulation.hand_to_named(actor=actor, document=document, person=person, at=at, deadline=deadline, note=note)
    elif unit is not None:
        circulation.assign_to_unit(actor=actor, document=document, unit=unit, at=at, deadline=deadline, note=note)


def _obstacles_to_refusals(message: DataMessage, refusals: Refusals) -> list[str]:
    """Also tells the log what is not stored and why."""
    names = dict(message.files.values_list("pk", "name"))
    refused = {names[pk]: because for pk, because in refusals.by_file.items() if pk in names}
    log.note(refused={name: because.label for name, because in refused.items()})
    return obstacles_to_refusals(refused, refusals.note)


def obstacles_to_registering(item: IntakeItem, *, sender: Party | None, subject: str) -> list[str]:
    """Everything that stands in the way of registering."""
    found = []
    if not subject.strip():
        found.append("Chybí věc dokumentu.")
    elif len(subject.strip()) > 250:
        found.append("Věc dokumentu je delší než 250 znaků. Zkraťte ji.")
    if sender is None:
        found.append("Není vybrán odesílatel z jmenného rejstříku. Vyberte ho, nebo ho zapište z údajů obálky.")
    message = item.data_message
    if message is not None and message.is_hidden:
        found.append("Zpráva je do vlastních rukou a adresát ji k evidenci zatím nepředal. Určete ho podle obálky.")
    if message is not None and message.progress in (Progress.FAILED, Progress.ANNOUNCED):
        found.append("Obsah zprávy zatím není stažený. Nechte ji stáhnout znovu, nebo ji s důvodem odložte.")
    return found


@operation("mailroom.intake.reject", title="Odložení podání bez evidence", requires=permissions.may_receive)
def reject_intake(*, actor: Actor, item: IntakeItem, reason: str, at: datetime) -> IntakeItem:
    """Leave an item out of the records (advertisement, unreadable content § 4 odst. 2…) with a reason."""
    if not reason.strip():
        raise ReasonMissing
    return _decide(_take(item), IntakeState.REJECTED, actor, at, reason=reason)


@operation("mailroom.intake.duplicate", title="Označení duplicity", requires=permissions.may_receive)
def mark_duplicate(
    *, actor: Actor, item: IntakeItem, reason: str, at: datetime, duplicate_of: IntakeItem | None = None
) -> IntakeItem:
    """Put an item aside because the same thing came before."""
    if not reason.strip():
        raise ReasonMissing
    row = _take(item)
    row.duplicate_of = duplicate_of
    return _decide(row, IntakeState.DUPLICATE, actor, at, reason=reason)


@operation(
    "mailroom.intake.attach_receipt", title="Přiložení doručenky k odeslané zprávě", requires=permissions.may_receive
)
def attach_receipt(*, actor: Actor, item: IntakeItem, at: datetime) -> Document:
    """File an uploaded delivery receipt with the document whose message it is about. Raises ``NotRegistrable``."""
    row = _take(item)
    message = row.data_message
    sending = databox.sending_of_dm_id(message.dm_id) if message and message.direction == Direction.RECEIPT else None
    if message is None or sending is None:
        raise NotRegistrable(["Odeslaná zpráva, ke které by doručenka patřila, v evidenci není."])
    file_under_document(actor=Actor.system(actor.tenant_id), message=message, sending=sending)
    _decide(row, IntakeState.ATTACHED, actor, at, document=sending.document)
    document: Document = sending.document
    return document


@operation("mailroom.dispatch.file", title="Přiložení k odeslanému dokumentu", requires=only_system)
def file_under_document(*, actor: Actor, message: DataMessage, sending: OutboxItem) -> Document:
    """Add the sealed copy of a sent message, or its receipt, to the document as a component, once."""
    document: Document = sending.document
    # Two jobs may bring the same copy: the second one waits here and finds it filed.
    list(Dispatch.objects.select_for_update().filter(outbox_item=sending))
    file = parts.sealed_copy(message)
    if not parts.is_filed(document, file):
        records.add_component(actor=actor, document=document, new_file=file)
    return document


def _take(item: IntakeItem) -> IntakeItem:
    """The item locked, if it still waits. Raises ``IntakeDecided`` telling who decided and when."""
    row = IntakeItem.objects.select_for_update().get(pk=item.pk)
    if row.state != IntakeState.WAITING:
        raise IntakeDecided(
            f"Podání už vyřídil(a) {row.decided_by or 'někdo jiný'} ({row.get_state_display()}). "
            "Načtěte si ho znovu; vaše údaje se neuložily."
        )
    return row


def _decide(
    row: IntakeItem,
    state: IntakeState,
    actor: Actor,
    at: datetime,
    *,
    reason: str = "",
    document: Document | None = None,
) -> IntakeItem:
    row.state, row.reason, row.document = state, reason.strip(), document
    row.decided_at, row.decided_by = at, actor.name
    row.save()
    return row


def _refresh(item: IntakeItem, message: DataMessage) -> None:
    files = list(message.files.all())
    item.subject, item.sender_name = message.annotation or item.subject, message.sender_name
    item.files_count, item.files_size = len(files), sum(file.size for file in files)
    item.checks_level, item.problem = message.checks_level, message.problem
    item.save()


def _with_twins(messages: Sequence[DataMessage]) -> set[int]:
    """Those of the messages whose id is in the register once more, with another content."""
    ids = [message.dm_id for message in messages]
    rows = DataMessage.objects.filter(dm_id__in=ids).values_list("pk", "dm_id", "direction")
    others: dict[tuple[str, str], set[int]] = {}
    for pk, dm_id, direction in rows:
        others.setdefault((dm_id, direction), set()).add(pk)
    return {message.pk for message in messages if others[message.dm_id, message.direction] - {message.pk}}


def _twin_warning(message: DataMessage) -> str:
    return (
        f"Zprávu s číslem {message.dm_id} už podatelna má, ale s jiným obsahem. "
        "Porovnejte obě zprávy a výsledky kontrol, než ji zaevidujete."
    )
