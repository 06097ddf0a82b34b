"""A short private folder for the server's socket.

The path of a Unix socket has 107 bytes at most, while the project may lie deep; so the socket lives in the run-time or
temporary folder, under a name made from the path of the data. The name is the same every time, so that programs
connected before a crash find the server again after it.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from egon.gateways.postgres.account import ServerAccount
from egon.gateways.postgres.errors import ServerUnusable

LONGEST_SOCKET_PATH = 107
PORT = 5432


def socket_folder_for(data_dir: Path, owner: int) -> Path:
    """Where the socket of this data folder belongs (it may not exist yet)."""
    mark = hashlib.sha256(f"{owner}:{data_dir}".encode()).hexdigest()[:12]
    name = f"egon-pg-{mark}"
    for parent in _run_time_folders(owner):
        folder = parent / name
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
            return folder
    raise ServerUnusable(
        "Nenašla se dočasná složka s dost krátkou cestou pro spojení s databází (nejvýš 107 bajtů). "
        "Nastavte proměnnou TMPDIR na krátkou cestu, třeba /tmp."
    )


def _run_time_folders(owner: int) -> list[Path]:
    run_time = os.environ.get("XDG_RUNTIME_DIR", "")
    folders = [Path(run_time)] if run_time and owner == os.geteuid() else []
    folders += [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - private 0700 folder with a checked owner
    return [folder for folder in folders if folder.is_absolute() and os.access(folder, os.W_OK | os.X_OK)]


def make_private(folder: Path, account: ServerAccount) -> None:
    """Make the folder with rights 0700, or check that the one there is ours and no trap laid by somebody else."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in (account.owner, os.geteuid()):
            raise ServerUnusable(
                f"Složka {folder} patří jinému uživateli a nelze ji použít pro spojení s databází. "
                "Požádejte správce počítače o její odstranění."
            ) from None
    account.give(folder)
