"""Taking the next number of a series."""

from django.db import connection

_TAKE = """
INSERT INTO numbering_series (code, period, last) VALUES (%s, %s, 1)
ON CONFLICT (tenant_id, code, period) DO UPDATE SET last = numbering_series.last + 1
RETURNING last
"""


class OutsideTransaction(RuntimeError):
    """A defect: a number taken outside a transaction would be lost when the work that needs it fails."""


def take(series: str, period: str | int) -> int:
    """The next number of the present originator's ``series`` in ``period``, from 1.

    Belongs to the caller's transaction: when that is taken back, so is the number, and the series has no gap
    (vyhláška 259/2012 Sb. § 8 a § 10). Others wait for the caller's commit, so take it late. Raises
    :class:`OutsideTransaction`.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"series {series} {period}")
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [series, str(period)])
        return int(cursor.fetchone()[0])
