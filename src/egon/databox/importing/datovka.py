"""The local database of messages of the Datovka application (CZ.NIC): one SQLite file per account, or per its year.

What counts are the sealed documents in ``raw_message_data`` and ``raw_delivery_info_data`` (base64 in a text column).
A row of ``messages`` without them is an envelope only, which proves nothing: it is reported, not taken in.
The file is a stranger's: it is opened for reading only, views and triggers of its schema are never run.
"""

import base64
import binascii
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from egon.databox.importing.sources import LARGEST_FILE, Item, UnusableSource, too_large
from egon.kernel.errors import BadContent

_NEEDED: Final = {"messages": {"dmID"}, "raw_message_data": {"message_id", "data"}}
_RECEIPTS: Final = "raw_delivery_info_data"
_LONGEST_VALUE: Final = LARGEST_FILE * 4 // 3 + 1024 * 1024
_STEPS_BETWEEN_LOOKS: Final = 1_000_000
_MOST_LOOKS: Final = 2_000
"""Steps of SQLite's machine a single reading may take; an honest one needs a few per row."""


def items_in(path: Path, *, prefix: str = "") -> Iterator[Item]:
    """The sealed messages, receipts and bare envelopes of the database. Raises ``UnusableSource``."""
    try:
        with closing(_opened(path)) as database:
            tables = _tables(database)
            _refuse_other_databases(tables)
            has_receipts = {"message_id", "data"} <= tables.get(_RECEIPTS, set())
            messages = _ids(database, "raw_message_data")
            receipts = _ids(database, _RECEIPTS) if has_receipts else []
            envelopes = _bare_envelopes(database, tables["messages"])
    except sqlite3.Error as error:
        raise UnusableSource(
            "Databázi nelze přečíst, je poškozená nebo nepochází z aplikace Datovka. Nic z ní se neuložilo.",
            detail=str(error),
        ) from error
    for dm_id in messages:
        yield _item(path, "raw_message_data", dm_id, f"{prefix}zpráva {dm_id}")
    for dm_id in receipts:
        yield _item(path, _RECEIPTS, dm_id, f"{prefix}doručenka {dm_id}")
    for dm_id, told in envelopes:
        yield Item(f"{prefix}obálka {dm_id}", 0, _no_bytes, "envelope", _why_envelope(told))


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    looks = iter(range(_MOST_LOOKS))
    database.set_progress_handler(lambda: next(looks, None) is None, _STEPS_BETWEEN_LOOKS)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
        database.execute(f"PRAGMA {pragma}")
    database.text_factory = bytes
    return database


def _tables(database: sqlite3.Connection) -> dict[str, set[str]]:
    """Real tables with the names of their columns; a view of the same name could run anything."""
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    names = {_text(row[0]) for row in rows} & {*_NEEDED, _RECEIPTS}
    return {
        name: {_text(row[0]) for row in database.execute("SELECT name FROM pragma_table_info(?)", [name])}
        for name in names
    }


def _refuse_other_databases(tables: dict[str, set[str]]) -> None:
    if all(columns <= tables.get(name, set()) for name, columns in _NEEDED.items()):
        return
    raise UnusableSource(
        "Soubor není databáze zpráv aplikace Datovka (chybí v něm tabulky zpráv). Databáze zpráv se jmenují "
        "jako přihlašovací jméno, například „abcdef___1_2024.db“; ostatní soubory aplikace se neimportují."
    )


def _ids(database: sqlite3.Connection, table: str) -> list[int]:
    rows = database.execute(f"SELECT message_id FROM {table} WHERE data IS NOT NULL ORDER BY message_id")  # noqa: S608 - one of two names above
    return [dm_id for (dm_id,) in rows if isinstance(dm_id, int)]


def _bare_envelopes(database: sqlite3.Connection, columns: set[str]) -> list[tuple[int, str]]:
    shown: list[str] = [name for name in ("dmSender", "dmRecipient", "dmDeliveryTime") if name in columns]
    if {"dmAnnotation", "dmPersonalDelivery"} <= columns:
        shown.insert(0, "CASE WHEN dmPersonalDelivery THEN NULL ELSE dmAnnotation END")  # own hands: not for all eyes
    rows = database.execute(
        f"SELECT dmID, {', '.join(shown) or 'NULL'} FROM messages "  # noqa: S608 - names from the list above
        "WHERE dmID NOT IN (SELECT message_id FROM raw_message_data WHERE data IS NOT NULL) ORDER BY dmID"
    )
    return [
        (int(row[0]), ", ".join(_text(value) for value in row[1:] if value)) for row in rows if isinstance(row[0], int)
    ]


def _item(path: Path, table: str, dm_id: int, name: str) -> Item:
    return Item(name, 0, lambda: _read(path, table, dm_id))


def _read(path: Path, table: str, dm_id: int) -> bytes:
    try:
        with closing(_opened(path)) as database:
            row = database.execute(f"SELECT data FROM {table} WHERE message_id = ?", [dm_id]).fetchone()  # noqa: S608
    except sqlite3.DataError as error:
        raise BadContent(too_large(), detail=str(error)) from error
    except sqlite3.Error as error:
        raise BadContent("Zprávu nejde z databáze přečíst, databáze je poškozená.", detail=str(error)) from error
    return _decoded(row[0] if row else b"")


def _decoded(value: Any) -> bytes:
    """Base64 as Datovka writes it, or the document itself (DER begins with a SEQUENCE, which base64 cannot)."""
    if not isinstance(value, bytes) or not value:
        raise BadContent("Zpráva v databázi je prázdná.")
    if value[:1] == b"\x30" and value[1:2] and value[1] >= 0x80:
        return value
    try:
        return base64.b64decode(b"".join(value.split()), validate=True)
    except binascii.Error as error:
        raise BadContent("Zpráva je v databázi uložená poškozeně (není to base64).", detail=str(error)) from error


def _why_envelope(told: str) -> str:
    what = f" ({told})" if told else ""
    return (
        f"V databázi je jen obálka zprávy{what}, zapečetěná zpráva sama v ní není. Bez ní ji nelze ověřit ani uložit. "
        "Je-li ještě v datové schránce nebo v datovém trezoru, stáhněte ji znovu."
    )


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _no_bytes() -> bytes:
    raise BadContent("Soubor se nečte.")
