"""The embedded PostgreSQL starts, stops, comes back after a kill, and keeps what was committed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from egon.gateways.postgres import EmbeddedServer, ServerUnusable
from egon.gateways.postgres.postmaster import command_line_of, live_postmaster
from egon.gateways.postgres.sockets import LONGEST_SOCKET_PATH, make_private, socket_folder_for

SOURCE = Path(__file__).resolve().parents[3] / "src"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "data se mezerou a háčky" / "pg", durable=False, max_connections=20)
    yield server
    server.stop_for_all()


def rows(server: EmbeddedServer, query: str, database: str = "postgres") -> list[tuple[object, ...]]:
    with psycopg.connect(server.url(database)) as connection:
        return connection.execute(query).fetchall()


def kill_outright(server: EmbeddedServer) -> int:
    running = server.running()
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    assert wait_for_end(server.data_dir)
    return running.pid


def wait_for_end(data_dir: Path, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while live_postmaster(data_dir) and time.monotonic() < deadline:
        time.sleep(0.05)
    return live_postmaster(data_dir) is None


def test_starts_in_a_folder_with_spaces_and_sorts_and_compares_by_utf8(server: EmbeddedServer) -> None:
    server.start()
    assert server.ensure_database("egon") is True
    assert server.ensure_database("egon") is False
    found = rows(server, "SELECT upper('žluťoučký kůň'), length('č'), current_setting('listen_addresses')", "egon")
    assert found == [("ŽLUŤOUČKÝ KŮŇ", 1, "")]


def test_fsync_is_on_unless_a_test_turns_it_off(tmp_path: Path, server: EmbeddedServer) -> None:
    with server:
        assert rows(server, "SHOW fsync") == [("off",)]
    with EmbeddedServer(server.data_dir) as durable:
        assert rows(durable, "SELECT current_setting('fsync'), current_setting('full_page_writes')") == [("on", "on")]


def test_stop_ends_the_process_and_leaves_no_socket(server: EmbeddedServer) -> None:
    server.start()
    folder, running = server.socket_folder, server.running()
    assert running is not None and folder.is_dir()
    server.stop()
    assert server.running() is None
    assert not command_line_of(running.pid)
    assert not folder.exists()


def test_the_last_holder_stops_it(server: EmbeddedServer) -> None:
    second = EmbeddedServer(server.data_dir, durable=False)
    server.start()
    second.start()
    server.stop()
    assert rows(second, "SELECT 1") == [(1,)]
    second.stop()
    assert second.running() is None


def test_committed_rows_survive_a_kill_of_the_server(server: EmbeddedServer) -> None:
    server.start()
    with psycopg.connect(server.connect_admin()) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    address = server.url("postgres")
    hanging = psycopg.connect(address)
    hanging.execute("INSERT INTO kept VALUES (2)")  # never committed, and its backend outlives the postmaster a while
    kill_outright(server)
    again = EmbeddedServer(server.data_dir, durable=False).start()
    hanging.close()
    assert rows(again, "SELECT number FROM kept") == [(1,)]
    assert again.url("postgres") == address, (
        "programs connected before the crash must find the server at the same address"
    )


def test_start_after_a_kill_works_on_the_same_object_too(server: EmbeddedServer) -> None:
    server.start()
    first = kill_outright(server)
    server.start()
    running = server.running()
    assert running is not None and running.pid != first


def test_a_number_of_a_dead_server_that_now_belongs_to_another_process_does_not_stop_the_start(
    server: EmbeddedServer,
) -> None:
    server.start()
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        note = f"{stranger.pid}\n{server.data_dir}\n1700000000\n5432\n\n\n\nready\n"
        (server.data_dir / "postmaster.pid").write_text(note)
        assert server.running() is None
        server.start()
        assert rows(server, "SELECT 1") == [(1,)]
        assert stranger.poll() is None, "somebody else's process was touched"
    finally:
        stranger.kill()
        stranger.wait()


def test_data_of_another_version_are_refused_and_kept(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    (server.data_dir / "PG_VERSION").write_text("15\n")
    before = sorted(path.name for path in server.data_dir.iterdir())
    with pytest.raises(ServerUnusable, match="PostgreSQL 15"):
        server.start()
    assert sorted(path.name for path in server.data_dir.iterdir()) == before


def test_a_folder_with_other_files_is_not_taken(tmp_path: Path) -> None:
    folder = tmp_path / "pg"
    folder.mkdir()
    (folder / "dopis.txt").write_text("obsah")
    with pytest.raises(ServerUnusable, match="není prázdná"):
        EmbeddedServer(folder, durable=False).start()
    assert (folder / "dopis.txt").read_text() == "obsah"


def test_an_interrupted_initdb_is_done_again(server: EmbeddedServer) -> None:
    half_made = server.data_dir.with_name(server.data_dir.name + ".new")
    (half_made / "base").mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    server.start()
    assert rows(server, "SELECT 1") == [(1,)]
    assert not half_made.exists()


def test_the_socket_path_is_short_even_for_a_very_deep_folder(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*(["složka s dlouhým názvem"] * 6)) / "pg"
    with EmbeddedServer(deep, durable=False) as server:
        assert len(os.fsencode(server.socket_folder / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH
        assert server.socket_folder.stat().st_mode & 0o777 == 0o700
        assert rows(server, "SELECT 1") == [(1,)]


def test_a_socket_folder_laid_by_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = EmbeddedServer(tmp_path / "pg", durable=False)
    folder = socket_folder_for(server.data_dir, server.account.owner)
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(ServerUnusable, match="patří jinému"):
            make_private(folder, server.account)
    finally:
        folder.unlink()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_server_ends_by_itself_when_its_starter_is_killed(tmp_path: Path) -> None:
    data_dir = tmp_path / "pg"
    script = (
        "import sys, time; from pathlib import Path; from egon.gateways.postgres import EmbeddedServer\n"
        "EmbeddedServer(Path(sys.argv[1]), durable=False, die_with_parent=True).start()\n"
        "print('up', flush=True); time.sleep(120)"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    starter = subprocess.Popen(
        [sys.executable, "-c", script, str(data_dir)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == "up\n"
    assert live_postmaster(data_dir) is not None
    starter.kill()
    starter.wait()
    assert wait_for_end(data_dir)
    starter.stdout.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_as_root_the_server_is_an_ordinary_user_even_below_a_private_folder(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with EmbeddedServer(private / "pg", durable=False) as server:
        running = server.running()
        assert running is not None
        assert Path(f"/proc/{running.pid}").stat().st_uid == server.account.owner != 0
        assert private.stat().st_mode & 0o777 == 0o700, "rights of the folders on the way must stay"
        assert rows(server, "SELECT 1") == [(1,)]
