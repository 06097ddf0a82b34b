"""A document goes through steps: what starts by itself, who may answer, what a return and a recall leave behind."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.operations.circulation.conftest import Office

from egon.circulation import errors, operations, queries, route_queries
from egon.circulation.inbox import Step
from egon.circulation.models import Route, RouteStep
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import Answer, RouteState, StepPurpose, StepState, Where
from egon.kernel.actor import Role
from egon.kernel.calendar import plus_working_days
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations as records
from egon.records.errors import InvalidInput
from egon.records.rules.states import Direction, DocumentState
from egon.registry.models import DayOff

pytestmark = pytest.mark.django_db


def opinion(place, **to):
    return PlannedStep(place, StepPurpose.OPINION, **to)


def approval(place, **to):
    return PlannedStep(place, StepPurpose.APPROVAL, **to)


def information(place, **to):
    return PlannedStep(place, StepPurpose.INFORMATION, **to)


@pytest.fixture
def started(office):
    """``started(opinion(1, person=…), …)``: a draft of the officer on its way."""

    def start(*steps, document=None):
        return operations.start_route(
            actor=office.acting("officer"), document=document or office.draft(), steps=steps, at=office.now
        )

    return start


def states(route):
    return [step.state for step in route.steps.order_by("place", "pk")]


def waiting(route):
    return route.steps.filter(state=StepState.WAITING).order_by("pk").first()


def answer(office, key, step, said=Answer.AGREES, comment=""):
    actor = office.node_admin(key) if key in office.world.node_admins else office.acting(key)
    return operations.answer_step(actor=actor, step=step, answer=said, at=office.now, comment=comment)


def test_own_days_off_of_the_organisation_put_the_deadline_off(office, started):
    plain = waiting(started(opinion(1, person=office.world.head2, days=3))).deadline
    off = DayOff.objects.create(day=plain, name="Dovolená úřadu").day
    later = waiting(started(opinion(1, person=office.world.head2, days=3))).deadline
    assert later == plus_working_days(office.today, 3, {off}) > plain


@pytest.mark.norm("2.7.6")
def test_steps_follow_one_another_and_side_by_side_with_their_instructions(office, started):
    world = office.world
    route = started(
        opinion(1, person=world.head2, days=3, instruction="Prosím o stanovisko k nákladům."),
        opinion(1, unit=world.units["OD"]),
        approval(4, person=world.head, instruction="Schválit do pátku."),
        information(9, role=Role.RECORDS_KEEPER),
    )
    assert states(route) == ["waiting", "waiting", "planned", "planned"]
    first, second, third, fourth = route.steps.order_by("place", "pk")
    assert (first.place, third.place, fourth.place) == (1, 2, 3)
    assert first.instruction == "Prosím o stanovisko k nákladům."
    assert first.deadline > office.today
    answer(office, "head2", first)
    assert states(route) == ["done", "waiting", "planned", "planned"]
    answer(office, "OD", second, Answer.RESERVATION, "Chybí příloha.")
    assert states(route) == ["done", "done", "waiting", "planned"]
    answer(office, "head", third, Answer.APPROVED)
    route.document.refresh_from_db()
    assert route.document.state == DocumentState.APPROVED  # information does not hold it back
    answer(office, "records_keeper", fourth, Answer.NOTED)
    route.refresh_from_db()
    assert (route.state, states(route)) == (RouteState.FINISHED, ["done"] * 4)


def test_each_step_lies_on_the_right_desk_with_one_next_step(office, started):
    world = office.world
    route = started(
        opinion(1, person=world.head2, instruction="Jen náklady."),
        approval(2, person=world.head),
        information(3, person=world.officer2),
    )
    pk = route.document_id
    (item,) = office.inbox("head2")
    assert (item.step, item.document.pk, item.route_step_id) == (Step.GIVE_OPINION, pk, waiting(route).pk)
    assert "Jen náklady." in item.note
    assert office.inbox("head") == office.inbox("officer2") == []
    answer(office, "head2", waiting(route))
    assert office.inbox("head2") == []
    assert [one.step for one in office.inbox("head")] == [Step.DECIDE]
    assert [one.step for one in office.inbox("substitute")] == [Step.DECIDE]
    answer(office, "head", waiting(route), Answer.APPROVED)
    assert [one.step for one in office.inbox("officer2")] == [Step.TAKE_NOTE]
    assert queries.count_waiting(office.acting("officer2"), at_most=99) >= 1


def test_the_author_follows_a_document_that_is_not_a_draft_to_approve(office, started):
    route = started(opinion(1, person=office.world.head2))
    assert [one.step for one in office.inbox("officer")] == [Step.FOLLOW]
    answer(office, "head2", waiting(route))
    assert [one.step for one in office.inbox("officer")] == [Step.FINISH_DRAFT]


def test_who_is_asked_sees_the_document_only_when_it_is_their_turn(office, started):
    route = started(opinion(1, person=office.world.head2), information(2, person=office.world.outsider))
    outsider, later = office.acting("outsider"), route.steps.get(place=2)
    with pytest.raises(NotFound):
        route_queries.step_for(outsider, later.pk)
    answer(office, "head2", waiting(route))
    assert route_queries.step_for(outsider, later.pk) == later


def test_a_substitute_answers_under_their_own_name(office, started):
    route = started(opinion(1, person=office.world.head))
    step = answer(office, "substitute", waiting(route))
    assert step.decided_by == office.world.substitute


def test_nobody_answers_for_another_nor_before_their_turn_nor_twice(office, started):
    route = started(opinion(1, person=office.world.head2), opinion(2, person=office.world.head))
    first, second = route.steps.order_by("place")
    with pytest.raises(AccessDenied):
        answer(office, "outsider", first)
    with pytest.raises(errors.StepDecided, match="přijde na řadu"):
        answer(office, "head", second)
    answer(office, "head2", first)
    with pytest.raises(errors.StepDecided):
        answer(office, "head2", first)
    assert states(route) == ["done", "waiting"]


def test_an_answer_fits_its_purpose_and_doubts_are_explained(office, started):
    route = started(opinion(1, person=office.world.head2))
    step = waiting(route)
    for said in (Answer.NOTED, Answer.APPROVED, Answer.DISAGREES, Answer.RESERVATION):
        with pytest.raises(errors.CannotAnswer):
            answer(office, "head2", step, said, comment=" ")
    assert states(route) == ["waiting"]


def test_a_return_ends_the_route_frees_the_draft_and_tells_the_author_why(office, started):
    world = office.world
    route = started(approval(1, person=world.head), information(2, person=world.officer2))
    document = route.document
    assert document.state == DocumentState.IN_APPROVAL
    with pytest.raises(errors.ReasonMissing):
        operations.return_route(actor=office.acting("head"), step=waiting(route), reason=" ", at=office.now)
    operations.return_route(actor=office.acting("head"), step=waiting(route), reason="Doplňte cenu.", at=office.now)
    document.refresh_from_db()
    assert document.state == DocumentState.DRAFT
    assert states(route) == ["returned", "cancelled"]
    (item,) = office.inbox("officer")
    assert item.step is Step.REWORK
    assert "Doplňte cenu." in item.note
    again = started(approval(1, person=world.head), document=document)
    assert again.state == RouteState.RUNNING


def test_a_recall_takes_everything_off_the_desks_and_keeps_what_was_said(office, started):
    route = started(opinion(1, person=office.world.head2), approval(2, person=office.world.head))
    answer(office, "head2", waiting(route))
    with pytest.raises(AccessDenied):
        operations.recall_route(actor=office.acting("head2"), route=route, at=office.now)
    operations.recall_route(actor=office.acting("officer"), route=route, at=office.now, reason="Chyba v textu.")
    assert states(route) == ["done", "cancelled"]
    assert office.inbox("head") == []
    route.document.refresh_from_db()
    assert route.document.state == DocumentState.DRAFT
    with pytest.raises(errors.RouteEnded):
        operations.recall_route(actor=office.acting("officer"), route=route, at=office.now)


def test_all_obstacles_come_at_once_and_nothing_changes(office):
    world, draft = office.world, office.draft()
    steps = [
        PlannedStep(1, StepPurpose.OPINION),
        approval(2, person=world.officer),
        approval(3, person=world.officer2),
        approval(4, role=Role.HEAD),
    ]
    with pytest.raises(errors.RouteNotStartable) as refused:
        operations.start_route(actor=office.acting("officer"), document=draft, steps=steps, at=office.now)
    assert len(refused.value.obstacles) == 4
    with pytest.raises(errors.RouteNotStartable, match="aspoň jeden"):
        operations.start_route(actor=office.acting("officer"), document=draft, steps=[], at=office.now)
    draft.refresh_from_db()
    assert draft.state == DocumentState.DRAFT
    assert not Route.objects.filter(document=draft).exists()


def test_a_document_circulates_once_at_a_time(office, started):
    route = started(opinion(1, person=office.world.head2))
    with pytest.raises(errors.RouteNotStartable, match="už obíhá"):
        started(opinion(1, person=office.world.head), document=route.document)


def test_an_incomplete_draft_is_not_sent_for_approval(office, started):
    empty = records.create_document(
        actor=office.acting("officer"), direction=Direction.OUTGOING, subject="Prázdný", at=office.now
    )
    with pytest.raises(InvalidInput):
        started(approval(1, person=office.world.head), document=empty)
    assert not Route.objects.filter(document=empty).exists()


def test_a_unit_approves_by_its_head(office, started):
    route = started(approval(1, unit=office.world.units["OD"]))
    assert waiting(route).to_person == office.world.head


def test_only_who_has_the_document_composes_its_route(office):
    with pytest.raises(AccessDenied):
        operations.start_route(
            actor=office.acting("outsider"),
            document=office.draft(),
            steps=[opinion(1, person=office.world.head)],
            at=office.now,
        )


def test_a_settled_document_asks_nobody_any_more(office, started):
    route = started(opinion(1, person=office.world.head2))
    records.withdraw_document(actor=office.acting("officer"), document=route.document, reason="Omyl.")
    route.refresh_from_db()
    assert (route.state, states(route)) == (RouteState.RECALLED, ["cancelled"])
    assert office.inbox("head2") == []


def test_routes_add_no_query_to_the_desk(office, started):
    def count():
        with CaptureQueriesContext(connection) as asked:
            queries.inbox_of(office.acting("head2"), on=office.today)
        return len(asked)

    before = count()
    for _ in range(3):
        started(opinion(1, person=office.world.head2))
    assert len(office.inbox("head2")) == 3
    assert count() == before


def test_another_organisation_sees_no_step(world):
    with world.office.scope():
        office = Office(world)
        operations.start_route(
            actor=office.acting("officer"),
            document=office.draft(),
            steps=[opinion(1, person=office.world.head2)],
            at=office.now,
        )
    with world.school.scope():
        assert not RouteStep.objects.exists()


def test_a_return_to_the_previous_step_asks_them_again_and_comes_back(office, started):
    world = office.world
    route = started(
        opinion(1, person=world.head2, instruction="Náklady?"),
        information(1, person=world.officer2),
        approval(2, person=world.head),
        opinion(2, unit=world.units["OE"]),
        information(3, person=world.outsider),
    )
    first, noted = route.steps.filter(place=1).order_by("pk")
    answer(office, "head2", first, comment="Milion.")
    answer(office, "officer2", noted, Answer.NOTED)
    asked = route.steps.get(purpose="approval")
    with pytest.raises(errors.ReasonMissing):
        operations.return_to_previous(actor=office.acting("head"), step=asked, reason="", at=office.now)
    operations.return_to_previous(actor=office.acting("head"), step=asked, reason="Kolik s DPH?", at=office.now)
    steps = [(step.place, step.addressee, step.state) for step in route.steps.order_by("place", "pk").all()]
    assert steps == [
        (1, str(world.head2), "done"),
        (1, str(world.officer2), "done"),
        (2, str(world.head), "returned"),
        (2, str(world.units["OE"]), "cancelled"),
        (3, str(world.head2), "waiting"),
        (4, str(world.head), "planned"),
        (4, str(world.units["OE"]), "planned"),
        (5, str(world.outsider), "planned"),
    ]
    again = waiting(route)
    assert "Kolik s DPH?" in again.instruction
    assert "Náklady?" in again.instruction
    answer(office, "head2", again, comment="1,21 milionu.")
    assert {step.addressee for step in route.steps.filter(state="waiting")} == {
        str(world.head), str(world.units["OE"])
    }  # fmt: skip
    first.refresh_from_db()
    assert first.comment == "Milion."


def test_there_is_nowhere_to_return_to_from_the_first_step(office, started):
    route = started(opinion(1, person=office.world.head2))
    with pytest.raises(errors.CannotAnswer, match="autorovi"):
        operations.return_to_previous(actor=office.acting("head2"), step=waiting(route), reason="Nevím.", at=office.now)
    assert states(route) == ["waiting"]


def test_a_skipped_step_lets_the_next_one_start_and_keeps_its_reason(office, started):
    world = office.world
    route = started(opinion(1, person=world.head2), opinion(2, person=world.officer2), opinion(3, person=world.head))
    first, second, third = route.steps.order_by("place")
    author = office.acting("officer")
    with pytest.raises(AccessDenied):
        operations.skip_step(actor=office.acting("head2"), step=first, reason="x", at=office.now)
    with pytest.raises(errors.ReasonMissing, match="přeskakujete"):
        operations.skip_step(actor=author, step=first, reason=" ", at=office.now)
    operations.skip_step(actor=author, step=second, reason="Není potřeba.", at=office.now)
    operations.skip_step(actor=author, step=first, reason="Je nemocný.", at=office.now)
    assert states(route) == ["skipped", "skipped", "waiting"]
    first.refresh_from_db()
    assert first.comment == "Je nemocný."
    with pytest.raises(errors.StepDecided):
        operations.skip_step(actor=author, step=first, reason="Znovu.", at=office.now)
    operations.skip_step(actor=author, step=third, reason="Stačí.", at=office.now)
    route.refresh_from_db()
    assert route.state == RouteState.FINISHED


def test_skipping_the_only_approval_approves_nothing(office, started):
    route = started(approval(1, person=office.world.head))
    operations.skip_step(actor=office.acting("officer"), step=waiting(route), reason="Později.", at=office.now)
    route.document.refresh_from_db()
    assert route.document.state == DocumentState.DRAFT


def test_steps_are_added_beside_next_and_last(office, started):
    world, author = office.world, office.acting("officer")
    route = started(opinion(1, person=world.head2), information(2, person=world.officer2))
    add = {"actor": author, "route": route, "at": office.now}
    operations.add_step(step=opinion(1, person=world.outsider), where=Where.BESIDE, reason="Ještě on.", **add)
    operations.add_step(step=approval(1, person=world.head), where=Where.NEXT, reason="Je to drahé.", **add)
    operations.add_step(step=information(1, role=Role.RECORDS_KEEPER), where=Where.END, reason="Ať ví.", **add)
    found = [(step.place, step.state, step.added_because) for step in route.steps.order_by("place", "pk")]
    assert found == [
        (1, "waiting", ""),
        (1, "waiting", "Ještě on."),
        (2, "planned", "Je to drahé."),
        (3, "planned", ""),
        (4, "planned", "Ať ví."),
    ]
    route.document.refresh_from_db()
    assert route.document.state == DocumentState.IN_APPROVAL  # an approval was added to a draft
    with pytest.raises(errors.RouteNotStartable) as refused:
        operations.add_step(step=approval(1, person=world.officer), where=Where.END, reason="", **add)
    assert len(refused.value.obstacles) == 2
    with pytest.raises(AccessDenied):
        operations.add_step(
            step=opinion(1, person=world.head), where=Where.END, reason="x", **add | {"actor": office.acting("head2")}
        )
    operations.recall_route(actor=author, route=route, at=office.now)
    with pytest.raises(errors.RouteEnded):
        operations.add_step(step=opinion(1, person=world.head), where=Where.END, reason="Pozdě.", **add)
