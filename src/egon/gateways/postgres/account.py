"""Under which account the server runs.

PostgreSQL refuses to run as root. When we are root, the server gets the account of an ordinary user. Where that user
cannot get through the folders on the way (a home folder with rights 0700), the server keeps one capability of root that
lets it pass; the rights of the folders stay as they are.
"""

import ctypes
import os
import pwd
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from egon.gateways.postgres.errors import ServerUnusable

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
KEEP_CAPS_ACROSS_SETUID = 1 << 2  # SECBIT_NO_SETUID_FIXUP; with it access(2), by which initdb looks, counts them too
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
LINUX_CAPABILITY_VERSION_3 = 0x20080522

CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2

PREFERRED_USERS = ("egon", "postgres", "nobody")

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class ServerAccount:
    """Who the server's processes are. ``uid`` None means: the same as ourselves."""

    uid: int | None = None
    gid: int | None = None
    capabilities: tuple[int, ...] = ()

    @property
    def owner(self) -> int:
        """The uid the data belong to."""
        return os.geteuid() if self.uid is None else self.uid

    def take_on(self, *, die_with_parent: bool = False) -> Callable[[], None] | None:
        """What a child does between fork and exec to become this account, for ``Popen(preexec_fn=...)``.

        ``die_with_parent``: the server is asked for a fast shutdown (SIGINT) when the thread that started it ends,
        however it ends. Linux only; elsewhere ignored.
        """
        if self.uid is None and not (die_with_parent and sys.platform == "linux"):
            return None

        def become() -> None:
            if self.uid is not None:
                self._drop_root()
            if die_with_parent and sys.platform == "linux":
                _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)

        return become

    def _drop_root(self) -> None:
        assert self.uid is not None and self.gid is not None  # noqa: S101 - a fact of construction, for the type checker
        if self.capabilities:
            _libc.prctl(PR_SET_SECUREBITS, KEEP_CAPS_ACROSS_SETUID, 0, 0, 0)
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)
        if self.capabilities:
            _keep_only(self.capabilities)

    def give(self, folder: Path) -> None:
        """Make the folder, with rights 0700, belong to this account."""
        folder.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def give_all(self, folder: Path) -> None:
        """Hand a whole tree over (data that were made under another account)."""
        if self.uid is None or self.gid is None:
            return
        for parent, folders, files in os.walk(folder):
            for name in folders + files:
                os.chown(Path(parent) / name, self.uid, self.gid, follow_symlinks=False)
        os.chown(folder, self.uid, self.gid)


def _keep_only(capabilities: tuple[int, ...]) -> None:
    """Reduce the process to these capabilities and let them survive exec (ambient set, Linux 4.3)."""
    mask = 0
    for capability in capabilities:
        mask |= 1 << capability
    header = ctypes.create_string_buffer(struct.pack("=Ii", LINUX_CAPABILITY_VERSION_3, 0))
    sets = ctypes.create_string_buffer(struct.pack("=IIIIII", mask, mask, mask, 0, 0, 0))
    _libc.capset(header, sets)
    for capability in capabilities:
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def account_for(data_dir: Path, binaries: Path) -> ServerAccount:
    """The account to run the server under. ``data_dir`` or its parent exists.

    Raises ServerUnusable when we are root and no account can reach the programs and the data.
    """
    if os.geteuid() != 0:
        return ServerAccount()
    uid, gid = _ordinary_user(data_dir)
    nearest = data_dir if data_dir.exists() else data_dir.parent
    for capabilities in ((), (CAP_DAC_READ_SEARCH,), (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE), (CAP_DAC_OVERRIDE,)):
        account = ServerAccount(uid, gid, capabilities)
        if _reaches(account, nearest, binaries):
            return account
    raise ServerUnusable(
        f"PostgreSQL nesmí běžet jako root a uživatel s číslem {uid} se nedostane do složky {data_dir.parent}. "
        "Přesuňte projekt na místo přístupné všem (třeba /opt nebo /srv), spusťte ho jako běžný uživatel, "
        "nebo nastavte EGON_DATABASE_URL na vlastní server. Data zůstala beze změny."
    )


def _ordinary_user(data_dir: Path) -> tuple[int, int]:
    """The owner of existing data, else one of the usual service accounts."""
    if (data_dir / "PG_VERSION").exists():
        facts = data_dir.stat()
        if facts.st_uid != 0:
            return facts.st_uid, facts.st_gid
    for name in PREFERRED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return 65534, 65534


def _reaches(account: ServerAccount, folder: Path, binaries: Path) -> bool:
    """Try it: pass through to the folder and run the server's program."""
    traverse = folder.parent if folder.name and (folder / "PG_VERSION").exists() else folder
    try:
        tried = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", str(traverse), str(binaries / "postgres")],
            preexec_fn=account.take_on(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return tried.returncode == 0
