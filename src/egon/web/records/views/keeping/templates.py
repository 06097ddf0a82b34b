"""Templates of letters: the list, versions, a preview over a real document."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.actor import Actor
from egon.records import operations, queries, template_queries
from egon.records.models import Document, DocumentTemplate
from egon.records.rules.states import Direction
from egon.records.rules.templates import PLACEHOLDERS, fill
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records.keeping_forms import EditTemplateForm, TemplateFilter, TemplateForm
from egon.web.records.paging import page_of
from egon.web.records.views.keeping.shared import crumbs, tabs
from egon.web.records.views.planning.shared import KEEPERS, do

TEMPLATES = ("Šablony dopisů", "/evidence/sablony/")


@requires_role(*KEEPERS)
@require_safe
def templates(request: ActorRequest) -> HttpResponse:
    """All templates, narrowed by name and use."""
    form, found = TemplateFilter(request.GET), template_queries.all_templates()
    if form.is_valid() and form.cleaned_data["hledat"]:
        found = found.filter(name__icontains=form.cleaned_data["hledat"].strip())
    if form.is_valid() and form.cleaned_data["stav"]:
        found = found.filter(active=form.cleaned_data["stav"] == "used")
    context = {"tabs": tabs("templates"), "filter_form": form, "page": page_of(found, request)}
    return render(request, "records/keeping/templates.html", context | {"crumbs": crumbs(TEMPLATES)})


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_template(request: ActorRequest) -> HttpResponse:
    """One more template."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        template = attempt(form, operations.save_template, actor=request.actor, **form.cleaned_data)
        if template is not None:
            messages.success(request, f"Šablona „{template}“ je založená. Vyzkoušejte ji na některém dokumentu.")
            return redirect("records:template", template.pk)
    context = {"form": form, "placeholders": PLACEHOLDERS, "crumbs": crumbs(TEMPLATES, ("Nová šablona", ""))}
    return render(request, "records/keeping/template.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def template_page(request: ActorRequest, pk: int) -> HttpResponse:
    """One template: its text, versions, and how a reply made from it would read."""
    template = template_queries.template_for(pk)
    initial = {name: getattr(template, name) for name in ("name", "subject", "body")}
    form = EditTemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.save_template, actor=request.actor, template=template, **form.given)
        if saved is not None:
            messages.success(request, "Šablona je uložená.")
            return redirect("records:template", pk)
    template = template_queries.template_for(pk)
    context = {
        "template": template,
        "form": form,
        "placeholders": PLACEHOLDERS,
        "versions": template.versions.order_by("-number"),
        **_preview(request, template),
        "history": entries_for(template, domain="records.template"),
        "crumbs": crumbs(TEMPLATES, (template.name, "")),
    }
    return render(request, "records/keeping/template.html", context)


@requires_role(*KEEPERS)
@require_POST
def restore_version(request: ActorRequest, pk: int) -> HttpResponse:
    """Take an older version back."""
    version = template_queries.version_of_template(pk)
    do(request, f"Platí zase {version}, jako nová.", operations.restore_template, version=version)
    return redirect("records:template", version.template_id)


@requires_role(*KEEPERS)
@require_POST
def switch_template(request: ActorRequest, pk: int) -> HttpResponse:
    """Out of use, or back."""
    template = template_queries.template_for(pk)
    if template.active:
        do(request, "Šablona se už nenabízí.", operations.disable_template, template=template)
    else:
        do(request, "Šablona se znovu nabízí.", operations.enable_template, template=template)
    return redirect("records:template", pk)


def _preview(request: ActorRequest, template: DocumentTemplate) -> dict[str, Any]:
    """The template filled for a received document the person may see: the one asked for, or the newest."""
    wanted = request.GET.get("cj", "").strip()
    document = _document_to_try(request.actor, wanted)
    shown: dict[str, Any] = {"wanted": wanted, "tried": document}
    if document is not None:
        values = template_queries.template_values(request.actor, document)
        shown |= {
            "tried_subject": fill(template.subject, values) if template.subject else f"Odpověď: {document.subject}",
            "tried_body": fill(template.body, values),
            "tried_url": reverse("records:document", args=[document.pk]),
        }
    return shown


def _document_to_try(actor: Actor, number: str) -> Document | None:
    found = queries.documents_visible_to(actor).filter(direction=Direction.RECEIVED.value)
    return found.filter(reference_number=number).first() if number else found.first()
