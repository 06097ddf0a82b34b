"""Files that a page answers with: under a name, of the type its ending says, kept by no proxy."""

from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}


def saved(content: bytes, name: str) -> HttpResponse:
    """A file the browser saves."""
    return _answer(content, name, as_attachment=True)


def shown(content: bytes, name: str) -> HttpResponse:
    """A file the browser shows."""
    return _answer(content, name, as_attachment=False)


def _answer(content: bytes, name: str, *, as_attachment: bool) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=TYPES[name.rpartition(".")[2]], headers=headers)
