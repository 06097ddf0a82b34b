"""Addresses of pages about one thing, for lists: the table of addresses is walked once a name, not once a row."""

from functools import cache

from django.urls import reverse


def address_of(name: str, pk: int) -> str:
    """The same as ``reverse(name, args=[pk])`` of a page with one number in its address."""
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return before, after
