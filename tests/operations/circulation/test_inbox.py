"""What waits for whom, with one next step."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.operations.circulation.conftest import Office
from tests.records_steps import record_class

from egon.circulation import operations, queries
from egon.circulation.inbox import Step
from egon.circulation.models import Handover
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import StepPurpose
from egon.records import operations as records
from egon.records.disclosure import UNTOLD
from egon.records.rules.states import Direction
from egon.registry import queries as registry

pytestmark = pytest.mark.django_db


def steps(office, key):
    return [(item.step, item.document.pk) for item in office.inbox(key)]


def given(office, **about):
    handover = office.assigned("OD", **about)
    return operations.give_to(
        actor=office.acting("head"), document=handover.document, person=office.world.officer, at=office.now
    )


def test_what_is_registered_waits_for_the_mailroom_to_assign_it(office):
    document = office.received()
    assert steps(office, "clerk") == [(Step.ASSIGN, document.pk)]
    assert steps(office, "head") == []


def test_what_is_assigned_waits_for_those_who_lead_the_unit(office):
    document = office.assigned("OD").document
    for key in ("head", "substitute", "OD"):
        assert steps(office, key) == [(Step.TAKE_OVER, document.pk)]
    for key in ("officer", "head2", "outsider", "clerk", "secretariat", "OS"):
        assert steps(office, key) == []


def test_a_head_who_took_it_over_gives_it_to_an_officer(office):
    handover = operations.take_over(actor=office.acting("head"), handover=office.assigned("OD"), at=office.now)
    assert steps(office, "head") == [(Step.GIVE, handover.document.pk)]


def test_the_officer_takes_it_over_once_then_files_it_then_settles_it(office):
    handover = given(office)
    document = handover.document
    assert steps(office, "officer") == [(Step.TAKE_OVER, document.pk)]
    operations.take_over(actor=office.acting("officer"), handover=handover, at=office.now)
    assert steps(office, "officer") == [(Step.PUT_IN_FILE, document.pk)]


def test_a_return_comes_back_with_its_reason(office):
    handover = office.assigned("OD")
    operations.send_back(actor=office.acting("head"), handover=handover, reason="Patří školství.", at=office.now)
    (item,) = office.inbox("clerk")
    assert (item.step, item.document.pk) == (Step.REASSIGN, handover.document.pk)
    assert "Patří školství." in item.note
    operations.assign_to_unit(
        actor=office.acting("clerk"), document=handover.document, unit=office.world.units["OS"], at=office.now
    )
    assert steps(office, "clerk") == []


def test_the_officers_return_waits_for_the_head_once(office):
    handover = given(office)
    operations.send_back(actor=office.acting("officer"), handover=handover, reason="Jsem podjatý.", at=office.now)
    assert steps(office, "head") == [(Step.REASSIGN, handover.document.pk)]
    assert steps(office, "officer") == []


def test_a_draft_goes_to_the_approver_and_comes_back_for_rework(office):
    draft = office.draft()
    assert steps(office, "officer") == [(Step.FINISH_DRAFT, draft.pk)]
    approval = operations.request_approval(
        actor=office.acting("officer"), document=draft, approver=office.world.head, at=office.now
    )
    assert steps(office, "officer") == []
    assert steps(office, "head") == [(Step.DECIDE, draft.pk)]
    operations.return_for_rework(actor=office.acting("head"), approval=approval, comment="Kratší.", at=office.now)
    (item,) = office.inbox("officer")
    assert (item.step, item.note) == (Step.REWORK, "Kratší.")


def test_a_document_whose_reply_is_under_way_waits(office):
    handover = operations.take_over(actor=office.acting("officer"), handover=given(office), at=office.now)
    reply = records.draft_reply(actor=office.acting("officer"), to=handover.document, text="Dobrý den.", at=office.now)
    found = steps(office, "officer")
    assert found == [(Step.FINISH_DRAFT, reply.pk), (Step.WAIT, handover.document.pk)]


def test_a_circular_is_taken_over_handed_on_and_taken_note_of(office):
    distribution = operations.send_circular(
        actor=office.acting("secretariat"),
        subject="Oběžník",
        text="x",
        units=list(registry.records_nodes()),
        at=office.now,
    )
    document, handover = distribution.document, distribution.handovers.get(to_unit__code="OD")
    assert steps(office, "OD") == [(Step.TAKE_OVER, document.pk)]
    operations.take_over(actor=office.node_admin("OD"), handover=handover, at=office.now)
    assert steps(office, "OD") == [(Step.HAND_ON, document.pk)]
    operations.hand_on(actor=office.node_admin("OD"), handover=handover, people=[office.world.officer], at=office.now)
    assert steps(office, "OD") == []
    assert steps(office, "officer") == [(Step.TAKE_NOTE, document.pk)]


def test_the_overdue_come_first_then_the_nearest_deadline(office):
    today = office.today
    later = given(office, subject="za týden", deadline=today + timedelta(days=7)).document
    none = given(office, subject="bez termínu").document
    late = given(office, subject="pozdě", deadline=today + timedelta(days=1)).document
    on = today + timedelta(days=3)
    items = office.inbox("officer", on=on)
    assert [item.document.pk for item in items] == [late.pk, later.pk, none.pk]
    assert [item.days_late for item in items] == [2, 0, 0]


def test_the_inbox_asks_the_same_few_queries_however_much_waits(office):
    def count():
        with CaptureQueriesContext(connection) as asked:
            items = queries.inbox_of(office.acting("head"), on=office.today)
            assert items.items
        return len(asked)

    office.assigned("OD")
    few = count()
    for _ in range(5):
        office.assigned("OD")
    assert count() == few <= 20


def test_the_count_in_the_navigation_stops_at_its_limit(office):
    before = queries.count_waiting(office.acting("head"), at_most=99)
    for _ in range(3):
        office.assigned("OD")
    assert queries.count_waiting(office.acting("head"), at_most=99) == before + 3
    assert queries.count_waiting(office.acting("head"), at_most=2) == 2
    assert queries.count_waiting(office.acting("outsider"), at_most=99) == 0


def test_another_organisation_has_an_inbox_of_its_own(world):
    with world.office.scope():
        handover = Office(world).assigned("OD")
    with world.school.scope():
        director = world.actor(world.school.director)
        assert queries.inbox_of(director, on=handover.created_at.date()) == ([], False)
        assert not Handover.objects.filter(pk=handover.pk).exists()


def test_who_administers_all_nodes_sees_all_units_and_a_head_of_all_only_their_own_and_unled_ones(world):
    """Of two organisations where somebody holds a role everywhere."""
    with world.roads.scope():
        roads = {unit.code: unit for unit in registry.units()}
        clerk = world.actor(world.roads.clerk)
        director = world.actor(world.roads.director)
        for code in ("TEC", "EKO"):
            document = records.create_document(actor=clerk, direction=Direction.INTERNAL, subject=code, text="x")
            operations.assign_to_unit(actor=clerk, document=document, unit=roads[code], at=document.registered_at)
        day = document.registered_at.date()
        waits = {
            person: {item.document.subject for item in queries.inbox_of(person, on=day).items} & {"TEC", "EKO"}
            for person in (clerk, director)
        }
        assert waits[clerk] == {"TEC", "EKO"}
        # The technical unit has its own head; the economic one nobody leads.
        assert waits[director] == {"EKO"}


def test_the_inbox_says_when_it_does_not_read_all(office, monkeypatch):
    for _ in range(2):
        given(office)
    today = office.today
    assert not queries.inbox_of(office.acting("officer"), on=today).more
    waits = len(queries.inbox_of(office.acting("officer"), on=today).items)
    monkeypatch.setattr("egon.circulation.inbox.MOST_OF_ONE_KIND", 2)
    inbox = queries.inbox_of(office.acting("officer"), on=today)
    assert inbox.more
    assert len(inbox.items) <= waits


@pytest.mark.norm("5.1.1", "5.1.2b")
def test_of_what_was_restricted_meanwhile_the_desk_of_a_unit_tells_the_number_alone(office):
    world, officer = office.world, office.acting("officer")
    document = office.draft(subject="Výplata odměn")
    file = records.open_file(
        actor=officer, record_class=record_class("80.1"), subject="Osobní spis", unit=world.units["OD"],
        processor=world.officer, document=document,
    )  # fmt: skip
    to_unit = PlannedStep(1, StepPurpose.OPINION, unit=world.units["OD"])
    operations.start_route(actor=officer, document=document, steps=[to_unit], at=office.now)
    operations.start_route(actor=officer, file=file, steps=[to_unit], at=office.now)

    def told(key):
        return {item.document.subject for item in office.inbox(key) if item.step is Step.GIVE_OPINION}

    assert told("head") == {"Výplata odměn", "Osobní spis"}
    records.restrict_file(actor=officer, file=file, reason="Osobní věc")
    assert told("head") == {UNTOLD}
    numbers = {item.document.reference_number for item in office.inbox("head")}
    assert numbers == {document.reference_number, file.file_mark}
    assert {item.document.subject for item in office.inbox("officer")} == {"Výplata odměn", "Osobní spis"}
    records.release_file(actor=officer, file=file, reason="Už není potřeba")
    assert told("head") == {"Výplata odměn", "Osobní spis"}
