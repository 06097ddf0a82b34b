"""The end of the chain, remembered outside the database.

Whoever can write to the database as its owner could drop the newest links with their records, or compute the whole
chain anew; neither changes this file, so verifying tells. One small file an originator, beside its contents.
"""

import contextlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from egon.storage.blobs import tenant_root

NAME = "log-anchor"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Anchor:
    """Position and hash of a link that must be in the chain."""

    position: int
    hash: bytes


def remembered() -> Anchor | None:
    """The anchor of the open tenant scope; None when none was written, or what lies there is no anchor."""
    with contextlib.suppress(OSError, ValueError):
        position, digest = _path().read_text(encoding="ascii").split()
        return Anchor(int(position), bytes.fromhex(digest))
    return None


def remember(position: int, digest: bytes) -> None:
    """Replace the anchor. A disk that refuses leaves the older one, which stays true: the next link tries again."""
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f"{NAME}.{os.getpid()}")
        with aside.open("w", encoding="ascii") as file:
            file.write(f"{position} {digest.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        logger.warning("the end of the log's chain was not remembered: %s", error)


def _path() -> Path:
    return tenant_root() / NAME
