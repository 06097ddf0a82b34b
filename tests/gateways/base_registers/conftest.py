"""Tests here may speak with simulators of the sources of data."""

from tests.registers import registers  # noqa: F401
