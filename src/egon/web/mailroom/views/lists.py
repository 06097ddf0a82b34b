"""Hand-over lists of paper: made by the mailroom, taken over by the unit, whole or by single documents."""

from collections.abc import Iterable, Mapping
from typing import Final, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from egon.circulation import file_handing
from egon.circulation import operations as circulation
from egon.circulation.models import Handover
from egon.circulation.permissions import LEADING
from egon.circulation.rules import HandoverState
from egon.gateways.pdfa import TableReport, render_table_report
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import DomainError
from egon.mailroom import operations, permissions, queries
from egon.mailroom.models import HandoverList, ListedHandover
from egon.mailroom.rules import LIST_CODE
from egon.records import storing_queries
from egon.records.disclosure import hide_files_from, hide_from
from egon.records.models import CaseFile, Document, PaperPart
from egon.registry.models import Unit
from egon.tenancy.models import Tenant
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role
from egon.web.files import shown
from egon.web.mailroom.letter_forms import TakeOverForm
from egon.web.records.words import short_extent_of

PAGE_SIZE: Final = 50
_COLUMNS: Final = (("Číslo jednací nebo spis", 3), ("Identifikátor", 3), ("Doručeno", 3), ("Odesílatel", 4), ("Věc", 6),
                   ("Listů / příloh", 2), ("Převzal(a)", 3))  # fmt: skip


@requires_role(Role.MAILROOM)
def handover_lists(request: ActorRequest) -> HttpResponse:
    """Units for which paper waits, and lists made before."""
    if request.method == "POST":
        unit = get_object_or_404(Unit, pk=request.POST.get("utvar") or 0)
        try:
            listing = operations.make_handover_list(actor=request.actor, unit=unit, at=clock.now())
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("mailroom:handover_lists")
        messages.success(request, f"Předávací protokol {listing} je sestavený. Vytiskněte ho a předejte s listinami.")
        return redirect("mailroom:handover_list", pk=listing.pk)
    page = Paginator(queries.handover_lists(request.actor), PAGE_SIZE).get_page(request.GET.get("strana"))
    context = {"page": page, "units": queries.units_to_carry_to(), "most": queries.MOST_CARRIED}
    return render(request, "mailroom/handover_lists.html", context)


@requires_role(Role.MAILROOM, *LEADING)
def handover_list(request: ActorRequest, pk: int) -> HttpResponse:
    """One list: what is on it and what was taken over; the unit takes over all of it, anybody prints it."""
    listing = queries.handover_list_for(request.actor, pk)
    if request.method == "POST":
        return _take_all(request, listing)
    items = list(queries.items_of(listing))
    known = hide_from(request.actor, _documents_of(items))
    known_files = hide_files_from(request.actor, [one.handover.file for one in items if one.handover.file is not None])
    if request.GET.get("jako") == "pdf":
        return _pdf(request, listing, items)
    waiting = [item for item in items if item.handover.state == HandoverState.WAITING]
    may_take = bool(waiting) and bool(permissions.may_take_over_list(request.actor, listing))
    is_mailroom = request.actor.has(Role.MAILROOM)
    back = ("Předávací protokoly", "mailroom:handover_lists") if is_mailroom else ("Převzetí", "mailroom:take_over")
    papers = queries.paper_inside([item.handover.file_id for item in items if item.handover.file_id is not None])
    context = {
        "listing": listing,
        "rows": [(item.handover, papers.get(item.handover.file_id or 0, [])) for item in items],
        "known": known,
        "known_files": known_files,
        "waiting": len(waiting),
        "may_take": may_take,
        "crumbs": [{"label": back[0], "url": reverse(back[1])}, {"label": listing.number}],
    }
    return render(request, "mailroom/handover_list.html", context)


@requires_role(*LEADING)
def take_over(request: ActorRequest) -> HttpResponse:
    """A scanned label takes its document over and waits for the next one; a scanned list opens."""
    form = TakeOverForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["kod"]
        if (listing := queries.list_of_code(request.actor, code)) is not None:
            return redirect("mailroom:handover_list", pk=listing.pk)
        try:
            handover = queries.waiting_handover(request.actor, code)
            circulation.take_over(actor=request.actor, handover=handover, at=clock.now())
        except DomainError as error:
            form.add_error("kod", error.message)
        else:
            messages.success(request, f"Převzato: {handover.entity}, {handover.entity.subject}.")
            return redirect("mailroom:take_over")
    page = Paginator(queries.handover_lists(request.actor), PAGE_SIZE).get_page(request.GET.get("strana"))
    context = {"form": form, "page": page}
    return render(request, "mailroom/take_over.html", context, status=422 if form.errors else 200)


def _take_all(request: ActorRequest, listing: HandoverList) -> HttpResponse:
    taken = operations.take_over_list(actor=request.actor, listing=listing, at=clock.now())
    told = formatting.write_count(len(taken), "položka", "položky", "položek")
    messages.success(request, f"Podle protokolu {listing} je převzato: {told}.")
    for item in queries.items_of(listing):
        file = item.handover.file
        if file is not None and item.handover.state == HandoverState.WAITING:
            why = " ".join(file_handing.obstacles_to_moving(file))
            messages.warning(request, f"Spis {file} se nepřevzal a dál čeká. {why}")
    return redirect("mailroom:handover_list", pk=listing.pk)


def _documents_of(items: Iterable[ListedHandover]) -> list[Document]:
    return [item.handover.document for item in items if item.handover.document is not None]


def _printed(
    actor: Actor, handover: Handover, parts: Mapping[int, PaperPart], inside: Mapping[int, list[Document]]
) -> list[list[str]]:
    """The lines of a document; of a file its own and one for each of its documents on paper."""
    if handover.document is not None:
        return [_line(handover.document, parts[handover.document.pk])]
    file, documents = cast(CaseFile, handover.file), inside.get(handover.file_id or 0, [])
    hide_from(actor, documents)
    of_file = [f"spis {file.file_mark}", file.identifier, "", "", file.subject, "", ""]
    return [of_file, *(_line(document, parts[document.pk]) for document in documents)]


def _line(document: Document, part: PaperPart) -> list[str]:
    delivered = formatting.write_datetime(document.delivered_at)
    sender = document.sender.name if document.sender else ""
    extent = short_extent_of(part.facts)
    return [document.reference_number, document.identifier, delivered, sender, document.subject, extent, ""]


def _pdf(request: ActorRequest, listing: HandoverList, items: list[ListedHandover]) -> HttpResponse:
    organisation = Tenant.objects.get(pk=request.actor.tenant_id).name
    files = [item.handover.file_id for item in items if item.handover.file_id is not None]
    inside = queries.paper_inside(files)
    keys = [one.pk for one in (*_documents_of(items), *(one for found in inside.values() for one in found))]
    parts = storing_queries.paper_parts_of(keys)
    rows = [line for item in items for line in _printed(request.actor, item.handover, parts, inside)]
    report = TableReport(
        organisation=organisation,
        title=f"Předávací protokol {listing.number}",
        date=clock.today(),
        facts=[
            ("Útvar", str(listing.unit)),
            ("Sestaveno", formatting.write_datetime(listing.created_at)),
            ("Předal(a)", listing.created_by),
            *([("Spisů", str(len(files)))] if files else []),
            ("Dokumentů na papíře", str(len(keys))),
            ("Převzal(a), datum", ""),
        ],
        columns=[name for name, _ in _COLUMNS],
        widths=[width for _, width in _COLUMNS],
        rows=rows,
        landscape=True,
        code=f"{LIST_CODE}{listing.number}",
    )
    return shown(render_table_report(report), f"predavaci-protokol-{listing.number.replace('/', '-')}.pdf")
