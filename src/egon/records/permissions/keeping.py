"""Who sets things up, keeps searches and prints in bulk."""

from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role
from egon.records.models import (
    PrintRun,
    SavedSearch,
    SearchExport,
)
from egon.records.permissions.seeing import units_of

REPORT_READERS = (Role.RECORDS_KEEPER, Role.ADMINISTRATOR, Role.AUDITOR)


def may_print_many(actor: Actor) -> Decision:
    """A person prints what they see; every item is tested again when it is made."""
    return allowed_if(actor.person_id is not None, "Hromadný tisk spouští jen člověk.")


def may_handle_print(actor: Actor, run: PrintRun) -> Decision:
    """Only who started it: it was made with their rights."""
    return allowed_if(run.person_id == actor.person_id, "S hromadným tiskem zachází jen ten, kdo ho spustil.")


def may_export_search(actor: Actor) -> Decision:
    """A person takes away what they find; what is in the file is judged when it is made."""
    return allowed_if(actor.person_id is not None, "Výsledek hledání si odnáší jen člověk.")


def may_handle_export(actor: Actor, run: SearchExport) -> Decision:
    """Only who started it, for it is made with their rights; the product forgets what was kept long enough."""
    return allowed_if(
        actor.is_system or run.person_id == actor.person_id, "S exportem hledání zachází jen ten, kdo ho spustil."
    )


def may_save_search(actor: Actor, search: SavedSearch | None = None) -> Decision:
    """Every person keeps searches of their own; a substitute does not change those of whom they substitute."""
    if search is not None:
        return may_change_search(actor, search)
    return allowed_if(actor.person_id is not None, "Hledání si ukládá jen člověk.")


def may_change_search(actor: Actor, search: SavedSearch) -> Decision:
    """Its owner."""
    return allowed_if(search.owner_id == actor.person_id, "Uložené hledání mění jen ten, kdo ho uložil.")


def units_to_share_with(actor: Actor) -> frozenset[int]:
    """Units in which the actor works or which they lead."""
    return units_of(actor)


def may_configure(actor: Actor) -> Decision:
    """The plan, kinds, templates and numbering are kept by the administrator and the records keeper."""
    return allowed_if(
        actor.is_system or actor.has(Role.ADMINISTRATOR, Role.RECORDS_KEEPER),
        "Nastavení spisové služby mění správce systému nebo správce spisovny.",
    )
