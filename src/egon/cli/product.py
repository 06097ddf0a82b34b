"""Commands of the product itself: thin wrappers that provide the database and call Django's management commands."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from egon.cli.database import database
from egon.cli.layout import data_dir_in_use, python_environment


def manage(argv: Sequence[str]) -> int:
    """Any Django management command, with the database at hand."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egon.config.settings")
    with database(data_dir_in_use()):
        from django.core.management import execute_from_command_line

        try:
            execute_from_command_line(["./egon manage", *argv])
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def migrate(argv: Sequence[str]) -> int:
    """Bring the database to this version. The owner's connection does it, never the application's."""
    return manage(["migrate", "--database=owner", *argv])


def shell(argv: Sequence[str]) -> int:
    """Python console over the data."""
    return manage(["shell", *argv])


def worker(argv: Sequence[str]) -> int:
    """Work on background jobs until stopped."""
    return manage(["worker", *argv])


def audit(argv: Sequence[str]) -> int:
    """``audit verify``: recompute the transaction log. Exit code 1 when anything was changed."""
    if not argv or argv[0] != "verify":
        print("Použití: ./egon audit verify [--organizace ZKRATKA]", file=sys.stderr)
        return 0 if argv and argv[0] in ("-h", "--help") else 2
    return manage(["audit_verify", *argv[1:]])


def databox(argv: Sequence[str]) -> int:
    """``databox import``: take in stored messages. ``databox health``: state of all boxes, for watching over them."""
    commands = {"import": "databox_import", "health": "databox_health"}
    if not argv or argv[0] not in commands:
        print("Použití: ./egon databox import --organizace ZKRATKA CESTA…", file=sys.stderr)
        print("         ./egon databox health [--json | --prometheus]", file=sys.stderr)
        return 0 if argv and argv[0] in ("-h", "--help") else 2
    return manage([commands[argv[0]], *argv[1:]])


def documentation(argv: Sequence[str]) -> int:
    """Write the documentation of the installation outside the database (NSESSS 10.1)."""
    return manage(["documentation_write", *argv])


def setup(argv: Sequence[str]) -> int:
    """Prepare an installation: the database in this version. May be repeated at any time."""
    parser = argparse.ArgumentParser(prog="./egon setup", description="Připraví databázi pro provoz.")
    parser.parse_args(argv)
    code = migrate([])
    if code == 0:
        print("Připraveno. Spusťte ./egon web a ./egon worker, každý ve svém okně nebo jako službu.")
    return code


def web(argv: Sequence[str]) -> int:
    """The web server (granian), one process, until stopped."""
    parser = argparse.ArgumentParser(prog="./egon web", description="Spustí webový server.")
    parser.add_argument("--host", default="127.0.0.1", help="adresa, na které naslouchá (výchozí %(default)s)")
    parser.add_argument("--port", type=int, default=8800, help="port (výchozí %(default)s)")
    parser.add_argument("--threads", type=int, default=8, help="počet vláken (výchozí %(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="počet procesů (výchozí %(default)s)")
    given = parser.parse_args(argv)
    with database(data_dir_in_use()):
        arguments = granian_arguments(given.host, given.port, threads=given.threads, workers=given.workers)
        return _run_until_stopped(arguments)


def granian_arguments(host: str, port: int, *, threads: int, workers: int = 1) -> list[str]:
    """Command line of the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--backpressure", str(threads * 8)),
        *("--log-level", "info", "--respawn-failed-workers", "egon.config.wsgi:application"),
    ]


def _run_until_stopped(arguments: Sequence[str]) -> int:
    """Run a child in the foreground; what asks us to stop is passed on to it and we wait for its end."""
    environment = python_environment(data_dir_in_use())
    with subprocess.Popen(list(arguments), env=environment, start_new_session=True) as child:

        def pass_on(_signal: int, _frame: FrameType | None) -> None:
            child.send_signal(signal.SIGTERM)

        for caught in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(caught, pass_on)
        return max(child.wait(), 0)
