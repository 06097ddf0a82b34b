"""Editing in place: the address an office program opens and saves a component taken out under."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime

from egon.audit import log
from egon.audit.operation import anyone, operation
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import ContentChanged, InvalidInput, ProgramLocked
from egon.records.locking import lock
from egon.records.models import CheckOut, ComponentVersion, Document
from egon.records.operations.checkouts import require_held
from egon.records.operations.components import NewFile, require_editable
from egon.records.rules.editing import LINK_LASTS, Condition, holds, is_locked, may_write


@operation("records.component.open_link", title="Otevření souboru v programu", requires=permissions.may_check_in)
def open_editing_link(*, actor: Actor, document: Document, check_out: CheckOut, at: datetime) -> str:
    """A new secret for the address of a component one has taken out; it replaces the one before. Only its hash is kept.

    Raises :class:`NotEditable`, :class:`Conflict` when the component was let go or taken over meanwhile.
    """
    lock(document)
    require_editable(document)
    require_held(document, check_out)
    secret = secrets.token_urlsafe(32)
    check_out.link_hash, check_out.link_until = hash_of(secret), at + LINK_LASTS
    check_out.save(update_fields=["link_hash", "link_until"])
    return secret


@operation("records.component.close_links", title="Zavření adres pro programy", requires=anyone)
def close_editing_links(*, actor: Actor) -> int:
    """End the addresses of all the actor has taken out (they sign out); what was saved stays. Returns how many."""
    open_links = CheckOut.objects.filter(person=actor.person_id).exclude(link_hash="")
    closed = open_links.update(link_hash="", link_until=None, lock_token="", lock_until=None)
    log.note(count=closed)
    return closed


@operation(
    "records.component.save_copy",
    title="Uložení souboru z programu",
    requires=permissions.may_check_in,
    unlogged=("conditions", "expected"),
)
def save_working_copy(
    *,
    actor: Actor,
    document: Document,
    check_out: CheckOut,
    new_file: NewFile,
    conditions: list[list[Condition]],
    expected: Collection[str] | None = None,
    at: datetime,
) -> CheckOut:
    """Keep what the program saved until the check-in makes a version of it.

    ``conditions`` are the request's ``If`` (RFC 4918, 10.4). Raises :class:`NotEditable`, :class:`Conflict`,
    :class:`ProgramLocked` when another program has the component locked, :class:`InvalidInput` for an empty file,
    :class:`ContentChanged` when the present content is none of ``expected`` (If-Match) or not what ``If`` says of it,
    both asked under the lock.
    """
    _require_writable(document, check_out, conditions, at)
    present = present_digest(check_out)
    named = expected is None or present in expected
    held = check_out.lock_token if is_locked(check_out.lock_token, check_out.lock_until, at) else ""
    if not named or not holds(conditions, lock=held, tag=f'"{present}"'):
        raise ContentChanged("Soubor mezitím uložil někdo jiný. Otevřete ho znovu, vaše kopie zůstala v programu.")
    if new_file.blob.size == 0:
        raise InvalidInput("Program uložil prázdný soubor.", ["Předchozí obsah zůstal."])
    check_out.working_digest, check_out.working_size = new_file.blob.digest, new_file.blob.size
    check_out.saved_at = at
    check_out.save(update_fields=["working_digest", "working_size", "saved_at"])
    return check_out


@operation(
    "records.component.program_lock",
    title="Zámek souboru v programu",
    requires=permissions.may_check_in,
    unlogged=("token", "conditions"),
)
def set_program_lock(
    *,
    actor: Actor,
    document: Document,
    check_out: CheckOut,
    token: str,
    until: datetime | None,
    conditions: list[list[Condition]],
    at: datetime,
) -> CheckOut:
    """Lock the component for one program until a time, prolong that, or (``until`` is None) unlock it.

    Raises :class:`ProgramLocked` when another program has it, otherwise as :func:`save_working_copy`.
    """
    _require_writable(document, check_out, conditions, at)
    check_out.lock_token, check_out.lock_until = (token, until) if until else ("", None)
    check_out.save(update_fields=["lock_token", "lock_until"])
    return check_out


def present_digest(check_out: CheckOut) -> str:
    """What was saved last, otherwise the newest version, as it stands in the tables now."""
    check_out.refresh_from_db(fields=["working_digest"])
    newest = ComponentVersion.objects.filter(component=check_out.component_id).order_by("-number").first()
    return check_out.working_digest or (newest.digest if newest else "")


def hash_of(secret: str) -> str:
    """What is kept of the secret. It has 256 random bits, so nothing slower than SHA-256 is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _require_writable(document: Document, check_out: CheckOut, conditions: list[list[Condition]], at: datetime) -> None:
    lock(document)
    require_editable(document)
    require_held(document, check_out)
    if not may_write(check_out.lock_token, check_out.lock_until, conditions, at):
        raise ProgramLocked("Soubor má otevřený jiný program. Zavřete ho v něm, nebo počkejte, až jeho zámek vyprší.")
