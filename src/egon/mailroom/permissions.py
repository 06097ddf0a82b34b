"""Who may work in the mailroom."""

from egon.circulation.permissions import LEADING
from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role
from egon.mailroom.models import Dispatch, HandoverList
from egon.records import permissions as records

BOOK_READERS = (Role.MAILROOM, Role.RECORDS_KEEPER, Role.AUDITOR)


def may_receive(actor: Actor) -> Decision:
    """Registering what came (vyhláška 259/2012 Sb. § 2 až 8)."""
    return allowed_if(actor.has(Role.MAILROOM), "Došlé zásilky eviduje jen podatelna.")


def may_advise(actor: Actor, dispatch: Dispatch) -> Decision:
    """Saying what to do with a letter that came back: its officer, and the mailroom for them."""
    return allowed_if(
        actor.has(Role.MAILROOM) or bool(records.may_work_on(actor, dispatch.document)),
        "Co s nedoručenou zásilkou dál, určuje zpracovatel dokumentu nebo podatelna.",
    )


def may_dispatch(actor: Actor) -> Decision:
    """Sending what was approved (vyhláška 259/2012 Sb. § 18)."""
    return allowed_if(actor.has(Role.MAILROOM), "Dokumenty odesílá jen výpravna.")


def may_read_book(actor: Actor) -> Decision:
    """The register book of the originator: the mailroom, the records keeper and the auditor."""
    return allowed_if(actor.has(*BOOK_READERS), "Podací deník vede podatelna, čte ho správce spisovny a auditor.")


def may_take_over_list(actor: Actor, listing: HandoverList) -> Decision:
    """Whoever takes documents over for the unit."""
    return allowed_if(
        actor.has_in(listing.unit_id, *LEADING),
        f"Listiny za útvar {listing.unit} přebírá jeho vedoucí, sekretariát nebo správce spisového uzlu.",
    )
