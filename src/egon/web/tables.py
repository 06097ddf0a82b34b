"""Tables that people take away: CSV and XLSX as answers of a page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from egon.gateways.tables import write_csv, write_xlsx

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_answer(header: Sequence[str], rows: Iterable[Sequence[Any]], *, name: str, form: str) -> HttpResponse:
    """A table to be saved, in the ``form`` csv or xlsx; kept by no proxy."""
    content = write_xlsx(header, rows) if form == "xlsx" else write_csv(header, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=_TYPES[form], headers=headers)
