"""Where paper is, who has what, for paper and digital documents alike."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.operations.circulation.conftest import Office

from egon.circulation import errors, operations, paper_queries
from egon.circulation.models import PaperPlace
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import StepPurpose
from egon.kernel.errors import AccessDenied

pytestmark = pytest.mark.django_db


def placed(office, document, key="clerk", **where):
    return operations.place_paper(actor=office.acting(key), document=document, at=office.now, **where)


@pytest.mark.norm("2.7.5")
def test_the_place_the_person_and_the_time_of_paper_are_kept_at_every_hand_over(office):
    world = office.world
    handover = office.assigned("OD")
    document = handover.document
    placed(office, document, room="podatelna, přihrádka 3")
    operations.take_over(actor=office.acting("head"), handover=handover, at=office.later(hours=1))
    given = operations.give_to(
        actor=office.acting("head"), document=document, person=world.officer, at=office.later(hours=2)
    )
    operations.take_over(actor=office.acting("officer"), handover=given, at=office.later(hours=3))
    found = [(str(place), place.since, place.is_present) for place in paper_queries.places_of(document)]
    unit = world.units["OD"]
    assert found == [
        (f"{world.officer}, {unit}", office.later(hours=3), True),
        (f"{world.head}, {unit}", office.later(hours=1), False),
        ("podatelna, přihrádka 3", office.now, False),
    ]


def test_a_document_without_paper_gets_none_by_being_taken_over(office):
    handover = office.assigned("OD")
    operations.take_over(actor=office.acting("head"), handover=handover, at=office.now)
    assert not paper_queries.places_of(handover.document).exists()


def test_all_obstacles_come_at_once_and_nothing_changes(office):
    world, document = office.world, office.received()
    with pytest.raises(errors.PaperNotPlaced, match="kde papír je"):
        placed(office, document, room="  ")
    with pytest.raises(errors.PaperNotPlaced, match="nepracuje"):
        placed(office, document, unit=world.units["OS"], person=world.officer)
    placed(office, document, room="12")
    with pytest.raises(errors.PaperNotPlaced, match="už tam"):
        placed(office, document, room="12")
    assert PaperPlace.objects.filter(document=document).count() == 1


def test_who_records_where_paper_is(office):
    document = office.draft()
    placed(office, document, "officer", room="214")
    placed(office, document, "records_keeper", room="spisovna")
    for key in ("outsider", "head2"):
        with pytest.raises(AccessDenied):
            placed(office, document, key, room="x")


def found(office, key="head", **wanted):
    chosen = paper_queries.who_has_what(office.acting(key), **wanted)
    return [pk for pk in chosen.values_list("pk", flat=True) if pk not in office.known]


def test_who_has_what_is_found_by_person_unit_room_and_lateness(office):
    world, today = office.world, office.today
    held, late = office.draft(), office.assigned("OD", deadline=today - timedelta(days=2)).document
    placed(office, held, "officer", person=world.officer, room="regál 7")
    assert set(found(office)) == {held.pk, late.pk}
    assert found(office, person=world.officer) == [held.pk]
    assert found(office, late_on=today) == [late.pk]
    assert found(office, on_paper=True) == [held.pk]
    assert found(office, room="REGÁL") == [held.pk]
    assert found(office, on_paper=True, unit=world.units["OD"]) == []
    assert found(office, "outsider") == []


def test_a_row_tells_who_has_it_who_is_asked_and_where_the_paper_is(office):
    world = office.world
    handover, draft = office.assigned("OD"), office.draft()
    placed(office, draft, "officer", room="214")
    operations.start_route(
        actor=office.acting("officer"),
        document=draft,
        steps=[PlannedStep(1, StepPurpose.OPINION, person=world.head2)],
        at=office.now,
    )
    waiting, circulating = paper_queries.who_has_rows([handover.document.pk, draft.pk])
    assert (waiting.waits_for, waiting.asked, waiting.paper) == (str(world.units["OD"]), (), None)
    assert [step.to_person for step in circulating.asked] == [world.head2]
    assert (circulating.waits_for, str(circulating.paper)) == ("", "214")


def test_the_rows_ask_the_same_few_queries_however_many_there_are(office):
    ids = [office.draft().pk for _ in range(5)]
    with CaptureQueriesContext(connection) as one:
        paper_queries.who_has_rows(ids[:1])
    with CaptureQueriesContext(connection) as five:
        paper_queries.who_has_rows(ids)
    assert len(one) == len(five) == 4


def test_another_organisation_sees_no_place(world):
    with world.office.scope():
        office = Office(world)
        placed(office, office.received(), room="12")
    with world.school.scope():
        assert not PaperPlace.objects.exists()
