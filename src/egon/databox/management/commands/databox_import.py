"""``egon databox import``: take in folders, ZIPs, ZFO files and databases of Datovka that lie on this machine."""

import csv
import getpass
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from egon.databox.importing import queries, reporting, work
from egon.databox.importing.tables import ImportRun, RunState
from egon.databox.operations import start_import
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

_BETWEEN_LINES = 2.0


class Command(BaseCommand):
    """Exit code 1 when some file was refused, 2 when the import could not begin."""

    help = "Importuje uložené datové zprávy: složky, ZIP, soubory ZFO a databáze aplikace Datovka."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="CESTA", type=Path)
        parser.add_argument("--organizace", required=True, help="zkratka organizace, které zprávy patří")
        parser.add_argument(
            "--byvala-schranka", action="append", default=[], metavar="ID", help="schránka, kterou organizace už nemá"
        )
        parser.add_argument("--protokol", type=Path, metavar="SOUBOR", help="uloží výsledek každého souboru jako CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(code=options["organizace"]).first()
        if tenant is None:
            raise CommandError(f"Organizace „{options['organizace']}“ v centru není.", returncode=2)
        paths = [path.absolute() for path in options["paths"]]
        if missing := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"Tyto cesty neexistují: {', '.join(missing)}", returncode=2)
        with tenant_scope(tenant.pk):
            run = self._run(tenant, paths, options["byvala_schranka"])
            ended = work.run_paths(run, paths, self._progress())
            self._report(ended, options["protokol"])

    def _run(self, tenant: Tenant, paths: list[Path], former_boxes: list[str]) -> ImportRun:
        """An unfinished import of the same paths is gone on with; otherwise a new one begins."""
        name = ", ".join(map(str, paths))[-255:]
        if run := queries.unfinished_run(name):
            self.stdout.write("Pokračuji v nedokončeném importu, hotové soubory se přeskočí.")
            return run
        actor = Actor.system(tenant.pk, f"příkazová řádka ({getpass.getuser()})")
        return start_import(actor=actor, name=name, former_boxes=former_boxes, at=clock.now())

    def _progress(self) -> work.Tell:
        told_at = 0.0

        def tell(run: ImportRun, done: int) -> None:
            nonlocal told_at
            if time.monotonic() - told_at < _BETWEEN_LINES:
                return
            told_at = time.monotonic()
            pace = queries.pace_at(run, done, now=clock.now())
            self.stdout.write(reporting.line_of(pace))

        return tell

    def _report(self, run: ImportRun, path: Path | None) -> None:
        if path is not None:
            with path.open("w", encoding="utf-8-sig", newline="") as target:
                csv.writer(target, delimiter=";").writerows(reporting.rows_of(run))
        counts = queries.counts_of(run)
        for outcome, count in counts.items():
            if count:
                self.stdout.write(f"{outcome.label}: {count}")
        if run.state != RunState.DONE:
            raise CommandError(run.problem or "Import byl zastaven.", returncode=2)
        if path is None and any(count for outcome, count in counts.items() if outcome in reporting.NOT_TAKEN):
            self.stdout.write("Důvody jsou na stránce Schránky › Import, nebo v souboru zadaném přepínačem --protokol.")
        sys.stdout.flush()
        if counts[reporting.REFUSED]:
            raise SystemExit(1)
