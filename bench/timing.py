"""Medians, percentiles and counting of queries."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def percentile_95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


def seconds_of(function: Callable[[], Any]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


class QueryCounter:
    """Counts statements of a block."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def counting_queries() -> Iterator[QueryCounter]:
    """Statements that Django sends inside the block."""
    counter = QueryCounter()
    with connection.execute_wrapper(counter):
        yield counter
