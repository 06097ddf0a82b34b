"""What the pages of keeping the evidence share: tabs and the way here."""

from typing import Any

from django.urls import reverse

_PARTS = (
    ("kinds", "Druhy dokumentů", "records:kinds"),
    ("templates", "Šablony dopisů", "records:templates"),
    ("places", "Místa uložení", "records:places"),
    ("own_fields", "Vlastní údaje", "records:own_fields"),
    ("own_lists", "Číselníky údajů", "records:own_lists"),
)


def tabs(active: str) -> list[dict[str, Any]]:
    """What is kept."""
    return [{"label": label, "url": reverse(name), "active": key == active} for key, label, name in _PARTS]


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way here; the last step is the page itself."""
    return [{"label": label, "url": url} for label, url in (("Nastavení evidence", reverse("records:kinds")), *steps)]
