"""Files of the documentation: HTML and PDF/A outside the database, readable when the product is down (10.1.2)."""

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from egon.documentation import operations
from egon.documentation.models import Writing
from egon.gateways.pdfa import RenderingFailed, Sheet, render_sheet
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.tenancy.models import Tenant
from egon.web.documentation.contents import PRODUCT, sections_for
from egon.web.formatting import write_datetime

HTML: Final = "dokumentace.html"
PDF: Final = "dokumentace.pdf"
_STYLE: Final = Path(__file__).with_name("standalone.css")


def folder_of(actor: Actor, base: Path | None = None) -> Path:
    """The folder of an originator: named by its short name, where that may stand in a path."""
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    name = tenant.code if re.fullmatch(r"[\w-]+", tenant.code) else str(tenant.pk)
    return (base or Path(settings.DOCUMENTATION_DIR)) / name


def write(actor: Actor, base: Path | None = None) -> Writing:
    """Write both files anew; what was there before stays until they are whole. A failure is told, and noted."""
    folder = folder_of(actor, base)
    try:
        for name, content in _made(actor).items():
            _put(folder / name, content)
        problem = ""
    except OSError as error:
        problem = f"Soubory se nepodařilo zapsat do složky {folder}: {error.strerror or error}."
    except RenderingFailed as error:
        problem = error.message
    return operations.note_writing(actor=actor, folder=str(folder), problem=problem)


def _made(actor: Actor) -> dict[str, bytes]:
    sheet = Sheet(
        organisation=Tenant.objects.get(pk=actor.tenant_id).name,
        title=f"Dokumentace systému {PRODUCT}",
        subtitle="podle NSESSS 10.1",
        date=today(),
        facts=[("Vytvořena", write_datetime(clock.now())), ("Vytvořil", actor.name)],
        sections=sections_for(actor),
    )
    # No page of the product may carry styles inside; a file that needs nothing else has to.
    style = format_html("<style>{}</style>", mark_safe(_STYLE.read_text(encoding="utf-8")))  # noqa: S308 - our own file
    context = {"sheet": sheet, "sections": _named(sheet), "style": style}
    html = render_to_string("documentation/standalone.html", context)
    return {HTML: html.encode(), PDF: render_sheet(sheet)}


def _named(sheet: Sheet) -> list[dict[str, object]]:
    return [
        {
            "heading": one.heading,
            "facts": one.facts,
            "columns": [name for name, _ in one.columns],
            "rows": one.rows,
            "empty": one.empty if one.columns else "",
        }
        for one in sheet.sections
    ]


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all: a temporary file beside it, synced, renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as aside:
        try:
            aside.write(content)
            aside.flush()
            os.fsync(aside.fileno())
            Path(aside.name).chmod(0o640)
            Path(aside.name).replace(path)
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise
