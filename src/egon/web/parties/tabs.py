"""The parts of the jmenný rejstřík as tabs, for who keeps it."""

from typing import Any

from django.urls import reverse

from egon.kernel.actor import Actor
from egon.parties import permissions, queries


def tabs_for(actor: Actor, chosen: str) -> list[dict[str, Any]]:
    """The tabs, none for who only reads and writes records."""
    if not permissions.may_manage(actor):
        return []
    parts = [
        ("parties", "Osoby", "parties", None),
        ("duplicates", "Podobné záznamy", "party-duplicates", queries.open_duplicates(actor)),
        ("retention", "Lhůty a nastavení", "party-retention", None),
    ]
    return [
        {"label": label, "url": reverse(name), "active": key == chosen, "count": count}
        for key, label, name, count in parts
    ]
