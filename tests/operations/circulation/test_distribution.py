"""A circular goes to all units at once; the secretariat sees who has it, since when, and who is late."""

from datetime import timedelta

import pytest

from egon.circulation import operations, queries
from egon.circulation.errors import CannotHandOver, NoUnits
from egon.circulation.rules import HandoverState, UnitProgress
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import queries as records
from egon.records.models import Document
from egon.records.rules.states import DocumentState
from egon.registry import queries as registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def circular(office):
    return operations.send_circular(
        actor=office.acting("secretariat"),
        subject="Pokyn hejtmana k úsporám energie",
        text="Do konce roku vypněte, co nepotřebujete.",
        units=list(registry.records_nodes()),
        deadline=office.today + timedelta(days=2),
        instruction="Seznamte všechny vedoucí oddělení.",
        at=office.now,
    )


def handover_of(circular, code):
    return circular.handovers.get(to_unit__code=code)


def rows(circular, office, **later):
    day = (office.now + timedelta(**later)).date()
    return {row.handover.to_unit.code: row for row in queries.progress_in_units(circular, on=day)}


def test_every_unit_has_its_own_handover_and_sees_the_document(circular, office):
    assert circular.handovers.count() == registry.records_nodes().count() == 8
    for code in ("OD", "OS", "OE"):
        assert records.document_for(office.node_admin(code), circular.document_id) == circular.document


def test_the_content_of_a_circular_is_closed(circular):
    assert circular.document.state == DocumentState.APPROVED


def test_the_node_administrator_takes_it_over_and_hands_it_on(circular, office):
    admin = office.node_admin("OD")
    operations.take_over(actor=admin, handover=handover_of(circular, "OD"), at=office.later(hours=1))
    assert rows(circular, office)["OD"].progress is UnitProgress.TAKEN

    people = [office.world.head, office.world.officer]
    passed = operations.hand_on(
        actor=admin, handover=handover_of(circular, "OD"), people=people, at=office.later(hours=2)
    )
    row = rows(circular, office)["OD"]
    assert (row.progress, set(row.who)) == (UnitProgress.HANDED_ON, set(people))

    operations.take_over(actor=office.acting("head"), handover=passed[0], at=office.later(hours=3))
    row = rows(circular, office)["OD"]
    assert (row.progress, row.who) == (UnitProgress.HANDED_ON, (office.world.officer,))
    operations.take_over(actor=office.acting("officer"), handover=passed[1], at=office.later(hours=4))
    row = rows(circular, office)["OD"]
    assert (row.progress, row.since) == (UnitProgress.DONE, office.later(hours=4))


def test_handing_on_at_once_takes_over_and_counts_oneself_as_told(circular, office):
    admin = office.node_admin("OS")
    operations.hand_on(
        actor=admin, handover=handover_of(circular, "OS"), people=[office.world.node_admins["OS"]], at=office.now
    )
    assert handover_of(circular, "OS").state == HandoverState.TAKEN
    assert rows(circular, office)["OS"].progress is UnitProgress.DONE


def test_nobody_is_told_twice(circular, office):
    for _ in range(2):
        operations.hand_on(
            actor=office.node_admin("OD"),
            handover=handover_of(circular, "OD"),
            people=[office.world.officer],
            at=office.now,
        )
    assert handover_of(circular, "OD").passed_on.count() == 1


def test_the_late_ones_come_first_and_only_while_they_are_not_done(circular, office):
    operations.hand_on(
        actor=office.node_admin("OS"),
        handover=handover_of(circular, "OS"),
        people=[office.world.node_admins["OS"]],
        at=office.now,
    )
    found = queries.progress_in_units(circular, on=(office.now + timedelta(days=5)).date())
    assert [row.handover.to_unit.code for row in found][-1] == "OS"
    assert {row.days_late for row in found} == {3, 0}
    assert queries.people_waited_for(found) == 7
    assert {row.days_late for row in queries.progress_in_units(circular, on=office.today)} == {0}


def test_it_is_passed_on_only_inside_the_unit(circular, office):
    with pytest.raises(CannotHandOver, match="Lucie Krejčí"):
        operations.hand_on(
            actor=office.node_admin("OD"),
            handover=handover_of(circular, "OD"),
            people=[office.world.officer2],
            at=office.now,
        )
    assert handover_of(circular, "OD").state == HandoverState.WAITING


def test_a_circular_is_not_returned(circular, office):
    with pytest.raises(CannotHandOver, match="nevrací"):
        operations.send_back(
            actor=office.node_admin("OD"), handover=handover_of(circular, "OD"), reason="Nechceme.", at=office.now
        )


def test_only_secretariats_and_heads_send_circulars(office):
    with pytest.raises(AccessDenied):
        operations.send_circular(
            actor=office.acting("officer"), subject="Cizí", text="x", units=list(registry.units()), at=office.now
        )


def test_without_units_nothing_is_registered(office):
    before = Document.objects.count()
    with pytest.raises(NoUnits):
        operations.send_circular(
            actor=office.acting("secretariat"), subject="Nikomu", text="x", units=[], at=office.now
        )
    assert Document.objects.count() == before


def test_an_existing_document_is_distributed_by_who_has_it(office):
    draft = office.draft(by="secretariat")
    distribution = operations.distribute(
        actor=office.acting("secretariat"), document=draft, units=[office.world.units["OD"]], at=office.now
    )
    assert [handover.to_unit.code for handover in distribution.handovers.all()] == ["OD"]


def test_the_overview_is_for_the_secretariat_and_the_auditor(circular, office):
    assert queries.distribution_for(office.acting("secretariat"), circular.pk) == circular
    assert queries.distribution_for(office.acting("auditor"), circular.pk) == circular
    for key in ("officer", "outsider"):
        with pytest.raises(NotFound):
            queries.distribution_for(office.acting(key), circular.pk)
