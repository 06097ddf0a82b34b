"""Credit for commercial messages, in halers (manual WS vyhledávání, 2.7)."""

import secrets
from dataclasses import dataclass
from typing import Final

from egon.gateways.isds.simulator import clock
from egon.gateways.isds.simulator.database import Database

PRICE: Final = 1500
"""What one commercial message costs, in halers (the simulator's own choice)."""
VALIDITY_MS: Final = 5 * 365 * clock.DAY_MS
"""How long credit lasts after it was last added to."""
CHARGED: Final = 1
SENT: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One change of credit. ``time`` in ms, amounts in halers, ``type`` as in ``ciEventType``."""

    time: int
    type: int
    change: int
    after: int
    recipient: str
    message_id: str
    transaction_id: str


class Credit:
    """Credit of all boxes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def balance(self, box_id: str) -> int:
        """What a box has left, in halers."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT after FROM credit WHERE box_id = ? ORDER BY id DESC LIMIT 1", (box_id,)
            ).fetchone()
        return 0 if row is None else int(row["after"])

    def charge(self, box_id: str, amount: int, *, now: int) -> None:
        """Add to the credit of a box; ``ValueError`` unless ``amount`` is above zero."""
        if amount <= 0:
            raise ValueError("Kredit se nabíjí částkou větší než 0 haléřů.")
        self._move(box_id, CHARGED, amount, now, transaction_id=secrets.token_hex(8).upper())

    def pay(self, box_id: str, *, recipient: str, message_id: int, now: int) -> None:
        """Pay for one message sent."""
        self._move(box_id, SENT, -PRICE, now, recipient=recipient, message_id=str(message_id))

    def _move(
        self,
        box_id: str,
        kind: int,
        change: int,
        now: int,
        *,
        recipient: str = "",
        message_id: str = "",
        transaction_id: str = "",
    ) -> None:
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO credit (box_id, time, type, change, after, recipient, message_id, transaction_id)"
                " SELECT :box, :now, :kind, :change, :change + COALESCE("
                "(SELECT after FROM credit WHERE box_id = :box ORDER BY id DESC LIMIT 1), 0),"
                " :recipient, :message, :transaction",
                {
                    "box": box_id,
                    "now": now,
                    "kind": kind,
                    "change": change,
                    "recipient": recipient,
                    "message": message_id,
                    "transaction": transaction_id,
                },
            )

    def movements(self, box_id: str, since: int, until: int) -> list[Movement]:
        """Changes within a time (``until`` excluded), the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT time, type, change, after, recipient, message_id, transaction_id FROM credit"
                " WHERE box_id = ? AND time >= ? AND time < ? ORDER BY id",
                (box_id, since, until),
            ).fetchall()
        return [Movement(**dict(row)) for row in rows]

    def expires(self, box_id: str) -> int | None:
        """When the credit expires (ms): five years after it was last added to; ``None`` when it never was."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT MAX(time) AS last FROM credit WHERE box_id = ? AND type = ?", (box_id, CHARGED)
            ).fetchone()
        return None if row["last"] is None else int(row["last"]) + VALIDITY_MS
