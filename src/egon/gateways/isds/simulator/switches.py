"""What the operator of ISDS may switch on: maintenance, throttling, blocked downloads, no time stamps.

Kept over a restart.
"""

import json
import threading
from typing import Any, Final

from egon.gateways.isds.simulator.database import Database

THROTTLE_CODES: Final = frozenset({"3008", "3009"})
THROTTLE_MS: Final = 3000
"""Between two calls of one box while throttling is on (operating rules: T = 3 s)."""
UNSTAMPED_MS: Final = 20 * 60 * 1000
UNSTAMPED_TRIES: Final = 2
"""Downloads of one message without a time stamp that are free within 20 minutes (manual 2.67, 2.7.3)."""
_KEY: Final = "switches"


class Switches:
    """The switches and the moments of last calls they need."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._last_calls: dict[str, int] = {}
        stored = json.loads(database.setting(_KEY) or "{}")
        self.maintenance: bool = stored.get("maintenance", False)
        self.throttle: str = stored.get("throttle", "")
        self.stamping_down: bool = stored.get("stamping_down", False)
        self._unstamped: dict[tuple[str, int], tuple[int, int]] = {}
        self._blocked: set[str] = set(stored.get("blocked_downloads", []))

    def as_dict(self) -> dict[str, Any]:
        return {
            "maintenance": self.maintenance,
            "throttle": self.throttle,
            "stamping_down": self.stamping_down,
            "blocked_downloads": sorted(self._blocked),
        }

    def change(
        self,
        *,
        maintenance: bool | None = None,
        throttle: str | None = None,
        stamping_down: bool | None = None,
        blocked_downloads: list[str] | None = None,
    ) -> None:
        """Set what is given, leave the rest; ``ValueError`` for a code that is not one of throttling."""
        if throttle and throttle not in THROTTLE_CODES:
            raise ValueError("Omezení provozu se hlásí kódem 3008 nebo 3009.")
        with self._lock:
            if maintenance is not None:
                self.maintenance = maintenance
            if throttle is not None:
                self.throttle = throttle
                self._last_calls.clear()
            if stamping_down is not None:
                self.stamping_down = stamping_down
                self._unstamped.clear()
            if blocked_downloads is not None:
                self._blocked = set(blocked_downloads)
        self._database.remember(_KEY, json.dumps(self.as_dict()))

    def downloads_blocked(self, box_id: str) -> bool:
        """Whether the operator forbade a box to download (code 3022)."""
        return box_id in self._blocked

    def too_soon(self, box_id: str, now: int) -> bool:
        """Whether throttling refuses this call: the box was let through less than three seconds ago."""
        if not self.throttle:
            return False
        with self._lock:
            last = self._last_calls.get(box_id)
            if last is not None and now - last < THROTTLE_MS:
                return True
            self._last_calls[box_id] = now
        return False

    def asked_too_often(self, box_id: str, message_id: int, now: int) -> bool:
        """Whether a message was downloaded without a time stamp twice in the last 20 minutes already (code 3005)."""
        with self._lock:
            first, tries = self._unstamped.get((box_id, message_id), (now, 0))
            if now - first > UNSTAMPED_MS:
                first, tries = now, 0
            self._unstamped[(box_id, message_id)] = (first, tries + 1)
        return tries >= UNSTAMPED_TRIES
