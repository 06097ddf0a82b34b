"""Versions of the filing plan: drafted, imported, compared, put in force, exported."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.gateways.nsesss import PlanData, PlanUnreadable, read_plan, write_plan
from egon.kernel.clock import today
from egon.records import operations, plan_queries, queries
from egon.records.plan_table import read_table, write_table
from egon.records.rules.plan import Separator
from egon.records.starting_plans import STARTING_PLANS
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.files import saved
from egon.web.forms import attempt
from egon.web.records.plan_forms import CopyPlanForm, EnforceForm, ImportPlanForm, PlanForm, StartingPlanForm
from egon.web.records.plan_sheet import plan_sheet
from egon.web.records.views.planning.shared import KEEPERS, crumbs, do, plan_by, tabs
from egon.web.records.views.printing import sheet_answer

SOURCE = "eGON Centrum"
VERSIONS = ("Verze a import", "/plan/verze/")


@requires_role(*KEEPERS)
@require_safe
def plan_versions(request: ActorRequest) -> HttpResponse:
    """All versions, and the ways to make a new one."""
    context = {
        "tabs": tabs(request, "versions"),
        "plans": plan_queries.plans(),
        "today": today(),
        "crumbs": crumbs(VERSIONS),
    }
    return render(request, "records/plan/versions.html", context)


@requires_role(*KEEPERS)
@require_safe
def plan_version(request: ActorRequest, pk: int) -> HttpResponse:
    """One version: what is said of it, how a draft differs from the plan in force, what may be done."""
    plan = plan_by(pk)
    context = {
        "plan": plan,
        "size": plan.classes.count(),
        "in_force": plan.is_valid(today()),
        "changes": plan_queries.changes_to(plan, on=today()) if plan.draft else None,
        "enforce_form": EnforceForm(initial={"on": max(plan.valid_from, today())}),
        "history": entries_for(plan, domain="records.plan"),
        "crumbs": crumbs(VERSIONS, (plan.name, "")),
    }
    return render(request, "records/plan/version.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_plan(request: ActorRequest) -> HttpResponse:
    """An empty draft."""
    form = PlanForm(request.POST or None, initial={"valid_from": _next_year(), "separator": Separator.DOT.value})
    if request.method == "POST" and form.is_valid():
        plan = attempt(form, operations.save_plan, actor=request.actor, **form.cleaned_data)
        if plan is not None:
            messages.success(request, "Návrh plánu je založený. Přidejte do něj věcné skupiny.")
            return redirect("records:plan_version", plan.pk)
    return _form_page(request, "Nový prázdný plán", form, "Založit návrh")


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def edit_plan(request: ActorRequest, pk: int) -> HttpResponse:
    """What is said of a plan."""
    plan = plan_by(pk)
    initial = {name: getattr(plan, name) for name in ("name", "valid_from", "separator", "description")}
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.save_plan, actor=request.actor, plan=plan, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "Údaje plánu jsou uložené.")
            return redirect("records:plan_version", pk)
    return _form_page(request, f"Údaje plánu {plan}", form, "Uložit údaje")


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def import_plan(request: ActorRequest) -> HttpResponse:
    """Take a plan in from a file as a draft; every fault of the file comes at once and nothing is saved."""
    form = ImportPlanForm(request.POST or None, request.FILES or None, initial={"valid_from": _next_year()})
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            data = _read(form.cleaned_data)
        except PlanUnreadable as unreadable:
            faults = unreadable.faults
        else:
            arguments = {"data": data, "valid_from": form.cleaned_data["valid_from"]}
            if plan := _imported(request, form, faults, **arguments):
                messages.success(request, f"Plán je nahraný jako návrh, skupin: {len(data.classes)}. Zkontrolujte ho.")
                return redirect("records:plan_version", plan.pk)
    context = {"form": form, "faults": faults, "crumbs": crumbs(VERSIONS, ("Nahrání plánu", ""))}
    return render(request, "records/plan/import.html", context, status=422 if faults else 200)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def start_plan(request: ActorRequest) -> HttpResponse:
    """A draft by one of the plans to start from."""
    form = StartingPlanForm(request.POST or None, initial={"valid_from": _next_year()})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        data = STARTING_PLANS[chosen["key"]].read(name=chosen["name"])
        plan = attempt(form, operations.import_plan, actor=request.actor, data=data, valid_from=chosen["valid_from"])
        if plan is not None:
            messages.success(request, "Návrh podle vzoru je založený. Projděte ho a dejte schválit archivu.")
            return redirect("records:plan_version", plan.pk)
    return _form_page(request, "Nový plán podle vzoru", form, "Založit návrh")


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def copy_plan(request: ActorRequest, pk: int) -> HttpResponse:
    """The next version of a plan."""
    plan = plan_by(pk)
    form = CopyPlanForm(request.POST or None, initial={"name": plan.name, "valid_from": _next_year()})
    if request.method == "POST" and form.is_valid():
        copy = attempt(form, operations.copy_plan, actor=request.actor, plan=plan, **form.cleaned_data)
        if copy is not None:
            messages.success(request, "Návrh další verze je založený. Platného plánu se nic z něj netýká.")
            return redirect("records:plan_version", copy.pk)
    return _form_page(request, f"Další verze plánu {plan}", form, "Založit návrh")


@requires_role(*KEEPERS)
@require_POST
def enforce_plan(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a draft in force."""
    plan, form = plan_by(pk), EnforceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Vyplňte den, od kterého plán platí.")
        return redirect("records:plan_version", pk)
    on = form.cleaned_data["on"]
    do(request, f"Plán platí od {on:%-d. %-m. %Y}.", operations.put_plan_in_force, plan=plan, on=on, today=today())
    return redirect("records:plan_version", pk)


@requires_role(*KEEPERS)
@require_POST
def discard_plan(request: ActorRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    done = do(request, "Návrh plánu je zahozený.", operations.discard_plan, plan=plan_by(pk))
    return redirect("records:plan_versions") if done else redirect("records:plan_version", pk)


@requires_role(*KEEPERS)
@require_safe
def export_plan(request: ActorRequest, pk: int, form: str) -> HttpResponse:
    """The plan as a file: XML by příloha 5 with closed classes, or a table of the open ones."""
    plan = plan_by(pk)
    data = plan_queries.plan_data(plan, also_closed=form == "xml")
    if not data.classes:
        messages.error(request, "Plán nemá žádnou věcnou skupinu, není co vyvézt.")
        return redirect("records:plan_version", pk)
    content = write_plan(data, source=SOURCE) if form == "xml" else write_table(data)
    return saved(content, f"spisovy-plan-{plan.valid_from:%Y-%m-%d}.{form}")


@requires_role(*KEEPERS)
@require_safe
def print_plan(request: ActorRequest, pk: int) -> HttpResponse:
    """The plan with its regimes as PDF/A (NSESSS 5.2.10)."""
    return sheet_answer(plan_sheet(request.actor, plan_by(pk)), f"spisovy-plan-{pk}")


def _imported(request: ActorRequest, form: Any, faults: list[str], **arguments: Any) -> Any:
    plan = attempt(form, operations.import_plan, actor=request.actor, **arguments)
    if plan is None:
        # Shown as a list of their own: a form's summary is no place for two hundred faults.
        faults.extend(str(error) for error in form.non_field_errors())
        form.errors.pop("__all__", None)
    return plan


def _read(chosen: dict[str, Any]) -> PlanData:
    content = chosen["upload"].read()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return read_plan(content)
    return read_table(content, name=chosen["name"] or "Spisový a skartační plán")


def _form_page(request: ActorRequest, heading: str, form: Any, submit: str) -> HttpResponse:
    context = {"heading": heading, "form": form, "submit": submit, "back": reverse("records:plan_versions")}
    return render(request, "records/form_page.html", context | {"crumbs": crumbs(VERSIONS, (heading, ""))})


def _next_year() -> Any:
    return today().replace(year=today().year + 1, month=1, day=1) if queries.current_plan(on=today()) else today()
