"""Own metadata and the code lists they are chosen from."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.clock import today
from egon.records import operations, own_metadata
from egon.records.models import OwnList
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records.keeping_forms import NewOwnFieldForm, OwnFieldFilter, OwnFieldForm, OwnListForm
from egon.web.records.paging import page_of
from egon.web.records.views.keeping.shared import crumbs, tabs
from egon.web.records.views.planning.shared import KEEPERS, do

FIELDS = ("Vlastní údaje", "/evidence/udaje/")
LISTS = ("Číselníky údajů", "/evidence/ciselniky/")


@requires_role(*KEEPERS)
@require_safe
def own_fields(request: ActorRequest) -> HttpResponse:
    """All own fields as forms ask for them (NSESSS 9.1.1)."""
    form = OwnFieldFilter(request.GET)
    found = own_metadata.fields()
    if form.is_valid():
        found = found.filter(form.condition())
    context = {
        "tabs": tabs("own_fields"),
        "filter_form": form,
        "page": page_of(found, request),
        "crumbs": crumbs(FIELDS),
    }
    return render(request, "records/keeping/own_fields.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_own_field(request: ActorRequest) -> HttpResponse:
    """One more field."""
    initial = {"entity": OwnEntity.DOCUMENT.value, "value_type": ValueType.TEXT.value, "kind": request.GET.get("druh")}
    form = NewOwnFieldForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        field = attempt(form, operations.add_own_field, actor=request.actor, **form.cleaned_data)
        if field is not None:
            messages.success(request, f"Údaj „{field}“ se odteď vyplňuje.")
            return redirect("records:own_fields")
    return _form_page(request, "Nový vlastní údaj", form, "Založit údaj", FIELDS)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def own_field_page(request: ActorRequest, pk: int) -> HttpResponse:
    """One field: its words, whether it is required, its end."""
    field = own_metadata.field_for(pk)
    initial = {name: getattr(field, name) for name in ("name", "hint", "required", "own_list")}
    form = OwnFieldForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.edit_own_field, actor=request.actor, field=field, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "Údaj je uložený.")
            return redirect("records:own_field", pk)
    context = {
        "field": own_metadata.field_for(pk),
        "form": form,
        "is_filled": own_metadata.is_filled_in(field),
        "history": entries_for(field, domain="records.own_field"),
        "crumbs": crumbs(FIELDS, (field.name, "")),
    }
    return render(request, "records/keeping/own_field.html", context)


@requires_role(*KEEPERS)
@require_POST
def move_own_field(request: ActorRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    field, up = own_metadata.field_for(pk), request.POST.get("kam") == "nahoru"
    operations.move_own_field(actor=request.actor, field=field, up=up)
    return redirect("records:own_fields")


@requires_role(*KEEPERS)
@require_POST
def withdraw_own_field(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask for the field no more."""
    field = own_metadata.field_for(pk)
    do(request, "Údaj se už nevyplňuje.", operations.withdraw_own_field, field=field, on=today())
    return redirect("records:own_field", pk)


@requires_role(*KEEPERS)
@require_POST
def restore_own_field(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask for the field again."""
    do(request, "Údaj se znovu vyplňuje.", operations.restore_own_field, field=own_metadata.field_for(pk))
    return redirect("records:own_field", pk)


@requires_role(*KEEPERS)
@require_POST
def delete_own_field(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove a field filled in nowhere."""
    done = do(request, "Údaj je odstraněný.", operations.delete_own_field, field=own_metadata.field_for(pk))
    return redirect("records:own_fields") if done else redirect("records:own_field", pk)


@requires_role(*KEEPERS)
@require_safe
def own_lists(request: ActorRequest) -> HttpResponse:
    """Code lists of own metadata (NSESSS 9.1.3)."""
    page = page_of(OwnList.objects.order_by("name"), request)
    used = own_metadata.fields_choosing_from(page.object_list)
    rows = [{"own_list": one, "fields": used.get(one.pk, [])} for one in page.object_list]
    context = {"tabs": tabs("own_lists"), "page": page, "rows": rows, "crumbs": crumbs(LISTS)}
    return render(request, "records/keeping/own_lists.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_own_list(request: ActorRequest) -> HttpResponse:
    """One more code list."""
    form = OwnListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        own_list = attempt(form, operations.save_own_list, actor=request.actor, **form.cleaned_data)
        if own_list is not None:
            messages.success(request, f"Číselník „{own_list}“ je založený. Teď ho přiřaďte údaji.")
            return redirect("records:own_lists")
    return _form_page(request, "Nový číselník", form, "Založit číselník", LISTS)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def own_list_page(request: ActorRequest, pk: int) -> HttpResponse:
    """One code list: its items, one a line."""
    own_list = own_metadata.list_for(pk)
    form = OwnListForm(request.POST or None, initial={"name": own_list.name, "items": "\n".join(own_list.items)})
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.save_own_list, actor=request.actor, own_list=own_list, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "Číselník je uložený.")
            return redirect("records:own_list", pk)
    context = {
        "own_list": own_metadata.list_for(pk),
        "form": form,
        "history": entries_for(own_list, domain="records.own_list"),
        "crumbs": crumbs(LISTS, (own_list.name, "")),
    }
    return render(request, "records/keeping/own_list.html", context)


@requires_role(*KEEPERS)
@require_POST
def delete_own_list(request: ActorRequest, pk: int) -> HttpResponse:
    """Remove a code list no field chooses from."""
    done = do(request, "Číselník je odstraněný.", operations.delete_own_list, own_list=own_metadata.list_for(pk))
    return redirect("records:own_lists") if done else redirect("records:own_list", pk)


def _form_page(request: ActorRequest, heading: str, form: Any, submit: str, back: tuple[str, str]) -> HttpResponse:
    context = {"heading": heading, "form": form, "submit": submit, "back": back[1]}
    return render(request, "records/form_page.html", context | {"crumbs": crumbs(back, (heading, ""))})
