"""An import from the command line is killed and given again: each message is there once, with its entry."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.database import ScratchDatabase

from egon.databox.importing.tables import ImportEntry, ImportRun, Outcome, RunState
from egon.databox.models import DataMessage
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import REGION
from egon.world.outside import COMPANY

MESSAGES = 24


def command(own: ScratchDatabase, isds: Any, *arguments: str) -> "subprocess.Popen[str]":
    environment = own.environment() | {"EGON_ISDS_URL": isds.url, "EGON_ISDS_TRUST_DIR": str(isds.roots)}
    return subprocess.Popen(
        [sys.executable, "-m", "django", "databox_import", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def fill(folder: Path, isds: Any) -> None:
    ids = [isds.write(f"Podání {n}", to=REGION.box.box_id, sender=COMPANY.box) for n in range(MESSAGES)]
    isds.log_in(REGION.box)
    with isds.client(REGION.box) as client:
        for dm_id in ids:
            (folder / f"{dm_id}.zfo").write_bytes(client.download_signed(dm_id))


def test_killed_and_given_again_it_goes_on(
    own_database: ScratchDatabase, world: Any, isds: Any, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    store.mkdir()
    fill(store, isds)
    arguments = ("--organizace", world.region.code, str(store))
    with tenant_scope(world.region.pk):
        process = command(own_database, isds, *arguments)
        while process.poll() is None and ImportEntry.objects.count() < MESSAGES // 4:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        done = ImportEntry.objects.count()
        assert MESSAGES // 4 <= done == DataMessage.objects.count() < MESSAGES, process.stdout.read()
        report = tmp_path / "report.csv"
        again = command(own_database, isds, *arguments, "--protokol", str(report))
        said, _ = again.communicate(timeout=120)
        assert again.returncode == 0, said
        assert "Pokračuji v nedokončeném importu" in said
        assert ImportRun.objects.get().state == RunState.DONE
        assert list(ImportEntry.objects.values_list("outcome", flat=True)) == [Outcome.IMPORTED] * MESSAGES
        assert DataMessage.objects.count() == DataMessage.objects.values("dm_id").distinct().count() == MESSAGES
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == MESSAGES + 1
