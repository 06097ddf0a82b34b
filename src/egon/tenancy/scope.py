"""Work inside one originator: the database session is told whose rows exist."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DatabaseError, connection

_current: ContextVar[int | None] = ContextVar("tenant_id", default=None)


class WrongTenant(RuntimeError):
    """A defect: code of one originator tried to enter another one, or ran outside of any."""


def current_tenant_id() -> int:
    """The originator in whose scope this code runs. Raises :class:`WrongTenant` outside of any."""
    tenant_id = _current.get()
    if tenant_id is None:
        raise WrongTenant("no tenant scope is open")
    return tenant_id


@contextmanager
def tenant_scope(tenant_id: int) -> Iterator[None]:
    """Open the scope of one originator on this thread's database session. Entering the same one again is harmless."""
    outer = _current.get()
    if outer is not None and outer != tenant_id:
        raise WrongTenant(f"scope of tenant {outer} is open, {tenant_id} was asked for")
    token = _current.set(tenant_id)
    try:
        _tell_session(tenant_id)
        yield
    finally:
        _current.reset(token)
        if outer is None:
            _leave_session()


def _leave_session() -> None:
    # In a broken transaction no statement is possible; its rollback takes our setting back as well.
    if connection.connection is None or connection.needs_rollback:
        return
    try:
        _tell_session(None)
    except DatabaseError:
        # The session is lost, and with it our setting; what was lost inside the scope is reported by whoever lost it.
        connection.close()


def _tell_session(tenant_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant_id', %s, false)", ["" if tenant_id is None else str(tenant_id)])
