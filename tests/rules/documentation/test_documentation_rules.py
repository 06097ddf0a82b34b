"""Dates of an installation, and releases."""

from datetime import date

import pytest

import egon
from egon.documentation import releases
from egon.documentation.rules import faults_of_facts

NOTHING = dict.fromkeys(("trial_from", "regular_from", "ended_on", "attested_on"))


@pytest.mark.parametrize(
    ("days", "version", "faults"),
    [
        ({}, "", 0),
        ({"trial_from": date(2026, 1, 1), "regular_from": date(2026, 4, 1), "ended_on": date(2030, 1, 1)}, "", 0),
        ({"trial_from": date(2026, 4, 1), "regular_from": date(2026, 1, 1)}, "", 1),
        ({"ended_on": date(2026, 1, 1)}, "", 1),
        ({"regular_from": date(2026, 4, 1), "ended_on": date(2026, 1, 1), "attested_on": date(2026, 1, 1)}, "", 2),
        ({}, "1.0", 1),
    ],
)
def test_dates_that_contradict_each_other_are_told_all_at_once(days, version, faults):
    assert len(faults_of_facts(NOTHING | days, attested_version=version)) == faults


def test_the_running_version_has_its_entry_with_reasons_and_consequences():
    release = releases.release_of(egon.__version__)
    assert release.changes
    assert all(change.what and change.why and change.consequence for change in release.changes)
    assert releases.since(egon.__version__) == []
    assert releases.since("unheard of") is None
