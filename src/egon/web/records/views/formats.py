"""Output formats of a file: what is converted, what failed and why, what a person decides to keep (NSESSS 3.2.9)."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon.gateways.conversion import Way, tool_for, way_for
from egon.kernel.errors import DomainError, NotFound
from egon.records import conversion_queries, operations, permissions, queries
from egon.records.conversion_queries import FormatRow
from egon.records.models import CaseFile
from egon.records.rules.conversion import ConversionState, counted
from egon.records.rules.states import FileState
from egon.web.access import ActorRequest, signed_in
from egon.web.records.views.planning.shared import do

PAGE_SIZE: Final = 50
_TONES: Final = {
    ConversionState.WAITING: "primary",
    ConversionState.FAILED: "error",
    ConversionState.STOPPED: "warning",
    ConversionState.KEPT: "neutral",
}
_PROGRAMS: Final = {Way.CALC: "LibreOffice Calc", Way.IMPRESS: "LibreOffice Impress"}


@signed_in
@require_safe
def file_formats(request: ActorRequest, pk: int) -> HttpResponse:
    """Components in other than output formats, each with what becomes of it."""
    file = queries.file_for(request.actor, pk)
    return render(request, "records/formats.html", _context(request, file))


@signed_in
@require_POST
def start_conversion(request: ActorRequest, pk: int) -> HttpResponse:
    """Convert what can be converted, also what failed before."""
    file = queries.file_for(request.actor, pk)
    text = "Soubory se převádějí na pozadí. Stránku můžete opustit, nic se tím nepřeruší."
    do(request, text, operations.start_conversion, file=file)
    return redirect("records:file_formats", pk)


@signed_in
@require_POST
def stop_conversion(request: ActorRequest, pk: int) -> HttpResponse:
    """Stop what waits; what is converted stays converted."""
    file = queries.file_for(request.actor, pk)
    do(request, "Převod je zastavený. Převedené soubory zůstaly převedené.", operations.stop_conversion, file=file)
    return redirect("records:file_formats", pk)


@signed_in
@require_POST
def keep_format(request: ActorRequest, pk: int, version_pk: int) -> HttpResponse:
    """Keep one component in its format, with a reason; a refusal keeps what was typed."""
    file = queries.file_for(request.actor, pk)
    version = queries.version_for(request.actor, version_pk)
    if version.component.document.case_file_id != file.pk:
        raise NotFound("Takový soubor v tomto spisu není.")
    reason = request.POST.get("reason", "")
    try:
        operations.keep_format(actor=request.actor, file=file, version=version, reason=reason)
    except DomainError as refusal:
        told = getattr(refusal, "obstacles", None) or [refusal.message]
        context = _context(request, file) | {"refused": version.pk, "refusals": told, "typed": reason}
        return render(request, "records/formats.html", context, status=409)
    messages.success(request, f"Soubor „{version.component.name}“ zůstane v původním formátu.")
    return redirect("records:file_formats", pk)


def missing_programs(rows: list[FormatRow]) -> list[str]:
    """Programs that would convert some of these and are not installed."""
    ways = {way_for(row.facts.format_id, row.facts.name) for row in rows if row.facts.is_to_convert}
    return sorted({_PROGRAMS.get(way, "LibreOffice Writer") for way in ways if way and tool_for(way) is None})


def _context(request: ActorRequest, file: CaseFile) -> dict[str, Any]:
    rows = conversion_queries.rows_of(request.actor, file)
    formats = counted([row.facts for row in rows])
    done = conversion_queries.done_in(file)
    may_convert = bool(permissions.may_convert(request.actor, file))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("strana"))
    return {
        "file": file,
        "formats": formats,
        "done": done,
        "total": done + formats.all,
        "page": page,
        "rows": [_shown(row) for row in page],
        "may_convert": may_convert,
        "is_closed": file.state == FileState.CLOSED,
        "missing": missing_programs(rows),
        "crumbs": [
            {"label": "Spisy", "url": reverse("records:files")},
            {"label": str(file), "url": reverse("records:file", args=[file.pk])},
            {"label": "Výstupní formáty"},
        ],
    }


def _shown(row: FormatRow) -> dict[str, Any]:
    state = row.facts.conversion
    if state is not None:
        label, tone = state.label, _TONES.get(state, "neutral")
    else:
        label, tone = ("k převodu", "warning") if row.facts.is_convertible else ("nepřevádí se", "neutral")
    may_keep = row.document is not None and state not in (ConversionState.WAITING, ConversionState.KEPT)
    return {"row": row, "label": label, "tone": tone, "may_keep": may_keep}
