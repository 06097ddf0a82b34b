"""Damaged documents and answers never crash, hang or swell the readers. ``EGON_FUZZ_SECONDS=600`` searches longer."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.gateways.isds.fuzzing import CORPUS, READERS

HERE = Path(__file__).resolve().parent
SECONDS = float(os.environ.get("EGON_FUZZ_SECONDS") or 20)
PROCESSES = 1 if SECONDS < 120 else 2


@pytest.mark.long
def test_damaged_documents_are_refused_properly(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": str(HERE.parents[2] / "src"), "PYTHONWARNINGS": "ignore"}
    first = int(time.time())
    running = [
        subprocess.Popen(
            [sys.executable, str(HERE / "fuzzing.py"), str(SECONDS), str(first + number)],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for process in running:
        out, err = process.communicate(timeout=SECONDS + 120)
        assert process.returncode == 0, err[-3000:]
        count, _, memory = out.partition(" inputs, ")
        assert int(count) > 10 * SECONDS / 20
        assert int(memory.split()[0]) <= 500, out


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_the_corpus_is_sound_or_properly_refused(path: Path) -> None:
    """Files named ``bad-…`` once broke a reader; all others have to be read."""
    from egon.kernel.errors import GatewayError

    if path.name.startswith("bad-"):
        with pytest.raises(GatewayError):
            READERS[path.suffix](path.read_bytes())
    else:
        READERS[path.suffix](path.read_bytes())
