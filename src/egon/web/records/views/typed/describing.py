"""Own metadata of a section and of a volume, which have nothing else to edit (NSESSS 9.1.1)."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egon.records import operations, permissions, typed_queries
from egon.records.rules.own_metadata import OwnEntity
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.own_page import own_page
from egon.web.records.views.typed.sections import crumbs_of, volumes_url


@signed_in
@require_http_methods(["GET", "POST"])
def edit_section(request: ActorRequest, pk: int) -> HttpResponse:
    """What is recorded of a section beyond its template."""
    section = typed_queries.section_for(request.actor, pk)
    return own_page(
        request,
        section,
        OwnEntity.SECTION,
        permissions.may_work_on_section(request.actor, section),
        lambda form, data: attempt(form, operations.edit_section, section=section, **data),
        {"heading": "Údaje součásti", "lead": str(section), "back": reverse("records:section", args=[pk])},
        crumbs_of(section, "Údaje"),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def edit_volume(request: ActorRequest, pk: int) -> HttpResponse:
    """What is recorded of a volume beyond its template."""
    volume = typed_queries.volume_for(request.actor, pk)
    return own_page(
        request,
        volume,
        OwnEntity.VOLUME,
        permissions.may_work_on_volume(request.actor, volume),
        lambda form, data: attempt(form, operations.edit_volume, volume=volume, **data),
        {"heading": f"Údaje: {volume}", "lead": str(volume.section), "back": volumes_url(volume.section)},
        crumbs_of(volume.section, str(volume)),
    )
