"""Databases for tests: one server, a template with migrations and the demo world, quick copies of it.

The server is the embedded one under ``var/test`` or, with ``EGON_DATABASE_URL``, any PostgreSQL 15+. Django always
connects as the application's role: as the owner, tests of separation would prove nothing.
"""

import atexit
import contextlib
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from psycopg import sql

from egon.gateways.postgres import EmbeddedServer
from egon.tenancy.roles import APP_ROLE, OPS_ROLE

ALIASES = {"default": APP_ROLE, "owner": None, "ops": OPS_ROLE}
FOLDER = Path(settings.DATA_DIR) / "test"
# What the template is made of: when these change, it is made anew.
_MADE_OF = (
    "tenancy/**/*.py",
    "*/migrations/*.py",
    "*/migrations/*.sql",
    "*/models.py",
    "*/models/*.py",
    "world/**/*.py",
    "records/starting_plans/*.csv",
)


@dataclass(frozen=True)
class ScratchDatabase:
    """A database of its own, with the folder of its blobs."""

    name: str
    storage: Path

    @property
    def url(self) -> str:
        """The owner's address of this database."""
        return _with_name(admin_url(), self.name)

    def environment(self) -> dict[str, str]:
        """Environment of the product's own processes (worker, web) that shall work on this database."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "egon.config.settings",
            "PYTHONPATH": str(settings.PROJECT / "src"),
            "EGON_DATABASE_URL": self.url,
            "EGON_SECRET_KEY": settings.SECRET_KEY,
            "EGON_DATA_DIR": str(self.storage.parent),
        }


@cache
def server() -> EmbeddedServer:
    """The embedded server of the tests, started on first use and stopped by the last test session."""
    embedded = EmbeddedServer(FOLDER / "pg", durable=False, max_connections=150).start()
    atexit.register(embedded.stop)
    return embedded


@cache
def admin_url() -> str:
    """Address of a role that may create databases."""
    return os.environ.get("EGON_DATABASE_URL") or server().url("postgres")


@contextlib.contextmanager
def fresh_copy(prefix: str) -> Iterator[ScratchDatabase]:
    """A copy of the template, used by the connections of this run until the end of the block, then dropped."""
    template = _template()
    copy = ScratchDatabase(
        f"{prefix}_{os.getpid()}_{uuid.uuid4().hex[:6]}", FOLDER / "copies" / uuid.uuid4().hex / "storage"
    )
    copy.storage.parent.mkdir(parents=True)
    if template.storage.exists():
        shutil.copytree(template.storage, copy.storage)
    _create(copy.name, template.name)
    try:
        with pointed_at(copy):
            yield copy
    finally:
        _drop(copy.name)
        shutil.rmtree(copy.storage.parent, ignore_errors=True)


@contextlib.contextmanager
def pointed_at(database: ScratchDatabase) -> Iterator[None]:
    """Django's connections and storage of this process use ``database`` inside the block."""
    before = {alias: dict(connections[alias].settings_dict) for alias in ALIASES}
    storage_before = settings.STORAGE_DIR
    _point(database)
    settings.STORAGE_DIR = database.storage
    try:
        yield
    finally:
        for alias, values in before.items():
            connections[alias].close()
            connections[alias].settings_dict.update(values)
        settings.STORAGE_DIR = storage_before


def _point(database: ScratchDatabase) -> None:
    from egon.config.settings import _as_role, _connection

    owner = _connection(database.url)
    for alias, role in ALIASES.items():
        connections[alias].close()
        values = _as_role(owner, role) if role else owner
        # Shared dictionary: threads that open connections of their own see the same database.
        connections[alias].settings_dict.update(
            {key: values[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        )
        connections.settings[alias].update({key: values[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})


@cache
def _template() -> ScratchDatabase:
    """The template for the present sources: made once, kept for later sessions."""
    mark = _fingerprint()
    template = ScratchDatabase(f"egon_template_{mark}", FOLDER / "templates" / mark / "storage")
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(20260704)")  # one session builds, the others wait for it
        try:
            if not _exists(admin, template.name):
                _forget_the_dead(admin)
                _build(template)
        finally:
            admin.execute("SELECT pg_advisory_unlock(20260704)")
    return template


def _build(template: ScratchDatabase) -> None:
    unfinished = ScratchDatabase(f"{template.name}_new_{os.getpid()}", template.storage)
    shutil.rmtree(template.storage.parent, ignore_errors=True)
    template.storage.parent.mkdir(parents=True)
    _create(unfinished.name, "template0")
    fill(unfinished)
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(unfinished.name), sql.Identifier(template.name)
            )
        )


def fill(database: ScratchDatabase) -> None:
    """Bring an empty database to the present version and put the demo world into it."""
    from egon.world import build

    with pointed_at(database), override_settings(PASSWORD_HASHERS=["tests.hashing.QuickArgon2"]):
        call_command("migrate", verbosity=0, interactive=False)
        build()


def _fingerprint() -> str:
    digest = hashlib.sha256()
    source = Path(settings.SOURCE)
    for path in sorted({path for pattern in _MADE_OF for path in source.glob(pattern) if path.is_file()}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _create(name: str, template: str) -> None:
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        _drop(name)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _drop(name: str) -> None:
    with psycopg.connect(admin_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _exists(admin: psycopg.Connection[Any], name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _forget_the_dead(admin: psycopg.Connection[Any]) -> None:
    """Drop what sessions that no longer live left behind, and all but the newest few templates."""
    names = [
        row[0] for row in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'egon\\_t%' ORDER BY oid")
    ]
    for name in names:
        pids = [part for part in name.split("_") if part.isdigit()]
        if not name.startswith("egon_template_") and pids and not Path(f"/proc/{pids[0]}").exists():
            _drop(name)
    for name in [name for name in names if name.startswith("egon_template_")][:-12]:
        _drop(name)
        shutil.rmtree(FOLDER / "templates" / name.removeprefix("egon_template_"), ignore_errors=True)


def _with_name(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))
