"""Which of several processes runs which tests: whole files, the longest work first, one process with a browser.

A long test that comes last would run alone while the other processors stand idle.
"""

from collections import Counter
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/e2e/"


class WholeFiles(LoadScopeScheduling):
    """Tests of a file share a simulator or a database, those of the browser share a whole running centre."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def longest_first(items: list[pytest.Item]) -> None:
    """Order of files: kills and floods, then the browser, then by the number of tests."""
    scopes = {item: item.nodeid.partition("::")[0] for item in items}
    sizes = Counter(scopes.values())
    long = {scopes[item] for item in items if item.get_closest_marker("long")}
    items.sort(
        key=lambda item: (
            scopes[item] not in long,
            not item.nodeid.startswith(BROWSER),
            -sizes[scopes[item]],
            scopes[item],
        )
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # the order is ours
    return WholeFiles(config, log)
