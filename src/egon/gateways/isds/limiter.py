"""How much we ask of ISDS at once: per box and for the whole installation (operating rules, manual 1.9)."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from egon.kernel.errors import Retryable

THROTTLE_PAUSE: Final = 3.0
"""Seconds ISDS wants after 3008 and 3009 before the next call."""


class TooBusyHere(Retryable):
    """Our own limit: the turn did not come in time. Nothing was sent to ISDS."""

    code = "isds.too_busy_here"


class Limiter:
    """One object shared by all clients of the installation; give it to each of them. Safe to share between threads.

    ``per_box`` and ``total`` are calls at once; ``interval`` the shortest time in seconds between starts of two calls
    of one box; ``patience`` the longest wait for a turn in seconds, after it :class:`TooBusyHere` is raised.
    """

    def __init__(
        self,
        per_box: int = 4,
        total: int = 40,
        *,
        interval: float = 0.0,
        patience: float = 120.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_box, self._total = per_box, total
        self._interval, self._patience, self._clock = interval, patience, clock
        self._changed = threading.Condition()
        self._running: dict[str, int] = defaultdict(int)
        self._not_before: dict[str, float] = {}

    @contextmanager
    def turn(self, box: str) -> Iterator[None]:
        """Wait for a turn of ``box`` and hold it. Raises :class:`TooBusyHere`."""
        self._enter(box)
        try:
            yield
        finally:
            self._leave(box)

    def pause(self, box: str, seconds: float = THROTTLE_PAUSE) -> None:
        """ISDS asked this box to slow down: no new call of it for ``seconds``."""
        with self._changed:
            self._not_before[box] = max(self._not_before.get(box, 0.0), self._clock() + seconds)

    def running(self, box: str | None = None) -> int:
        """Calls under way, of one box or of all."""
        with self._changed:
            return sum(self._running.values()) if box is None else self._running.get(box, 0)

    def _enter(self, box: str) -> None:
        deadline = self._clock() + self._patience
        with self._changed:
            while (wait := self._wait_for(box)) != 0.0:
                left = deadline - self._clock()
                if left <= 0:
                    raise TooBusyHere(
                        "Na spojení s ISDS čeká příliš mnoho úloh. Nic se nestáhlo ani neodeslalo; zkusí se to znovu.",
                        after=timedelta(seconds=THROTTLE_PAUSE),
                    )
                self._changed.wait(left if wait is None else min(left, wait))
            self._running[box] += 1
            self._not_before[box] = self._clock() + self._interval

    def _wait_for(self, box: str) -> float | None:
        """Seconds to wait, zero when it may start, ``None`` when somebody has to finish first."""
        if self._running.get(box, 0) >= self._per_box or sum(self._running.values()) >= self._total:
            return None
        return max(0.0, self._not_before.get(box, 0.0) - self._clock())

    def _leave(self, box: str) -> None:
        with self._changed:
            self._running[box] -= 1
            if not self._running[box]:
                del self._running[box]
            self._changed.notify_all()
