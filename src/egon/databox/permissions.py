"""Who may do what with data boxes."""

from egon.databox.models import DataMessage
from egon.kernel.access import Decision, allowed_if
from egon.kernel.actor import Actor, Role
from egon.tenancy.models import Tenant


def may_administer_boxes(actor: Actor) -> Decision:
    """Boxes and their passwords belong to administrators (and to the building of the demo world)."""
    return allowed_if(
        actor.is_system or actor.has(Role.ADMINISTRATOR), "Datové schránky nastavuje jen správce systému."
    )


def may_send(actor: Actor) -> Decision:
    """Messages leave through the mailroom."""
    return allowed_if(actor.is_system or actor.has(Role.MAILROOM), "Datové zprávy odesílá jen podatelna.")


def may_receive(actor: Actor) -> Decision:
    """Asking ISDS for new messages delivers them, so it is the mailroom's step."""
    return allowed_if(
        actor.is_system or actor.has(Role.MAILROOM), "Zprávy z datové schránky stahuje jen podatelna nebo systém sám."
    )


def may_import(actor: Actor) -> Decision:
    """Bringing in messages from before the product; the report names messages, so it is the mailroom's work."""
    return allowed_if(actor.is_system or actor.has(Role.MAILROOM), "Datové zprávy importuje jen podatelna.")


def may_see_centre(actor: Actor) -> Decision:
    """Health of all organisations' boxes: the administrator of the centre, acting in the organisation that runs it.

    The role alone does not suffice, should somebody in a founded organisation hold it.
    """
    may = actor.is_system or actor.has(Role.CENTRE_ADMINISTRATOR)
    may = may and Tenant.objects.filter(pk=actor.tenant_id, is_operator=True).exists()
    return allowed_if(may, "Schránky všech organizací vidí jen správce krajského centra.")


def may_see_boxes(actor: Actor) -> Decision:
    """State of boxes: mailroom and administrators."""
    return allowed_if(
        actor.has(Role.MAILROOM, Role.ADMINISTRATOR), "Datové schránky vidí jen podatelna a správce systému."
    )


def is_named_in(actor: Actor, message: DataMessage) -> bool:
    """Whether a message is to the actor's own hands. A substitute is not: own hands are not a matter of the office."""
    return actor.person_id is not None and message.named_person_id == actor.person_id


def may_open(actor: Actor, message: DataMessage) -> Decision:
    """Content of a message ``do vlastních rukou``: only the person it is for, until they hand it over."""
    return allowed_if(
        not message.is_hidden or is_named_in(actor, message),
        "Zpráva je do vlastních rukou, její obsah vidí jen adresát.",
    )


def may_name_person(actor: Actor) -> Decision:
    """Saying whose own hands a message is for (by the envelope)."""
    return allowed_if(actor.has(Role.MAILROOM), "Adresáta zprávy do vlastních rukou určuje podatelna podle obálky.")


def may_release(actor: Actor, message: DataMessage) -> Decision:
    """Handing a message to one's own hands over to the mailroom."""
    return allowed_if(is_named_in(actor, message), "Předat zprávu do vlastních rukou k evidenci může jen její adresát.")
