"""The table of status codes is whole: nothing the facts list is left out, nothing in it is only claimed."""

import re
from pathlib import Path

import pytest

from .status_codes import INSIDE, PROVOKED

HERE = Path(__file__).parent


def test_every_known_code_is_in_the_table(standards: Path) -> None:
    facts = (standards / "isds" / "facts.md").read_text(encoding="utf-8")
    section = facts.partition("### 1.7 ")[2].partition("### 1.8 ")[0].partition("HTTP:")[0]
    ranges = re.findall(r"\b(\d{4})–(\d{4})\b", section)
    listed = {f"{code:04}" for first, last in ranges for code in range(int(first), int(last) + 1)}
    listed |= set(re.findall(r"(?<![-\d])\d{4}(?![-\d])", section))
    assert listed == set(INSIDE) | set(PROVOKED)


@pytest.mark.parametrize("file", sorted(set(PROVOKED.values())))
def test_the_tests_named_in_the_table_speak_of_the_codes(file: str) -> None:
    text = (HERE / file).read_text(encoding="utf-8")
    assert [code for code, where in PROVOKED.items() if where == file and f'"{code}"' not in text] == []
