"""Receiving a large message attachment by attachment, so that after a failure only the unfinished one comes again."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from egon.gateways.isds.client import IsdsClient
from egon.gateways.isds.errors import IsdsRefused
from egon.gateways.isds.rules import MAX_ATTACHMENTS
from egon.gateways.isds.services.big_messages import DownloadedAttachment

_NO_SUCH_INDEX: Final = "1299"


def collect_attachments(client: IsdsClient, dm_id: str, folder: Path) -> list[tuple[DownloadedAttachment, Path]]:
    """All attachments of a large message as files of ``folder``, with what ISDS says of each.

    Files are named by their order (``000``…), never by what the sender wrote. What is whole is not asked for again:
    after an error the same call goes on. Raises as ``download_attachment_into`` does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found: list[tuple[DownloadedAttachment, Path]] = []
    for number in range(MAX_ATTACHMENTS):
        path = folder / f"{number:03}"
        try:
            found.append((_known(path) or _download(client, dm_id, number, path), path))
        except IsdsRefused as refusal:
            if refusal.status == _NO_SUCH_INDEX and number:
                break
            raise
    return found


def _download(client: IsdsClient, dm_id: str, number: int, path: Path) -> DownloadedAttachment:
    part = path.with_suffix(".part")
    with part.open("wb") as target:
        told = client.download_attachment_into(dm_id, number, target)
    path.with_suffix(".json").write_text(json.dumps(asdict(told)), encoding="utf-8")
    part.replace(path)  # last: a file under its name is whole and described
    return told


def _known(path: Path) -> DownloadedAttachment | None:
    """What was downloaded before; ``None`` when it was not, or is not whole."""
    try:
        told = DownloadedAttachment(**json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        return told if path.stat().st_size == told.size else None
    except (OSError, ValueError, TypeError):
        return None
