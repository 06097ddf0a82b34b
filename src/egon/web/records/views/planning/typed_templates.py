"""The template of a class for typed files: defined, changed, its sections described, mapped to another one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egon.kernel.clock import today
from egon.kernel.errors import NotFound
from egon.records import operations, typed_queries
from egon.records.models import RecordClass, TemplateSection
from egon.records.offered_classes import Holding
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.records.plan_forms import offered_codes
from egon.web.records.typed_forms import (
    ROWS_ADDED,
    SectionMappingForm,
    SectionNameForm,
    SectionRows,
    TemplateForm,
    TypedTargetForm,
    drafts_of,
)
from egon.web.records.views.planning.shared import KEEPERS, class_by, crumbs


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def template(request: ActorRequest, pk: int) -> HttpResponse:
    """Define the template of a class, edit it in a draft, or change it by a new class (NSESSS 3.3.5 to 3.3.7)."""
    entry = _typed_class(request, pk)
    old = {one.pk: one for one in typed_queries.template_of(entry)}
    replaces = bool(old) and not entry.plan.draft
    form = TemplateForm(request.POST if request.method == "POST" else None, replaces=replaces, initial={"on": today()})
    rows = SectionRows(_with_more_rows(request), initial=_initial(entry, old))
    if "save" in request.POST and rows.is_valid() and form.is_valid():
        operation: Any = operations.change_template if replaces else operations.define_template
        arguments = {"record_class": entry, "sections": drafts_of(rows, old), **form.cleaned_data}
        if done := attempt(form, operation, actor=request.actor, **arguments):
            messages.success(request, f"Šablona skupiny {done} je uložená.")
            return redirect("records:class", done.pk)
    context = {
        "entry": entry,
        "form": form,
        "rows": rows,
        "replaces": replaces,
        "open_files": typed_queries.open_typed_files_in(entry).count(),
        "crumbs": _way(entry, "Šablona typového spisu"),
    }
    return render(request, "records/typed/template.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def describe_section(request: ActorRequest, pk: int) -> HttpResponse:
    """Another name, or another period of volumes; the template stays (NSESSS 3.3.8)."""
    section = TemplateSection.objects.select_related("record_class__plan", "disposal_regime").filter(pk=pk).first()
    if section is None:
        raise NotFound("Taková součást šablony tu není.")
    initial = {"name": section.name, "period": section.period, "period_years": section.period_years}
    form = SectionNameForm(request.POST or None, section=section, initial=initial)
    if request.method == "POST" and form.is_valid():
        arguments = {"template_section": section, **form.cleaned_data}
        if attempt(form, operations.describe_section, actor=request.actor, **arguments):
            messages.success(request, f"Součást {section} je upravená.")
            return redirect("records:class", section.record_class_id)
    context = {
        "heading": f"Součást {section.code}", "form": form, "submit": "Uložit",
        "lead": "Název a období jdou změnit bez nové šablony. Skartační režim a znak mění jen nová šablona.",
        "back": reverse("records:class", args=[section.record_class_id]),
        "crumbs": _way(section.record_class, str(section)),
    }  # fmt: skip
    return render(request, "records/form_page.html", context)


@requires_role(*KEEPERS)
@require_http_methods(["GET", "POST"])
def map_sections(request: ActorRequest, pk: int) -> HttpResponse:
    """Where sections go in another class (``?cil=<pk>``); with a reason open typed files go there at once (3.3.4)."""
    entry = _typed_class(request, pk)
    wanted = request.GET.get("cil", "")
    if not wanted.isdecimal():
        return _choose_target(request, entry)
    target = _typed_class(request, int(wanted))
    form = SectionMappingForm(request.POST or None, source=entry, target=target)
    if request.method == "POST" and form.is_valid():
        places = {"source": entry, "target": target}
        mapped = attempt(form, operations.map_templates, actor=request.actor, pairs=form.pairs(), **places)
        if mapped is not None and not form.cleaned_data["reason"]:
            messages.success(request, f"Součásti skupiny {entry.code} jsou přiřazené skupině {target.code}.")
            return redirect("records:class", pk)
        reason = form.cleaned_data["reason"]
        if mapped is not None and (
            run := attempt(form, operations.start_typed_resorting, actor=request.actor, reason=reason, **places)
        ):
            messages.success(request, "Přetřídění běží na pozadí. Stránku můžete opustit, nic se tím nepřeruší.")
            return redirect("records:resorting", run.pk)
    context = {
        "entry": entry,
        "target": target,
        "form": form,
        "count": typed_queries.open_typed_files_in(entry).count(),
        "crumbs": _way(entry, "Přiřazení součástí"),
    }
    return render(request, "records/typed/mapping.html", context)


def _choose_target(request: ActorRequest, entry: RecordClass) -> HttpResponse:
    form = TypedTargetForm(request.POST or None, source=entry)
    if request.method == "POST" and form.is_valid():
        return redirect(f"{request.path}?cil={form.cleaned_data['target'].pk}")
    context = {
        "heading": f"Kam přiřadit součásti skupiny {entry.code}", "form": form, "submit": "Pokračovat",
        "back": reverse("records:class", args=[entry.pk]), "codes": offered_codes(Holding.TYPED),
        "crumbs": _way(entry, "Přiřazení součástí"),
    }  # fmt: skip
    return render(request, "records/plan/form.html", context)


def _typed_class(request: ActorRequest, pk: int) -> RecordClass:
    entry = class_by(request, pk)
    if not entry.for_typed_files:
        raise NotFound("Tato skupina není určena pro typové spisy.")
    return entry


def _with_more_rows(request: ActorRequest) -> Any:
    """The posted rows; the button for more of them adds empty ones and keeps what was typed."""
    if request.method != "POST":
        return None
    posted = request.POST.copy()
    total = posted.get("form-TOTAL_FORMS", "")
    if "more" in posted and total.isdecimal():
        posted["form-TOTAL_FORMS"] = str(int(total) + ROWS_ADDED)
        for number in range(int(total), int(total) + ROWS_ADDED):
            posted[f"form-{number}-converts_formats"] = "on"
    return posted


def _initial(entry: RecordClass, old: dict[int, TemplateSection]) -> list[dict[str, Any]]:
    names = ("name", "period", "period_years", "numbers_by_file", "standing_consent", "converts_formats")
    beginning = f"{entry.code}{entry.plan.separator}"
    rows = [
        {
            "code": one.code.removeprefix(beginning),
            "regime": one.disposal_regime_id,
            "source": one.pk,
            **{name: getattr(one, name) for name in names},
        }
        for one in old.values()
    ]
    return rows + [{"converts_formats": True} for _ in range(ROWS_ADDED)]


def _way(entry: RecordClass, last: str) -> list[dict[str, str]]:
    return crumbs((entry.code, reverse("records:class", args=[entry.pk])), (last, ""))
