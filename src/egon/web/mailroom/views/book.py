"""The register book (podací deník): a page with filters, and a PDF of a period."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egon.gateways.pdfa import TableReport, render_table_report
from egon.kernel import clock
from egon.mailroom import operations, permissions, queries
from egon.mailroom.models import Channel
from egon.records import storing_queries
from egon.records.models import Document, PaperPart
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction
from egon.tenancy.models import Tenant
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role
from egon.web.files import shown
from egon.web.forms import attempt
from egon.web.mailroom.letter_forms import BookFilter
from egon.web.records.paging import page_of
from egon.web.records.words import short_extent_of

_SUBJECT: Final = "Věc"
_COLUMNS: Final = (
    ("Číslo jednací", 4), ("Zaevidováno", 3), ("Doručeno", 3), ("Způsob", 3),
    ("Odesílatel / adresát", 7), (_SUBJECT, 7), ("Listů / příloh", 2), ("Útvar, zpracovatel", 4), ("Vyřízeno", 3),
)  # fmt: skip


@requires_role(*permissions.BOOK_READERS)
@require_safe
def book(request: ActorRequest) -> HttpResponse:
    """Documents in the order they were registered; printing asks for the same period."""
    today = clock.today()
    asked = request.GET.dict() if "od" in request.GET else {"od": f"{today.replace(day=1)}", "do": f"{today}"}
    form = BookFilter(asked)
    newest_first = request.GET.get("razeni", "-cislo") != "cislo"
    if not form.is_valid():
        return render(request, "mailroom/book.html", {"filter_form": form}, status=422)
    if "tisk" in request.GET and (pdf := _pdf(request, form)) is not None:
        return pdf
    found = queries.register_book(request.actor, **_wanted(form), newest_first=newest_first)
    page = page_of(found, request)
    parts = storing_queries.paper_parts_of([document.pk for document in page])
    context = {
        "page": page,
        "rows": [(document, _shown(document, parts)) for document in page],
        "columns": [name for name, _ in _COLUMNS[1:] if name != _SUBJECT],
        "filter_form": form,
        "print_query": urlencode(asked),
    }
    return render(request, "mailroom/book.html", context, status=422 if form.errors else 200)


def _wanted(form: BookFilter) -> dict[str, Any]:
    chosen = form.cleaned_data
    return {"since": chosen["od"], "until": chosen["do"], "direction": chosen["smer"], "unit": chosen["utvar"]}


def _pdf(request: ActorRequest, form: BookFilter) -> HttpResponse | None:
    """The book as PDF/A; None with the reason in the form."""
    wanted = _wanted(form)
    documents = attempt(form, operations.print_book, actor=request.actor, **wanted)
    if documents is None:
        return None
    parts = storing_queries.paper_parts_of([document.pk for document in documents])
    since, until = formatting.write_date(wanted["since"]), formatting.write_date(wanted["until"])
    report = TableReport(
        organisation=Tenant.objects.get(pk=request.actor.tenant_id).name,
        title="Podací deník",
        date=clock.today(),
        facts=[
            ("Období", f"{since} až {until}"),
            ("Směr", Direction(wanted["direction"]).label if wanted["direction"] else "všechny dokumenty"),
            ("Útvar", str(wanted["unit"] or "všechny")),
            ("Dokumentů", str(len(documents))),
            ("Vytiskl(a)", request.actor.name),
        ],
        columns=[name for name, _ in _COLUMNS],
        widths=[width for _, width in _COLUMNS],
        rows=[[document.reference_number, *_cells(document, parts)] for document in documents],
        landscape=True,
    )
    name = f"podaci-denik-{wanted['since']}-{wanted['until']}.pdf"
    return shown(render_table_report(report), name)


def _shown(document: Document, parts: Mapping[int, PaperPart]) -> list[tuple[str, str]]:
    """Cells of a line of the page with their columns; the subject stands under the number there."""
    names = [name for name, _ in _COLUMNS[1:]]
    return [cell for cell in zip(names, _cells(document, parts), strict=True) if cell[0] != _SUBJECT]


def _cells(document: Document, parts: Mapping[int, PaperPart]) -> list[str]:
    """A line of the book but its first column (vyhláška 259/2012 Sb. § 10)."""
    part = parts.get(document.pk)
    extent = short_extent_of(part.facts if part else None)
    how = SettledHow(document.settled_how).label if document.settled_how else ""
    return [
        formatting.write_datetime(document.registered_at),
        formatting.write_datetime(document.delivered_at),
        Channel(document.channel).label if document.channel in Channel.values else document.channel,
        _counterpart(document),
        document.subject,
        extent,
        ", ".join(str(one) for one in (document.unit, document.holder) if one),
        f"{formatting.write_date(document.settled_on)} {how}".strip(),
    ]


def _counterpart(document: Document) -> str:
    """Who sent the document with their mark, or to whom it goes."""
    if document.sender is None:
        return ", ".join(addressee.name for addressee in document.addressees.all())
    mark = f"zn. {document.sender_reference}" if document.sender_reference else ""
    return ", ".join(part for part in (document.sender.name, mark) if part)
