"""The hash chain over the transaction log: what is sealed cannot be changed unseen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction

from egon.audit import log, sealing
from egon.audit.models import LogRecord, LogSeal
from egon.databox.models import Box
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


def test_the_command_names_the_record_of_one_changed_byte_and_fails(tenant, capsys):
    with tenant_scope(tenant.pk):
        write(tenant, 3)
        victim = LogRecord.objects.order_by("pk")[1].pk
    call_command("audit_verify", organizace=tenant.code)
    assert "Transakční protokol je neporušený." in capsys.readouterr().out
    by_the_owner("UPDATE audit_logrecord SET actor_name = overlay(actor_name placing 'X' from 1) WHERE id = %s", victim)
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_verify", organizace=tenant.code)
    assert f"záznam {victim} byl změněn" in capsys.readouterr().out


def test_two_records_that_changed_places_are_both_named(tenant):
    with tenant_scope(tenant.pk):
        write(tenant, 20)
        sealing.seal_new_records(now=NOW)
        first, second = LogRecord.objects.order_by("pk")[3:5]
        for old, new in ((first.pk, 0), (second.pk, first.pk), (0, second.pk)):
            by_the_owner("UPDATE audit_logrecord SET id = %s WHERE id = %s", new, old)
        findings = sealing.verify().findings
    assert [finding.record_id for finding in findings] == [first.pk, second.pk]


@pytest.mark.parametrize(
    "change",
    [
        "sealed_at = sealed_at - interval '1 microsecond'",
        "low_water = low_water - 1",
        "record_ids = array_replace(record_ids, record_ids[1], record_ids[2])",
        "digests = set_byte(digests, 0, get_byte(digests, 0) # 1)",
        "previous_hash = set_byte(previous_hash, 0, get_byte(previous_hash, 0) # 1)",
        "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)",
        "last_record_id = last_record_id - 1",
        "form = 1",
    ],
)
def test_a_link_with_one_thing_changed_is_named(tenant, change):
    with tenant_scope(tenant.pk):
        for _ in range(3):
            write(tenant, 2)
            sealing.seal_new_records(now=NOW)
        by_the_owner(f"UPDATE audit_logseal SET {change} WHERE tenant_id = %s AND position = 2", tenant.pk)
        findings = sealing.verify().findings
    assert 2 in [finding.position for finding in findings]


def test_links_of_the_older_form_stay_provable_and_none_may_follow_a_newer_one(tenant, monkeypatch):
    with tenant_scope(tenant.pk):
        for form, intact in ((1, True), (2, True), (1, False)):
            monkeypatch.setattr(sealing, "FORM", form)
            write(tenant, 2)
            sealing.seal_new_records(now=NOW)
            assert sealing.verify().intact is intact


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit_logsubject WHERE record_id = %s",
        "UPDATE audit_logsubject SET entity_id = entity_id + 1 WHERE record_id = %s",
        "INSERT INTO audit_logsubject (tenant_id, record_id, entity_type, entity_id)"
        " SELECT tenant_id, record_id, 'records.document', 1 FROM audit_logsubject WHERE record_id = %s",
    ],
)
def test_a_record_lost_from_the_history_of_an_entity_is_named(tenant, change):
    """The index by entities is not sealed itself; what a document's history reads must still be provable."""
    with tenant_scope(tenant.pk):
        for _ in range(3):
            log.record("test.step", actor=Actor.system(tenant.pk), subjects=[Box(pk=7, name="Schránka")])
        sealing.seal_new_records(now=NOW)
        victim = LogRecord.objects.order_by("pk")[1].pk
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


def test_a_chain_that_lost_its_end_is_told_also_after_it_grew_again(tenant):
    """The newest records and their link leave no gap; only what lies outside the database knows of them."""
    with tenant_scope(tenant.pk):
        for _ in range(2):
            write(tenant, 2)
            sealing.seal_new_records(now=NOW)
        last = LogSeal.objects.get(position=2)
        for record_id in last.record_ids:
            by_the_owner("DELETE FROM audit_logrecord WHERE id = %s", record_id)
        by_the_owner("DELETE FROM audit_logseal WHERE tenant_id = %s AND position = 2", tenant.pk)
        for _ in range(3):
            assert [finding.position for finding in sealing.verify().findings] == [2]
            write(tenant, 1)
            sealing.seal_new_records(now=NOW)


def test_a_chain_computed_anew_is_told(tenant):
    with tenant_scope(tenant.pk):
        write(tenant, 2)
        sealing.seal_new_records(now=NOW)
        by_the_owner("UPDATE audit_logrecord SET actor_name = 'Někdo jiný' WHERE tenant_id = %s", tenant.pk)
        by_the_owner("DELETE FROM audit_logseal WHERE tenant_id = %s", tenant.pk)
        sealing.seal_new_records(now=NOW)
        assert [finding.position for finding in sealing.verify().findings] == [1]


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
