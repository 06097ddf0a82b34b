"""Cells of the tables people take away."""


def harmless(text: str) -> str:
    """A text for a cell: what a spreadsheet would run as a formula becomes plain text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
