"""All metadata of a typed file or a section, on the screen and as PDF/A (NSESSS 5.2.3, 5.2.6)."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.records import operations, typed_queries
from egon.web.access import ActorRequest, signed_in
from egon.web.records import typed_metadata
from egon.web.records.views.metadata import sheet_page
from egon.web.records.views.printing import sheet_answer
from egon.web.records.views.typed.files import crumbs_to
from egon.web.records.views.typed.sections import crumbs_of


@signed_in
@require_safe
def typed_file_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything kept of a typed file, as it would be printed."""
    typed = typed_queries.typed_file_for(request.actor, pk)
    print_url = reverse("records:print_typed_file_metadata", args=[pk])
    sheet = typed_metadata.typed_file_sheet(request.actor, typed)
    return sheet_page(request, sheet, print_url, crumbs_to(typed, "Metadata"))


@signed_in
@require_safe
def print_typed_file_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """The same as PDF/A."""
    typed = typed_queries.typed_file_for(request.actor, pk)
    operations.print_typed_file(actor=request.actor, typed_file=typed, what="metadata")
    return sheet_answer(typed_metadata.typed_file_sheet(request.actor, typed), f"metadata-typoveho-spisu-{pk}")


@signed_in
@require_safe
def section_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """Everything kept of a section, as it would be printed."""
    section = typed_queries.section_for(request.actor, pk)
    print_url = reverse("records:print_section_metadata", args=[pk])
    sheet = typed_metadata.section_sheet(request.actor, section)
    return sheet_page(request, sheet, print_url, crumbs_of(section, "Metadata"))


@signed_in
@require_safe
def print_section_metadata(request: ActorRequest, pk: int) -> HttpResponse:
    """The same as PDF/A."""
    section = typed_queries.section_for(request.actor, pk)
    what = f"metadata součásti {section.template}"
    operations.print_typed_file(actor=request.actor, typed_file=section.typed_file, what=what)
    return sheet_answer(typed_metadata.section_sheet(request.actor, section), f"metadata-soucasti-{pk}")
