"""Where things are on the disk, seen from the command line."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
SOURCE = PROJECT / "src"
DATABASE = "egon"


def standing_data_dir() -> Path:
    """``EGON_DATA_DIR``, or ``var/``."""
    return Path(os.environ.get("EGON_DATA_DIR") or PROJECT / "var").absolute()


def demo_data_dir() -> Path:
    """Everything of the demo: database, files, simulator, logs."""
    return PROJECT / "var" / "demo"


def data_dir_in_use() -> Path:
    """The data a product command works with: where only the demo was ever started here, that is the demo's."""
    standing = standing_data_dir()
    if os.environ.get("EGON_DATA_DIR") or os.environ.get("EGON_DATABASE_URL"):
        return standing
    demo = demo_data_dir()
    if not (standing / "pg" / "PG_VERSION").exists() and (demo / "pg").exists():
        print(f"Pracuji s daty ukázky ({demo.relative_to(PROJECT)}).", file=sys.stderr)
        return demo
    return standing


def python_environment(data_dir: Path, **more: str) -> dict[str, str]:
    """Environment for a child that runs our code."""
    environment = {**os.environ, "EGON_DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "egon.config.settings"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH", "")]))
    environment["PYTHONUNBUFFERED"] = "1"
    return environment | more
