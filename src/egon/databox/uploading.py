"""Attachments of large messages: uploaded one by one, streamed from the storage, each remembered at once.

ISDS keeps an unused upload for two hours; a sending cut off between two attachments goes on with the next one.
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from egon import storage
from egon.databox.models import OutboxFile, OutboxItem, OutboxState
from egon.gateways.isds import ExternalFile, IsdsClient, Source, UploadedAttachment
from egon.gateways.isds.uploads import KEPT_FOR
from egon.kernel import clock

QUOTA_PAUSE: Final = timedelta(minutes=30)
"""How long to wait when uploads of the box reached 5 GB (1286); ISDS erases the unused ones after two hours."""


def upload_all(item: OutboxItem, client: IsdsClient) -> list[ExternalFile]:
    """Have ISDS hold every attachment of a large message; what it holds already is not uploaded again.

    Raises ``BlobMissing`` or ``BlobDamaged`` for a content that is not there, otherwise as ``upload_attachment`` does.
    """
    return [ExternalFile(_uploaded(file, client), role=file.role) for file in item.files.order_by("position")]


def forget(item: OutboxItem) -> None:
    """ISDS does not have the uploads any more: the next attempt makes them anew."""
    item.files.update(upload=None)


def postpone(item: OutboxItem, reason: str, *, until: datetime) -> None:
    """Try later, saying why. Technical state: nothing was sent and the record does not change."""
    OutboxItem.objects.filter(pk=item.pk, state=OutboxState.QUEUED).update(problem=reason, next_attempt_at=until)


def _uploaded(file: OutboxFile, client: IsdsClient) -> UploadedAttachment:
    known = _known(file)
    if known is not None and timedelta(0) <= clock.now() - known.uploaded_at < KEPT_FOR:
        return known
    source = Source(file.size, partial(storage.open_blob, file.digest))
    uploaded = client.upload_attachment(source, file.name, file.media_type)
    file.upload = asdict(uploaded) | {"uploaded_at": uploaded.uploaded_at.isoformat()}
    file.save(update_fields=["upload"])
    return uploaded


def _known(file: OutboxFile) -> UploadedAttachment | None:
    told: dict[str, Any] | None = file.upload
    if not told:
        return None
    return UploadedAttachment(**{**told, "uploaded_at": datetime.fromisoformat(told["uploaded_at"])})
