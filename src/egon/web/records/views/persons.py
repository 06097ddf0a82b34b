"""Other persons of the jmenný rejstřík in a document or a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from egon.kernel import clock
from egon.kernel.errors import DomainError
from egon.records import operations, queries
from egon.records.models import CaseFile, Document
from egon.records.rules.parties import PartyRole
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.forms import PartyLinkForm


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def link_to_document(request: ActorRequest, pk: int) -> HttpResponse:
    """Find a person in the register and link them to the document."""
    document = queries.document_for(request.actor, pk)
    above = {"label": "Dokumenty", "url": reverse("records:documents")}
    return _link(request, document, above, reverse("records:document", args=[pk]), document=document)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def link_to_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Find a person in the register and link them to the file."""
    file = queries.file_for(request.actor, pk)
    above = {"label": "Spisy", "url": reverse("records:files")}
    return _link(request, file, above, reverse("records:file", args=[pk]), file=file)


def _link(
    request: ActorRequest, entity: Document | CaseFile, above: dict[str, str], back: str, **what: Any
) -> HttpResponse:
    form = PartyLinkForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        role, note = PartyRole(form.cleaned_data["role"]), form.cleaned_data["note"]
        arguments = {"party": form.party, "role": role, "note": note, "at": clock.now(), **what}
        if link := attempt(form, operations.link_party, actor=request.actor, **arguments):
            messages.success(request, f"{link.party.name}: vazba je zapsaná, role {role.label}.")
            return redirect(f"{back}#osoby")
    context = {
        "heading": "Připojit osobu",
        "form": form,
        "submit": "Připojit osobu",
        "lead": f"{entity} · {entity.subject}. Není-li osoba v rejstříku, nejdřív ji tam zapište.",
        "back": back,
        "crumbs": [above, {"label": str(entity), "url": back}, {"label": "Připojit osobu"}],
    }
    return render(request, "records/form_page.html", context)


@signed_in
@require_POST
def unlink(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a link back, with a reason."""
    link = queries.party_link_for(request.actor, pk)
    try:
        operations.unlink_party(actor=request.actor, link=link, reason=request.POST.get("reason", ""))
        messages.success(request, f"Vazba na osobu {link.party.name} je zrušená.")
    except DomainError as error:
        messages.error(request, error.message)
    if link.document_id is not None:
        return redirect("records:document", link.document_id)
    return redirect("records:file", link.file_id)
