"""Panels that other areas put on the document page; together with their templates' names."""

from typing import Any

from egon.kernel.actor import Actor
from egon.records.models import CaseFile, Document
from egon.web.circulation import panel as circulation
from egon.web.databox import panel as databox
from egon.web.mailroom import panel as mailroom


def contexts(actor: Actor, document: Document) -> dict[str, Any]:
    """The union of the panels' contexts, and the names of their templates."""
    return {
        **circulation.context(actor, document),
        **databox.context(actor, document),
        **mailroom.context(actor, document),
        "circulation_panel": "circulation/panel.html",
        "databox_panel": "databox/panel.html",
        "envelope_panel": "mailroom/envelope_panel.html",
    }


def contexts_of_file(actor: Actor, file: CaseFile) -> dict[str, Any]:
    """What circulation puts on the page of a file, and the name of its template."""
    return {**circulation.context_of_file(actor, file), "circulation_panel": "circulation/file_panel.html"}
