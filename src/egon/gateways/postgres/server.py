"""The embedded server: make the data folder, start, attach, stop, recover."""

import contextlib
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from egon.gateways.postgres.account import ServerAccount, account_for
from egon.gateways.postgres.binaries import MAJOR, binary_folder
from egon.gateways.postgres.configuration import as_arguments, settings_for
from egon.gateways.postgres.errors import ServerBroken, ServerUnusable
from egon.gateways.postgres.postmaster import (
    Postmaster,
    end_server,
    forget_stale_notes,
    live_postmaster,
    server_holding_socket,
)
from egon.gateways.postgres.sockets import PORT, make_private, socket_folder_for

SUPERUSER = "postgres"
START_SECONDS = 120.0
LARGEST_LOG = 20_000_000


class EmbeddedServer:
    """PostgreSQL over one data folder, reachable by a private socket only.

    Several processes may hold the same server: the first starts it, the last one to :meth:`stop` ends it. A process
    that is killed lets go by itself (the hold is a file lock).

    :param data_dir: folder of the data; made when missing. Any path, spaces included.
    :param durable: False turns ``fsync`` off, for tests only: a power cut then destroys the data.
    :param log_file: where the server writes; default ``<data_dir>.log``.
    :param die_with_parent: the server stops by itself when the thread that started it ends, even by ``kill -9``.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        durable: bool = True,
        log_file: Path | None = None,
        max_connections: int = 60,
        die_with_parent: bool = False,
    ) -> None:
        self.data_dir = data_dir.expanduser().absolute()
        self.log_file = (log_file or self.data_dir.with_name(self.data_dir.name + ".log")).absolute()
        self.durable = durable
        self.max_connections = max_connections
        self.die_with_parent = die_with_parent
        self._held: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._account: ServerAccount | None = None

    # --- What others ask ---

    @property
    def account(self) -> ServerAccount:
        """Under whom the server runs; found out once."""
        if self._account is None:
            self._account = account_for(self.data_dir, binary_folder())
        return self._account

    @property
    def socket_folder(self) -> Path:
        """Where the socket is; of a running server what it says itself."""
        running = live_postmaster(self.data_dir)
        if running and running.socket_folder:
            return running.socket_folder
        return socket_folder_for(self.data_dir, self.account.owner)

    def url(self, database: str, user: str = SUPERUSER) -> str:
        """Connection address for psycopg and Django: ``postgresql://postgres@/egon?host=%2Ftmp%2F...&port=5432``."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}&port={PORT}"

    def connect_admin(self) -> str:
        """Address of the superuser in the maintenance database ``postgres``."""
        return self.url("postgres")

    def running(self) -> Postmaster | None:
        """The live server, or None."""
        return live_postmaster(self.data_dir)

    def ensure_database(self, name: str) -> bool:
        """Create a database (UTF-8, C.UTF-8) unless it exists; True when it was created now."""
        with psycopg.connect(self.connect_admin(), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True

    # --- Life ---

    def start(self) -> Self:
        """Make sure the server runs and hold it. Returns itself; a second call changes nothing.

        Raises ServerUnusable (rights, version of data, no binaries) or ServerBroken (it did not start; see its log).
        """
        if self._held is not None and self.running():
            return self
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        with self._start_lock():
            running = self.running()
            if running is None:
                self._check_version()
                self._initialise()
                self._launch()
            self._wait_until_ready()
            if self._held is None:
                self._held = self._hold()
        return self

    def stop(self) -> None:
        """Let go of the server; the last holder ends it in order (fast shutdown)."""
        if self._held is None:
            return
        with self._start_lock():
            alone = self._is_last_holder()
            self._held.close()
            self._held = None
            if alone:
                self._end()

    def stop_for_all(self) -> None:
        """End the server whoever holds it (before its data are deleted)."""
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        with self._start_lock():
            if self._held is not None:
                self._held.close()
                self._held = None
            self._end()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- Locks ---

    def _beside(self, ending: str) -> Path:
        return self.data_dir.with_name(self.data_dir.name + ending)

    @contextlib.contextmanager
    def _start_lock(self) -> Iterator[None]:
        """Starting and stopping exclude each other among processes."""
        with self._beside(".start-lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _hold(self) -> IO[bytes]:
        held = self._beside(".held").open("ab")
        fcntl.flock(held, fcntl.LOCK_SH)
        return held

    def _is_last_holder(self) -> bool:
        assert self._held is not None  # noqa: S101 - the callers checked, this is for the type checker
        try:
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    # --- Steps of starting ---

    def _check_version(self) -> None:
        noted = self.data_dir / "PG_VERSION"
        try:
            found = noted.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return
        except PermissionError as error:
            raise ServerUnusable(
                f"Data databáze ve složce {self.data_dir} patří jinému uživateli. Spusťte příkaz jako jejich vlastník; "
                "data zůstala beze změny.",
                detail=str(error),
            ) from error
        if found != str(MAJOR):
            raise ServerUnusable(
                f"Data ve složce {self.data_dir} vytvořil PostgreSQL {found}, tato verze programu přináší PostgreSQL "
                f"{MAJOR}. Data zůstala beze změny. Převeďte je (pg_dump v původní verzi a obnova v nové), "
                "nebo vraťte původní verzi programu."
            )

    def _initialise(self) -> None:
        """initdb into a folder beside and rename, so that a killed initdb leaves nothing that looks like data."""
        if (self.data_dir / "PG_VERSION").exists():
            if self.data_dir.stat().st_uid != self.account.owner:
                self.account.give_all(self.data_dir)
            return
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            raise ServerUnusable(
                f"Složka {self.data_dir} není prázdná a neobsahuje data databáze. Nic v ní nebylo změněno; "
                "přesuňte její obsah jinam nebo zvolte jinou složku."
            )
        unfinished = self._beside(".new")
        _remove_tree(unfinished)
        try:
            unfinished.mkdir(mode=0o700)
            self.account.give(unfinished)
            self._run_initdb(unfinished)
            if self.data_dir.exists():
                self.data_dir.rmdir()
            unfinished.rename(self.data_dir)
        except OSError as error:
            raise ServerUnusable(
                f"Nelze vytvořit složku databáze {self.data_dir}. Zkontrolujte práva a volné místo na disku.",
                detail=str(error),
            ) from error

    def _run_initdb(self, folder: Path) -> None:
        arguments = [
            str(binary_folder() / "initdb"),
            "-D",
            str(folder),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
        ]
        arguments += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if not self.durable:
            arguments.append("--no-sync")
        done = subprocess.run(
            arguments,
            cwd="/",
            env=_server_environment(),
            preexec_fn=self.account.take_on(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            check=False,
        )
        if done.returncode != 0:
            said = done.stdout.decode("utf-8", "replace").strip().splitlines()[-8:]
            raise ServerUnusable(
                f"Databázi se nepodařilo založit ve složce {self.data_dir}. Zkontrolujte práva a volné místo na disku.",
                detail="; ".join(said),
            )

    def _launch(self) -> None:
        folder = socket_folder_for(self.data_dir, self.account.owner)
        make_private(folder, self.account)
        left_over = server_holding_socket(folder, PORT, self.data_dir)
        if left_over:
            end_server(left_over, self.data_dir)
        forget_stale_notes(self.data_dir, folder, PORT)
        settings = settings_for(folder, PORT, durable=self.durable, max_connections=self.max_connections)
        with self._open_log() as log:
            self._process = subprocess.Popen(
                [str(binary_folder() / "postgres"), "-D", str(self.data_dir), *as_arguments(settings)],
                cwd="/",
                env=_server_environment(),
                preexec_fn=self.account.take_on(die_with_parent=self.die_with_parent),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server in order
            )

    def _open_log(self) -> IO[bytes]:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        if self.log_file.exists() and self.log_file.stat().st_size > LARGEST_LOG:
            self.log_file.replace(self.log_file.with_name(self.log_file.name + ".1"))
        return self.log_file.open("ab")

    def _wait_until_ready(self) -> None:
        """Wait for the first answer; recovery after a crash may take a while. A server that ended is started once more,
        for children of a killed server may hold its memory for a moment."""
        deadline = time.monotonic() + START_SECONDS
        retry_until = time.monotonic() + 15.0
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                if time.monotonic() > retry_until or "pre-existing shared memory block" not in self.log_tail():
                    break
                time.sleep(0.2)
                self._launch()
            running = self.running()
            if running and running.ready and self._answers():
                return
            time.sleep(0.02)
        raise ServerBroken(
            f"Databáze se nespustila. Data ve složce {self.data_dir} zůstala beze změny; příčinu říká konec "
            f"souboru {self.log_file}.",
            detail=self.log_tail(4),
        )

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.connect_admin(), connect_timeout=5) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _end(self) -> None:
        running = self.running()
        if running is None:
            return
        if not end_server(running.pid, self.data_dir):
            raise ServerBroken(
                f"Databáze (proces {running.pid}) se nezastavila. Data jsou v pořádku; zastavte proces ručně."
            )
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
            self._process = None
        if running.socket_folder:
            with contextlib.suppress(OSError):
                running.socket_folder.rmdir()

    def log_tail(self, lines: int = 8) -> str:
        """The last lines of the server's log."""
        try:
            with self.log_file.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 8192))
                return "\n".join(log.read().decode("utf-8", "replace").strip().splitlines()[-lines:])
        except OSError:
            return ""


def _server_environment() -> dict[str, str]:
    """Only what the server needs: no PG* variables of the caller, which would change what it does."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "HOME") if name in os.environ}
    return kept | {"LC_ALL": "C", "LANG": "C", "TZ": "UTC"}


def _remove_tree(folder: Path) -> None:
    """Remove what an interrupted initdb left."""
    if not folder.exists():
        return
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in files:
            (Path(parent) / name).unlink()
        for name in folders:
            (Path(parent) / name).rmdir()
    folder.rmdir()
