"""Putting and reading blobs: ``STORAGE_DIR/<tenant>/<aa>/<bb>/<digest>``, the first four digits being the folders.

A blob appears under its name only when it is whole and on the disk: written under a temporary name, ``fsync``,
renamed, ``fsync`` of the folder. The same content put twice lies there once.
"""

import errno
import fcntl
import hashlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from egon.storage.errors import (
    BlobDamaged,
    BlobMissing,
    BlobTooLarge,
    StorageBroken,
    StorageFull,
    StorageReadOnly,
)
from egon.tenancy.scope import current_tenant_id

CHUNK = 1 << 20
INCOMING = "incoming"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class InvalidDigest(ValueError):
    """A defect: something else than a SHA-256 in hexadecimal was used as the name of a blob."""


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A stored blob: the SHA-256 of its bytes in hexadecimal, and its size in bytes."""

    digest: str
    size: int


def put(content: bytes | BinaryIO, *, limit: int | None = None) -> BlobRef:
    """Store ``content`` for the present originator and return its name; only then may a row refer to it.

    ``limit`` is the most bytes accepted. Raises :class:`BlobTooLarge`, :class:`StorageFull`,
    :class:`StorageReadOnly` or :class:`StorageBroken`; in each case nothing is left behind.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes | bytearray | memoryview) else content
    root = tenant_root()
    with _telling_disk_errors():
        (root / INCOMING).mkdir(parents=True, exist_ok=True)
        temporary, blob = _write_aside(root / INCOMING, stream, limit)
        try:
            with sweep_held_off(root):
                _move_in(temporary, path_of(blob.digest))
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return blob


def open_blob(digest: str) -> BinaryIO:
    """The blob's content, verified as a whole before the first byte is given out; the caller closes it.

    Raises :class:`BlobMissing` or :class:`BlobDamaged`.
    """
    path = path_of(digest)
    with _telling_disk_errors():
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            raise BlobMissing(digest) from None
        try:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise BlobDamaged(digest)
            stream.seek(0)
        except BaseException:
            stream.close()
            raise
    return stream


def read(digest: str) -> bytes:
    """The whole content, verified. For blobs that fit into memory; otherwise :func:`open_blob`."""
    try:
        with _telling_disk_errors():
            content = path_of(digest).read_bytes()
    except FileNotFoundError:
        raise BlobMissing(digest) from None
    if hashlib.sha256(content).hexdigest() != digest:
        raise BlobDamaged(digest)
    return content


def exists(digest: str) -> bool:
    """Whether the present originator has such a blob."""
    return path_of(digest).is_file()


def tenant_root() -> Path:
    """The folder of the present originator."""
    return Path(settings.STORAGE_DIR) / str(current_tenant_id())


def path_of(digest: str) -> Path:
    """Where the blob lies. Raises :class:`InvalidDigest` for anything that is not 64 hexadecimal digits."""
    if not _DIGEST.fullmatch(digest):
        raise InvalidDigest(f"not a digest: {digest[:80]!r}")
    return tenant_root() / digest[:2] / digest[2:4] / digest


@contextmanager
def sweep_held_off(root: Path) -> Iterator[None]:
    """While a blob moves in, the sweep does not remove the same one: it sees it as new again afterwards."""
    with _lock(root, fcntl.LOCK_SH):
        yield


@contextmanager
def puts_held_off(root: Path) -> Iterator[None]:
    """While the sweep removes a blob, nobody moves the same one in."""
    with _lock(root, fcntl.LOCK_EX):
        yield


@contextmanager
def _lock(root: Path, kind: int) -> Iterator[None]:
    with (root / ".sweep-lock").open("ab") as lock:
        fcntl.flock(lock, kind)
        yield


def _write_aside(folder: Path, stream: BinaryIO, limit: int | None) -> tuple[Path, BlobRef]:
    """Write everything under a temporary name and have it on the disk; on any failure the file is gone again."""
    handle, name = tempfile.mkstemp(dir=folder)
    temporary = Path(name)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as target:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if limit is not None and size > limit:
                    raise BlobTooLarge(limit)
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary, BlobRef(digest.hexdigest(), size)


def _move_in(temporary: Path, path: Path) -> None:
    """Rename into place also when the blob is there already: that renews its age and heals a damaged one."""
    _make_folders(path.parent)
    temporary.replace(path)
    _sync_folder(path.parent)


def _make_folders(folder: Path) -> None:
    """Make missing folders and have their names on the disk, too."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _telling_disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(detail=str(error)) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise StorageReadOnly(detail=str(error)) from error
        if error.errno == errno.EIO:
            raise StorageBroken(detail=str(error)) from error
        raise
