"""One class of the plan: what it is, its files, and what may be done with it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.records import operations, own_metadata, permissions, plan_queries, queries, typed_queries
from egon.records.models import CaseFile, RecordClass
from egon.records.offered_classes import Holding
from egon.records.rules.states import FileState
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.audit.history import entries_for
from egon.web.forms import SharedForm, attempt
from egon.web.records.above import above_class
from egon.web.records.own_fields import OwnFieldsForm
from egon.web.records.paging import page_of
from egon.web.records.plan_forms import (
    ChangeRegimeForm,
    CloseClassForm,
    DescribeClassForm,
    EditClassFlagsForm,
    NewClassForm,
    offered_codes,
)
from egon.web.records.views.planning.shared import KEEPERS, class_by, crumbs, do, plan_by


@signed_in
@require_safe
def class_page(request: ActorRequest, pk: int) -> HttpResponse:
    """What a class is; who keeps the plan also sees its numbers of files, its history and the steps."""
    entry = class_by(request, pk)
    keeps = bool(permissions.may_configure(request.actor))
    is_open = entry.is_open(today())
    context: dict[str, Any] = {
        "entry": entry,
        "facts": _facts_of(entry),
        "children": entry.children.select_related("disposal_regime").order_by("sort_key", "valid_from"),
        "levels": above_class(entry, keeps=keeps),
        "filed": _filed(request, entry),
        "is_open": is_open,
        "may_open": is_open and entry.holds_files and bool(permissions.may_open_file(request.actor)),
        "sections": typed_queries.template_of(entry) if entry.for_typed_files else (),
        "may_found": is_open and entry.for_typed_files and bool(permissions.may_open_typed_file(request.actor)),
        "keeps": keeps,
        "today": today(),
        "crumbs": _way_to(entry),
    }
    if keeps:
        context |= _of_keepers(entry, request.actor)
    return render(request, "records/plan/class.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_class(request: ActorRequest, plan: int) -> HttpResponse:
    """A class at the top of a plan, or (``?nad=``) under another."""
    version = plan_by(plan)
    parent = class_by(request, int(above)) if (above := request.GET.get("nad", "")).isdecimal() else None
    opens = version.valid_from if version.draft else today()
    initial = {"code": f"{parent.code}{version.separator}" if parent else "", "valid_from": opens}
    form = NewClassForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        arguments = {"plan": version, "parent": parent, **form.arguments()}
        if entry := attempt(form, operations.save_class, actor=request.actor, **arguments):
            messages.success(request, f"Věcná skupina {entry} je v plánu.")
            return redirect("records:typed_template" if entry.for_typed_files else "records:class", entry.pk)
    back = reverse("records:class", args=[parent.pk]) if parent else _tree_of(version.pk)
    return _form_page(request, "Nová věcná skupina", form, "Přidat skupinu", back, _way_to(parent) if parent else [])


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def describe_class(request: ActorRequest, pk: int) -> HttpResponse:
    """Other words, the same class."""
    entry = class_by(request, pk)
    words = {"name": entry.name, "note": entry.note}
    form = DescribeClassForm(request.POST or None, entry=entry, initial=words)
    describe = partial(operations.describe_class, seen=words | {"own_values": entry.own_values})
    return _change(request, entry, form, describe, "Popis skupiny", "Uložit popis")


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def class_flags(request: ActorRequest, pk: int) -> HttpResponse:
    """Numbering of new files and the standing consent."""
    entry = class_by(request, pk)
    names = ("numbers_by_file", "standing_consent", "converts_formats")
    # A POST without a ticked box is empty of fields, and still a POST.
    typed = request.POST if request.method == "POST" else None
    form = EditClassFlagsForm(typed, initial={name: getattr(entry, name) for name in names})
    return _change(request, entry, form, operations.set_class_flags, "Nastavení skupiny", "Uložit nastavení")


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def close_class(request: ActorRequest, pk: int) -> HttpResponse:
    """Close a class, or merge it into another."""
    entry = class_by(request, pk)
    form = CloseClassForm(request.POST or None, initial={"on": today()})
    lead = "Do uzavřené skupiny už nejde založit spis. Co v ní je, zůstane, otevřené (i typové) spisy se přetřídí."
    return _change(request, entry, form, operations.close_class, "Uzavření skupiny", "Uzavřít skupinu", lead)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def change_regime(request: ActorRequest, pk: int) -> HttpResponse:
    """Another regime, which means a new class with the same code."""
    entry = class_by(request, pk)
    form = ChangeRegimeForm(request.POST or None, initial={"on": today()})
    lead = "" if entry.plan.draft else (
        "Vznikne nová skupina se stejným znakem a popisem, otevřené spisy se do ní přetřídí a dosavadní se uzavře "
        "(NSESSS 6.1.1). Uzavřené spisy zůstanou s dosavadním režimem."
    )  # fmt: skip
    return _change(request, entry, form, operations.change_regime, "Jiný skartační režim", "Změnit režim", lead)


@requires_role(*KEEPERS)
@require_POST
def delete_class(request: ActorRequest, pk: int) -> HttpResponse:
    """Out of a draft."""
    entry = class_by(request, pk)
    if do(request, f"Skupina {entry} je z návrhu pryč.", operations.delete_class, record_class=entry):
        return redirect(_tree_of(entry.plan_id))
    return redirect("records:class", pk)


def _change(
    request: ActorRequest, entry: RecordClass, form: Any, operation: Any, heading: str, submit: str, lead: str = ""
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, operation, actor=request.actor, record_class=entry, **_typed(form))
        if changed is not None:
            messages.success(request, f"Hotovo: {heading[0].lower()}{heading[1:]} {changed.code}.")
            return redirect("records:class", changed.pk)
    back = reverse("records:class", args=[entry.pk])
    return _form_page(request, f"{heading} {entry.code}", form, submit, back, _way_to(entry), lead)


def _form_page(
    request: ActorRequest, heading: str, form: Any, submit: str, back: str, way: list[dict[str, str]], lead: str = ""
) -> HttpResponse:
    codes = offered_codes(Holding.ANY) if "move_files_to" in form.fields else []
    context = {"heading": heading, "form": form, "submit": submit, "back": back, "lead": lead, "codes": codes}
    return render(request, "records/plan/form.html", context | {"crumbs": [*(way or crumbs()), {"label": heading}]})


def _filed(request: ActorRequest, entry: RecordClass) -> Any:
    """Files of the class that the reader may see, alike whether it and they are open or closed (NSESSS 5.2.2)."""
    found = queries.files_visible_to(request.actor).filter(record_class=entry) if entry.holds_files else None
    return None if found is None else page_of(found, request, queries.file_rows)


def _of_keepers(entry: RecordClass, actor: Actor) -> dict[str, Any]:
    counts = CaseFile.objects.filter(record_class=entry, volume__isnull=not entry.for_typed_files).aggregate(
        total=Count("pk"), unclosed=Count("pk", filter=~Q(state=FileState.CLOSED.value))
    )
    return {
        "files": counts,
        "typed_files": entry.typed_files.count(),
        "history": entries_for(entry, domain="records.class"),
        "holds": plan_queries.holds_over(entry),
        "may_hold": not entry.plan.draft and bool(permissions.may_appraise(actor)),
        "hold_url": reverse("records:hold_class", args=[entry.pk]),
        "predecessors": entry.predecessors.select_related("disposal_regime"),
    }


def _facts_of(entry: RecordClass) -> list[dict[str, Any]]:
    regime = entry.disposal_regime
    facts: list[dict[str, Any]] = [
        {"label": "Spisový znak", "value": entry.code},
        {"label": "Obsah", "value": entry.name},
        {"label": "Identifikátor", "value": entry.identifier, "code": True},
        {"label": "Plán", "value": entry.plan.name},
        {"label": "Otevřena od", "value": _day(entry.valid_from)},
        {"label": "Uzavřena ke dni", "value": _day(entry.valid_to)},
    ]
    if regime is not None:
        numbering = "ze spisové značky a pořadí ve spisu" if entry.numbers_by_file else "průběžně v roce"
        consent = "ne"
        if entry.standing_consent:
            consent = "ano, formáty se převádějí" if entry.converts_formats else "ano, formáty se nepřevádějí"
        facts += [
            {
                "label": "Skartační režim",
                "value": regime.name if regime.name.startswith(regime.written) else f"{regime} – {regime.name}",
            },
            {"label": "Lhůta běží od", "value": regime.runs_from},
            {"label": "Čísla jednací", "value": numbering},
            {"label": "Trvalý skartační souhlas", "value": consent},
        ]
    if entry.for_typed_files:
        facts.append({"label": "Určena pro", "value": "typové spisy"})
    if entry.note:
        facts.append({"label": "Poznámka", "value": entry.note})
    return facts + [{"label": name, "value": value} for name, value in own_metadata.shown(entry.own_values)]


def _way_to(entry: RecordClass) -> list[dict[str, str]]:
    above = [(one.code, reverse("records:class", args=[one.pk])) for one in plan_queries.path_of(entry)]
    here = (entry.code, reverse("records:class", args=[entry.pk]))
    way = crumbs(*above, here)
    if not entry.plan.is_valid(today()):
        way[0]["url"] = _tree_of(entry.plan_id)
    return way


def _tree_of(plan_id: int) -> str:
    return f"{reverse('records:plan')}?verze={plan_id}"


def _day(day: Any) -> str | None:
    return f"{day.day}. {day.month}. {day.year}" if day else None


def _typed(form: Any) -> Any:
    """What was typed, as operations take it."""
    if isinstance(form, OwnFieldsForm):
        return form.arguments()
    return form.given if isinstance(form, SharedForm) else form.cleaned_data
