"""Sealing the generated log with the product's own sealing, a few organisations at once in processes of their own."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

SEALERS = 2


def seal_all(tenant_ids: Sequence[int]) -> int:
    """Seal the whole logs of these organisations; returns how many records."""
    with ProcessPoolExecutor(SEALERS, mp_context=get_context("spawn"), initializer=_set_up) as pool:
        return sum(pool.map(_seal, tenant_ids))


def _set_up() -> None:
    import django

    django.setup()


def _seal(tenant_id: int) -> int:
    from egon.audit.sealing import seal_new_records
    from egon.kernel import clock
    from egon.tenancy.scope import tenant_scope

    with tenant_scope(tenant_id):
        return seal_new_records(now=clock.now())
