"""Health of all boxes for the administrator of the centre: complete, logged, and blind to contents."""

import json
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests import traces
from tests.strangers import of_school

from egon.databox import across, centre
from egon.databox.centre import BoxHealth, Condition
from egon.databox.models import (
    Box,
    BoxCertificate,
    DataMessage,
    Direction,
    MessageEvent,
    MessageFile,
    OutboxFile,
    OutboxItem,
    Progress,
)
from egon.databox.operations import look_at_centre
from egon.kernel import clock
from egon.kernel.actor import Actor, Grant, Role
from egon.kernel.errors import AccessDenied
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope

NOW = clock.now()
WELL = BoxHealth(
    organisation="Škola",
    code="SKO",
    box_id="skola01",
    active=True,
    needs_administrator=False,
    failures=0,
    last_contact_at=NOW - timedelta(minutes=1),
)
COUNTED = {"tenant_id", "box_id", "id", "active", "needs_administrator", "failures", "last_contact_at"} | {
    "progress", "direction", "state", "delivered_at", "announced_at", "sent_at", "last_attempt_at",
    "working_days_only", "login_kind", "password_expires_at", "valid_until",
}  # fmt: skip


@pytest.mark.django_db(databases=["default", "ops"])
def test_boxes_of_all_organisations_are_told_of_and_the_look_is_logged(in_region: Any) -> None:
    rows = look_at_centre(actor=in_region.actor(in_region.administrator), at=NOW)
    assert {row.code for row in rows} == set(Tenant.objects.values_list("code", flat=True))
    assert len(rows) > Box.objects.count() == 1
    assert traces.done("databox.centre.look") == 1


@pytest.mark.django_db(databases=["default", "ops"])
def test_no_column_but_counts_and_times_is_even_asked_for(in_region: Any) -> None:
    columns = {
        field.column
        for model in (Box, BoxCertificate, DataMessage, OutboxItem, MessageFile, MessageEvent, OutboxFile)
        for field in model._meta.concrete_fields
    }
    with CaptureQueriesContext(connections["ops"]) as asked:
        across.health(now=NOW)
    assert len(asked) == 7
    said = " ".join(query["sql"] for query in asked)
    assert "*" not in said.replace("COUNT(*)", "")
    assert {column for column in columns if f'"{column}"' in said} <= COUNTED
    for secret in (
        "annotation",
        "sender_name",
        "dm_id",
        "problem",
        "last_error",
        "login",
        "sealed_password",
        "name",
        "sealed",
        "subject",
    ):
        assert f'"{secret}"' not in said


@pytest.mark.django_db(databases=["default", "ops"])
def test_nobody_else_may_look_and_nothing_is_read_for_them(world: Any) -> None:
    with tenant_scope(world.region.pk):
        refused = [world.actor(p) for p in (world.clerk, world.officer, world.auditor, world.outsider)]
        only_administrator = replace(world.actor(world.administrator), grants=frozenset([Grant(Role.ADMINISTRATOR)]))
        with CaptureQueriesContext(connections["ops"]) as asked:
            for actor in (*refused, only_administrator):
                with pytest.raises(AccessDenied):
                    look_at_centre(actor=actor, at=NOW)
        assert traces.denied("databox.centre.look") == 5
    stranger = of_school(world, world.actor(world.administrator))
    with tenant_scope(world.school.pk):
        founded = world.actor(world.school.director)
        smuggled = replace(founded, grants=founded.grants | {Grant(Role.CENTRE_ADMINISTRATOR)})
        with CaptureQueriesContext(connections["ops"]) as asked_by_school:
            for actor in (founded, smuggled, stranger, Actor.system(world.school.pk)):
                with pytest.raises(AccessDenied):
                    look_at_centre(actor=actor, at=NOW)
    assert len(asked) == len(asked_by_school) == 0


def test_the_role_is_not_used_anywhere_else() -> None:
    from pathlib import Path

    import egon

    source = Path(egon.__file__).parent
    using = [p.relative_to(source).as_posix() for p in source.rglob("*.py") if "using(" in p.read_text()]
    # The second one writes what runs from now on while tables are made, by the role that makes them.
    assert sorted(using) == ["databox/across.py", "documentation/versions.py"]


def test_queues_failures_and_volumes_are_counted_by_box(own_database: Any, world: Any) -> None:
    with tenant_scope(world.school.pk):
        box = Box.objects.get()
        Box.objects.update(failures=3, last_contact_at=NOW - timedelta(hours=2))
        _message(box, "1", progress=Progress.ANNOUNCED, delivered_at=NOW - timedelta(days=3))
        _message(box, "2", progress=Progress.ANNOUNCED, delivered_at=NOW - timedelta(days=9))
        _message(box, "3", progress=Progress.FAILED, delivered_at=NOW - timedelta(days=80))
        _message(box, "4", progress=Progress.COMPLETE, delivered_at=NOW - timedelta(days=5))
    with tenant_scope(world.region.pk):
        found = {row.box_id: row for row in look_at_centre(actor=world.actor(world.administrator), at=NOW)}
    row = found[box.box_id]
    assert (row.waiting_download, row.failed_download, row.received, row.failures) == (2, 1, 2, 3)
    assert row.oldest_waiting_at == NOW - timedelta(days=9)
    assert centre.condition_of(row, now=NOW) is Condition.FAILING
    assert [one.waiting_download for one in found.values() if one.box_id != box.box_id and one.waiting_download] == []


def _message(box: Box, dm_id: str, **more: Any) -> DataMessage:
    return DataMessage.objects.create(box=box, dm_id=dm_id, direction=Direction.RECEIVED, announced_at=NOW, **more)


@pytest.mark.django_db(databases=["default", "ops"])
def test_the_command_line_gives_it_to_those_who_watch(world: Any) -> None:
    told = StringIO()
    call_command("databox_health", json=True, stdout=told)
    rows = json.loads(told.getvalue())
    assert {row["condition"] for row in rows} == {"silent"} and all(row["troubles"] for row in rows)
    metrics = StringIO()
    call_command("databox_health", prometheus=True, stdout=metrics)
    assert f'egon_box_fine{{organisation="{rows[0]["code"]}",box="{rows[0]["box_id"]}"}} 0' in metrics.getvalue()
    with pytest.raises(SystemExit):
        call_command("databox_health", stdout=StringIO())


# --- judging, without a database -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "condition", "words"),
    [
        ({}, Condition.FINE, []),
        ({"active": False, "failures": 9, "failed_download": 1}, Condition.UNUSED, []),
        ({"needs_administrator": True, "failures": 1}, Condition.STOPPED, ["odmítl přihlášení"]),
        ({"failures": 4}, Condition.FAILING, ["4× po sobě"]),
        ({"last_contact_at": None}, Condition.SILENT, ["neprohlížela"]),
        ({"last_contact_at": NOW - timedelta(hours=25)}, Condition.SILENT, ["neprohlížela"]),
        ({"last_contact_at": NOW - timedelta(hours=99), "working_days_only": True}, Condition.FINE, []),
        ({"failed_download": 2}, Condition.FINE, ["Nešlo stáhnout zpráv: 2"]),
        ({"oldest_waiting_at": NOW - timedelta(hours=30)}, Condition.FINE, ["čeká 1 d"]),
        ({"oldest_waiting_at": NOW - timedelta(hours=3)}, Condition.FINE, []),
        ({"failed_sending": 1}, Condition.FINE, ["odeslat zpráv: 1"]),
        ({"certificate_ends": NOW + timedelta(days=30)}, Condition.FINE, ["certifikátu končí"]),
        ({"password_ends": NOW - timedelta(days=1)}, Condition.FINE, ["hesla skončila"]),
        ({"password_ends": NOW + timedelta(days=300)}, Condition.FINE, []),
    ],
)
def test_what_is_a_trouble(changes: dict[str, Any], condition: Condition, words: list[str]) -> None:
    box = replace(WELL, **changes)
    assert centre.condition_of(box, now=NOW) is condition
    troubles = centre.troubles_of(box, now=NOW)
    assert len(troubles) == len(words)
    assert all(word in trouble for word, trouble in zip(words, troubles, strict=True))


def test_names_do_not_break_the_format_of_metrics() -> None:
    text = centre.as_prometheus([replace(WELL, code='a"b\\c\nd')], now=NOW)
    assert 'organisation="a\\"b\\\\c\\nd"' in text
    assert all(line.startswith(("#", "egon_box_")) for line in text.splitlines())
