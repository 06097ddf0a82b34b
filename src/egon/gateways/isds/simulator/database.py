"""The simulator's memory: one SQLite file (WAL), one writer at a time, a pool of readers."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS box (
    id TEXT PRIMARY KEY, type INTEGER NOT NULL, name TEXT NOT NULL, given_names TEXT NOT NULL, last_name TEXT NOT NULL,
    ic TEXT NOT NULL, id_ovm TEXT NOT NULL, birth_date TEXT NOT NULL, address TEXT NOT NULL, state INTEGER NOT NULL,
    open_addressing INTEGER NOT NULL, commercial_sender INTEGER NOT NULL, upper_id TEXT NOT NULL,
    search_name TEXT NOT NULL, search_address TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS box_ic ON box (ic);
CREATE INDEX IF NOT EXISTS box_id_ovm ON box (id_ovm);

CREATE TABLE IF NOT EXISTS account (
    login TEXT PRIMARY KEY, box_id TEXT NOT NULL REFERENCES box (id), isds_id TEXT NOT NULL, given_names TEXT NOT NULL,
    last_name TEXT NOT NULL, type TEXT NOT NULL, privileges INTEGER NOT NULL, birth_date TEXT NOT NULL,
    password TEXT NOT NULL, old_passwords TEXT NOT NULL DEFAULT '[]', password_expires INTEGER,
    failures INTEGER NOT NULL DEFAULT 0, blocked_until INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS account_box ON account (box_id);

CREATE TABLE IF NOT EXISTS content (
    id INTEGER PRIMARY KEY, size INTEGER NOT NULL, body BLOB
);

CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY, sender_box TEXT NOT NULL, recipient_box TEXT NOT NULL, kind TEXT NOT NULL,
    state INTEGER NOT NULL, submitted INTEGER NOT NULL, delivered INTEGER, accepted INTEGER, due INTEGER,
    listed INTEGER NOT NULL, personal INTEGER NOT NULL, fiction_allowed INTEGER NOT NULL, infected INTEGER NOT NULL,
    size_kb INTEGER NOT NULL, annotation TEXT NOT NULL, sender_name TEXT NOT NULL, recipient_name TEXT NOT NULL,
    reference TEXT NOT NULL, author TEXT NOT NULL, envelope TEXT NOT NULL, content_id INTEGER,
    hash BLOB NOT NULL, stamp BLOB
);
CREATE INDEX IF NOT EXISTS message_received ON message (recipient_box, listed DESC, state, id);
CREATE INDEX IF NOT EXISTS message_sent ON message (sender_box, listed DESC, state, id);
CREATE INDEX IF NOT EXISTS message_waiting ON message (recipient_box, personal) WHERE state IN (4, 5);
CREATE INDEX IF NOT EXISTS message_due ON message (due) WHERE due IS NOT NULL;
CREATE INDEX IF NOT EXISTS message_content ON message (content_id);

CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, time INTEGER NOT NULL, description TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS event_message ON event (message_id, time, id);

CREATE TABLE IF NOT EXISTS state_change (
    id INTEGER PRIMARY KEY, sender_box TEXT NOT NULL, time INTEGER NOT NULL, message_id INTEGER NOT NULL,
    state INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS state_change_sender ON state_change (sender_box, time, id);

CREATE TABLE IF NOT EXISTS upload (
    id TEXT PRIMARY KEY, box_id TEXT NOT NULL, created INTEGER NOT NULL, name TEXT NOT NULL, mime_type TEXT NOT NULL,
    size INTEGER NOT NULL, sha256 TEXT NOT NULL, sha3_256 TEXT NOT NULL, infected INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS upload_box ON upload (box_id);
CREATE INDEX IF NOT EXISTS upload_created ON upload (created);

CREATE TABLE IF NOT EXISTS async_request (
    id INTEGER PRIMARY KEY AUTOINCREMENT, box_id TEXT NOT NULL, kind TEXT NOT NULL, ready INTEGER NOT NULL,
    asked TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS registration (box_id TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spam_report (
    id INTEGER PRIMARY KEY, message_id INTEGER NOT NULL, box_id TEXT NOT NULL, time INTEGER NOT NULL,
    name TEXT NOT NULL, mail TEXT NOT NULL, phone TEXT NOT NULL, complete INTEGER NOT NULL, note TEXT NOT NULL,
    UNIQUE (message_id, box_id)
);
CREATE TABLE IF NOT EXISTS box_state (
    id INTEGER PRIMARY KEY, box_id TEXT NOT NULL, time INTEGER NOT NULL, state INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS box_state_box ON box_state (box_id, time, id);
CREATE TABLE IF NOT EXISTS credit (
    id INTEGER PRIMARY KEY, box_id TEXT NOT NULL, time INTEGER NOT NULL, type INTEGER NOT NULL,
    change INTEGER NOT NULL, after INTEGER NOT NULL, recipient TEXT NOT NULL, message_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS credit_box ON credit (box_id, id);
CREATE TABLE IF NOT EXISTS vault (
    box_id TEXT PRIMARY KEY, capacity INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS certificate (
    fingerprint TEXT NOT NULL, box_id TEXT NOT NULL, kind TEXT NOT NULL, login TEXT NOT NULL, subject TEXT NOT NULL,
    valid_until INTEGER NOT NULL, PRIMARY KEY (fingerprint, box_id, login)
) WITHOUT ROWID;
"""
ADDED_COLUMNS: Final = {
    "message": {
        "big": "INTEGER NOT NULL DEFAULT 0",
        "file_count": "INTEGER NOT NULL DEFAULT 0",
        "kept_state": "INTEGER",
        "vault_received": "INTEGER NOT NULL DEFAULT 0",
        "vault_sent": "INTEGER NOT NULL DEFAULT 0",
    },
    "content": {"regions": "TEXT"},
    "account": {"sms": "INTEGER NOT NULL DEFAULT 0", "mobile_code": "TEXT NOT NULL DEFAULT ''"},
}
"""Columns that came later: a folder of an older simulator gets them when it is opened."""
LATER_INDEXES: Final = """
CREATE INDEX IF NOT EXISTS message_initiating ON message (submitted) WHERE kind = 'I';
CREATE INDEX IF NOT EXISTS message_vault_received ON message (recipient_box) WHERE vault_received = 1;
CREATE INDEX IF NOT EXISTS message_vault_sent ON message (sender_box) WHERE vault_sent = 1;
"""
# ``listed`` is the moment by which lists are ordered: put into the box, or submitted while it is not there yet.


class Database:
    """Connections to one SQLite file. ``write`` is a transaction; ``read`` sees the last committed state."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._writer = self._connect()
        self._writing = threading.RLock()
        self._readers: LifoQueue[sqlite3.Connection] = LifoQueue()
        with self._writing:
            self._writer.execute("PRAGMA journal_mode = WAL")
            self._writer.executescript(SCHEMA)
            self._add_columns()
            self._writer.executescript(LATER_INDEXES)

    def _add_columns(self) -> None:
        for table, columns in ADDED_COLUMNS.items():
            present = {row["name"] for row in self._writer.execute(f"PRAGMA table_info({table})")}
            for name, definition in columns.items():
                if name not in present:
                    self._writer.execute(f"ALTER TABLE {table} ADD COLUMN {name} {definition}")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, check_same_thread=False, isolation_level=None, timeout=30)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -16000")
        return connection

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading, given back to the pool afterwards."""
        try:
            connection = self._readers.get_nowait()
        except Empty:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._readers.put(connection)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction; an exception undoes all of it. Nested use joins the outer transaction."""
        with self._writing:
            if self._writer.in_transaction:
                yield self._writer
                return
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def setting(self, key: str) -> str | None:
        """A stored value, ``None`` when it was never stored."""
        with self.read() as connection:
            row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row["value"])

    def remember(self, key: str, value: str) -> None:
        with self.write() as connection:
            connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Close all idle connections; the write-ahead log is folded into the file."""
        while True:
            try:
                self._readers.get_nowait().close()
            except Empty:
                break
        with self._writing:
            self._writer.close()
