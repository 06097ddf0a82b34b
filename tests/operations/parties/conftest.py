"""Tests here may speak with simulators of the sources of data."""

from tests.isds import isds  # noqa: F401
from tests.registers import registers  # noqa: F401
