"""Rules of the mailroom that need no database."""

from collections.abc import Sequence


def main_position(roles: Sequence[str]) -> int:
    """Which attachment becomes the main component: the one its sender marked, otherwise the first."""
    return roles.index("main") if "main" in roles else 0


def reply_mark(reference_number: str, file_mark: str) -> str:
    """How we name what a sender answers to, from the recipient's fields of an envelope; empty when there is nothing."""
    return ", ".join(part for part in (reference_number.strip(), file_mark.strip()) if part)
