"""The client can be lifted out: it needs nothing of the product above it."""

import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[3] / "src"


def test_the_library_needs_no_django() -> None:
    code = (
        "import sys, egon.gateways.isds, egon.gateways.isds.rules; "
        "own = {name for name in sys.modules if name.startswith('egon.')}; "
        "assert 'django' not in sys.modules; "
        "assert all(name.split('.')[1] in {'gateways', 'kernel'} for name in own), own"
    )
    environment = {"PYTHONPATH": str(SOURCES)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
