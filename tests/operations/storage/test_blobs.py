"""Blobs: whole or not at all, each originator its own, verified when read, swept only when nobody names them."""

import errno
import io
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from egon import storage
from egon.kernel.errors import Retryable
from egon.storage import blobs
from egon.storage.references import digest_columns
from egon.storage.sweep import sweep
from egon.tenancy.models import Tenant
from egon.tenancy.scope import WrongTenant, tenant_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGE_DIR = tmp_path / "úložiště se mezerou"
    return settings.STORAGE_DIR


@pytest.fixture
def tenants() -> tuple[Tenant, Tenant]:
    return Tenant.objects.create(code="STA", name="První"), Tenant.objects.create(code="STB", name="Druhá")


@pytest.fixture
def inside(tenants: tuple[Tenant, Tenant]) -> Iterator[Tenant]:
    with tenant_scope(tenants[0].pk):
        yield tenants[0]


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".sweep-lock"]


def test_what_is_put_can_be_read(inside: Tenant, folder: Path) -> None:
    blob = storage.put(io.BytesIO("žluťoučký".encode()))
    assert storage.read(blob.digest) == "žluťoučký".encode()
    with storage.open_blob(blob.digest) as stream:
        assert len(stream.read()) == blob.size == 13
    assert files_under(folder) == [folder / str(inside.pk) / blob.digest[:2] / blob.digest[2:4] / blob.digest]


def test_the_same_content_lies_there_once(inside: Tenant, folder: Path) -> None:
    assert storage.put(b"x" * 3_000_000) == storage.put(io.BytesIO(b"x" * 3_000_000))
    assert len(files_under(folder)) == 1


def test_an_originator_has_no_blob_of_another(tenants: tuple[Tenant, Tenant]) -> None:
    with tenant_scope(tenants[0].pk):
        blob = storage.put(b"tajemstvi")
    with tenant_scope(tenants[1].pk):
        assert not storage.exists(blob.digest)
        with pytest.raises(storage.BlobMissing):
            storage.read(blob.digest)
    with pytest.raises(WrongTenant):
        storage.put(b"x")


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", "../" + "a" * 61])
def test_only_a_digest_names_a_blob(inside: Tenant, digest: str) -> None:
    with pytest.raises(blobs.InvalidDigest):
        storage.exists(digest)


def test_a_damaged_blob_is_refused_and_healed_by_the_same_content(inside: Tenant) -> None:
    blob = storage.put(b"puvodni")
    blobs.path_of(blob.digest).write_bytes(b"zmeneny")
    with pytest.raises(storage.BlobDamaged):
        storage.read(blob.digest)
    with pytest.raises(storage.BlobDamaged):
        storage.open_blob(blob.digest)
    storage.put(b"puvodni")
    assert storage.read(blob.digest) == b"puvodni"


def test_too_large_content_leaves_nothing(inside: Tenant, folder: Path) -> None:
    assert storage.put(b"1234", limit=4).size == 4
    with pytest.raises(storage.BlobTooLarge, match="20 MB"):
        storage.put(io.BytesIO(b"x" * (20 * 1_048_576 + 1)), limit=20 * 1_048_576)
    assert len(files_under(folder)) == 1


@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
def test_a_full_disk_is_told_and_leaves_nothing(
    inside: Tenant, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "write":
        content: Any = Path("/dev/zero").open("rb")  # noqa: SIM115
        monkeypatch.setattr(blobs.tempfile, "mkstemp", lambda dir: (os.open("/dev/full", os.O_WRONLY), f"{dir}/full"))
    else:
        content = b"obsah"
        monkeypatch.setattr(*((os, "fsync", full) if step == "fsync" else (Path, "replace", full)))
    with pytest.raises(storage.StorageFull, match="došlo místo") as caught:
        storage.put(content)
    assert isinstance(caught.value, Retryable)
    assert files_under(folder) == []


def test_a_broken_source_leaves_nothing(inside: Tenant, folder: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        storage.put(Broken(b"x" * 100))
    assert files_under(folder) == []


def test_many_at_once_agree(inside: Tenant, folder: Path) -> None:
    results: list[storage.BlobRef] = []

    def put() -> None:
        token = scope._current.set(inside.pk)
        try:
            results.extend(storage.put(bytes([number % 5]) * 1000) for number in range(25))
        finally:
            scope._current.reset(token)

    from egon.tenancy import scope

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 200
    assert len(files_under(folder)) == 5


def age(digest: str, days: int) -> None:
    path = blobs.path_of(digest)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - days * 86400))


def test_the_sweep_removes_only_old_blobs_that_no_row_names(
    inside: Tenant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, forgotten, fresh, renewed = (storage.put(text).digest for text in (b"n", b"f", b"c", b"r"))
    for digest in (named, forgotten, renewed):
        age(digest, 5)
    monkeypatch.setattr("egon.storage.sweep.referenced_among", lambda digests: {named} & set(digests))
    storage.put(b"r")
    swept = sweep()
    assert (swept.seen, swept.removed, swept.removed_bytes) == (4, 1, 1)
    assert not storage.exists(forgotten)
    assert all(map(storage.exists, (named, fresh, renewed)))


def test_the_sweep_clears_unfinished_files(inside: Tenant, folder: Path) -> None:
    storage.put(b"x")
    unfinished = folder / str(inside.pk) / blobs.INCOMING / "tmpzabity"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (0, 0))
    assert sweep(older_than=timedelta(hours=1)).unfinished == 1
    assert not unfinished.exists()


def test_every_column_that_names_a_blob_is_known_to_the_sweep() -> None:
    known = {(model._meta.label, column) for model, column in digest_columns()}
    assert {
        ("records.ComponentVersion", "digest"),
        ("databox.MessageFile", "digest"),
        ("databox.DataMessage", "zfo_digest"),
    } <= known
