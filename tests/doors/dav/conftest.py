"""Browsers signed in as people of the demo world."""

from tests.doors.records.conftest import browser

__all__ = ["browser"]
