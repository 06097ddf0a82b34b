"""Requests answered later: the list of erased messages is asked for, prepared, and picked up."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from egon.gateways.isds.namespaces import ISDS, XSI
from egon.gateways.isds.simulator import clock
from egon.gateways.isds.simulator.database import Database
from egon.gateways.isds.simulator.messages import Messages
from egon.gateways.isds.simulator.records import Message

PREPARED_MS: Final = 2000
"""How long preparing takes on the simulator's clock."""
LIST_ERASED: Final = "LIST_ERASED"
_COLUMNS: Final = (
    "dmID",
    "dbIDSender",
    "dmSender",
    "dbIDRecipient",
    "dmRecipient",
    "dmAnnotation",
    "dmMessageStatus",
    "dmDeliveryTime",
    "dmAcceptanceTime",
    "dmType",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: a side (``sent``, ``received``), a time in ms (``until`` excluded) and ``XML`` or ``CSV``."""

    side: str
    since: int
    until: int
    format: str


class AsyncRequests:
    """Requests waiting to be picked up; they survive a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(self, box_id: str, asked: Asked, *, now: int) -> str:
        """Take a request; its identifier."""
        packed = json.dumps([asked.side, asked.since, asked.until, asked.format])
        with self._database.write() as connection:
            cursor = connection.execute(
                "INSERT INTO async_request (box_id, kind, ready, asked) VALUES (?, ?, ?, ?)",
                (box_id, LIST_ERASED, now + PREPARED_MS, packed),
            )
        return str(cursor.lastrowid)

    def find(self, box_id: str, number: str) -> tuple[Asked, int] | None:
        """A request of a box and the moment it is ready at; ``None`` when there is none."""
        if not number.isdecimal() or len(number) > 18:
            return None
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT asked, ready FROM async_request WHERE id = ? AND box_id = ?", (int(number), box_id)
            ).fetchone()
        return None if row is None else (Asked(*json.loads(row["asked"])), int(row["ready"]))


def erased_list(messages: Messages, box_id: str, asked: Asked, number: str) -> bytes:
    """The list of erased messages as a ZIP with one file."""
    found = messages.erased(asked.side, box_id, asked.since, asked.until)
    written = _as_xml(found) if asked.format == "XML" else _as_csv(found)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{LIST_ERASED}_{number}.{asked.format.lower()}", written)
    return packed.getvalue()


def _values(message: Message) -> tuple[str, ...]:
    def moment(value: int | None) -> str:
        return "" if value is None else clock.as_xml(value)

    return (
        str(message.id),
        message.sender_box,
        message.sender_name,
        message.recipient_box,
        message.recipient_name,
        message.annotation,
        str(message.kept_state or message.state),
        moment(message.delivered),
        moment(message.accepted),
        message.kind,
    )


def _as_xml(found: Iterable[Message]) -> bytes:
    def record(message: Message) -> str:
        pairs = zip(_COLUMNS, _values(message), strict=True)
        return "".join(f"    <q:{name}>{escape(value)}</q:{name}>\n" for name, value in pairs if value)

    records = "".join(f"  <q:dmRecord>\n{record(message)}  </q:dmRecord>\n" for message in found)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<q:dmRecords xmlns:q="{ISDS}" xmlns:xsi="{XSI}">\n'
        f"{records}</q:dmRecords>\n"
    ).encode()


def _as_csv(found: Iterable[Message]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(_values(message) for message in found)
    return text.getvalue().encode()
