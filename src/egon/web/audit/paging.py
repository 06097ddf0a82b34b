"""Pages of a list too long to be counted: only whether there is a next one."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet


class _Countless(Paginator):  # type: ignore[type-arg]
    """Tells the component to show no numbers of pages."""

    countless = True


class CountlessPage:
    """One page of a long list, with what ``components/pagination.html`` asks for."""

    def __init__(self, rows: Sequence[Any], number: int, has_next: bool) -> None:
        self.object_list, self.number, self._has_next = rows, number, has_next
        self.paginator = _Countless([], 1)

    def __iter__(self) -> Any:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    def has_next(self) -> bool:
        """Whether a next page exists."""
        return self._has_next

    def has_previous(self) -> bool:
        """Whether a previous page exists."""
        return self.number > 1

    def has_other_pages(self) -> bool:
        """Whether there is anything to page through."""
        return self.has_next() or self.has_previous()

    def next_page_number(self) -> int:
        """The number of the next page."""
        return self.number + 1

    def previous_page_number(self) -> int:
        """The number of the previous page."""
        return self.number - 1


def page_of(found: QuerySet[Any], wanted: str, size: int = 50) -> CountlessPage:
    """The wanted page (a number as it came in the address; nonsense means the first one)."""
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= 10_000 else 1
    rows = list(found[(number - 1) * size : number * size + 1])
    return CountlessPage(rows[:size], number, len(rows) > size)
