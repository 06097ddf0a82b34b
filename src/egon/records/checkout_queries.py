"""Reads of check-outs: who has which component taken out for editing."""

from datetime import datetime

from django.db.models import QuerySet

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records.models import CheckOut, Component, ComponentVersion, Document
from egon.records.queries import document_for
from egon.records.rules.checkouts import obstacles_while_taken


def of_document(document: Document) -> QuerySet[CheckOut]:
    """Check-outs of the document's components, with the component and the person."""
    return CheckOut.objects.select_related("component", "person").filter(component__document=document).order_by("pk")


def of_component(component: Component) -> CheckOut | None:
    """Who has the component, if anybody."""
    return CheckOut.objects.select_related("person").filter(component=component).first()


def written_in(document: Document) -> set[int]:
    """Keys of the document's components that are written in the page, not brought as files."""
    versions = ComponentVersion.objects.filter(component__document=document).exclude(source_text="")
    return set(versions.values_list("component_id", flat=True))


def check_out_for(actor: Actor, pk: int) -> CheckOut:
    """A check-out of a document the actor may see. Raises :class:`NotFound`."""
    found = CheckOut.objects.select_related("component__document", "person").filter(pk=pk).first()
    if found is None:
        raise NotFound("Tyto úpravy už někdo ukončil, nebo nikdy nebyly.")
    document_for(actor, found.component.document_id)
    return found


def by_link(link_hash: str, *, at: datetime) -> CheckOut | None:
    """The check-out whose address this is, as long as it holds. Whose it is, is the person in it."""
    if not link_hash:
        return None
    found = CheckOut.objects.select_related("component__document", "person__account")
    return found.filter(link_hash=link_hash, link_until__gt=at).first()


def has_links(actor: Actor) -> bool:
    """Whether some office program may still save under an address of the actor."""
    return CheckOut.objects.filter(person=actor.person_id).exclude(link_hash="").exists()


def obstacles_in(document: Document) -> list[str]:
    """Why a draft cannot be frozen now: somebody is editing its components."""
    return obstacles_while_taken((one.component.name, one.person.name) for one in of_document(document))
