"""Tables that people take away: CSV and XLSX as answers of a page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from egon.gateways.tables import write_csv, write_xlsx
from egon.web.files import saved


def table_answer(header: Sequence[str], rows: Iterable[Sequence[Any]], *, name: str, form: str) -> HttpResponse:
    """A table to be saved, in the ``form`` csv or xlsx; kept by no proxy."""
    content = write_xlsx(header, rows) if form == "xlsx" else write_csv(header, rows)
    return saved(content, f"{name}.{form}")
