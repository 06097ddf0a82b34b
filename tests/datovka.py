"""A database of messages as the Datovka application writes it (tables and columns of its versions 4 and later)."""

import base64
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from pathlib import Path

_TABLES = """
CREATE TABLE messages (
    dmID INTEGER NOT NULL, is_verified BOOLEAN, _origin TEXT, dbIDSender TEXT, dmSender TEXT, dmSenderAddress TEXT,
    dmSenderType INTEGER, dmRecipient TEXT, dmRecipientAddress TEXT, dmAmbiguousRecipient TEXT, dmSenderOrgUnit TEXT,
    dmSenderOrgUnitNum TEXT, dbIDRecipient TEXT, dmRecipientOrgUnit TEXT, dmRecipientOrgUnitNum TEXT, dmToHands TEXT,
    dmAnnotation TEXT, dmRecipientRefNumber TEXT, dmSenderRefNumber TEXT, dmRecipientIdent TEXT, dmSenderIdent TEXT,
    dmLegalTitleLaw TEXT, dmLegalTitleYear TEXT, dmLegalTitleSect TEXT, dmLegalTitlePar TEXT, dmLegalTitlePoint TEXT,
    dmPersonalDelivery BOOLEAN, dmAllowSubstDelivery BOOLEAN, dmQTimestamp TEXT, dmDeliveryTime DATETIME,
    dmAcceptanceTime DATETIME, dmMessageStatus INTEGER, dmAttachmentSize INTEGER, _dmType TEXT,
    PRIMARY KEY (dmID), CHECK (is_verified IN (0, 1))
);
CREATE TABLE files (
    id INTEGER NOT NULL, message_id INTEGER, _dmFileDescr TEXT, _dmUpFileGuid TEXT, _dmFileGuid TEXT, _dmMimeType TEXT,
    _dmFormat TEXT, _dmFileMetaType TEXT, dmEncodedContent TEXT,
    PRIMARY KEY (id), FOREIGN KEY (message_id) REFERENCES messages (dmID)
);
CREATE TABLE hashes (id INTEGER NOT NULL, message_id INTEGER, value TEXT, _algorithm TEXT, PRIMARY KEY (id));
CREATE TABLE events (id INTEGER NOT NULL, message_id INTEGER, dmEventTime TEXT, dmEventDescr TEXT, PRIMARY KEY (id));
CREATE TABLE raw_message_data (message_id INTEGER NOT NULL, message_type INTEGER, data TEXT, PRIMARY KEY (message_id));
CREATE TABLE raw_delivery_info_data (message_id INTEGER NOT NULL, data TEXT, PRIMARY KEY (message_id));
CREATE TABLE supplementary_message_data (
    message_id INTEGER NOT NULL, message_type INTEGER, read_locally BOOLEAN, download_date DATETIME, custom_data TEXT,
    PRIMARY KEY (message_id)
);
"""


def make(
    path: Path,
    *,
    messages: Mapping[str, bytes] = {},
    receipts: Mapping[str, bytes] = {},
    envelopes: Mapping[str, str] = {},
    personal: Collection[str] = (),
) -> Path:
    """Write a database with sealed messages and receipts by id, and bare envelopes with their subjects.

    ``personal``: ids of those ``do vlastních rukou``.
    """
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_TABLES)
        for dm_id in sorted({*messages, *receipts, *envelopes}):
            subject = envelopes.get(dm_id, "Věc")
            database.execute(
                "INSERT INTO messages (dmID, dmAnnotation, dmPersonalDelivery) VALUES (?, ?, ?)",
                [int(dm_id), subject, int(dm_id in personal)],
            )
        for dm_id, raw in messages.items():
            database.execute("INSERT INTO raw_message_data VALUES (?, 1, ?)", [int(dm_id), _base64(raw)])
        for dm_id, raw in receipts.items():
            database.execute("INSERT INTO raw_delivery_info_data VALUES (?, ?)", [int(dm_id), _base64(raw)])
    return path


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
