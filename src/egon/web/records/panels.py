"""Panels that other areas put on the document page, each offered as ``context(actor, document)``."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from egon.kernel.actor import Actor
from egon.records.models import Document

_OFFERED = {
    "circulation_panel": ("egon.web.circulation.panel", "circulation/panel.html"),
    "databox_panel": ("egon.web.databox.panel", "databox/panel.html"),
}


def contexts(actor: Actor, document: Document) -> dict[str, Any]:
    """The union of the panels' contexts, and the names of their templates."""
    context: dict[str, Any] = {}
    for name, (module, template) in _OFFERED.items():
        if find_spec(module) is not None:
            context |= import_module(module).context(actor, document)
            context[name] = template
    return context
