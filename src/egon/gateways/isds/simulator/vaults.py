"""The vault (Datový trezor): where delivered messages go instead of being erased, while there is room.

Source: manual 2.67, 1.7.2; state 10 belongs to the side whose vault it is, the other side has the content erased.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from egon.gateways.isds.simulator.database import Database

_STORED_STATES: Final = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class Vault:
    """A vault of a box: ``capacity`` and ``used`` in messages, ``since`` and ``until`` in ms."""

    capacity: int
    since: int
    until: int
    used: int


class Vaults:
    """Vaults of all boxes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, box_id: str, *, capacity: int, since: int, until: int) -> None:
        """Give a box a vault, or change the one it has."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO vault (box_id, capacity, since, until) VALUES (?, ?, ?, ?)",
                (box_id, capacity, since, until),
            )

    def of_box(self, box_id: str, *, now: int) -> Vault | None:
        """The vault that is in force at ``now``, ``None`` without one."""
        with self._database.read() as connection:
            return _vault(connection, box_id, now)

    def take(self, connection: sqlite3.Connection, row: sqlite3.Row, *, at: int) -> bool:
        """Move a message whose time is over to the vaults of its sides; ``False`` when neither takes it."""
        if row["state"] not in _STORED_STATES:
            return False
        received = _has_room(connection, row["recipient_box"], at)
        sent = _has_room(connection, row["sender_box"], at)
        if not (received or sent):
            return False
        connection.execute(
            "UPDATE message SET kept_state = state, state = 10, due = NULL, vault_received = ?, vault_sent = ?"
            " WHERE id = ?",
            (received, sent, row["id"]),
        )
        return True


def _has_room(connection: sqlite3.Connection, box_id: str, at: int) -> bool:
    vault = _vault(connection, box_id, at)
    return vault is not None and vault.used < vault.capacity


def _vault(connection: sqlite3.Connection, box_id: str, at: int) -> Vault | None:
    row = connection.execute(
        "SELECT * FROM vault WHERE box_id = ? AND since <= ? AND until > ?", (box_id, at, at)
    ).fetchone()
    if row is None:
        return None
    used = connection.execute(
        "SELECT (SELECT COUNT(*) FROM message WHERE recipient_box = ? AND vault_received = 1)"
        " + (SELECT COUNT(*) FROM message WHERE sender_box = ? AND vault_sent = 1)",
        (box_id, box_id),
    ).fetchone()
    return Vault(capacity=row["capacity"], since=row["since"], until=row["until"], used=used[0])
