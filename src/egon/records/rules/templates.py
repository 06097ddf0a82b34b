"""Filling the text of a template: the placeholders and nothing else, so that a template can never run code."""

import re
from collections.abc import Mapping

PLACEHOLDERS = {
    "vec": "věc dokumentu, na který se odpovídá",
    "cj": "číslo jednací doručeného dokumentu",
    "znacka_odesilatele": "značka odesílatele",
    "odesilatel": "jméno nebo název odesílatele",
    "doruceno": "datum doručení",
    "organizace": "název organizace",
    "zpracovatel": "jméno zpracovatele",
}
_PLACEHOLDER = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with ``{{ vec }}`` and the like replaced. An unknown or empty one leaves ``(doplňte: …)`` to be seen."""

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        return values.get(name) or f"(doplňte: {PLACEHOLDERS.get(name, name)})"

    return _PLACEHOLDER.sub(replace, text)


def unknown_placeholders(text: str) -> list[str]:
    """Placeholders in ``text`` that do not exist, for the form in which templates are edited."""
    return sorted({name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS})
