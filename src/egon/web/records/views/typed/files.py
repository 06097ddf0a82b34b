"""The list of typed files, founding one, and the page of one with the tree of its sections."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.clock import today
from egon.kernel.errors import DomainError
from egon.records import operations, permissions, plan_queries, typed_queries
from egon.records.models import TypedFile
from egon.registry import queries as registry
from egon.registry.models import Person
from egon.web.access import ActorRequest, signed_in
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records import above, typed_metadata
from egon.web.records.paging import page_of
from egon.web.records.sheets import Facts
from egon.web.records.typed_forms import NewTypedFileForm, TypedFileFilter, TypedFileForm
from egon.web.records.views.filing import place_of
from egon.web.records.words import chip_of_typed

_ORDER = {"nazev": "name", "zalozen": "opened_on", "znak": "class_code"}


def tabs(active: str) -> list[dict[str, Any]]:
    """Files and typed files are two lists of one page."""
    parts = (("files", "Spisy", "records:files"), ("typed", "Typové spisy", "records:typed_files"))
    return [{"label": label, "url": reverse(name), "active": key == active} for key, label, name in parts]


@signed_in
@require_safe
def typed_file_list(request: ActorRequest) -> HttpResponse:
    """Typed files the actor may see, filtered, sorted and paged."""
    form, found = typed_files_found(request)
    page = page_of(found, request)
    context = {
        "tabs": tabs("typed"),
        "filter_form": form,
        "page": page,
        "rows": [{"typed": one, "chip": chip_of_typed(one)} for one in page],
        "many_query": urlencode({name: value for name, value in request.GET.items() if value} | {"co": "typove"}),
        "may_open": permissions.may_open_typed_file(request.actor),
        "can_open": typed_queries.classes_for_typed_files(on=today()).exists(),
    }
    return render(request, "records/typed/files.html", context)


def typed_files_found(request: ActorRequest) -> tuple[TypedFileFilter, QuerySet[TypedFile]]:
    """The filter of the list and what it found, in the wanted order; also for a bulk print."""
    form = TypedFileFilter(request.GET)
    found = typed_queries.typed_files_visible_to(request.actor)
    if form.is_valid():
        found = found.filter(_conditions(form.cleaned_data, request))
    wanted = request.GET.get("razeni", "")
    if column := _ORDER.get(wanted.removeprefix("-")):
        sign = "-" if wanted.startswith("-") else ""
        found = found.order_by(f"{sign}{column}", f"{sign}pk")
    return form, found


@signed_in
@require_http_methods(["GET", "POST"])
def new_typed_file(request: ActorRequest) -> HttpResponse:
    """Found a typed file; its sections open by themselves (NSESSS 3.3.1, 3.3.2)."""
    form = NewTypedFileForm(request.POST or None, initial={"record_class": request.GET.get("znak", "")})
    if request.method == "POST" and form.is_valid():
        unit, processor = place_of(request.actor, None)
        if unit is None:
            form.add_error(None, "Nepracujete v žádném útvaru, typový spis by neměl kam patřit. Obraťte se na správce.")
        elif made := attempt(
            form, operations.open_typed_file, actor=request.actor, unit=unit, processor=processor, **form.arguments()
        ):
            messages.success(request, f"Typový spis {made} je založený i se součástmi.")
            return redirect("records:typed_file", made.pk)
    context = {
        "heading": "Nový typový spis", "form": form, "submit": "Založit typový spis",
        "lead": "Součásti a jejich díly se otevřou samy podle šablony skupiny.",
        "back": reverse("records:typed_files"), "crumbs": crumbs_to(None, "Nový typový spis"),
    }  # fmt: skip
    return render(request, "records/form_page.html", context)


@signed_in
@require_safe
def typed_file_page(request: ActorRequest, pk: int) -> HttpResponse:
    """The tree of sections with numbers of files; volumes are not shown here (NSESSS 3.3.20)."""
    typed = typed_queries.typed_file_for(request.actor, pk)
    return render(request, "records/typed/file.html", _context(request, typed))


@signed_in
@require_http_methods(["GET", "POST"])
def edit_typed_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Change the name, the processor and whether others put files in."""
    typed = typed_queries.typed_file_for(request.actor, pk)
    people = registry.people_in(typed.unit) | Person.objects.filter(pk=typed.processor_id or 0)
    initial = {"name": typed.name, "processor": typed.processor_id, "shared": typed.shared}
    seen = {"name": typed.name, "processor_id": typed.processor_id, "shared": typed.shared}
    seen["own_values"] = typed.own_values
    form = TypedFileForm(request.POST or None, people=people.distinct(), typed=typed, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.arguments() | {"seen": seen}
        done = attempt(form, operations.edit_typed_file, actor=request.actor, typed_file=typed, **data)
        if done is not None:
            messages.success(request, "Údaje typového spisu jsou uložené.")
            return redirect("records:typed_file", pk)
    back = reverse("records:typed_file", args=[pk])
    context = {"heading": "Údaje typového spisu", "form": form, "submit": "Uložit údaje", "back": back}
    return render(request, "records/form_page.html", context | {"crumbs": crumbs_to(typed, "Údaje")})


@signed_in
@require_POST
def close_typed_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Close a typed file; what stands in the way is said at once and nothing has changed."""
    return _change(request, pk, operations.close_typed_file, "je uzavřený", on=today())


@signed_in
@require_POST
def reopen_typed_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Open a closed typed file again, with a reason."""
    reason = request.POST.get("reason", "")
    return _change(request, pk, operations.reopen_typed_file, "je znovu otevřený", reason=reason)


def _change(request: ActorRequest, pk: int, operation: Any, what_happened: str, **arguments: Any) -> HttpResponse:
    typed = typed_queries.typed_file_for(request.actor, pk)
    try:
        operation(actor=request.actor, typed_file=typed, **arguments)
    except DomainError as refusal:
        obstacles = getattr(refusal, "obstacles", None)
        if obstacles is None:
            raise
        typed = typed_queries.typed_file_for(request.actor, pk)
        return render(
            request, "records/typed/file.html", _context(request, typed) | {"obstacles": obstacles}, status=409
        )
    messages.success(request, f"Typový spis {typed} {what_happened}.")
    return redirect("records:typed_file", pk)


def _context(request: ActorRequest, typed: TypedFile) -> dict[str, Any]:
    may_work = bool(permissions.may_work_on_typed_file(request.actor, typed))
    return {
        "typed": typed,
        "chip": chip_of_typed(typed),
        "rows": typed_queries.section_rows(typed, reader=request.actor),
        "facts": listed(typed_metadata.typed_file_facts(typed)),
        "levels": above.above_typed_file(typed),
        "may_work": may_work and typed.is_open,
        "may_fill": typed.is_open and bool(permissions.may_fill_typed_file(request.actor, typed)),
        "may_reopen": not typed.is_open and bool(permissions.may_reopen_typed_file(request.actor, typed)),
        "history": entries_for(typed, domain="records.typed", also=["records.resorting.batch"], reader=request.actor),
        "holds": plan_queries.holds_over(typed),
        "may_hold": bool(permissions.may_appraise(request.actor)),
        "hold_url": reverse("records:hold_typed_file", args=[typed.pk]),
        "crumbs": crumbs_to(typed),
    }


def listed(facts: Facts) -> list[dict[str, Any]]:
    """Facts for ``components/definition_list.html``."""
    return [{"label": label, "value": value, "code": label == "Identifikátor"} for label, value in facts]


def crumbs_to(typed: TypedFile | None, *last: str) -> list[dict[str, str]]:
    """The way to a typed file, and on to its parts."""
    way = [{"label": "Typové spisy", "url": reverse("records:typed_files")}]
    if typed is not None:
        way.append({"label": str(typed), "url": reverse("records:typed_file", args=[typed.pk])})
    return [*way, *({"label": label} for label in last)]


def _conditions(wanted: dict[str, Any], request: ActorRequest) -> Q:
    found = Q()
    if wanted["q"]:
        found &= Q(name__icontains=wanted["q"].strip()) | Q(identifier__icontains=wanted["q"].strip())
    if wanted["stav"]:
        found &= Q(state=wanted["stav"])
    if wanted["utvar"]:
        found &= Q(unit=wanted["utvar"])
    if wanted["znak"]:
        found &= Q(class_code__startswith=wanted["znak"].strip())
    if wanted["moje"]:
        found &= Q(processor__in=request.actor.person_ids)
    return found
