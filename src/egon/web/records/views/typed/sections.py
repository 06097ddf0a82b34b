"""A section of a typed file: its files as if there were no volumes, and the volumes when asked for (NSESSS 3.3.20)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.gateways.pdfa import Sheet
from egon.kernel.actor import Role
from egon.kernel.clock import today
from egon.kernel.errors import DomainError
from egon.records import operations, own_metadata, permissions, plan_queries, queries, storing_queries, typed_queries
from egon.records.models import CaseFile, TypedSection
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.retention import KNOWN_LATER
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.records import above, typed_metadata, typed_sheets
from egon.web.records.paging import page_of
from egon.web.records.storing_forms import StoreVolumeForm
from egon.web.records.typed_forms import EventYearForm
from egon.web.records.views.filing import sections_to_offer
from egon.web.records.views.planning.holds import PLACED
from egon.web.records.views.planning.shared import do
from egon.web.records.views.printing import sheet_answer
from egon.web.records.views.typed.files import crumbs_to, listed
from egon.web.records.words import chip_of_file, chip_of_typed, chip_of_volume


@signed_in
@require_safe
def section_page(request: ActorRequest, pk: int) -> HttpResponse:
    """Files of a section; with ``?dily=1`` the volumes, with ``?dil=<number>`` the files of one."""
    section = typed_queries.section_for(request.actor, pk)
    return render(request, "records/typed/section.html", _context(request, section))


@signed_in
@require_POST
def close_section(request: ActorRequest, pk: int) -> HttpResponse:
    """Close a section with all below it."""
    return _change(request, pk, operations.close_section, "je uzavřená", on=today())


@signed_in
@require_POST
def reopen_section(request: ActorRequest, pk: int) -> HttpResponse:
    """Open a closed section again, with a reason."""
    reason = request.POST.get("reason", "")
    return _change(request, pk, operations.reopen_section, "je znovu otevřená", reason=reason)


@requires_role(Role.RECORDS_KEEPER)
@require_http_methods(["GET", "POST"])
def section_event_year(request: ActorRequest, pk: int) -> HttpResponse:
    """The year of an event for everything in a section that waits for one (NSESSS 6.1.9)."""
    section = typed_queries.section_for(request.actor, pk)
    form = EventYearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"]
        found = attempt(
            form, operations.record_section_trigger_year, actor=request.actor, section=section, year=year, today=today()
        )
        if found is not None:
            messages.success(request, f"Rok události {year} je zapsaný. Spisů: {len(found)}.")
            return redirect("records:section", pk)
    context = {
        "heading": "Rok spouštěcí události součásti", "form": form, "submit": "Zapsat rok",
        "lead": "Rok dostanou všechny spisy a díly součásti, které na událost čekají a rok ještě nemají. "
        "Spisy založené až po tomto roce se nezmění.",
        "back": reverse("records:section", args=[pk]), "crumbs": crumbs_of(section, "Rok události"),
    }  # fmt: skip
    return render(request, "records/form_page.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def volume_place(request: ActorRequest, pk: int) -> HttpResponse:
    """Where the paper of a volume lies (NSESSS 3.3.20 b)."""
    volume = typed_queries.volume_for(request.actor, pk)
    present = storing_queries.stored_volumes([volume]).get(volume.pk)
    stored = {"place": present.place_id, "detail": present.detail} if present else {}
    form = StoreVolumeForm(request.POST or None, initial=stored | {"note": volume.paper_note})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        place = typed.pop("place")
        done = attempt(form, operations.store_volume, actor=request.actor, volume=volume, storage_place=place, **typed)
        if done is not None:
            messages.success(request, f"Uložení listin: {volume} je zapsané.")
            return redirect(volumes_url(volume.section))
    context = {
        "heading": f"Uložení listin: {volume}", "form": form, "submit": "Zapsat uložení",
        "lead": f"{volume.section.typed_file}, {volume.section.template}. "
        f"Teď: {present or 'žádné místo není zapsané'}.",
        "back": volumes_url(volume.section), "crumbs": crumbs_of(volume.section, f"{volume}"),
    }  # fmt: skip
    return render(request, "records/form_page.html", context)


@signed_in
@require_safe
def print_volume(request: ActorRequest, pk: int, what: str) -> HttpResponse:
    """The cover of a volume, or the list of its files, as PDF (NSESSS 3.3.20 a, 5.2.5)."""
    volume = typed_queries.volume_for(request.actor, pk)
    make = typed_sheets.volume_cover if what == "obal" else typed_sheets.volume_files
    operations.print_typed_file(actor=request.actor, typed_file=volume.section.typed_file, what=f"{volume}: {what}")
    return sheet_answer(make(request.actor, volume), f"dil-{pk}-{what}")


@signed_in
@require_safe
def print_typed_file(request: ActorRequest, pk: int) -> HttpResponse:
    """All files of a typed file by sections and volumes, as PDF (NSESSS 5.2.7 b)."""
    typed = typed_queries.typed_file_for(request.actor, pk)
    operations.print_typed_file(actor=request.actor, typed_file=typed, what="seznam spisů po dílech")
    sheet: Sheet = typed_sheets.typed_file_files(request.actor, typed)
    return sheet_answer(sheet, f"typovy-spis-{pk}")


@signed_in
@require_http_methods(["GET", "POST"])
def put_in_section(request: ActorRequest, pk: int) -> HttpResponse:
    """A file into a section of a typed file, found by words (NSESSS 3.3.10)."""
    file = queries.file_for(request.actor, pk)
    reason = request.POST.get("reason", "")
    obstacles: list[str] = []
    if request.method == "POST":
        chosen = request.POST.get("section", "")
        section = typed_queries.section_for(request.actor, int(chosen) if chosen.isdecimal() else 0)
        try:
            moved = operations.put_file_in_section(actor=request.actor, file=file, section=section, reason=reason)
            messages.success(request, _moved_text(file, moved, section))
            return redirect("records:file", pk)
        except DomainError as refusal:
            obstacles = getattr(refusal, "obstacles", None) or [refusal.message]
            file = queries.file_for(request.actor, pk)
    context = {
        "file": file,
        "reason": reason,
        "obstacles": obstacles,
        **sections_to_offer(request),
        "crumbs": [
            {"label": "Spisy", "url": reverse("records:files")},
            {"label": str(file), "url": reverse("records:file", args=[pk])},
            {"label": "Do typového spisu"},
        ],
    }
    return render(request, "records/typed/put_in_section.html", context, status=409 if obstacles else 200)


@requires_role(Role.RECORDS_KEEPER)
@require_POST
def hold(request: ActorRequest, pk: int, what: str) -> HttpResponse:
    """Hold the disposal of a typed file, a section or a volume (NSESSS 6.1.13)."""
    find: Any = {
        "typed_file": typed_queries.typed_file_for,
        "section": typed_queries.section_for,
        "volume": typed_queries.volume_for,
    }
    held = find[what](request.actor, pk)
    over = {what: held, "reason": request.POST.get("reason", "")}
    do(request, PLACED, operations.place_hold, on=today(), **over)
    if what == "typed_file":
        return redirect("records:typed_file", pk)
    return redirect("records:section", pk) if what == "section" else redirect(volumes_url(held.section))


def _moved_text(file: CaseFile, moved: list[CaseFile], section: TypedSection) -> str:
    others = ", ".join(str(one) for one in moved if one.pk != file.pk)
    told = f"Spis {file} je v součásti {section.template}, režim {moved[0].regime}."
    return f"{told} S ním i pevně spojené spisy: {others}; spojení skončilo." if others else told


def _change(request: ActorRequest, pk: int, operation: Any, what_happened: str, **arguments: Any) -> HttpResponse:
    section = typed_queries.section_for(request.actor, pk)
    try:
        operation(actor=request.actor, section=section, **arguments)
    except DomainError as refusal:
        obstacles = getattr(refusal, "obstacles", None)
        if obstacles is None:
            raise
        section = typed_queries.section_for(request.actor, pk)
        context = _context(request, section) | {"obstacles": obstacles}
        return render(request, "records/typed/section.html", context, status=409)
    messages.success(request, f"Součást {section.template} {what_happened}.")
    return redirect("records:section", pk)


def _context(request: ActorRequest, section: TypedSection) -> dict[str, Any]:
    typed, template = section.typed_file, section.template
    by_volumes = template.is_leaf and ("dily" in request.GET or "dil" in request.GET)
    found = typed_queries.files_in(typed_queries.subtree(section))
    found = found.filter(permissions.files_unhidden_from(request.actor))
    below = typed_queries.section_rows(typed, reader=request.actor)
    if number := request.GET.get("dil", ""):
        found = found.filter(volume__number=int(number) if number.isdecimal() else 0)
    page = page_of(found, request)
    known = set(
        queries.files_visible_to(request.actor).filter(pk__in=[one.pk for one in page]).values_list("pk", flat=True)
    )
    appraises = bool(permissions.may_appraise(request.actor))
    volumes = list(typed_queries.volumes_of(section)) if by_volumes else []
    stored = storing_queries.stored_volumes(volumes)
    asked = own_metadata.asked(OwnEntity.SECTION, OwnEntity.VOLUME)
    return {
        "section": section,
        "typed": typed,
        "chip": chip_of_typed(section),
        "facts": listed(typed_metadata.section_facts(section)),
        "levels": above.above_section(section),
        "children": [row for row in below if row.section.parent_id == section.pk],
        "page": page,
        "rows": [{"file": one, "chip": chip_of_file(one), "may_open": one.pk in known} for one in page],
        "volumes": [
            {
                "volume": one,
                "own": own_metadata.shown(one.own_values),
                "chip": chip_of_volume(one),
                "is_open": one.state == "open",
                "stored": stored.get(one.pk),
            }
            for one in volumes
        ],
        "by_volumes": by_volumes,
        "of_volume": number,
        "may_fill": section.is_open and template.is_leaf
        and bool(permissions.may_fill_typed_file(request.actor, typed)),
        "may_work": section.is_open and bool(permissions.may_work_on_section(request.actor, section)),
        "asks_own": any(one.entity == OwnEntity.SECTION for one in asked),
        "asks_own_of_volume": any(one.entity == OwnEntity.VOLUME for one in asked),
        "may_place": request.actor.has(Role.RECORDS_KEEPER)
        or bool(permissions.may_work_on_typed_file(request.actor, typed)),
        "may_reopen": not section.is_open and bool(permissions.may_reopen_section(request.actor, section)),
        "waits": appraises and template.disposal_regime is not None
        and template.disposal_regime.trigger in KNOWN_LATER,
        "history": entries_for(section, domain="records.typed", reader=request.actor),
        "holds": plan_queries.holds_over(section),
        "may_hold": appraises,
        "hold_url": reverse("records:hold_section", args=[section.pk]),
        "crumbs": crumbs_of(section),
    }  # fmt: skip


def crumbs_of(section: TypedSection, *last: str) -> list[dict[str, str]]:
    """The way to a section, and on to its parts."""
    way = crumbs_to(section.typed_file)
    way += [
        {"label": str(one.template), "url": reverse("records:section", args=[one.pk])}
        for one in (*reversed(typed_queries.above(section)), section)
    ]
    return [*way, *({"label": label} for label in last)]


def volumes_url(section: TypedSection) -> str:
    """The page of a section with its volumes."""
    return f"{reverse('records:section', args=[section.pk])}?dily=1"
