"""A message as it is read from the database, and which part of a list of messages is wanted."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it stands now. Times are milliseconds since 1970."""

    id: int
    sender_box: str
    recipient_box: str
    kind: str
    state: int
    submitted: int
    delivered: int | None
    accepted: int | None
    personal: bool
    size_kb: int
    annotation: str
    sender_name: str
    recipient_name: str
    author: dict[str, str]
    envelope: str
    content_id: int | None
    hash: bytes


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted: times in ms (both ends included), states as a sum of 2^state, place from 1."""

    since: int | None = None
    until: int | None = None
    status_filter: int = -1
    offset: int = 1
    limit: int | None = None

    def states(self, allowed: Iterable[int]) -> list[int]:
        return [state for state in allowed if self.status_filter < 0 or self.status_filter >> state & 1]


def message_of(row: sqlite3.Row) -> Message:
    """A message from its row."""
    return Message(
        id=row["id"],
        sender_box=row["sender_box"],
        recipient_box=row["recipient_box"],
        kind=row["kind"],
        state=row["state"],
        submitted=row["submitted"],
        delivered=row["delivered"],
        accepted=row["accepted"],
        personal=bool(row["personal"]),
        size_kb=row["size_kb"],
        annotation=row["annotation"],
        sender_name=row["sender_name"],
        recipient_name=row["recipient_name"],
        author=json.loads(row["author"]),
        envelope=row["envelope"],
        content_id=row["content_id"],
        hash=row["hash"],
    )
