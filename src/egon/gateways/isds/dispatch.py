"""Sending whatever its size: an ordinary message up to 20 MB, a large one above it, uploads never made twice."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from egon.gateways.isds.client import IsdsClient
from egon.gateways.isds.errors import IsdsRefused
from egon.gateways.isds.outgoing import OutgoingFile, OutgoingMessage
from egon.gateways.isds.rules import MAX_BIG_SIZE, MAX_TOTAL_SIZE
from egon.gateways.isds.sources import Source, digests_of
from egon.gateways.isds.uploads import KEPT_FOR, ExternalFile, UploadedAttachment, UploadLedger
from egon.kernel import clock

_LOST_UPLOAD: Final = frozenset({"1288", "1289", "1293", "1294"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment of any size, read from its source only when it is sent."""

    name: str
    source: Source
    mime_type: str
    role: str = "enclosure"
    guid: str = ""
    parent_guid: str = ""

    @property
    def ledger_key(self) -> str:
        """What the upload is remembered by: the name and type belong to it as much as the content."""
        described = f"{self.name}\n{self.mime_type}\n{self.source.size}\n{digests_of(self.source).sha256}"
        return hashlib.sha256(described.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A message that was sent; ``is_big`` says which services it has to be downloaded by."""

    dm_id: str
    is_big: bool


def needs_big_message(sizes: Sequence[int]) -> bool:
    """Whether attachments of these sizes in bytes have to go as a large message."""
    return sum(sizes) > MAX_TOTAL_SIZE


def send(
    client: IsdsClient, message: OutgoingMessage, attachments: Sequence[Attachment], ledger: UploadLedger
) -> Dispatched:
    """Send ``message`` with ``attachments`` (its own ``files`` are not used).

    For a large message each attachment is uploaded and remembered in ``ledger`` at once, so that after an error the
    same call goes on where it ended. Raises as ``create_message`` does; ``ValueError`` over 100 MB.
    """
    sizes = [item.source.size for item in attachments]
    if not needs_big_message(sizes):
        files = tuple(_in_memory(item) for item in attachments)
        return Dispatched(client.create_message(replace(message, files=files)), is_big=False)
    if sum(sizes) > MAX_BIG_SIZE:
        raise ValueError("attachments over 100 MB cannot be sent")
    keys = [item.ledger_key for item in attachments]
    uploaded = [_upload(client, item, key, ledger) for item, key in zip(attachments, keys, strict=True)]
    external = [
        ExternalFile(done, item.role, item.guid, item.parent_guid)
        for done, item in zip(uploaded, attachments, strict=True)
    ]
    dm_id = _create(client, replace(message, files=()), external, keys, ledger)
    for key in keys:
        ledger.forget(key)
    return Dispatched(dm_id, is_big=True)


def _upload(client: IsdsClient, item: Attachment, key: str, ledger: UploadLedger) -> UploadedAttachment:
    known = ledger.find(key)
    if known is not None and timedelta(0) <= clock.now() - known.uploaded_at < KEPT_FOR:
        return known
    uploaded = client.upload_attachment(item.source, item.name, item.mime_type)
    ledger.remember(key, uploaded)
    return uploaded


def _create(
    client: IsdsClient, message: OutgoingMessage, files: list[ExternalFile], keys: list[str], ledger: UploadLedger
) -> str:
    try:
        return client.create_big_message(message, files)
    except IsdsRefused as error:
        if error.status in _LOST_UPLOAD:
            for key in keys:
                ledger.forget(key)  # the next attempt uploads anew
        raise


def _in_memory(item: Attachment) -> OutgoingFile:
    return OutgoingFile(item.name, item.source.read(), item.mime_type, item.role, item.guid, item.parent_guid)
