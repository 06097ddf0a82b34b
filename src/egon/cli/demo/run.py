"""Start the demo, keep it running, stop it in order."""

import argparse
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from egon.cli.database import embedded_server
from egon.cli.demo import state
from egon.cli.demo.children import Child, Watch
from egon.cli.demo.ports import free_port
from egon.cli.demo.telling import Teller
from egon.cli.layout import DATABASE, demo_data_dir, python_environment
from egon.cli.product import granian_arguments

WEB_PORT = 8800
SIMULATOR_PORT = 8900
WEB_THREADS = 4
ANSWER_SECONDS = 60.0
DEATHS_ENDURED_AT_START = 3


class CannotStart(Exception):
    """A step of the start failed; the text is Czech and complete."""


def main(argv: Sequence[str]) -> int:
    """Run the demo until Ctrl-C or SIGTERM. Exit code 0 after an orderly end, 2 when it could not start."""
    given = _parser().parse_args(argv)
    folder, teller = demo_data_dir(), Teller()
    try:
        lock = state.take_lock(folder)
    except state.DemoRunsAlready as other:
        number = f" (proces {other.pid})" if other.pid else ""
        print(
            f"Ukázka v této složce už běží{number}. Ukončete ji klávesami Ctrl-C, nebo použijte její okno.",
            file=sys.stderr,
        )
        return 2
    with lock, _stopping_signals():
        try:
            _run(given, folder, teller)
        except KeyboardInterrupt:
            teller.say("\nUkázka je ukončena. Data zůstala uložena; příště naváže, kde skončila.")
            return 0
        except CannotStart as problem:
            teller.say(f"\n{problem}")
            return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./egon demo", description="Spustí ukázkové eGON Centrum.")
    parser.add_argument("--reset", action="store_true", help="smaže data ukázky a začne znovu")
    parser.add_argument("--port", type=int, default=WEB_PORT, help="port webu (výchozí %(default)s)")
    parser.add_argument(
        "--simulator-port", type=int, default=SIMULATOR_PORT, help="port simulátoru ISDS (výchozí %(default)s)"
    )
    return parser


@contextlib.contextmanager
def _stopping_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the demo just as Ctrl-C does."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {caught: signal.signal(caught, stop) for caught in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for caught, action in before.items():
            signal.signal(caught, action)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """While stopping, a second Ctrl-C must not leave half of it running."""
    before = {
        caught: signal.signal(caught, signal.SIG_IGN) for caught in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for caught, action in before.items():
            signal.signal(caught, action)


def _run(given: argparse.Namespace, folder: Path, teller: Teller) -> None:
    teller.say("eGON Centrum: spouštím ukázku (ukončíte ji klávesami Ctrl-C)")
    if os.environ.get("EGON_DATABASE_URL"):
        teller.say("  Databázi z EGON_DATABASE_URL nechávám být, ukázka má svou vlastní.")
    server = embedded_server(folder, die_with_parent=True)
    if given.reset:
        with teller.step("Mažu data předchozí ukázky"):
            server.stop_for_all()
            state.forget_everything(folder)
    watch = Watch(teller.say)
    try:
        with teller.step("Databáze PostgreSQL"):
            server.start()
            server.ensure_database(DATABASE)
        environment = _environment(folder, server.url(DATABASE))
        _prepare_database(folder, environment, teller)
        # Ports are chosen at the last moment: the first preparation is long enough for others to take them.
        simulator_port = free_port(given.simulator_port, teller.say, taken=(given.port,))
        environment["EGON_ISDS_URL"] = f"http://127.0.0.1:{simulator_port}"
        web_port = free_port(given.port, teller.say, taken=(simulator_port,))
        _start_processes(watch, folder, environment, teller, web_port=web_port, simulator_port=simulator_port)
        _tell_addresses(folder, teller, web_port=web_port, simulator_port=simulator_port)
        while True:
            watch.look()
            time.sleep(0.2)
    finally:
        with _undisturbed():
            _stop(watch, server, teller)


def _stop(watch: Watch, server: Any, teller: Teller) -> None:
    teller.say("")
    if watch.children:
        with teller.step("Zastavuji web, úlohy a simulátor"):
            watch.stop_all()
    with teller.step("Zastavuji databázi"):
        server.stop()


def _environment(folder: Path, database_url: str) -> dict[str, str]:
    """Environment of all the demo's processes; the address of ISDS is added when its port is known."""
    return python_environment(
        folder,
        EGON_DATABASE_URL=database_url,
        EGON_ISDS_TRUST_DIR=str(folder / "isds" / "pki" / "roots"),
        EGON_DEMO="1",
    )


def _seed_file(folder: Path) -> Path:
    """Boxes and logins of the demo world, as the simulator reads them."""
    return folder / "isds-seed.json"


def _prepare_database(folder: Path, environment: dict[str, str], teller: Teller) -> None:
    """Migrations and the demo world, when the code changed since they were last done here."""
    fingerprint = state.code_fingerprint()
    notes = state.read_state(folder)
    if notes.get("prepared") == fingerprint:
        return
    with teller.step("Tabulky databáze (migrace)"):
        _django(["migrate", "--database=owner"], environment, folder, "Databázi se nepodařilo převést na tuto verzi.")
    with teller.step("Smyšlený kraj a jeho lidé"):
        _django(["demo_world"], environment, folder, "Ukázková data se nepodařilo vytvořit.")
        _seed_file(folder).write_text(_told_by_the_world("--boxes-json", environment), encoding="utf-8")
    state.write_state(folder, {"prepared": fingerprint, "logins": _logins(environment)})


def _django(arguments: Sequence[str], environment: dict[str, str], folder: Path, failure: str) -> None:
    """Run a management command; its output goes to log/prepare.log. Raises CannotStart with the last lines."""
    child = Child("příprava", [sys.executable, "-m", "django", *arguments], environment, folder / "log" / "prepare.log")
    child.start()
    try:
        code = child.process.wait() if child.process else 1
    except KeyboardInterrupt:
        child.ask_to_end()
        child.make_sure_it_ended()
        raise
    if code != 0:
        lines = "\n".join(f"    {line}" for line in child.log_tail())
        raise CannotStart(
            f"{failure} Dosavadní data zůstala beze změny. Podrobnosti: {child.log_file}\n{lines}\n"
            "Pokud na datech ukázky nezáleží, pomůže ./egon demo --reset."
        )


def _start_processes(
    watch: Watch, folder: Path, environment: dict[str, str], teller: Teller, *, web_port: int, simulator_port: int
) -> None:
    logs = folder / "log"
    with teller.step("Simulátor datových schránek"):
        arguments = [
            "-m",
            "egon.gateways.isds.simulator",
            "--port",
            str(simulator_port),
            "--data",
            str(folder / "isds"),
        ]
        if _seed_file(folder).exists():
            arguments += ["--seed", str(_seed_file(folder))]
        simulator = Child("Simulátor ISDS", [sys.executable, *arguments], environment, logs / "simulator.log")
        _wait_for_answer(watch, watch.start(simulator), simulator_port, "/api/health", any_answer=True)
    with teller.step("Web a zpracování úloh"):
        arguments = granian_arguments("127.0.0.1", web_port, threads=WEB_THREADS)
        web = watch.start(Child("Web", arguments, environment, logs / "web.log"))
        jobs = [sys.executable, "-m", "django", "worker"]
        watch.start(Child("Úlohy na pozadí", jobs, environment, logs / "worker.log"))
        _wait_for_answer(watch, web, web_port, "/health")


def _wait_for_answer(watch: Watch, child: Child, port: int, path: str, *, any_answer: bool = False) -> None:
    """Wait until ``child`` answers. Raises CannotStart when one keeps dying or nothing answers in a minute.

    An answer alone is not enough: a stranger may have taken the port just before. Ours says where it listens.
    """
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        status = _status_of(port, path) if child.has_said(f"http://127.0.0.1:{port}") else 0
        if status == http.client.OK or (any_answer and status):
            return
        watch.look()
        dying = next((child for child in watch.children if child.deaths >= DEATHS_ENDURED_AT_START), None)
        if dying:
            raise CannotStart(
                f"{dying.title} se opakovaně nespustil, příčinu ukazují řádky výše. Data zůstala uložena."
            )
        time.sleep(0.1)
    shown = "\n".join(f"    {line}" for line in child.log_tail())
    raise CannotStart(f"Na portu {port} nikdo neodpověděl do {ANSWER_SECONDS:.0f} s. Data zůstala uložena.\n{shown}")


def _status_of(port: int, path: str) -> int:
    """HTTP status of a GET on this machine; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _tell_addresses(folder: Path, teller: Teller, *, web_port: int, simulator_port: int) -> None:
    teller.say(f"\nHotovo za {teller.total()}.\n")
    teller.say(f"  eGON Centrum         http://localhost:{web_port}/")
    teller.say(f"  Simulátor ISDS       http://localhost:{simulator_port}/")
    teller.say(f"  Data a záznamy       {os.path.relpath(folder)}")
    logins = state.read_state(folder).get("logins")
    if logins:
        teller.say("\nPřihlášení:")
        for line in _as_table(logins):
            teller.say(f"  {line}")
    teller.say("\nUkončíte klávesami Ctrl-C.")


def _logins(environment: dict[str, str]) -> list[dict[str, str]]:
    """People of the demo world: name, login, password, role, organisation."""
    found = json.loads(_told_by_the_world("--logins", environment))
    return [{key: str(value) for key, value in person.items() if value} for person in found]


def _told_by_the_world(what: str, environment: dict[str, str]) -> str:
    """What ``demo_world`` prints with an option: JSON. Raises CannotStart with what it wrote instead."""
    asked = subprocess.run(
        [sys.executable, "-m", "django", "demo_world", what],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise CannotStart(f"Ukázkový svět se nepodařilo přečíst.\n{asked.stderr[-2000:]}")
    return asked.stdout


def _as_table(logins: Sequence[dict[str, str]]) -> Iterator[str]:
    columns = {"login": "jméno", "password": "heslo", "name": "kdo", "role": "role", "organisation": "organizace"}
    if any("url" in person for person in logins):
        columns["url"] = "adresa"
    rows = [columns, *({key: person.get(key, "") for key in columns} for person in logins)]
    widths = {key: max(len(row[key]) for row in rows) for key in columns}
    for row in rows:
        yield "  ".join(row[key].ljust(widths[key]) for key in columns).rstrip()
