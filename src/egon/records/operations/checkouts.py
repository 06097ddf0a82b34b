"""Taking a component out for editing and bringing it back as a new version."""

from datetime import datetime
from typing import cast

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import Conflict
from egon.kernel.events import publish
from egon.records import checkout_queries, events, permissions
from egon.records.errors import InvalidInput, NotEditable
from egon.records.locking import lock
from egon.records.models import CheckOut, Component, ComponentVersion, Document
from egon.records.operations.components import NewFile, require_editable, require_present, write_version
from egon.records.rules.checkouts import may_be_taken, obstacles_to_check_in
from egon.records.rules.components import ComponentForm, ComponentRole, clean_name
from egon.storage import BlobRef


@operation("records.component.check_out", title="Vzetí souboru k úpravě", requires=permissions.may_check_out)
def check_out(*, actor: Actor, document: Document, component: Component, at: datetime | None = None) -> CheckOut:
    """Take a component of a draft out for editing; taking again what one already has changes nothing.

    Raises :class:`NotEditable` when it cannot be edited, :class:`Conflict` when another person has it.
    """
    lock(document)
    require_editable(document)
    require_present(document, component)
    is_written = component.pk in checkout_queries.written_in(document)
    if not may_be_taken(ComponentRole(component.role), is_written=is_written):
        raise NotEditable(
            f"Soubor „{component}“ se takto neupravuje: text dopisu se píše na stránce a doručenky se nemění. "
            "Nic se nezměnilo."
        )
    found = checkout_queries.of_component(component)
    if found is None:
        return CheckOut.objects.create(component=component, person_id=_person_in(actor), taken_at=at or clock.now())
    if found.person_id != actor.person_id:
        raise Conflict(
            f"Soubor „{component}“ už upravuje {found.person.name}. Počkejte, až úpravy uloží; převzít je může vedoucí."
        )
    return found


@operation("records.component.check_in", title="Uložení úprav souboru", requires=permissions.may_check_in)
def check_in(
    *,
    actor: Actor,
    document: Document,
    check_out: CheckOut,
    new_file: NewFile | None = None,
    changes: str,
    at: datetime | None = None,
) -> ComponentVersion:
    """Bring the component back: its next version with what changed, free for others again. NSESSS 2.1.1.

    Without ``new_file`` it is what the office program saved. The component keeps its name. Raises
    :class:`NotEditable`, :class:`InvalidInput` with every obstacle, :class:`Conflict` when it was taken over or
    cancelled meanwhile.
    """
    lock(document)
    require_editable(document)
    component = require_held(document, check_out)
    latest = component.versions.order_by("-number").first()
    new_file = new_file or _saved_by_program(check_out, component)
    if new_file is None:
        raise InvalidInput("Soubor zůstává vzatý k úpravě.", ["Z programu se zatím nic neuložilo. Vyberte soubor."])
    obstacles = obstacles_to_check_in(
        component=component.name,
        uploaded=clean_name(new_file.name),
        changes=changes,
        unchanged=latest is not None and latest.digest == new_file.blob.digest,
    )
    if obstacles:
        raise InvalidInput("Úpravy se neuložily, soubor zůstává vzatý k úpravě.", obstacles)
    version = write_version(actor, component, new_file, at or clock.now(), comment=changes.strip())
    _end(check_out)
    publish(events.DocumentChanged(document.pk))
    return version


@operation(
    "records.component.cancel_check_out", title="Zrušení úprav souboru", requires=permissions.may_cancel_check_out
)
def cancel_check_out(*, actor: Actor, document: Document, check_out: CheckOut) -> None:
    """Let the component go unchanged. Raises :class:`Conflict` when it was let go or taken over meanwhile."""
    lock(document)
    component = require_held(document, check_out)
    log.note(component=component.name)
    _end(check_out)


@operation("records.component.take_over", title="Převzetí úprav souboru", requires=permissions.may_take_over)
def take_over(
    *, actor: Actor, document: Document, check_out: CheckOut, reason: str, at: datetime | None = None
) -> CheckOut:
    """The head goes on editing instead of who has the component, saying why; what a program saved so far stays.

    Raises :class:`InvalidInput` without a reason, :class:`NotEditable`, :class:`Conflict`.
    """
    lock(document)
    require_editable(document)
    require_held(document, check_out)
    if not reason.strip():
        raise InvalidInput("Úpravy zůstaly, komu byly.", ["Napište důvod převzetí."])
    log.note(previous=check_out.person.name)
    check_out.person_id = _person_in(actor)
    check_out.taken_at = at or clock.now()
    check_out.link_hash, check_out.link_until, check_out.lock_token, check_out.lock_until = "", None, "", None
    check_out.save(update_fields=["person", "taken_at", "link_hash", "link_until", "lock_token", "lock_until"])
    return check_out


def require_held(document: Document, check_out: CheckOut) -> Component:
    """The component, when its check-out is still as the caller saw it and belongs to this document (a locked row).

    The permission was decided for the person the caller saw: with another one it would not hold. The caller's instance
    is brought up to date.
    """
    present = CheckOut.objects.select_related("component", "person").filter(pk=check_out.pk).first()
    if present is None or present.component.document_id != document.pk:
        raise Conflict("Tyto úpravy už někdo ukončil. Nic se nezměnilo, podívejte se na současný stav souboru.")
    if present.person_id != check_out.person_id:
        raise Conflict(f"Soubor „{present.component}“ mezitím převzal(a) {present.person.name}. Nic se nezměnilo.")
    check_out.refresh_from_db()
    component: Component = present.component
    return component


def _saved_by_program(check_out: CheckOut, component: Component) -> NewFile | None:
    if not check_out.working_digest:
        return None
    return NewFile(
        name=component.name,
        media_type=component.media_type,
        blob=BlobRef(check_out.working_digest, check_out.working_size),
        form=ComponentForm.OWN.value,
    )


def _person_in(actor: Actor) -> int:
    # The permissions let only people in, never the product itself.
    return cast(int, actor.person_id)


def _end(check_out: CheckOut) -> None:
    # By a query, so that the instance keeps its key for the log.
    CheckOut.objects.filter(pk=check_out.pk).delete()
