"""From the bytes of a ZFO to what the register keeps: envelope, separate facts of the checks, attachments as blobs.

Nothing here touches the database; blobs are put first, the rows that name them come later in one transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from egon import storage
from egon.databox.connection import trust_store
from egon.databox.models import Direction
from egon.databox.rules import Level, fits
from egon.gateways.cms.facts import Fact
from egon.gateways.formats import identify
from egon.gateways.isds.messages import LegalTitle, MessageEnvelope, MessageEvent
from egon.gateways.isds.rules import file_obstacles
from egon.gateways.isds.zfo import Zfo, ZfoFile, ZfoKind, ZfoLimits, read_zfo, verify_zfo
from egon.kernel.errors import BadContent

LIMITS: Final = ZfoLimits()

_GROUPS: Final = {
    "seal_timestamp": "Časové razítko pečeti",
    "seal": "Pečeť ISDS",
    "message_timestamp": "Časové razítko zprávy",
    "message_hash": "Otisk obsahu",
    "time_order": "Časová razítka",
}
_DIRECTIONS: Final = {
    ZfoKind.RECEIVED: Direction.RECEIVED,
    ZfoKind.SENT: Direction.SENT,
    ZfoKind.DELIVERY: Direction.RECEIPT,
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One attachment whose content is in the storage already."""

    name: str
    media_type: str
    role: str
    digest: str
    size: int
    format_id: str
    format_name: str
    format_ok: bool
    problem: str


@dataclass(frozen=True, slots=True)
class StoredContent:
    """Everything found in one ZFO. ``problem`` says why it could not be read; then there is nothing but the bytes."""

    zfo_digest: str
    zfo_size: int
    direction: Direction | None = None
    dm_id: str = ""
    envelope: dict[str, Any] = field(default_factory=dict)
    content_hash: str = ""
    checks: tuple[dict[str, str], ...] = ()
    level: Level = Level.FAILED
    files: tuple[StoredFile, ...] = ()
    events: tuple[MessageEvent, ...] = ()
    problem: str = ""


def store_content(data: bytes, *, at: datetime) -> StoredContent:
    """Keep a ZFO byte for byte, then read and check it. What cannot be read is kept all the same, with the reason.

    Raises only errors of the storage (a full disk), in which case nothing was recorded.
    """
    blob = storage.put(data)
    try:
        zfo = read_zfo(data, LIMITS)
    except BadContent as error:
        return StoredContent(blob.digest, blob.size, problem=error.message)
    return content_of(zfo, zfo_digest=blob.digest, zfo_size=blob.size, at=at)


def read_upload(data: bytes, *, at: datetime) -> StoredContent:
    """Read and check a ZFO brought as a file, then keep it byte for byte.

    Raises ``BadContent`` with a Czech reason for what cannot be read; such a file is not kept, its owner has it.
    """
    zfo = read_zfo(data, LIMITS)
    blob = storage.put(data)
    return content_of(zfo, zfo_digest=blob.digest, zfo_size=blob.size, at=at)


def content_of(zfo: Zfo, *, zfo_digest: str, zfo_size: int, at: datetime) -> StoredContent:
    """Check a ZFO that was read, and put its attachments into the storage."""
    verification = verify_zfo(zfo, trust_store(), at)
    files = tuple(_store_file(file) for file in zfo.files)
    level = Level(verification.summary().level)
    if level is Level.OK and not all(file.format_ok for file in files):
        level = Level.WARNING
    return StoredContent(
        zfo_digest=zfo_digest,
        zfo_size=zfo_size,
        direction=direction_of(zfo),
        dm_id=zfo.dm_id,
        envelope=_envelope_facts(zfo),
        content_hash=zfo.hash.value.hex() if zfo.hash else "",
        checks=told(verification.facts),
        level=level,
        files=files,
        events=zfo.events,
    )


def direction_of(zfo: Zfo) -> Direction:
    """Which of the three sealed things a ZFO is, as the register calls it."""
    return _DIRECTIONS[zfo.kind]


def told(facts: Sequence[Fact]) -> tuple[dict[str, str], ...]:
    """The facts as they are kept with the message."""
    return tuple(
        {
            "name": fact.name,
            "group": next(label for prefix, label in _GROUPS.items() if fact.name.startswith(prefix)),
            "outcome": fact.outcome.value,
            "indication": fact.sub_indication.value,
            "sentence": fact.sentence,
        }
        for fact in facts
    )


def envelope_columns(envelope: MessageEnvelope) -> dict[str, Any]:
    """The columns of a message that come from an envelope (of a list or of a ZFO)."""
    return {
        "sender_box_id": envelope.sender_box[:7],
        "sender_name": fits(envelope.sender, 255),
        "sender_address": fits(envelope.sender_address, 255),
        "sender_type": fits(envelope.sender_type, 20),
        "recipient_box_id": envelope.recipient_box[:7],
        "recipient_name": fits(envelope.recipient, 255),
        "recipient_address": fits(envelope.recipient_address, 255),
        "annotation": fits(envelope.annotation, 255),
        "sender_reference": fits(envelope.sender_reference_number, 50),
        "sender_file_mark": fits(envelope.sender_file_mark, 50),
        "recipient_reference": fits(envelope.recipient_reference_number, 50),
        "recipient_file_mark": fits(envelope.recipient_file_mark, 50),
        "to_hands": fits(envelope.to_hands, 255),
        "legal_title": fits(_write_legal_title(envelope.legal_title), 255),
        "personal_delivery": bool(envelope.personal_delivery),
    }


def _envelope_facts(zfo: Zfo) -> dict[str, Any]:
    facts = envelope_columns(zfo.envelope)
    facts["state"] = int(zfo.state)
    if zfo.delivery_time:
        facts["delivered_at"] = zfo.delivery_time
    if zfo.acceptance_time:
        facts["accepted_at"] = zfo.acceptance_time
    return facts


def _store_file(file: ZfoFile) -> StoredFile:
    blob = storage.put(file.content)
    found = identify(file.content, file.name)
    obstacles = file_obstacles(file.name, len(file.content), file.mime_type)
    if found.mismatch:
        obstacles.append(f"Obsah neodpovídá příponě názvu (rozpoznáno: {found.description_cs}).")
    return StoredFile(
        name=fits(printable_name(file.name) or "bez názvu", 255),
        media_type=fits(found.media_type if found.known else file.mime_type or found.media_type, 120),
        role=fits(file.role, 20),
        digest=blob.digest,
        size=blob.size,
        format_id=fits(found.pronom_id if found.known else "", 30),
        format_name=fits(found.description_cs, 120),
        format_ok=not obstacles,
        problem=" ".join(obstacles),
    )


def printable_name(name: str) -> str:
    """A file name without folders and control characters: ``../../etc/passwd`` becomes ``passwd``."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip(" .")


def _write_legal_title(title: LegalTitle) -> str:
    """``zákon č. 500/2004, § 12 odst. 3 písm. a``; empty when the sender gave none."""
    parts = [
        f"zákon č. {title.law}/{title.year}" if title.law else "",
        f"§ {title.section}" if title.section else "",
        f"odst. {title.paragraph}" if title.paragraph else "",
        f"písm. {title.point}" if title.point else "",
    ]
    return " ".join(part for part in parts if part)
