"""Withdrawing (znepřístupnění, storno) one document or one empty file, and restoring it (NSESSS 7.2.11 to 7.2.15)."""

from datetime import datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.events import publish
from egon.records import checkout_queries, events, permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.joined import group_of
from egon.records.locking import lock, lock_file, require_file_unchanged, require_transition
from egon.records.models import CaseFile, Document, Withdrawal
from egon.records.plan_queries import holds_over
from egon.records.queries import settings_of_originator
from egon.records.rules.removal import WithdrawalFacts, obstacles_to_withdrawing
from egon.records.rules.states import DocumentState, FileState


@operation("records.document.withdraw", title="Stornování dokumentu", requires=permissions.may_withdraw)
def withdraw_document(*, actor: Actor, document: Document, reason: str, at: datetime | None = None) -> Document:
    """Withdraw one document: it leaves its file and looks destroyed to all but the appraiser (NSESSS 7.2.12, 7.2.13).

    Its numbers stay taken, nothing is destroyed. Raises :class:`InvalidInput` with every obstacle,
    :class:`NotInThisState`, :class:`Conflict`.
    """
    believed = lock(document)
    require_transition(document, DocumentState.WITHDRAWN, believed)
    file = document.case_file
    if file is not None:
        lock_file(file)
    asked = events.WithdrawalAsked(document.pk)
    publish(asked)
    _require(
        "Dokument se nestornoval.",
        WithdrawalFacts(
            allowed_here=settings_of_originator().allows_withdrawal,
            reason=reason,
            edited=checkout_queries.obstacles_in(document),
            elsewhere=asked.obstacles,
            file_mark=file.file_mark if file else None,
            file_state=FileState(file.state) if file else FileState.OPEN,
            held=_hold_over(file) if file else None,
        ),
    )
    log.note(identifier=document.identifier, taken_out_of=str(file or ""))
    Withdrawal.objects.create(
        document=document,
        state_before=document.state,
        from_file=file,
        order_before=document.order_in_file,
        reason=reason.strip(),
        withdrawn_at=at or clock.now(),
        withdrawn_by=actor.name[:200],
    )
    document.state = DocumentState.WITHDRAWN.value
    document.case_file, document.order_in_file = None, None
    document.save(update_fields=["state", "case_file", "order_in_file"])
    publish(events.DocumentWithdrawn(document.pk))
    return document


@operation("records.file.withdraw", title="Stornování spisu", requires=permissions.may_withdraw_file)
def withdraw_file(*, actor: Actor, file: CaseFile, reason: str, at: datetime | None = None) -> CaseFile:
    """Withdraw one empty file (NSESSS 7.2.12). Raises :class:`InvalidInput` with every obstacle, :class:`Conflict`."""
    believed = lock_file(file)
    require_file_unchanged(file, believed)
    _require(
        "Spis se nestornoval.",
        WithdrawalFacts(
            allowed_here=settings_of_originator().allows_withdrawal,
            reason=reason,
            file_mark=file.file_mark,
            file_state=FileState(file.state),
            held=_hold_over(file),
            documents=file.documents.count(),
            joined=len(group_of(file)) > 1,
        ),
    )
    Withdrawal.objects.create(
        file=file, state_before=file.state, reason=reason.strip(), withdrawn_at=at or clock.now(),
        withdrawn_by=actor.name[:200],
    )  # fmt: skip
    _set_state(file, FileState.WITHDRAWN)
    publish(events.FileWithdrawn(file.pk))
    return file


@operation("records.document.restore", title="Zpřístupnění dokumentu", requires=permissions.may_appraise)
def restore_document(*, actor: Actor, document: Document, reason: str, at: datetime | None = None) -> Document:
    """Give a withdrawn document its former state back, and its place in the file while that is open (NSESSS 7.2.15)."""
    lock(document)
    withdrawal = _end_withdrawal(document, actor, reason, at)
    document.state = withdrawal.state_before
    file = withdrawal.from_file
    if file is not None:
        lock_file(file, also_gone=True)
    if file is not None and file.state == FileState.OPEN:
        document.case_file, document.order_in_file = file, withdrawal.order_before
        withdrawal.put_back = True
        withdrawal.save(update_fields=["put_back"])
        log.note(put_back_into=str(file))
    document.save(update_fields=["state", "case_file", "order_in_file"])
    publish(events.DocumentRestored(document.pk))
    return document


@operation("records.file.restore", title="Zpřístupnění spisu", requires=permissions.may_appraise)
def restore_file(*, actor: Actor, file: CaseFile, reason: str, at: datetime | None = None) -> CaseFile:
    """Give a withdrawn file its former state back (NSESSS 7.2.15)."""
    lock_file(file, also_gone=True)
    withdrawal = _end_withdrawal(file, actor, reason, at)
    _set_state(file, FileState(withdrawal.state_before))
    publish(events.FileChanged(file.pk))
    return file


def _end_withdrawal(entity: Document | CaseFile, actor: Actor, reason: str, at: datetime | None) -> Withdrawal:
    """The withdrawal that held until now. Raises :class:`NotInThisState` for what is destroyed or was not withdrawn."""
    if entity.state != DocumentState.WITHDRAWN:
        raise NotInThisState(f"{entity} není mezi znepřístupněnými (stav: {entity.get_state_display()}).")
    if not reason.strip():
        raise InvalidInput(f"{entity} se nezpřístupnil.", ["Napište, proč se zpřístupňuje."])
    held: Withdrawal = entity.withdrawals.get(restored_at__isnull=True)
    held.restored_at, held.restored_by = at or clock.now(), actor.name[:200]
    held.save(update_fields=["restored_at", "restored_by"])
    return held


def _set_state(file: CaseFile, state: FileState) -> None:
    file.state = state.value
    file.save(update_fields=["state"])


def _hold_over(file: CaseFile) -> str | None:
    hold = holds_over(file).first()
    return hold.reason if hold else None


def _require(message: str, facts: WithdrawalFacts) -> None:
    faults = obstacles_to_withdrawing(facts)
    if faults:
        raise InvalidInput(message, faults)
