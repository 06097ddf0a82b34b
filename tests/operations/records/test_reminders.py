"""Reminders: set to oneself and to others who see the same, put off, done, deleted; they give no sight."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, register

from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied, NotFound
from egon.mailroom import queries as mailroom
from egon.records import operations, reminder_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, Document, Reminder
from egon.tenancy.scope import _current


@pytest.fixture
def document(in_region, world):
    made = register(world)
    unit = world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=made, unit=unit, holder=world.officer)
    return made


def reminded(who, days=0, note="zavolat žadateli", **of):
    return operations.set_reminder(actor=acting(who), day=today() + timedelta(days=days), note=note, **of)


def on_desk(person):
    return mailroom.counts_for_desk(acting(person), now=clock.now()).get("reminders", 0)


def test_a_reminder_comes_on_its_day_is_put_off_and_done(document, file, world):
    first = reminded(world.officer, document=document)
    reminded(world.officer, days=3, file=file)
    assert (on_desk(world.officer), on_desk(world.head)) == (1, 0)
    operations.change_reminder(actor=acting(world.officer), reminder=first, day=today() + timedelta(days=1))
    assert on_desk(world.officer) == 0
    assert reminder_queries.due(acting(world.officer), on=today() + timedelta(days=5)).count() == 2
    operations.finish_reminder(actor=acting(world.officer), reminder=first)
    with pytest.raises(NotInThisState):
        operations.finish_reminder(actor=acting(world.officer), reminder=first)
    operations.change_reminder(actor=acting(world.officer), reminder=first, day=today())
    assert on_desk(world.officer) == 1
    operations.delete_reminder(actor=acting(world.officer), reminder=first)
    assert on_desk(world.officer) == 0


def test_the_history_tells_that_and_whom_not_of_what(document, world):
    reminded(world.officer, note="tajné slovo", document=document)
    [record] = LogRecord.objects.filter(operation="records.reminder.set")
    assert ("records.document", document.pk) in {(kind, key) for kind, key, _ in record.subjects}
    assert "tajné slovo" not in str(record.parameters)
    assert "day" in record.parameters


def test_another_is_reminded_only_of_what_they_see(document, world):
    made = reminded(world.officer, document=document, person=world.head)
    assert (made.person, on_desk(world.head)) == (world.head, 1)
    with pytest.raises(InvalidInput) as refused:
        reminded(world.officer, days=-1, note=" ", document=document, person=world.outsider)
    assert len(refused.value.obstacles) == 3
    assert on_desk(world.outsider) == 0


def test_strangers_and_the_product_itself_set_and_change_nothing(document, file, world):
    with pytest.raises(AccessDenied):
        reminded(world.outsider, document=document)
    with pytest.raises(AccessDenied):
        reminded(world.outsider, file=file)
    with pytest.raises(AccessDenied):
        operations.set_reminder(
            actor=Actor.system(world.region.pk), day=today(), note="x", document=document, person=world.officer
        )
    made = reminded(world.officer, document=document)
    stranger = acting(world.head)
    for step, more in (
        (operations.change_reminder, {"day": today()}),
        (operations.finish_reminder, {}),
        (operations.delete_reminder, {}),
    ):
        with pytest.raises(AccessDenied):
            step(actor=stranger, reminder=made, **more)
    with pytest.raises(NotFound):
        reminder_queries.reminder_for(stranger, made.pk)
    token = _current.set(None)
    try:
        with world.school.scope():
            assert not Reminder.objects.exists()
    finally:
        _current.reset(token)


def test_who_loses_sight_learns_nothing_from_a_reminder(document, file, world):
    own = reminded(world.officer, note="mé vlastní slovo", document=document)
    of_file = reminded(world.head, note="cizí slovo", file=file, person=world.officer)
    actor = acting(world.officer)
    seen = reminder_queries.views(actor, [of_file.pk, own.pk])
    assert [(one.entity, one.note) for one in seen] == [(file, "cizí slovo"), (document, "mé vlastní slovo")]
    Document.objects.filter(pk=document.pk).update(holder=world.outsider, unit=world.office.units["KH"])
    Document.objects.filter(case_file=file).update(holder=world.head)
    CaseFile.objects.filter(pk=file.pk).update(processor=world.head)
    hidden = reminder_queries.views(actor, [of_file.pk, own.pk])
    assert [(one.entity, one.note) for one in hidden] == [(None, ""), (None, "mé vlastní slovo")]
    assert on_desk(world.officer) == 2
    with pytest.raises(AccessDenied):
        reminded(world.officer, document=document)
