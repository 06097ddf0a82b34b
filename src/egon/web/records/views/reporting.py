"""Reports on the state of records: a page with a chart, tables for spreadsheets, a PDF (NSESSS 7.3.1 to 7.3.9)."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon.gateways.pdfa import Section, Sheet
from egon.gateways.tables import write_csv, write_xlsx
from egon.kernel.actor import Actor
from egon.kernel.clock import now, today
from egon.records import kept_reports, storing_queries
from egon.records.models import StoragePlace
from egon.records.permissions import REPORT_READERS, may_appraise
from egon.records.report_queries import REPORTS as COUNTED
from egon.records.report_queries import Cell, Period, Report
from egon.registry import queries as registry
from egon.registry.models import Person
from egon.web.access import ActorRequest, requires_role
from egon.web.files import saved
from egon.web.formatting import write_date, write_number
from egon.web.forms import offer
from egon.web.offers import SoughtChoice
from egon.web.records.process_report import PROCESSES
from egon.web.records.sheets import organisation_of
from egon.web.records.views.printing import sheet_answer
from egon.web.widgets import DayInput

REPORTS: Final = {**COUNTED, "procesy": PROCESSES}
MOST_BARS: Final = 12
_FULL: Final = 190  # the longest bar, in units of the drawing
_ROW: Final = 24
_LONGEST_LABEL: Final = 30
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReportForm(forms.Form):
    """What a report is asked about; fields that it does not need are left out."""

    od = forms.DateField(label="Od", widget=DayInput())
    do = forms.DateField(label="Do", widget=DayInput())
    ke = forms.DateField(label="Lhůta uplynula ke dni", widget=DayInput())
    misto = forms.ModelChoiceField(
        label="Místo uložení", queryset=StoragePlace.objects.none(), required=False, empty_label="všechna, jen počty"
    )
    osoba = SoughtChoice(
        label="Zpracovatel",
        queryset=Person.objects.none(),
        required=False,
        empty_label="všichni",
        source="osoby-vsechny",
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        offer(self, "osoba", registry.people(active=None))
        fields["misto"].queryset = storing_queries.places()
        if report.told_of not in ("period", "closed"):
            del fields["od"]
        if report.told_of == "closed":
            fields["od"].label, fields["do"].label = "Uzavřené od", "Uzavřené do"
        else:
            del fields["ke"]
        if not report.of_places:
            del fields["misto"]
        if report.told_of == "now":
            del fields["do"]
        if report.told_of == "day":
            fields["do"].label = "Ke dni"
        if not report.of_people:
            del fields["osoba"]

    def clean(self) -> dict[str, Any]:
        """The period does not end before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("od") and cleaned.get("do") and cleaned["od"] > cleaned["do"]:
            self.add_error("do", "Konec období je před jeho začátkem.")
        return cleaned

    def period(self) -> Period:
        """What was asked for; where nothing was, this day."""
        asked = self.cleaned_data
        until = asked.get("do") or today()
        return Period(
            since=asked.get("od") or until,
            until=until,
            on=asked.get("ke"),
            person=asked.get("osoba"),
            place=asked.get("misto"),
        )


@dataclass(frozen=True, slots=True)
class ReportBar:
    """One line of the chart; positions in units of the drawing, as text, so that no template localises them."""

    label: str
    value: str
    y: str
    text_y: str
    width: str


@requires_role(*REPORT_READERS)
@require_safe
def report(request: ActorRequest, key: str = "spisy") -> HttpResponse:
    """One report; ``soubor`` asks for it as ``csv``, ``xlsx`` or ``pdf``."""
    shown = _reports_for(request.actor)
    known = shown.get(key) or shown["spisy"]
    asked = _presumed(known) | request.GET.dict()
    form = ReportForm(asked, report=known)
    context: dict[str, Any] = {"report": known, "filter_form": form, "tabs": _tabs(shown, key)}
    if not form.is_valid():
        return render(request, "records/report.html", context, status=422)
    answer = kept_reports.answer(key, known, form.period(), now=now())
    rows = answer.rows
    match request.GET.get("soubor") if rows or not answer.is_counting else None:
        case "csv":
            return saved(write_csv(known.columns, rows), f"hlaseni-{key}.csv")
        case "xlsx":
            return saved(write_xlsx(known.columns, rows, title=known.title[:31]), f"hlaseni-{key}.xlsx")
        case "pdf":
            return sheet_answer(_sheet(request, known, form.period(), rows), f"hlaseni-{key}")
    bars = bars_of(known, rows)
    context |= {
        "answer": answer,
        "key": key,
        "is_cut": known.longest is not None and len(rows) >= known.longest,
        "rows": [list(zip(known.columns, _written(row), strict=True)) for row in rows],
        "numeric": {known.columns[at] for at, cell in enumerate(rows[0] if rows else []) if isinstance(cell, int)},
        "bars": bars,
        "charted": known.columns[known.charted or 0],
        "chart_height": str(_ROW * len(bars)),
        "query": urlencode({name: asked[name] for name in form.fields if asked.get(name)}),
    }
    return render(request, "records/report.html", context)


@requires_role(*REPORT_READERS)
@require_POST
def count_again(request: ActorRequest, key: str) -> HttpResponse:
    """Have a report of a large organisation counted anew, about the same as the page asks."""
    shown = _reports_for(request.actor)
    known = shown.get(key) or shown["spisy"]
    form = ReportForm(_presumed(known) | request.GET.dict(), report=known)
    if known.heavy and form.is_valid():
        kept_reports.ask(key, form.period())
        messages.success(request, "Hlášení se spočítá znovu na pozadí. Do té doby je tu předchozí.")
    return redirect(f"{reverse('records:report', args=[key])}?{request.GET.urlencode()}")


def bars_of(report: Report, rows: list[list[Cell]]) -> list[ReportBar]:
    """The greatest numbers of the charted column in the order of the table; without the sum, and without zeroes."""
    if report.charted is None:
        return []
    at = report.charted
    numbered = [(row, int(str(row[at]))) for row in rows if row[0] != "celkem" and row[at]]
    drawn = sorted(numbered, key=lambda one: -one[1])[:MOST_BARS]
    highest = max((number for _, number in drawn), default=1)
    kept = [one for one in numbered if one in drawn][:MOST_BARS]
    return [
        ReportBar(
            label=_shortened(" ".join(_written(row[:1] if report.told_of != "period" else row[: min(at, 2)]))),
            value=write_number(number),
            y=str(_ROW * line + 4),
            text_y=str(_ROW * line + 16),
            width=str(max(1, _FULL * number // highest)),
        )
        for line, (row, number) in enumerate(kept)
    ]


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"


def _written(row: list[Cell]) -> list[str]:
    return [
        write_date(cell) if isinstance(cell, date) else write_number(cell) if isinstance(cell, int) else cell
        for cell in row
    ]


def _presumed(report: Report) -> dict[str, str]:
    """This year, or of files closed everything until today."""
    since = today().replace(year=today().year - 100) if report.told_of == "closed" else today()
    return {"od": f"{since.replace(month=1, day=1)}", "do": f"{today()}", "ke": f"{today()}"}


def _sheet(request: ActorRequest, report: Report, period: Period, rows: list[list[Cell]]) -> Sheet:
    written = [_written(row) for row in rows]
    widest = [max(len(line[at]) for line in [list(report.columns), *written]) for at in range(len(report.columns))]
    closed = f"{write_date(period.since)} až {write_date(period.until)}"
    facts = {
        "closed": [("Uzavřené v období", closed), ("Lhůta uplynula ke dni", write_date(period.on or period.until))],
        "now": [("Ke dni", write_date(today()))],
        "day": [("Ke dni", write_date(period.until))],
        "period": [("Období", f"{write_date(period.since)} až {write_date(period.until)}")],
    }[report.told_of]
    return Sheet(
        organisation=organisation_of(request.actor),
        title=report.title,
        date=today(),
        facts=[*facts, ("Vytiskl(a)", request.actor.name)],
        sections=[
            Section(
                columns=[(name, min(max(width, 10), 50)) for name, width in zip(report.columns, widest, strict=True)],
                rows=written,
                empty="V tomto období nic není.",
            )
        ],
    )


def _reports_for(actor: Actor) -> dict[str, Report]:
    """Reports that name records are the appraiser's (NSESSS 7.3.7); the others count them."""
    appraises = bool(may_appraise(actor))
    return {key: one for key, one in REPORTS.items() if appraises or not one.for_appraiser}


def _tabs(reports: dict[str, Report], current: str) -> list[dict[str, Any]]:
    shown = current if current in reports else "spisy"
    return [{"label": one.title, "url": f"/hlaseni/{key}/", "active": key == shown} for key, one in reports.items()]
