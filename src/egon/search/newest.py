"""Conditions that no index answers, tried on the newest rows alone."""

from typing import Any, Final

from django.db.models import QuerySet

MOST_SOUGHT: Final = 10_000


def newest_of[M: QuerySet[Any]](found: M, *, most: int = MOST_SOUGHT) -> M:
    """The first ``most`` rows of an ordered query, to be narrowed further; what else it narrows, it narrows before.

    Part of a word is sought by reading row after row, so a register of millions is read only as far as this. The page
    says so, and a narrower period reaches further back.
    """
    return found.filter(pk__in=found.values("pk")[:most])
