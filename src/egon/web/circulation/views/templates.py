"""Saved steps of routes: the list, making, changing, deleting."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.circulation import operations, permissions, route_queries
from egon.circulation.models import RouteTemplate
from egon.kernel import clock
from egon.web.access import ActorRequest, signed_in
from egon.web.circulation.route_forms import StepRows, TemplateForm, empty_rows, row_of, rows_from
from egon.web.circulation.views.handovers import require
from egon.web.forms import attempt

PAGE_SIZE = 50


@signed_in
@require_safe
def route_templates(request: ActorRequest) -> HttpResponse:
    """One's own templates and the organisation's."""
    page = Paginator(route_queries.templates_for(request.actor), PAGE_SIZE).get_page(request.GET.get("strana"))
    rows = [
        {"template": template, "may_change": bool(permissions.may_save_template(request.actor, template=template))}
        for template in page
    ]
    crumbs = [{"label": "Můj stůl", "url": "/"}, {"label": "Šablony oběhu"}]
    return render(request, "circulation/route_templates.html", {"rows": rows, "page": page, "crumbs": crumbs})


@signed_in
@require_http_methods(["GET", "POST"])
def new_route_template(request: ActorRequest) -> HttpResponse:
    """Save new steps under a name."""
    return _edit(request, None)


@signed_in
@require_http_methods(["GET", "POST"])
def route_template(request: ActorRequest, pk: int) -> HttpResponse:
    """Change a template."""
    template = route_queries.template_for(request.actor, pk)
    require(permissions.may_save_template(request.actor, template=template))
    return _edit(request, template)


@signed_in
@require_POST
def delete_route_template(request: ActorRequest, pk: int) -> HttpResponse:
    """Delete a template."""
    template = route_queries.template_for(request.actor, pk)
    operations.delete_route_template(actor=request.actor, template=template)
    messages.success(request, f"Šablona „{template}“ je smazaná. Oběhy podle ní běží dál.")
    return redirect("circulation:route_templates")


def _edit(request: ActorRequest, template: RouteTemplate | None) -> HttpResponse:
    may_for_all = bool(permissions.may_save_template(request.actor, for_all=True))
    known = {"name": template.name, "for_all": template.owner_id is None} if template else {}
    form = TemplateForm(request.POST or None, initial=known, may_for_all=may_for_all)
    if request.method != "POST":
        known_steps = [row_of(step) for step in template.steps.all()] if template else []
        return _page(request, template, form, empty_rows(known_steps))
    if "pridat" in request.POST:
        return _page(request, template, form, rows_from(request.POST, more=True))
    rows = rows_from(request.POST)
    if form.is_valid() and rows.is_valid():
        arguments = {**form.cleaned_data, "steps": rows.planned(), "template": template, "at": clock.now()}
        if saved := attempt(form, operations.save_route_template, actor=request.actor, **arguments):
            messages.success(request, f"Šablona „{saved}“ je uložená.")
            return redirect("circulation:route_templates")
    return _page(request, template, form, rows)


def _page(request: ActorRequest, template: RouteTemplate | None, form: TemplateForm, rows: StepRows) -> HttpResponse:
    heading = f"Šablona oběhu: {template}" if template else "Nová šablona oběhu"
    url = reverse("circulation:route_templates")
    crumbs: list[dict[str, Any]] = [
        {"label": "Můj stůl", "url": "/"}, {"label": "Šablony oběhu", "url": url}, {"label": heading}
    ]  # fmt: skip
    context = {"template": template, "form": form, "rows": rows, "heading": heading, "back": url, "crumbs": crumbs}
    return render(request, "circulation/route_template.html", context)
