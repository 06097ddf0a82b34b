"""Routing of pages, sessions and protection of forms."""
from dataclasses import dataclass, field

from egon.gateways.isds.simulator.core import Simulator


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """What a page needs to know about a request."""

    method: str
    path: str
    query: dict[str, str]
    content_type: str
    cookie: str
    body: bytes
    local: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswer:
    """What goes back to the browser."""

    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Site:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def answer(self, request: PageRequest) -> PageAnswer:
        return PageAnswer(status=404)
