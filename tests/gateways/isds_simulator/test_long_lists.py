"""A hundred thousand messages in a box do not slow its lists: an index leads to the page, nothing else is read."""

import sqlite3
from typing import Any

import pytest

from egon.gateways.isds.simulator.database import Database
from egon.gateways.isds.simulator.records import Window

from .conftest import CITIZEN, OFFICE, Running


class Watched:
    """Remembers statements that were made, with their values."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
        self.statements: list[str] = []
        self._database = database
        plain = database._connect

        def connect() -> sqlite3.Connection:
            connection = plain()
            connection.set_trace_callback(self.statements.append)
            return connection

        monkeypatch.setattr(database, "_connect", connect)

    def plans(self) -> list[list[str]]:
        """How SQLite goes about every reading of messages that was asked for, step by step."""
        with self._database.read() as connection:
            asked = [one for one in self.statements if one.lstrip().startswith("SELECT") and "message" in one]
            return [
                [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")] for statement in asked
            ]


def test_lists_read_by_an_index_and_sort_nothing(isds: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        isds.send()
    watched = Watched(monkeypatch, isds.simulator.database)
    while not isds.simulator.database._readers.empty():
        isds.simulator.database._readers.get_nowait().close()
    messages, office, citizen = isds.simulator.messages, isds.boxes[OFFICE], isds.boxes[CITIZEN]
    windows: list[Any] = [Window(), Window(limit=50, offset=2), Window(since=1, until=2**42), Window(status_filter=16)]
    for window in windows:
        messages.received(office, window)
        messages.sent(citizen, window)
    messages.deliver_by_login(isds.simulator.accounts.of_box(office)[0], now=isds.simulator.now())
    messages.settle(isds.simulator.now())
    plans = watched.plans()
    assert plans
    assert [plan for plan in plans if any(step.startswith("SCAN") for step in plan)] == []
    # The rows of the page are put in order once they are read; inside, only ties of one millisecond are sorted.
    assert [plan for plan in plans if plan.count("USE TEMP B-TREE FOR ORDER BY") > 1] == []


def test_a_page_brings_no_more_than_was_asked_for(isds: Running) -> None:
    for _ in range(4):
        isds.send()
    page = "<dmStatusFilter>-1</dmStatusFilter><dmOffset>2</dmOffset><dmLimit>2</dmLimit>"
    assert len(isds.call("dx", "GetListOfReceivedMessages", page).texts("dmID")) == 2
