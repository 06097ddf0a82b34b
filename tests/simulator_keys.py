"""Keys of simulators in tests: made once a day for all sessions and processes, since making them takes seconds."""

import contextlib
import hashlib
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from egon.gateways.isds.simulator import pki

HOME = Path(__file__).resolve().parents[1] / "var" / "test" / "isds-keys"


def give(folder: Path) -> None:
    """Lay a copy of the keys into the data of a simulator that has not started yet."""
    shutil.copytree(_of_today(), folder / "pki")


def _of_today() -> Path:
    now = datetime.now(UTC)
    made_by = hashlib.sha256(Path(pki.__file__).read_bytes()).hexdigest()[:8]
    today = HOME / f"{now:%Y-%m-%d}-{made_by}"
    if not (today / "pki").exists():
        HOME.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=HOME, ignore_cleanup_errors=True) as unfinished:
            pki.load_or_make(Path(unfinished) / "pki", now=now, seal_bits=2048)
            today.mkdir(exist_ok=True)
            with contextlib.suppress(OSError):  # another process was faster, its keys are as good
                (Path(unfinished) / "pki").rename(today / "pki")
    return today / "pki"
