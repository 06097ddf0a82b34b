"""Templates of letters: the list, their versions, and what their placeholders mean for a document."""

from django.db.models import QuerySet

from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.records.models import Document, DocumentTemplate, TemplateVersion
from egon.tenancy.models import Tenant


def all_templates() -> QuerySet[DocumentTemplate]:
    """All templates by name, those out of use included."""
    return DocumentTemplate.objects.order_by("name")


def template_for(pk: int) -> DocumentTemplate:
    """A template. Raises :class:`NotFound`."""
    found = all_templates().filter(pk=pk).first()
    if found is None:
        raise NotFound("Taková šablona tu není.")
    return found


def version_of_template(pk: int) -> TemplateVersion:
    """A version of a template. Raises :class:`NotFound`."""
    found = TemplateVersion.objects.select_related("template").filter(pk=pk).first()
    if found is None:
        raise NotFound("Taková verze šablony tu není.")
    return found


def template_values(actor: Actor, to: Document) -> dict[str, str]:
    """What stands for each placeholder in a reply to a document."""
    delivered = to.delivered_at.astimezone(PRAGUE) if to.delivered_at else None
    return {
        "vec": to.subject,
        "cj": to.reference_number,
        "znacka_odesilatele": to.sender_reference,
        "odesilatel": to.sender.name if to.sender else "",
        "doruceno": f"{delivered.day}. {delivered.month}. {delivered.year}" if delivered else "",
        "organizace": Tenant.objects.values_list("name", flat=True).get(pk=actor.tenant_id),
        "zpracovatel": to.holder.name if to.holder else actor.name,
    }
