"""Number series: no gap and no duplicate, whatever happens."""

import random
import threading
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction

from egon import numbering
from egon.numbering.models import Series
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

NUMBERS = 10_000
USERS = 50


@pytest.mark.django_db
def test_each_series_and_period_counts_from_one() -> None:
    tenant = Tenant.objects.create(code="CIS", name="Číslující")
    with tenant_scope(tenant.pk):
        assert [numbering.take("cj", 2026) for _ in range(3)] == [1, 2, 3]
        assert numbering.take("cj", "2027") == 1
        assert numbering.take("spis", 2026) == 1


@pytest.mark.django_db
def test_originators_count_apart() -> None:
    for code in ("CIA", "CIB"):
        with tenant_scope(Tenant.objects.create(code=code, name=code).pk):
            assert numbering.take("cj", 2026) == 1


@pytest.mark.django_db
def test_a_number_goes_back_with_its_transaction() -> None:
    with tenant_scope(Tenant.objects.create(code="CIC", name="x").pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            numbering.take("cj", 2026)
            _ = 1 / 0
        assert numbering.take("cj", 2026) == 1


def test_outside_a_transaction_no_number_is_given(own_database: Any) -> None:
    with tenant_scope(Tenant.objects.create(code="CID", name="x").pk), pytest.raises(numbering.OutsideTransaction):
        numbering.take("cj", 2026)


class _Office:
    """Fifty users who take numbers and write each down in the same transaction, while connections are killed."""

    def __init__(self, tenant_id: int) -> None:
        self.tenant_id = tenant_id
        self.left = NUMBERS
        self.killed = 0
        self.errors: list[BaseException] = []
        self.lock = threading.Lock()

    def one_more(self) -> bool:
        with self.lock:
            if self.left == 0:
                return False
            self.left -= 1
            return True

    def once_again(self) -> None:
        with self.lock:
            self.left += 1

    def work(self) -> None:
        try:
            while self.one_more():
                self._write_down_one()
        except BaseException as error:
            self.errors.append(error)
        finally:
            connection.close()

    def _write_down_one(self) -> None:
        try:
            with tenant_scope(self.tenant_id), transaction.atomic(), connection.cursor() as cursor:
                number = numbering.take("cj", 2026)
                cursor.execute(
                    "INSERT INTO numbering_series (code, period, last) VALUES ('dukaz', %s, %s)", [str(number), number]
                )
        except (OperationalError, InterfaceError):  # killed; a number given twice is another error, and the test's
            connection.close()
            self.once_again()

    def kill_now_and_then(self, url: str, stop: threading.Event) -> None:
        with psycopg.connect(url, autocommit=True) as admin:
            while not stop.wait(0.15):
                pids = [
                    row[0]
                    for row in admin.execute(
                        "SELECT pid FROM pg_stat_activity WHERE usename = 'egon_app' AND datname = current_database()"
                    )
                ]
                for pid in random.sample(pids, min(2, len(pids))):
                    admin.execute("SELECT pg_terminate_backend(%s)", [pid])
                    self.killed += 1


def test_ten_thousand_numbers_by_fifty_users_with_killed_connections(own_database: Any) -> None:
    tenant = Tenant.objects.create(code="CIE", name="Úřad v špičce")
    office, stop = _Office(tenant.pk), threading.Event()
    users = [threading.Thread(target=office.work) for _ in range(USERS)]
    killer = threading.Thread(target=office.kill_now_and_then, args=(own_database.url, stop))
    connection.close()  # ours must not be among those killed
    for thread in (*users, killer):
        thread.start()
    for thread in users:
        thread.join()
    stop.set()
    killer.join()

    assert office.errors == []
    assert office.killed > 10
    with tenant_scope(tenant.pk):
        written = sorted(Series.objects.filter(code="dukaz").values_list("last", flat=True))
        last = Series.objects.get(code="cj").last
    # A connection killed between its commit and the answer has done its work: that number counts, and is there once.
    assert written == list(range(1, last + 1))
    assert last >= NUMBERS
