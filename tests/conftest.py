"""What every test may ask for. Tests that need the official schemas find them or skip with the reason."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from tests.balance import pytest_collection_modifyitems, pytest_xdist_make_scheduler

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_make_scheduler"]

# On a busy machine one example may take any time, and that says nothing about the rule.
hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def standards() -> Path:
    """Folder of the official schemas and test data; they are no part of the product."""
    folder = Path(os.environ.get("EGON_STANDARDS_DIR") or PROJECT.parent / "shared" / "standards")
    if not folder.is_dir():
        pytest.skip(f"official schemas are not here ({folder}); set EGON_STANDARDS_DIR")
    return folder


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords made in this process are hashed at the lowest cost; the algorithms stay."""
    from django.test import override_settings

    from egon.gateways.isds.simulator import accounts

    with pytest.MonkeyPatch.context() as patch, override_settings(PASSWORD_HASHERS=["tests.hashing.QuickArgon2"]):
        patch.setattr(accounts, "SCRYPT_COST", 16)
        yield


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """The session's own copy of the template database with the demo world (replaces pytest-django's)."""
    from tests import database

    with django_db_blocker.unblock(), database.fresh_copy("egon_test"):
        yield


@pytest.fixture
def own_database(django_db_blocker: Any) -> Iterator[Any]:
    """A database for one test that commits, starts processes or kills them."""
    from tests import database

    with django_db_blocker.unblock(), database.fresh_copy("egon_test_own") as copy:
        yield copy


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Any:
    """The demo world: the region and its people, the founded organisations, those outside."""
    if "own_database" not in request.fixturenames:
        request.getfixturevalue("db")
    from egon.world import load

    return load()


@pytest.fixture
def in_region(world: Any) -> Iterator[Any]:
    """The demo world with the region's scope open."""
    from egon.tenancy.scope import tenant_scope

    with tenant_scope(world.region.pk):
        yield world
