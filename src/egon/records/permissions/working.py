"""Who works with what: the roles that do, who holds, processes or leads."""

from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role
from egon.records.models import (
    CaseFile,
    Document,
)
from egon.registry.queries import LEADING

WORKING = (Role.OFFICER, *LEADING)


def may_work_on(actor: Actor, document: Document) -> Decision:
    """The holder (or their substitute), and who leads the unit that has the document."""
    return allowed_if(
        actor.is_system or actor.is_one_of([document.holder_id]) or _leads_document(actor, document),
        "S dokumentem smí pracovat jeho zpracovatel nebo vedoucí útvaru, který ho má.",
    )


def may_work_on_file(actor: Actor, file: CaseFile) -> Decision:
    """The processor of the file (or their substitute), and who leads its unit."""
    return allowed_if(
        actor.is_system or actor.is_one_of([file.processor_id]) or _leads_file(actor, file),
        f"Se spisem {file} smí pracovat jeho zpracovatel nebo vedoucí útvaru.",
    )


def administers(actor: Actor, unit_id: int | None) -> bool:
    """Whether the actor administers records, of the originator or of the node the unit belongs to."""
    return actor.has(Role.ADMINISTRATOR) or (unit_id is not None and actor.has_in(unit_id, Role.NODE_ADMINISTRATOR))


def leads(actor: Actor, unit_id: int | None) -> bool:
    """Whether the actor leads this unit; of no unit nobody does."""
    return unit_id is not None and actor.has_in(unit_id, *LEADING)


def _leads_document(actor: Actor, document: Document) -> bool:
    if not leads(actor, document.unit_id):
        return False
    return not document.is_restricted()


def _leads_file(actor: Actor, file: CaseFile) -> bool:
    return leads(actor, file.unit_id) and not file.is_restricted()
