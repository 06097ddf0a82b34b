"""Restrictions of people and roles (NSESSS 7.1.6), and roles the organisation makes itself (7.1.8)."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.registry import operations, queries
from egon.registry.models import OwnRole, Restriction
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.records.paging import page_of
from egon.web.registry.functions import names
from egon.web.registry.restriction_forms import HolderForm, OwnRoleForm, RestrictionFilter, RestrictionForm
from egon.web.registry.views.telling import crumbs, do, tabs, tell_errors


@requires_role(Role.ADMINISTRATOR)
@require_safe
def restriction_list(request: ActorRequest) -> HttpResponse:
    """``/sprava/omezeni/``: those in force and coming ones; with ``?stav=vse`` also past ones."""
    form, today = RestrictionFilter(request.GET), clock.today()
    found = queries.restrictions()
    if form.is_valid():
        found = found.filter(_wanted(form.cleaned_data))
    page = page_of(found, request)
    context = {
        "tabs": tabs("restrictions"),
        "crumbs": crumbs(("Omezení přístupu", "")),
        "filter_form": form,
        "page": page,
        "rows": [{"one": one, "chip": _chip(one, today)} for one in page],
    }
    return render(request, "registry/restrictions.html", context)


def _wanted(wanted: dict[str, Any]) -> Q:
    chosen = Q()
    if not wanted["stav"]:
        chosen &= Q(lifted_at__isnull=True) & (Q(valid_to__isnull=True) | Q(valid_to__gte=clock.today()))
    if wanted["co"]:
        chosen &= Q(kind=wanted["co"])
    for word in wanted["q"].split():
        whom = Q(person__family_name__icontains=word) | Q(person__given_name__icontains=word)
        chosen &= whom | Q(own_role__name__icontains=word) | Q(title__icontains=word) | Q(reason__icontains=word)
    return chosen


def _chip(one: Restriction, today: Any) -> dict[str, str]:
    if one.lifted_at is not None:
        return {"label": "zrušené", "tone": "neutral"}
    if one.valid_to is not None and one.valid_to < today:
        return {"label": "skončilo", "tone": "neutral"}
    if one.valid_from is not None and one.valid_from > today:
        return {"label": "teprve začne", "tone": "primary"}
    return {"label": "platí", "tone": "warning"}


@requires_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new_restriction(request: ActorRequest) -> HttpResponse:
    """``/sprava/omezeni/nove/``."""
    form = RestrictionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        arguments = {"actor": request.actor, "at": clock.now(), **form.arguments()}
        if made := attempt(form, operations.set_restriction, **arguments):
            messages.success(request, f"Omezení je zapsané: {made}. Platí od nejbližšího kroku dotčených lidí.")
            return redirect("registry-restrictions")
    context = {
        "heading": "Nové omezení přístupu",
        "form": form,
        "submit": "Omezit přístup",
        "lead": "Omezení osoby se nepřenáší na toho, kdo ji zastupuje. Omezení role platí pro každého, kdo ji má.",
        "back": reverse("registry-restrictions"),
        "crumbs": crumbs(("Omezení přístupu", reverse("registry-restrictions")), ("Nové", "")),
    }
    return render(request, "records/form_page.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def lift_restriction(request: ActorRequest, pk: int) -> HttpResponse:
    """End a restriction."""
    restriction = queries.restrictions().filter(pk=pk).first()
    if restriction is None:
        raise NotFound("Takové omezení v této organizaci není.")
    arguments = {"actor": request.actor, "restriction": restriction, "at": clock.now()}
    do(request, "Omezení je zrušené.", operations.lift_restriction, **arguments)
    return redirect("registry-restrictions")


@requires_role(Role.ADMINISTRATOR)
@require_safe
def own_role_list(request: ActorRequest) -> HttpResponse:
    """``/sprava/vlastni-role/``."""
    found: QuerySet[OwnRole] = queries.own_roles()
    page = page_of(found, request)
    rows = [{"role": role, "holders": len(queries.holders_of(role))} for role in page]
    context = {"tabs": tabs("own_roles"), "crumbs": crumbs(("Vlastní role", "")), "page": page, "rows": rows}
    return render(request, "registry/own_roles.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new_own_role(request: ActorRequest) -> HttpResponse:
    """``/sprava/vlastni-role/nova/``."""
    form = OwnRoleForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid()
    if valid and (role := attempt(form, operations.save_own_role, actor=request.actor, **form.arguments())):
        messages.success(request, f"Role „{role}“ je založená. Teď ji přidělte lidem.")
        return redirect("registry-own-role", role.pk)
    return _form_page(request, form, "Nová vlastní role", reverse("registry-own-roles"))


@requires_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def edit_own_role(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/vlastni-role/<pk>/upravit/``."""
    role = queries.own_role_for(request.actor, pk)
    initial = {name: getattr(role, name) for name in ("name", "description", "bases", "without")}
    form = OwnRoleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        arguments = {"actor": request.actor, "own_role": role, **form.arguments()}
        if attempt(form, operations.save_own_role, **arguments) is None:
            return _form_page(request, form, f"Role {role}", reverse("registry-own-role", args=[pk]))
        messages.success(request, "Role je změněná, pro všechny, kdo ji mají.")
        return redirect("registry-own-role", pk)
    return _form_page(request, form, f"Role {role}", reverse("registry-own-role", args=[pk]))


def _form_page(request: ActorRequest, form: OwnRoleForm, heading: str, back: str) -> HttpResponse:
    steps = (("Vlastní role", reverse("registry-own-roles")), (heading, ""))
    context = {"heading": heading, "form": form, "submit": "Uložit roli", "back": back, "crumbs": crumbs(*steps)}
    return render(request, "records/form_page.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def own_role_page(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/vlastni-role/<pk>/``: what it may not do, who has it; a POST gives it to a person."""
    role = queries.own_role_for(request.actor, pk)
    form = HolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        if attempt(form, operations.grant_own_role, actor=request.actor, own_role=role, **form.cleaned_data):
            messages.success(request, f"{person}: role „{role}“ je přidělená.")
            return redirect("registry-own-role", pk)
    called = names()
    context = {
        "role": role,
        "form": form,
        "lacks": [called.get(code, code) for code in role.without],
        "holders": queries.holders_of(role),
        "crumbs": crumbs(("Vlastní role", reverse("registry-own-roles")), (role.name, "")),
    }
    return render(request, "registry/own_role.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def withdraw_own_role(request: ActorRequest, pk: int) -> HttpResponse:
    """Take an own role from a person."""
    role = queries.own_role_for(request.actor, pk)
    form = HolderForm(request.POST)
    if form.is_valid():
        arguments = {"actor": request.actor, "own_role": role, **form.cleaned_data}
        do(request, "Role je odebraná.", operations.withdraw_own_role, **arguments)
    else:
        tell_errors(request, form)
    return redirect("registry-own-role", pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def delete_own_role(request: ActorRequest, pk: int) -> HttpResponse:
    """Delete an own role nobody has."""
    role = queries.own_role_for(request.actor, pk)
    if do(request, "Role je smazaná.", operations.delete_own_role, actor=request.actor, own_role=role):
        return redirect("registry-own-roles")
    return redirect("registry-own-role", pk)
