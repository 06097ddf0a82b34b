"""Tests here speak with a running simulator of ISDS."""

from tests.isds import isds  # noqa: F401
