"""Parts of the data boxes' pages, for those who have them."""

from typing import Any

from django.urls import reverse

from egon.databox import permissions, queries
from egon.kernel.actor import Actor


def tabs_for(actor: Actor, here: str) -> list[dict[str, Any]]:
    """Tabs as ``components/tabs.html`` takes them; ``here`` is the name of the present one."""
    mailroom = bool(permissions.may_receive(actor))
    parts = (
        ("boxes", "Schránky", bool(permissions.may_see_boxes(actor))),
        ("messages", "Datové zprávy", mailroom),
        ("waiting", "Čeká na rozhodnutí", mailroom and queries.decides_about_some_box()),
        ("imports", "Import", mailroom),
        ("stamps", "Archivní razítka", bool(permissions.may_see_boxes(actor))),
        ("centre", "Celé centrum", bool(permissions.may_see_centre(actor))),
    )
    return [
        {"label": label, "url": reverse(f"databox:{name}"), "active": name == here} for name, label, may in parts if may
    ]
