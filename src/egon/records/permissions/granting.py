"""Who shares, grants, confirms and ends access (NSESSS 7.1.2 to 7.1.4), and who restricts a file to named people."""

from egon.kernel.access import ALLOWED, Decision, allowed_if, denied
from egon.kernel.actor import Actor, Role
from egon.records.models import (
    AccessGrant,
    CaseFile,
    Document,
    TypedFile,
    TypedSection,
)
from egon.records.permissions.documents import may_place
from egon.records.permissions.files import may_work_on_typed_file
from egon.records.permissions.seeing import may_see_file
from egon.records.permissions.working import WORKING, may_work_on, may_work_on_file
from egon.registry.queries import LEADING


def may_share(actor: Actor, document: Document) -> Decision:
    """The same as placing: who sees a document may show it within circulation."""
    return may_place(actor, document)


def may_grant_access(
    actor: Actor,
    document: Document | None = None,
    file: CaseFile | None = None,
    typed_file: TypedFile | None = None,
    section: TypedSection | None = None,
) -> Decision:
    """Who has access and works with documents grants it (NSESSS 7.1.2); to a restricted file who works on it.

    To a typed file and a section who works on the typed file: what is put there later will follow.
    """
    if typed_file is not None or section is not None:
        return _may_grant_typed(actor, typed_file, section)
    if document is not None:
        return may_work_on(actor, document) if document.is_restricted() else may_share(actor, document)
    if file is None:
        return denied("Přístup se přiděluje k dokumentu nebo ke spisu.")
    if actor.is_system or may_work_on_file(actor, file):
        return ALLOWED
    if file.is_restricted() or not actor.has(*WORKING, Role.MAILROOM):
        return denied(f"Přístup ke spisu {file} přiděluje ten, kdo s ním pracuje.")
    return may_see_file(actor, file)


def _may_grant_typed(actor: Actor, typed_file: TypedFile | None, section: TypedSection | None) -> Decision:
    whole = typed_file if section is None else section.typed_file
    return may_work_on_typed_file(actor, whole) if whole is not None else denied("Není k čemu přístup přidělit.")


def may_show_file(actor: Actor, file: CaseFile) -> Decision:
    """Who works on the file, and circulation for them."""
    return may_work_on_file(actor, file)


def may_decide_on_grant(actor: Actor, grant: AccessGrant) -> Decision:
    """The person named, who leads the unit, or who holds the role; substitutes too (NSESSS 7.1.3)."""
    if grant.person_id is not None:
        theirs = actor.is_one_of([grant.person_id])
    elif grant.unit_id is not None:
        theirs = actor.has_in(grant.unit_id, *LEADING)
    else:
        theirs = any(one.role == grant.role for one in actor.grants)
    return allowed_if(theirs, f"Přístup potvrzuje nebo odmítá ten, komu je přidělený: {grant.receiver}.")


def may_withdraw_grant(actor: Actor, grant: AccessGrant) -> Decision:
    """Who gave it, while it waits (NSESSS 7.1.4)."""
    return allowed_if(actor.is_one_of([grant.given_by_id]), "Nepotvrzený přístup zruší jen ten, kdo ho přidělil.")


def may_end_grant(actor: Actor, grant: AccessGrant) -> Decision:
    """The receiver, and who works on the document or the file; of a typed file also the giver and an administrator."""
    if may_decide_on_grant(actor, grant):
        return ALLOWED
    if grant.typed_file is not None or grant.section is not None:
        if actor.has(Role.ADMINISTRATOR) or actor.is_one_of([grant.given_by_id]):
            return ALLOWED
        return _may_grant_typed(actor, grant.typed_file, grant.section)
    if grant.document is not None:
        return may_work_on(actor, grant.document)
    return may_work_on_file(actor, grant.file) if grant.file is not None else denied("Přístup k ničemu nepatří.")


def may_restrict(actor: Actor, file: CaseFile) -> Decision:
    """Who works on the file."""
    return may_work_on_file(actor, file)


def may_release(actor: Actor, file: CaseFile) -> Decision:
    """Its processor; when they cannot, the head of the unit or the records keeper, who do not see what is in it."""
    if actor.has(Role.RECORDS_KEEPER) or actor.has_in(file.unit_id, Role.HEAD):
        return ALLOWED
    return may_work_on_file(actor, file)
