"""The hash chain over the transaction log: what is sealed cannot be changed unseen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from egon.audit import log, sealing
from egon.audit.models import LogRecord, LogSeal
from egon.kernel.actor import Actor
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def tenant(own_database):
    return Tenant.objects.create(code="LOG", name="Organizace s protokolem")


def write(tenant, count):
    for number in range(count):
        log.record("test.step", actor=Actor.system(tenant.pk), parameters={"krok": number, "text": "žluťoučký"})


def by_the_owner(statement, *parameters):
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, parameters)


def test_untouched_log_verifies_whole(tenant):
    with tenant_scope(tenant.pk):
        write(tenant, 2500)
        assert sealing.seal_new_records(now=NOW) == 2500
        write(tenant, 3)
        result = sealing.verify()
    assert result.intact
    assert (result.records, result.links, result.unsealed) == (2500, 3, 3)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_logrecord SET actor_name = actor_name || '.' WHERE id = %s",
        "UPDATE audit_logrecord SET parameters = '{\"krok\": 99}' WHERE id = %s",
        "UPDATE audit_logrecord SET recorded_at = recorded_at + interval '1 microsecond' WHERE id = %s",
        "DELETE FROM audit_logrecord WHERE id = %s",
    ],
)
def test_change_of_one_record_names_that_record(tenant, change):
    with tenant_scope(tenant.pk):
        write(tenant, 20)
        sealing.seal_new_records(now=NOW)
        victim = LogRecord.objects.order_by("pk")[7].pk
        by_the_owner(change, victim)
        findings = sealing.verify().findings
    assert [finding.record_id for finding in findings] == [victim]


def test_removed_link_is_found(tenant):
    with tenant_scope(tenant.pk):
        for _ in range(3):
            write(tenant, 2)
            sealing.seal_new_records(now=NOW)
        by_the_owner("DELETE FROM audit_logseal WHERE tenant_id = %s AND position = 2", tenant.pk)
        assert any(finding.position == 3 for finding in sealing.verify().findings)


def test_record_with_a_lower_number_committed_late_is_sealed_too(tenant):
    with tenant_scope(tenant.pk):
        write(tenant, 1)
        late = LogRecord.objects.get()
        by_the_owner("UPDATE audit_logrecord SET id = id + 100 WHERE id = %s", late.pk)
        assert sealing.seal_new_records(now=NOW) == 1
        write(tenant, 1)  # gets an id below the sealed one
        assert LogRecord.objects.order_by("pk").first().pk < late.pk + 100
        assert sealing.seal_new_records(now=NOW) == 1
        assert sealing.verify().intact


def test_record_slipped_in_below_the_mark_is_found(tenant):
    with tenant_scope(tenant.pk):
        write(tenant, 5)
        first = LogRecord.objects.order_by("pk").first().pk
        sealing.seal_new_records(now=datetime.now(UTC) + timedelta(hours=1))
        by_the_owner(
            "INSERT INTO audit_logrecord (id, tenant_id, recorded_at, request_id, operation, outcome, actor_name, ip,"
            " subjects, parameters, message) SELECT %s, tenant_id, recorded_at, request_id, operation, outcome,"
            " actor_name, ip, subjects, parameters, message FROM audit_logrecord WHERE id = %s",
            -1,
            first,
        )
        assert [finding.record_id for finding in sealing.verify().findings] == [-1]


@pytest.mark.parametrize("table", [LogRecord, LogSeal])
def test_application_may_not_change_or_remove_rows(tenant, table):
    with tenant_scope(tenant.pk):
        write(tenant, 1)
        sealing.seal_new_records(now=NOW)
        for statement in (f"UPDATE {table._meta.db_table} SET id = id", f"DELETE FROM {table._meta.db_table}"):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert sealing.verify().records == 1
