"""Pages of long lists: an exact count only while it is cheap, above it just previous and next."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from egon.records.queries import COUNTED_AT_MOST, capped_count

PAGE_SIZE = 50
PARAM = "strana"
MOST_PAGES = 400
"""Nobody turns over more pages, and each further one would cost more: the page says to narrow the list instead."""


type Rows = Callable[[list[int]], list[Any]]


class ListPaginator(Paginator):  # type: ignore[type-arg]
    """Counts at most a thousand rows; a longer list is ``countless`` and goes on page by page.

    ``rows`` makes what a page shows from the keys on it; without it the objects themselves are shown.
    """

    def __init__(self, chosen: QuerySet[Any], rows: Rows | None) -> None:
        super().__init__(chosen, PAGE_SIZE)
        self.rows = rows or self._objects

    @cached_property
    def count(self) -> int:
        """The number of rows, exact up to the limit."""
        return capped_count(self.object_list)  # type: ignore[arg-type]

    @property
    def countless(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.count > COUNTED_AT_MOST

    def page(self, number: int | str) -> Page[Any]:
        """The page, its rows chosen first by their keys: what a list shows is joined to these fifty rows only."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        if not self.count:  # nothing fits: to find that out once more would take as long again
            return Page([], number, self)
        keys = list(self.object_list.values_list("pk", flat=True)[first : first + self.per_page])  # type: ignore[attr-defined]
        return Page(self.rows(keys), number, self)

    def _objects(self, keys: list[int]) -> list[Any]:
        chosen: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        shown = chosen.model._default_manager.all()
        if chosen.query.annotations:  # counts and the like, worked out for these rows only
            shown = chosen.order_by()
        shown.query.select_related = chosen.query.select_related
        shown = shown.prefetch_related(*chosen._prefetch_related_lookups)  # type: ignore[attr-defined]
        found = shown.in_bulk(keys)
        return [found[key] for key in keys if key in found]

    @cached_property
    def num_pages(self) -> int:
        """How many pages may be asked for; a countless list has no known last one."""
        return MOST_PAGES if self.countless else super().num_pages

    @property
    def count_text(self) -> str:
        """The number to show: ``12`` or ``1000+``."""
        return f"{COUNTED_AT_MOST}+" if self.countless else str(self.count)


def page_of(chosen: QuerySet[Any], request: HttpRequest, rows: Rows | None = None) -> Page[Any]:
    """The page asked for; the first one when the address asks for something that is not there."""
    paginator = ListPaginator(chosen, rows)
    try:
        return paginator.page(request.GET.get(PARAM) or 1)
    except InvalidPage:
        return paginator.page(1)
