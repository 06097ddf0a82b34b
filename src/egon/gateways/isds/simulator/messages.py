"""Messages and what happens to them: submission, delivery, reading, fiction, erasure.

What time alone brings about (fiction, erasure) is not done by a background thread: :meth:`Messages.settle` does all
of it that is due before anything is read, with the moments it was due at, so that nobody can see the difference.
"""

import hashlib
import itertools
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from egon.gateways.isds.codes import SYSTEM_BOX, MessageState, StatusCode
from egon.gateways.isds.simulator import attachments, clock, envelopes, refusals, system_messages
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.boxes import Box, User
from egon.gateways.isds.simulator.contents import Content, Contents
from egon.gateways.isds.simulator.database import Database
from egon.gateways.isds.simulator.directory import Directory
from egon.gateways.isds.simulator.envelopes import Envelope
from egon.gateways.isds.simulator.records import Message, Window, message_of
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.seal import Sealer
from egon.gateways.isds.simulator.vaults import Vaults

SUBMITTED: Final = "EV0: Datová zpráva byla podána."
PUT_IN_BOX: Final = (
    "EV5: Datová zpráva byla dodána do datové schránky příjemce. Je-li příjemcem datové zprávy orgán veřejné moci "
    "vystupující v postavení orgánu veřejné moci, byla datová zpráva tímto okamžikem doručena."
)
FICTION: Final = (
    "EV2: Uplynulo 10 dnů od dodání datové zprávy do schránky příjemce, datová zpráva byla doručena fikcí "
    "(§ 17 odst. 4 zákona č. 300/2008 Sb.)."
)
UNDELIVERABLE: Final = (
    "EV3: Datová schránka adresáta byla zpětně (tj. po dodání zprávy) znepřístupněna, datová zpráva není doručitelná "
    "(§ 11 odst. 1-4 zákona č. 300/2008 Sb.)."
)
INFECTED: Final = "EV8: V příloze datové zprávy byla antivirovou kontrolou nalezena hrozba, zpráva nebyla dodána."
LOGIN_PRIMARY: Final = (
    "EV11: Do datové schránky se přihlásila primární oprávněná osoba, datová zpráva byla doručena přihlášením "
    "(§ 17 odst. 3 zákona č. 300/2008 Sb.)."
)
LOGIN_ENTRUSTED: Final = (
    "EV12: Do datové schránky se přihlásila pověřená osoba, datová zpráva byla doručena přihlášením "
    "(§ 17 odst. 3 zákona č. 300/2008 Sb.)."
)

LOGIN_APPLICATION: Final = (
    "EV13: Do datové schránky se přihlásila aplikace systémovým certifikátem, datová zpráva byla doručena přihlášením "
    "(§ 17 odst. 3 zákona č. 300/2008 Sb.)."
)

ERASED: Final = int(MessageState.ERASED)
INITIATING_MS: Final = 90 * clock.DAY_MS
"""How long an initiating commercial message pays for a reply (manual WS vyhledávání, 2.5)."""
_FIRST_ID: Final = 10_000_001
_LIST_LIMIT: Final = 1000
_BATCH: Final = 5000


class Messages:
    """All messages of the simulator. ``delivery_delay_ms`` is the time a message spends in state 2."""

    def __init__(
        self, database: Database, folder: Path, sealer: Sealer, directory: Directory, *, delivery_delay_ms: int = 0
    ) -> None:
        self._database = database
        self._directory = directory
        self._vaults = Vaults(database)
        self._contents = Contents(database, folder)
        self._sealer = sealer
        self._delay_ms = delivery_delay_ms
        self._ids = itertools.count(self._first_free_id())

    # -- sending ---------------------------------------------------------------------------------------------------

    def submit(
        self,
        *,
        sender: Box,
        recipient: Box,
        author: User,
        envelope: Envelope,
        files: list[Attachment],
        now: int,
        stamp_now: bool = True,
        big: bool = False,
    ) -> int:
        """Accept a message and give it a number. The caller has checked everything (see ``sending.py``).

        ``stamp_now=False`` leaves the time stamp for the first download (its time is the same): bulk filling only.
        ``big`` is a large message: its attachments go from disk to disk and are never whole in memory.
        """
        body = self._contents.spool(files) if big else envelopes.files_xml(files).encode()
        fiction_allowed = envelope.allow_subst_delivery or not sender.is_public_authority
        infected = attachments.is_infected(files)
        message_id = next(self._ids)
        written = envelopes.envelope_xml(message_id, sender, recipient, envelope, fiction_allowed=fiction_allowed)
        digest = _message_digest(written, body)
        stamp = self._sealer.time_stamp(digest, at=clock.utc(now)) if stamp_now else None
        with self._database.write() as connection:
            self._insert(
                connection,
                {
                    "id": message_id,
                    "sender_box": sender.id,
                    "recipient_box": recipient.id,
                    "kind": envelope.kind or "V",
                    "state": int(MessageState.STAMPED),
                    "submitted": now,
                    "listed": now,
                    "due": now + self._delay_ms,
                    "personal": envelope.personal_delivery,
                    "fiction_allowed": fiction_allowed,
                    "infected": infected,
                    "size_kb": round(_length(body) / 1024),
                    "big": big,
                    "file_count": len(files),
                    "annotation": envelope.annotation,
                    "sender_name": sender.full_name,
                    "recipient_name": recipient.full_name,
                    "reference": reference_of(envelope),
                    "author": json.dumps(_author(author, envelope)),
                    "envelope": written,
                    "content_id": self._contents.add(connection, body),
                    "hash": digest,
                    "stamp": stamp,
                },
            )
            _add_event(connection, message_id, now, SUBMITTED)
            if self._delay_ms == 0 or sender.id == SYSTEM_BOX:
                self._put_in_box(connection, message_id, sender.id, infected, now, fiction_allowed)
        return message_id

    def _first_free_id(self) -> int:
        with self._database.read() as connection:
            row = connection.execute("SELECT MAX(id) AS last FROM message").fetchone()
        return _FIRST_ID if row["last"] is None else int(row["last"]) + 1

    def _insert(self, connection: sqlite3.Connection, values: dict[str, object]) -> None:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO message ({names}) VALUES ({marks})", values)  # noqa: S608

    def _put_in_box(
        self, connection: sqlite3.Connection, message_id: int, sender: str, infected: bool, at: int, fiction: bool
    ) -> None:
        if infected and sender != SYSTEM_BOX:
            erased_at = clock.erasure_after_login(at)
            connection.execute("UPDATE message SET state = 3, due = ? WHERE id = ?", (erased_at, message_id))
            _add_event(connection, message_id, at, INFECTED)
            self._tell_sender(connection, message_id, at, system_messages.infected)
            return
        due = at + clock.FICTION_MS if fiction else clock.erasure_after_fiction(at)
        connection.execute(
            "UPDATE message SET state = 4, delivered = ?, listed = ?, due = ? WHERE id = ?", (at, at, due, message_id)
        )
        _add_event(connection, message_id, at, PUT_IN_BOX)
        _add_change(connection, sender, at, message_id, 4)

    def _tell_sender(
        self, connection: sqlite3.Connection, message_id: int, at: int, written: system_messages.Written
    ) -> None:
        """A message of the system itself to the sender of one that could not be delivered (manual 2.67, 1.11)."""
        row = connection.execute("SELECT * FROM message WHERE id = ?", (message_id,)).fetchone()
        sender = self._directory.find(row["sender_box"])
        if sender is None:
            return
        envelope, files = written(message_of(row), at)
        self.submit(
            sender=system_messages.SENDER,
            recipient=sender,
            author=system_messages.AUTHOR,
            envelope=envelope,
            files=files,
            now=at,
            stamp_now=False,
        )

    # -- what time brings about ------------------------------------------------------------------------------------

    def settle(self, now: int) -> None:
        """Do everything that became due by ``now``: putting into the box, fiction, erasure or the vault."""
        self._expire_initiating(now)
        while True:
            with self._database.read() as connection:
                waiting = connection.execute("SELECT 1 FROM message WHERE due <= ? LIMIT 1", (now,)).fetchone()
            if waiting is None:
                return
            with self._database.write() as connection:
                rows = connection.execute(
                    "SELECT id, sender_box, recipient_box, state, due, delivered, infected, fiction_allowed,"
                    " content_id FROM message"
                    " WHERE due <= ? ORDER BY due LIMIT ?",
                    (now, _BATCH),
                ).fetchall()
                for row in rows:
                    self._settle_one(connection, row)

    def _settle_one(self, connection: sqlite3.Connection, row: sqlite3.Row) -> None:
        message_id, due = row["id"], row["due"]
        if row["state"] == MessageState.STAMPED:
            self._put_in_box(
                connection, message_id, row["sender_box"], bool(row["infected"]), due, bool(row["fiction_allowed"])
            )
        elif row["state"] == MessageState.DELIVERED_TO_BOX and row["fiction_allowed"]:
            is_system = row["sender_box"] == SYSTEM_BOX
            erased_at = (clock.erasure_of_system if is_system else clock.erasure_after_fiction)(row["delivered"])
            connection.execute(
                "UPDATE message SET state = 5, accepted = ?, due = ? WHERE id = ?", (due, erased_at, message_id)
            )
            _add_event(connection, message_id, due, FICTION)
            _add_change(connection, row["sender_box"], due, message_id, 5)
        elif not self._vaults.take(connection, row, at=due):
            self._erase(connection, message_id)

    def _erase(self, connection: sqlite3.Connection, message_id: int) -> None:
        """Forget the content; the state before it stays known."""
        row = connection.execute("SELECT content_id FROM message WHERE id = ?", (message_id,)).fetchone()
        connection.execute(
            "UPDATE message SET kept_state = COALESCE(kept_state, state), state = ?, due = NULL, content_id = NULL,"
            " vault_received = 0, vault_sent = 0 WHERE id = ?",
            (ERASED, message_id),
        )
        self._contents.remove(connection, row["content_id"])

    def _expire_initiating(self, now: int) -> None:
        """An initiating message whose reply nobody sent in time (``I``) becomes an expired one (``X``)."""
        latest = now - INITIATING_MS
        with self._database.read() as connection:
            query = "SELECT 1 FROM message WHERE kind = 'I' AND submitted < ? LIMIT 1"
            if connection.execute(query, (latest,)).fetchone() is None:
                return
        with self._database.write() as connection:
            connection.execute("UPDATE message SET kind = 'X' WHERE kind = 'I' AND submitted < ?", (latest,))

    def erase_from_vault(self, message: Message, *, incoming: bool) -> None:
        """Take a message out of the vault of one side; the content goes when it lies in no vault any more."""
        side = "vault_received" if incoming else "vault_sent"
        with self._database.write() as connection:
            connection.execute(f"UPDATE message SET {side} = 0 WHERE id = ?", (message.id,))  # noqa: S608
            left = connection.execute(
                "SELECT vault_received OR vault_sent AS kept FROM message WHERE id = ?", (message.id,)
            ).fetchone()
            if not left["kept"]:
                self._erase(connection, message.id)

    # -- what people bring about -----------------------------------------------------------------------------------

    def deliver_by_login(self, user: User, *, now: int, only: int | None = None) -> int:
        """Deliver to ``user`` everything waiting in the box that they may read (or ``only`` one); how many it was.

        A message already delivered by fiction keeps the time of fiction (manual 2.67, 1.8).
        """
        condition = "recipient_box = :box AND state IN (4, 5)"
        if not user.may_read(personal=True):
            condition += " AND personal = 0"
        if not user.may_read(personal=False):
            return 0
        if only is not None:
            condition += " AND id = :only"
        values = {
            "box": user.box_id,
            "now": now,
            "only": only,
            "due": clock.erasure_after_login(now),
            "event": _login_event(user),
        }
        with self._database.read() as connection:
            if connection.execute(f"SELECT 1 FROM message WHERE {condition} LIMIT 1", values).fetchone() is None:  # noqa: S608
                return 0
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO event (message_id, time, description)"  # noqa: S608
                f" SELECT id, :now, :event FROM message WHERE {condition}",
                values,
            )
            connection.execute(
                "INSERT INTO state_change (sender_box, time, message_id, state)"  # noqa: S608
                f" SELECT sender_box, :now, id, 6 FROM message WHERE {condition}",
                values,
            )
            return connection.execute(
                f"UPDATE message SET state = 6, accepted = COALESCE(accepted, :now), due = :due WHERE {condition}",  # noqa: S608
                values,
            ).rowcount

    def mark_read(self, message_id: int) -> None:
        """State 6 becomes 7; it has no legal meaning and is not among the state changes."""
        with self._database.write() as connection:
            connection.execute("UPDATE message SET state = 7 WHERE id = ? AND state = 6", (message_id,))

    def make_undeliverable(self, box_id: str, *, now: int) -> int:
        """A box was closed: what waits in it undelivered becomes undeliverable (state 8); how many it was."""
        with self._database.write() as connection:
            rows = connection.execute(
                "SELECT id, sender_box FROM message WHERE recipient_box = ? AND state = 4 AND sender_box <> ?",
                (box_id, SYSTEM_BOX),
            ).fetchall()
            for row in rows:
                connection.execute(
                    "UPDATE message SET state = 8, due = ? WHERE id = ?", (clock.erasure_after_login(now), row["id"])
                )
                _add_event(connection, row["id"], now, UNDELIVERABLE)
                _add_change(connection, row["sender_box"], now, row["id"], 8)
                self._tell_sender(connection, row["id"], now, system_messages.undeliverable)
        return len(rows)

    # -- reading ---------------------------------------------------------------------------------------------------

    def find(self, message_id: str | int) -> Message | None:
        """The message of a number, ``None`` when there is none."""
        if not str(message_id).isdecimal() or len(str(message_id)) > 18:
            return None
        with self._database.read() as connection:
            row = connection.execute("SELECT * FROM message WHERE id = ?", (int(message_id),)).fetchone()
        return None if row is None else message_of(row)

    def received(self, box_id: str, window: Window) -> list[Message]:
        """Messages in a box, the newest first; states 4, 5, 6, 7 and 10 only."""
        return self._listed("recipient_box", box_id, window.states((4, 5, 6, 7, 10)), window)

    def erased(self, side: str, box_id: str, since: int, until: int) -> list[Message]:
        """Messages of one side (``sent``, ``received``) whose content is erased, by their moment in lists."""
        column = "sender_box" if side == "sent" else "recipient_box"
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM message WHERE {column} = ? AND listed >= ? AND listed < ? AND state IN (9, 10)"  # noqa: S608
                " ORDER BY listed, id",
                (box_id, since, until),
            ).fetchall()
        return [message for message in map(message_of, rows) if message.is_erased_for(box_id)]

    def arrived(self, box_id: str, since: int, limit: int) -> list[Message]:
        """Messages put into a box after ``since`` that nobody delivered by login yet, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM message WHERE recipient_box = ? AND listed > ? AND state IN (4, 5)"
                " ORDER BY listed, id LIMIT ?",
                (box_id, since, limit),
            ).fetchall()
        return [message_of(row) for row in rows]

    def register(self, box_id: str, *, since: int | None) -> None:
        """Notify a box of messages that come from ``since`` (ms) on; ``None`` ends it."""
        with self._database.write() as connection:
            if since is None:
                connection.execute("DELETE FROM registration WHERE box_id = ?", (box_id,))
            else:
                connection.execute("INSERT OR IGNORE INTO registration (box_id, since) VALUES (?, ?)", (box_id, since))

    def registered_since(self, box_id: str) -> int | None:
        """Since when (ms) a box is notified, ``None`` when it is not."""
        with self._database.read() as connection:
            row = connection.execute("SELECT since FROM registration WHERE box_id = ?", (box_id,)).fetchone()
        return None if row is None else int(row["since"])

    def report(
        self, message_id: int, box_id: str, *, at: int, contact: tuple[str, str, str], complete: bool, note: str
    ) -> bool:
        """Note that a box finds a message suspicious; ``False`` when it said so before.

        ``contact`` is name, mail and telephone.
        """
        with self._database.write() as connection:
            return (
                connection.execute(
                    "INSERT OR IGNORE INTO spam_report (message_id, box_id, time, name, mail, phone, complete, note)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (message_id, box_id, at, *contact, complete, note),
                ).rowcount
                == 1
            )

    def initiating_for(self, box_id: str) -> list[tuple[Message, str]]:
        """Unspent initiating messages that came to a box, with the reference a reply has to carry."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM message WHERE recipient_box = ? AND kind = 'I' ORDER BY id", (box_id,)
            ).fetchall()
        return [(message_of(row), row["reference"]) for row in rows]

    def sent(self, box_id: str, window: Window) -> list[Message]:
        """Messages sent from a box that are not erased, the newest first."""
        return self._listed("sender_box", box_id, window.states((1, 2, 3, 4, 5, 6, 7, 8, 10)), window)

    def _listed(self, side: str, box_id: str, states: list[int], window: Window) -> list[Message]:
        limit = _LIST_LIMIT if window.limit is None else window.limit
        if not states or limit <= 0:
            return []
        marks = ", ".join(str(int(state)) for state in states)
        vault = "vault_sent" if side == "sender_box" else "vault_received"
        # The inner query lives on the index alone; whole rows are read only for what is given out.
        query = (
            "SELECT * FROM message WHERE id IN (SELECT id FROM message"  # noqa: S608
            f" WHERE {side} = ? AND listed >= ? AND listed <= ? AND state IN ({marks}) AND (state <> 10 OR {vault})"
            " ORDER BY listed DESC, id DESC LIMIT ? OFFSET ?) ORDER BY listed DESC, id DESC"
        )
        since = -(2**62) if window.since is None else window.since
        until = 2**62 if window.until is None else window.until
        with self._database.read() as connection:
            rows = connection.execute(query, (box_id, since, until, limit, max(window.offset, 1) - 1)).fetchall()
        return [message_of(row) for row in rows]

    def changes(self, sender_box: str, since: int, until: int) -> list[tuple[int, int, int]]:
        """Changes of sent messages as ``(message, moment, state)``, in the order they happened; both ends included."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT message_id, time, state FROM state_change WHERE sender_box = ? AND time >= ? AND time <= ?"
                " ORDER BY time, id",
                (sender_box, since, until),
            ).fetchall()
        return [(row["message_id"], row["time"], row["state"]) for row in rows]

    def events(self, message_id: int) -> list[tuple[int, str]]:
        """Events of a message as ``(moment, description)``, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT time, description FROM event WHERE message_id = ? ORDER BY time, id", (message_id,)
            ).fetchall()
        return [(row["time"], row["description"]) for row in rows]

    def whole(self, message: Message) -> bytes:
        """``dmDm`` with the attachments, byte for byte as it was hashed; raises :class:`Refusal` when erased."""
        files = None if message.content_id is None else self._contents.read(message.content_id)
        if files is None:
            raise refusals.erased()
        return envelopes.message_bytes(message.envelope, files)

    def content(self, message: Message) -> Content:
        """``dmFiles`` of a large message, on disk; raises :class:`Refusal` when erased."""
        found = None if message.content_id is None else self._contents.on_disk(message.content_id)
        if found is None:
            raise refusals.erased()
        return found

    def stamp(self, message: Message) -> bytes:
        """The time stamp of the message (``dmQTimestamp``)."""
        with self._database.read() as connection:
            row = connection.execute("SELECT stamp FROM message WHERE id = ?", (message.id,)).fetchone()
        if row["stamp"] is not None:
            return bytes(row["stamp"])
        made = self._sealer.time_stamp(message.hash, at=clock.utc(message.submitted))
        with self._database.write() as connection:
            connection.execute("UPDATE message SET stamp = ? WHERE id = ? AND stamp IS NULL", (made, message.id))
            row = connection.execute("SELECT stamp FROM message WHERE id = ?", (message.id,)).fetchone()
        return bytes(row["stamp"])

    def use_initiating(self, *, reply_sender: str, reply_recipient: str, reference: str) -> None:
        """Spend a message of type ``I`` that allows a reply paid by its sender; raises :class:`Refusal` without one."""
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT id FROM message WHERE sender_box = ? AND recipient_box = ? AND kind = 'I'"
                " AND reference = ? ORDER BY id LIMIT 1",
                (reply_recipient, reply_sender, reference),
            ).fetchone()
            if row is None:
                raise Refusal(
                    StatusCode.NO_PUBLIC_AUTHORITY, "K odpovědní poštovní datové zprávě neexistuje iniciační zpráva."
                )
            connection.execute("UPDATE message SET kind = 'Y' WHERE id = ?", (row["id"],))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything written inside happens at once or not at all."""
        with self._database.write():
            yield

    def count(self) -> int:
        """How many messages there are, erased ones included."""
        with self._database.read() as connection:
            return int(connection.execute("SELECT COUNT(*) FROM message").fetchone()[0])


def _message_digest(envelope: str, body: bytes | Content) -> bytes:
    """``dmHash``: SHA-256 over ``dmDm`` from its first to its last byte."""
    if isinstance(body, bytes):
        return hashlib.sha256(envelopes.message_bytes(envelope, body)).digest()
    digest = hashlib.sha256(envelopes.message_start(envelope))
    for chunk in body.chunks():
        digest.update(chunk)
    digest.update(envelopes.MESSAGE_END)
    return digest.digest()


def _length(body: bytes | Content) -> int:
    return len(body) if isinstance(body, bytes) else body.size


def reference_of(envelope: Envelope) -> str:
    """What ties a reply to the message that pays for it (manual 2.67, 2.1: dmSenderRefNumber, dmSenderIdent)."""
    return envelope.sender_ref_number or envelope.sender_ident


def _login_event(user: User) -> str:
    if user.by_certificate:
        return LOGIN_APPLICATION
    return LOGIN_PRIMARY if user.is_primary else LOGIN_ENTRUSTED


def _author(user: User, envelope: Envelope) -> dict[str, str]:
    """What is kept about the sending person: the type always, the rest as ``dmPublishOwnID`` allows."""
    known = {"userType": user.type}
    level = envelope.id_level if envelope.publish_own_id else 0
    if envelope.publish_own_id and level == 0:
        level = 1
    if level & 1:
        known |= {"pnGivenNames": user.given_names, "pnLastName": user.last_name}
    if level & 2 and user.birth_date:
        known["biDate"] = user.birth_date
    return known


def _add_event(connection: sqlite3.Connection, message_id: int, at: int, description: str) -> None:
    connection.execute(
        "INSERT INTO event (message_id, time, description) VALUES (?, ?, ?)", (message_id, at, description)
    )


def _add_change(connection: sqlite3.Connection, sender: str, at: int, message_id: int, state: int) -> None:
    connection.execute(
        "INSERT INTO state_change (sender_box, time, message_id, state) VALUES (?, ?, ?, ?)",
        (sender, at, message_id, state),
    )
