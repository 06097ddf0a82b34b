"""Archive time stamps (ArchiveISDSDocument): BES to T, T to A, A to A, and when each of them is allowed.

Source: bulletin of 18 September 2025 and rule of 4 December 2025 (facts 1.9); form of the stamps ETSI EN 319 122-1.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from asn1crypto import cms, tsp

from egon.gateways.isds.simulator import refusals, zfo_parts
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.seal import ARCHIVE_STAMP, Sealer, rewritten
from egon.gateways.isds.simulator.zfo_parts import Parts

FIRST_AFTER: Final = timedelta(hours=24)
LAST_MONTHS: Final = timedelta(days=548)
"""18 months before the previous stamp expires."""
MAX_AT_ONCE: Final = 20
MAX_OF_CLIENT: Final = 2
_SIGNATURE_STAMP: Final = "signature_time_stamp_token"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The last time stamp of a document: when it was made and until when its certificate is valid."""

    at: datetime
    expires: datetime
    archive: bool


class Queue:
    """At most 20 archivings at once, at most two of one box (otherwise 2210)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: list[str] = []

    @contextmanager
    def place(self, box_id: str) -> Iterator[None]:
        """A place for one archiving; raises :class:`Refusal` when there is none."""
        with self._lock:
            if len(self._running) >= MAX_AT_ONCE or self._running.count(box_id) >= MAX_OF_CLIENT:
                raise Refusal("2210", "Probíhá příliš mnoho souběžných archivací, opakujte požadavek později.")
            self._running.append(box_id)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(box_id)


def is_stamped(document: Parts) -> bool:
    """Whether the seal of a document has a time stamp already."""
    return last_stamp(document) is not None


def last_stamp(document: Parts) -> Stamp | None:
    """The last time stamp of a document, ``None`` without any; ``ValueError`` when it cannot be read."""
    found = [_stamp(one) for one in _tokens(document.signer)]
    return max(found, key=lambda stamp: stamp.at, default=None)


def _tokens(signer: cms.SignerInfo) -> Iterator[tuple[bytes, bool]]:
    for one in zfo_parts.unsigned_of(signer):
        kind = one["type"].native
        if kind in {_SIGNATURE_STAMP, ARCHIVE_STAMP}:
            yield zfo_parts.values_of(one)[0], kind == ARCHIVE_STAMP


def _stamp(token: tuple[bytes, bool]) -> Stamp:
    packed, is_archive = token
    signed = cms.ContentInfo.load(packed)["content"]
    info = tsp.TSTInfo.load(signed["encap_content_info"]["content"].parsed.dump())
    certificate = signed["certificates"][0].chosen
    return Stamp(info["gen_time"].native, certificate["tbs_certificate"]["validity"]["not_after"].native, is_archive)


def check(stamp: Stamp | None, *, now: datetime, every_day: bool) -> None:
    """Raise :class:`Refusal` when the next stamp may not be added yet, or never.

    ``every_day`` is the rule of the public test environment: further stamps after 24 hours already.
    """
    if stamp is None:
        return
    if stamp.expires <= now:
        raise Refusal("2205", "Poslední časové razítko dokumentu již vypršelo, dokument nelze nikdy archivovat.")
    if not stamp.archive or every_day:
        if now - stamp.at < FIRST_AFTER:
            raise Refusal("2209", "Archivní razítko lze přidat nejdříve 24 hodin po stažení nebo předchozím razítku.")
    elif now < stamp.expires - LAST_MONTHS:
        raise Refusal("2206", "Další archivní razítko lze přidat až v posledních 18 měsících platnosti předchozího.")


def archived(sealer: Sealer, document: Parts, *, now: datetime, every_day: bool) -> tuple[Iterator[bytes], datetime]:
    """The document with one more stamp, in pieces, and when that stamp expires; raises :class:`Refusal`."""
    try:
        check(last_stamp(document), now=now, every_day=every_day)
    except (ValueError, TypeError, KeyError) as unreadable:
        raise refusals.broken_document() from unreadable
    digest = hashlib.sha256()
    for chunk in document.content_chunks():
        digest.update(chunk)
    signer = sealer.with_another_stamp(document.signer, document.certificates, digest.digest(), at=now)
    added = last_stamp(Parts(document.data, document.pieces, document.certificates, cms.SignerInfo.load(signer)))
    if added is None:
        raise LookupError("the stamp just added is missing")
    return rewritten(document.content_chunks(), document.certificates, signer), added.expires
