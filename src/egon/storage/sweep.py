"""Removing blobs that no row names: left by transactions that were taken back, or by records destroyed since."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from egon.storage.blobs import INCOMING, path_of, puts_held_off, tenant_root
from egon.storage.references import is_referenced, referenced_among

# The row that names a blob commits long before this: a job may wait for its retry between the two.
GRACE = timedelta(days=2)
_BATCH = 500


@dataclass(frozen=True)
class Swept:
    """What a sweep did: blobs looked at, blobs removed and their bytes, unfinished files removed."""

    seen: int
    removed: int
    removed_bytes: int
    unfinished: int


def sweep(*, older_than: timedelta = GRACE) -> Swept:
    """Remove the present originator's blobs that are older than ``older_than`` and that no row names."""
    root, before = tenant_root(), time.time() - older_than.total_seconds()
    seen = removed = removed_bytes = 0
    for batch in itertools.batched(_blobs(root), _BATCH):
        seen += len(batch)
        old = {path.name: path for path in batch if path.stat().st_mtime < before}
        for digest in old.keys() - referenced_among(list(old)):
            size = _remove_if_still_old(root, old[digest], before)
            removed += size is not None
            removed_bytes += size or 0
    return Swept(seen, removed, removed_bytes, _remove_unfinished(root / INCOMING, before))


# Longer than any transaction lasts that has put a blob and is about to name it.
_COMING_IN = timedelta(hours=1)


def remove(digest: str, *, coming_in: timedelta = _COMING_IN) -> bool:
    """Remove one blob that no row names any more. False when it was put lately and may be named soon: ask again."""
    root, path = tenant_root(), path_of(digest)
    if not path.exists() or is_referenced(digest):
        return True
    with puts_held_off(root):
        if not path.exists():
            return True
        if path.stat().st_mtime >= time.time() - coming_in.total_seconds():
            return False
        path.unlink()
    return True


def _blobs(root: Path) -> Iterator[Path]:
    return (path for path in root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*") if len(path.name) == 64)


def _remove_if_still_old(root: Path, path: Path, before: float) -> int | None:
    """Remove it unless it was put anew meanwhile. Returns its size, or None when it stays."""
    with puts_held_off(root):
        facts = path.stat()
        if facts.st_mtime >= before:
            return None
        path.unlink()
        return facts.st_size


def _remove_unfinished(folder: Path, before: float) -> int:
    """Temporary files of processes that were killed while writing."""
    if not folder.is_dir():
        return 0
    old = [path for path in folder.iterdir() if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
