"""Who does what with documents, their components and links."""

from egon.kernel.access import ALLOWED, Decision, allowed_if, denied
from egon.kernel.actor import Actor, Role
from egon.records.models import (
    CaseFile,
    CheckOut,
    CrossReference,
    Document,
    PartyLink,
)
from egon.records.permissions.files import may_correct
from egon.records.permissions.seeing import may_see, may_see_file
from egon.records.permissions.working import WORKING, may_work_on, may_work_on_file
from egon.records.rules.states import Direction, FileState


def may_register(actor: Actor) -> Decision:
    """The mailroom registers what came."""
    return allowed_if(actor.is_system or actor.has(Role.MAILROOM), "Doručené dokumenty eviduje podatelna.")


def may_create(actor: Actor) -> Decision:
    """Whoever works with documents may create an own one."""
    return allowed_if(
        actor.is_system or actor.has(*WORKING, Role.MAILROOM),
        "Vytvářet dokumenty smí zpracovatel, vedoucí, sekretariát nebo správce spisového uzlu.",
    )


def may_place(actor: Actor, document: Document) -> Decision:
    """Whoever works with documents and sees this one; circulation decides the rest (who hands over to whom)."""
    if actor.is_system or may_work_on(actor, document):
        return ALLOWED
    if not actor.has(*WORKING, Role.MAILROOM):
        return denied("Předávat dokumenty smí jen ten, kdo s nimi pracuje.")
    return may_see(actor, document)


def may_reply(actor: Actor, to: Document) -> Decision:
    """Who works on the received document writes the reply."""
    return may_work_on(actor, to)


def may_edit(actor: Actor, document: Document) -> Decision:
    """Metadata and drafts are edited by who works on the document; before it is assigned, by the mailroom."""
    if document.unit_id is None and document.direction == Direction.RECEIVED and actor.has(Role.MAILROOM):
        return ALLOWED
    return may_work_on(actor, document)


def may_edit_metadata(actor: Actor, document: Document) -> Decision:
    """Who edits the document, until its file is closed; then only the records keeper who sees it (NSESSS 7.1.5)."""
    if document.case_file_id is None or document.case_file.state != FileState.CLOSED:
        return may_edit(actor, document)
    return may_correct(actor, document.case_file) and may_see(actor, document)


def may_describe_paper(actor: Actor, document: Document) -> Decision:
    """Who edits its metadata; of what came on paper the mailroom, too, which has it in hands."""
    if document.direction == Direction.RECEIVED and actor.has(Role.MAILROOM):
        return ALLOWED
    return may_edit_metadata(actor, document)


def may_check_out(actor: Actor, document: Document) -> Decision:
    """A person who edits the document; the product itself takes nothing out."""
    return may_edit(actor, document) if actor.person_id is not None else denied("Soubor si k úpravě bere jen člověk.")


def may_check_in(actor: Actor, document: Document, check_out: CheckOut) -> Decision:
    """Who has the component, as long as they may still edit the document; not their substitutes."""
    if check_out.person_id != actor.person_id:
        return denied("Úpravy ukládá jen ten, kdo má soubor vzatý k úpravě.")
    return may_edit(actor, document)


def may_take_over(actor: Actor, document: Document) -> Decision:
    """The head of the unit that has the document, and the administrator of its records node."""
    return allowed_if(
        actor.person_id is not None and actor.has_in(document.unit_id, Role.HEAD, Role.NODE_ADMINISTRATOR),
        "Cizí úpravy souboru převezme nebo zruší vedoucí útvaru nebo správce spisového uzlu.",
    )


def may_cancel_check_out(actor: Actor, document: Document, check_out: CheckOut) -> Decision:
    """Who has the component, even when the document has left them; otherwise who may take it over."""
    return ALLOWED if check_out.person_id == actor.person_id else may_take_over(actor, document)


def may_add_component(actor: Actor, document: Document) -> Decision:
    """The editor; receipts and messages are added by the product itself and by the mailroom."""
    if actor.is_system or actor.has(Role.MAILROOM):
        return ALLOWED
    return may_work_on(actor, document)


def may_decide_on(actor: Actor, document: Document) -> Decision:
    """Whoever sees the document; who the approver is, circulation knows."""
    return ALLOWED if actor.is_system else may_see(actor, document)


def may_mark_dispatched(actor: Actor, document: Document) -> Decision:
    """The mailroom dispatches; delivery is recorded by the product."""
    return allowed_if(actor.is_system or actor.has(Role.MAILROOM), "Dokumenty odesílá výpravna.")


def may_link_party(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """Other persons are linked by who works on the document or the file; afterwards also by the records keeper."""
    if actor.is_system or actor.has(Role.RECORDS_KEEPER):
        return ALLOWED
    if file is not None:
        return may_work_on_file(actor, file)
    return may_edit(actor, document) if document is not None else denied("Vazba patří k dokumentu nebo ke spisu.")


def may_link(actor: Actor, document: Document | None = None, file: CaseFile | None = None) -> Decision:
    """References are made by who works on the document or the file, in any state of it (NSESSS 4.1.1)."""
    return may_link_party(actor, document, file)


def may_refer(
    actor: Actor,
    document: Document | None = None,
    file: CaseFile | None = None,
    to_document: Document | None = None,
    to_file: CaseFile | None = None,
) -> Decision:
    """Who works on the one side and sees the other."""
    decision = may_link(actor, document, file)
    if decision and to_document is not None:
        return may_see(actor, to_document)
    if decision and to_file is not None:
        return may_see_file(actor, to_file)
    return decision


def may_remove_reference(actor: Actor, reference: CrossReference) -> Decision:
    """A free one by who works on either side; a fixed one only by a processor of the files (NSESSS 4.1.6)."""
    if reference.fixed and reference.file and reference.to_file:
        processors = [reference.file.processor_id, reference.to_file.processor_id]
        return allowed_if(
            actor.is_one_of(processors), "Pevný odkaz smí zrušit jen zpracovatel jednoho ze spisů (NSESSS 4.1.6)."
        )
    decision = may_link(actor, reference.document, reference.file)
    return decision or may_link(actor, reference.to_document, reference.to_file)


def may_unlink_party(actor: Actor, link: PartyLink) -> Decision:
    """The same people take a link back."""
    return may_link_party(actor, link.document, link.file)
