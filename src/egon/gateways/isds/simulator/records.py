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
    big: bool = False
    """A large message (velkoobjemová): other services give it out."""
    file_count: int = 0
    kept_state: int | None = None
    """The state before the content was erased or moved to the vault."""
    vault_received: bool = False
    vault_sent: bool = False

    def in_vault_of(self, box_id: str) -> bool:
        """Whether the message lies in the vault (Datový trezor) of this box."""
        received = self.vault_received and self.recipient_box == box_id
        return received or (self.vault_sent and self.sender_box == box_id)

    def is_erased_for(self, box_id: str) -> bool:
        """Whether this box can no longer have the content: state 9, or 10 in the vault of the other side only."""
        return self.state == 9 or (self.state == 10 and not self.in_vault_of(box_id))

    def state_for(self, box_id: str) -> int:
        """The state as one of the sides sees it: what lies in the vault of the other side only is erased here."""
        return 9 if self.is_erased_for(box_id) else self.state


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
        big=bool(row["big"]),
        file_count=row["file_count"],
        kept_state=row["kept_state"],
        vault_received=bool(row["vault_received"]),
        vault_sent=bool(row["vault_sent"]),
    )
