"""``python -m bench``: make the data once, measure, print the table, write it to docs/benchmarks.md."""

import argparse
import os
import shutil
import sys
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
DATABASE = "egon_bench"
_ALL = ("registering", "pages", "walking", "resorting", "extracting", "verifying", "fetching", "memory", "zfo", "isds")
_WITHOUT_DATA = frozenset({"zfo", "isds"})
"""Measurements of libraries: they need neither a database nor documents."""


def main() -> int:
    given = _arguments()
    sys.path.insert(0, str(PROJECT / "src"))
    from egon.gateways.postgres import EmbeddedServer

    given.data.mkdir(parents=True, exist_ok=True)
    os.environ["EGON_DATA_DIR"] = str(given.data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "egon.config.settings"
    os.environ.setdefault("EGON_LOG_LEVEL", "ERROR")
    if set(given.only) <= _WITHOUT_DATA:
        return _measure(None, given, None)
    generated = _ensure_data(given)
    with EmbeddedServer(given.data / "pg", die_with_parent=True) as server:
        _connect_to(server)
        return _measure(server, given, generated)


def _connect_to(server: Any) -> None:
    import django

    server.ensure_database(DATABASE)
    os.environ["EGON_DATABASE_URL"] = server.url(DATABASE)
    django.setup()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./egon bench", description="Změří výkon na velkých datech.")
    parser.add_argument("--documents", type=int, default=1_000_000, help="počet dokumentů (výchozí %(default)s)")
    parser.add_argument("--tenants", type=int, default=100, help="počet organizací (výchozí %(default)s)")
    default = PROJECT / "var" / "bench"
    parser.add_argument("--data", type=_folder, default=default, help="složka s daty (výchozí var/bench)")
    parser.add_argument("--only", nargs="*", default=_ALL, help=f"jen tato měření: {' '.join(_ALL)}")
    parser.add_argument("--messages", type=int, default=1000, help="počet stahovaných zpráv (výchozí %(default)s)")
    parser.add_argument("--received", type=int, default=10_000, help="zpráv přijatých klientem (výchozí %(default)s)")
    parser.add_argument("--walk", default="", help="z procházení všech stránek jen adresy, které mají tento výraz")
    parser.add_argument("--compare", type=_folder, help="složka s menšími daty, proti nimž se počítá růst stránek")
    parser.add_argument("--reset", action="store_true", help="data vytvořit znovu")
    parser.add_argument("--no-page", action="store_true", help="nezapisovat do docs/benchmarks.md")
    return parser.parse_args()


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _measure(server: Any, given: argparse.Namespace, generated: float | None) -> int:
    from bench import report
    from bench.report import Row

    rows: list[Row] = []
    if server is not None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
    if generated is not None:
        rows.append(Row("vytvoření dat", f"{generated / 60:.1f} min", "< 15 min", generated < 900))
    for name in given.only:
        tell(f"== {name}")
        for row in _scenario(name)(server, given):
            rows.append(row)
            tell(f"{row.what}: {row.value} {row.verdict}")
    print()
    print(report.as_table(rows))
    if not given.no_page:
        count = f"{given.documents:,}".replace(",", "\u00a0")
        setting = f"Data: {count} dokumentů, {given.tenants} organizací."
        load = os.getloadavg()[0]
        setting += f" Zátěž stroje na konci měření {load:.0f}."
        page, at = PROJECT / "docs" / "benchmarks.md", datetime.now().astimezone()
        report.write(page, rows, documents=given.documents, setting=setting, at=at)
    return 0 if all(row.reached is not False for row in rows) else 1


def _scenario(name: str) -> Any:
    return import_module(f"bench.{name}").measure


def _ensure_data(given: argparse.Namespace) -> float | None:
    """Seconds the generating took, or None when the data of the same size are there already."""
    from egon.gateways.postgres import EmbeddedServer

    mark = given.data / "generated"
    wanted = f"{given.documents} {given.tenants}"
    if mark.exists() and mark.read_text() == wanted and not given.reset:
        return None
    mark.unlink(missing_ok=True)
    begun = time.monotonic()
    # Half made data are thrown away, so nothing is lost by not waiting for the disk; the mark is written at the end.
    with EmbeddedServer(given.data / "pg", durable=False, die_with_parent=True) as server:
        _generate(server, given)
    if hasattr(os, "sync"):
        os.sync()
    mark.write_text(wanted)
    return time.monotonic() - begun


def _generate(server: Any, given: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connections

    _empty(server, given.data)
    _connect_to(server)
    from bench.generator import generate

    call_command("migrate", verbosity=0, interactive=False)
    tell("databáze je připravena")
    generate(server.url(DATABASE), tenants=given.tenants, documents=given.documents, tell=tell)
    connections.close_all()


def _empty(server: Any, folder: Path) -> None:
    import psycopg

    with psycopg.connect(server.connect_admin(), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    server.ensure_database(DATABASE)
    shutil.rmtree(folder / "storage", ignore_errors=True)  # contents, and what it remembers of the old log


def tell(what: str) -> None:
    """Progress, at once on the screen."""
    print(what, flush=True)


if __name__ == "__main__":
    sys.exit(main())
