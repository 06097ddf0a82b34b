"""The parts of the jmenný rejstřík as tabs, for who keeps it."""

from typing import Any

from django.urls import reverse

from egon.kernel.actor import Actor
from egon.parties import permissions, queries


def tabs_for(actor: Actor, chosen: str) -> list[dict[str, Any]]:
    """The tabs, none for who only reads and writes records."""
    manages, configures = permissions.may_manage(actor), permissions.may_configure(actor)
    parts: list[tuple[str, str, str, int | None]] = []
    if manages:
        parts.append(("duplicates", "Podobné záznamy", "party-duplicates", queries.open_duplicates(actor) or None))
    if manages or configures:
        parts.append(("retention", "Lhůty a nastavení", "party-retention", None))
    if configures:
        parts.append(("rights", "Oprávnění", "party-rights", None))
    if not parts:
        return []
    return [
        {"label": label, "url": reverse(name), "active": key == chosen, "count": count}
        for key, label, name, count in [("parties", "Osoby", "parties", None), *parts]
    ]
