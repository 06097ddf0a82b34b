"""An installation is prepared by one command, which may be repeated."""

from pathlib import Path
from typing import Any

import pytest

from egon.cli import product


def test_setup_prepares_the_database_and_may_be_repeated(
    own_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EGON_DATABASE_URL", own_database.url)
    monkeypatch.setenv("EGON_DATA_DIR", str(tmp_path))
    for _ in range(2):
        assert product.setup([]) == 0
        assert "Připraveno." in capsys.readouterr().out
