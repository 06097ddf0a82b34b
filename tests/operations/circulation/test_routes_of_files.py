"""A file goes through steps as a document does: who sees it when, what they answer, how its end reaches the author."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import traces
from tests.records_steps import record_class
from tests.runs import go

from egon.circulation import errors, operations, queries, route_queries
from egon.circulation.agenda_rules import AgendaKind
from egon.circulation.inbox import Step
from egon.circulation.models import Route
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import Answer, RouteState, StepPurpose, StepState, Where
from egon.kernel.actor import Limit, LimitKind, Role
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations as records
from egon.records import permissions
from egon.records import queries as record_queries
from egon.records.errors import InvalidInput
from egon.records.models import AccessGrant, CaseFile
from egon.records.rules.settling import SettledHow

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(office):
    """A file of the transport department, processed by ``officer``, with one document in it."""
    return records.open_file(
        actor=office.acting("officer"), record_class=record_class("80.1"), unit=office.world.units["OD"],
        processor=office.world.officer, document=office.draft(subject="Podklad"),
    )  # fmt: skip


@pytest.fixture
def started(office, file):
    def start(*steps):
        return operations.start_route(actor=office.acting("officer"), file=file, steps=steps, at=office.now)

    return start


def opinion(place, **to):
    return PlannedStep(place, StepPurpose.OPINION, **to)


def approval(place, **to):
    return PlannedStep(place, StepPurpose.APPROVAL, **to)


def information(place, **to):
    return PlannedStep(place, StepPurpose.INFORMATION, **to)


def waiting(route):
    return route.steps.filter(state=StepState.WAITING).order_by("pk").first()


def answer(office, key, step, said=Answer.AGREES, comment=""):
    return operations.answer_step(actor=office.acting(key), step=step, answer=said, at=office.now, comment=comment)


def of_files(items):
    return [(item.step, item.document.pk) for item in items if item.is_file]


def sees(office, key, file):
    return bool(permissions.may_see_file(office.acting(key), file))


@pytest.mark.norm("2.7.6")
def test_a_file_circulates_by_steps_with_instructions_and_its_addressees_see_it(office, file, started):
    world = office.world
    route = started(
        opinion(1, person=world.outsider, days=3, instruction="Jen náklady."),
        information(1, unit=world.units["OS"]),
        approval(2, person=world.head),
        information(3, role=Role.RECORDS_KEEPER),
    )
    assert sees(office, "outsider", file)
    assert record_queries.visible_ids(office.acting("outsider"), [file.documents.get().pk])
    (item,) = [one for one in office.inbox("outsider") if one.is_file]
    assert (item.step, item.document.reference_number) == (Step.GIVE_OPINION, file.file_mark)
    assert "Jen náklady." in item.note and item.deadline == waiting(route).deadline > office.today
    assert of_files(office.inbox("head")) == []
    assert of_files(office.inbox("officer")) == [(Step.FOLLOW, file.pk)]
    answer(office, "outsider", waiting(route), Answer.RESERVATION, "Chybí rozpočet.")
    operations.answer_step(actor=office.node_admin("OS"), step=waiting(route), answer=Answer.NOTED, at=office.now)
    assert of_files(office.inbox("head")) == of_files(office.inbox("substitute")) == [(Step.DECIDE, file.pk)]
    answer(office, "head", waiting(route), Answer.APPROVED)
    answer(office, "records_keeper", waiting(route), Answer.NOTED)
    route.refresh_from_db()
    assert route.state == RouteState.FINISHED
    assert "Chybí rozpočet." in {step.comment for step in route.steps.all()}
    assert traces.last("circulation.route.start").parameters["steps"]


def test_the_author_reads_how_it_ended_and_then_it_leaves_the_desk(office, file, started):
    route = started(opinion(1, person=office.world.head2))
    with pytest.raises(errors.RouteRuns):
        operations.note_end(actor=office.acting("officer"), route=route, at=office.now)
    operations.return_route(actor=office.acting("head2"), step=waiting(route), reason="Chybí smlouva.", at=office.now)
    (item,) = [one for one in office.inbox("officer") if one.is_file]
    assert item.step is Step.RESUME and "Chybí smlouva." in item.note
    with pytest.raises(AccessDenied):
        operations.note_end(actor=office.acting("head2"), route=route, at=office.now)
    operations.note_end(actor=office.acting("officer"), route=route, at=office.now)
    assert of_files(office.inbox("officer")) == []
    second = started(opinion(1, person=office.world.head2))
    answer(office, "head2", waiting(second))
    assert of_files(office.inbox("officer")) == [(Step.READ_RESULT, file.pk)]


def test_substitutes_return_by_a_step_skip_add_and_recall(office, file, started):
    world = office.world
    route = started(opinion(1, person=world.head2), approval(2, person=world.head), information(3, person=world.clerk))
    answer(office, "head2", waiting(route))
    operations.return_to_previous(
        actor=office.acting("substitute"), step=waiting(route), reason="Doplňte.", at=office.now
    )
    assert waiting(route).to_person == world.head2 and waiting(route).file == file
    operations.skip_step(actor=office.acting("officer"), step=waiting(route), reason="Spěchá.", at=office.now)
    assert waiting(route).to_person == world.head
    operations.add_step(
        actor=office.acting("officer"), route=route, step=opinion(0, person=world.outsider), where=Where.BESIDE,
        reason="Ještě právník.", at=office.now,
    )  # fmt: skip
    assert sees(office, "outsider", file)
    operations.recall_route(actor=office.acting("officer"), route=route, at=office.now, reason="Omyl.")
    assert not route.steps.filter(state__in=(StepState.WAITING, StepState.PLANNED)).exists()
    assert of_files(office.inbox("officer")) == of_files(office.inbox("head")) == []


def test_all_obstacles_come_at_once_and_nothing_changes(office, file, started):
    records.restrict_file(actor=office.acting("officer"), file=file, reason="osobní spis")
    started(opinion(1, person=office.world.head2))
    with pytest.raises(errors.RouteNotStartable) as refusal:
        started(opinion(1, unit=office.world.units["OS"]), approval(2, person=office.world.outsider))
    told = " ".join(refusal.value.obstacles)
    assert "už obíhá" in told and "vyhrazený" in told and "neschvaluje" in told
    assert Route.objects.filter(file=file).count() == 1
    assert not AccessGrant.objects.filter(file=file, unit__isnull=False).exists()


def test_only_who_works_on_the_file_sends_it_and_only_the_addressee_answers(office, file, started):
    for key in ("outsider", "clerk", "records_keeper"):
        with pytest.raises(AccessDenied):
            operations.start_route(
                actor=office.acting(key), file=file, steps=[opinion(1, person=office.world.head2)], at=office.now
            )
    assert not Route.objects.filter(file=file).exists()
    route = started(opinion(1, person=office.world.head2))
    for key in ("outsider", "officer"):
        with pytest.raises(AccessDenied):
            answer(office, key, waiting(route))
    with pytest.raises(NotFound):
        route_queries.route_for(office.acting("outsider"), route.pk)
    assert route_queries.step_for(office.acting("head2"), waiting(route).pk)


@pytest.mark.parametrize("ends", ["closed", "withdrawn"])
def test_a_file_that_is_closed_or_withdrawn_asks_nobody_any_more(office, file, started, ends):
    route = started(opinion(1, person=office.world.head2), information(2, person=office.world.head))
    document, officer = file.documents.get(), office.acting("officer")
    if ends == "closed":
        records.settle_document(
            actor=officer, document=document, how=SettledHow.BY_NOTING, note="Bez opatření.", on=office.today
        )
        records.close_file(actor=officer, file=file, on=office.today)
    else:
        records.take_out_of_file(actor=officer, document=document, reason="Omyl.")
        records.withdraw_file(actor=officer, file=CaseFile.objects.get(pk=file.pk), reason="Omyl.")
    route.refresh_from_db()
    assert route.state == RouteState.RECALLED and route.reason.startswith("Spis je")
    assert of_files(office.inbox("head2")) == of_files(office.inbox("officer")) == []
    if ends == "closed":
        with pytest.raises(errors.RouteNotStartable) as refusal:
            started(opinion(1, person=office.world.head2))
        assert "neobíhá" in refusal.value.obstacles[0]


def test_the_access_that_came_with_circulation_is_told_and_may_be_ended(office, file, started):
    started(opinion(1, person=office.world.outsider))
    grant = AccessGrant.objects.get(file=file)
    assert (grant.state, grant.reason) == ("confirmed", "oběh")
    records.end_access(actor=office.acting("officer"), grant=grant, at=office.now, reason="Už není potřeba.")
    assert not sees(office, "outsider", file)


def test_a_file_hidden_from_a_person_is_not_on_their_desk(office, file, started):
    started(opinion(1, person=office.world.head2))
    head2 = replace(office.acting("head2"), limits=(Limit(LimitKind.FILE, str(file.pk), hides=True),))
    assert of_files(queries.inbox_of(head2, on=office.today).items) == []
    assert of_files(office.inbox("head2")) == [(Step.GIVE_OPINION, file.pk)]


def test_a_document_and_a_file_of_the_same_key_do_not_hide_each_other(office, file, started):
    """Both kinds lie on one desk, and each has keys of its own table."""
    started(opinion(1, person=office.world.head2))
    draft = office.draft()
    operations.start_route(
        actor=office.acting("officer"), document=draft, steps=[opinion(1, person=office.world.head2)], at=office.now
    )
    assert {(item.is_file, item.document.pk) for item in office.inbox("head2")} == {(True, file.pk), (False, draft.pk)}


def test_steps_of_a_leaving_person_go_over_with_the_file(office, file, started):
    world = office.world
    route = started(opinion(1, person=world.outsider))
    agenda = operations.start_agenda(
        actor=office.acting("administrator"),
        leaver=world.outsider,
        heir=world.officer2,
        kinds=[AgendaKind.STEP],
        reason="Odchod.",
        at=office.now,
    )
    go(agenda)
    step = waiting(route)
    assert step.to_person == world.officer2
    assert sees(office, "officer2", file)
    assert (Step.GIVE_OPINION, file.pk) in of_files(office.inbox("officer2"))


def test_a_route_is_of_a_document_or_of_a_file(office, file, started):
    route = started(opinion(1, person=office.world.head2))
    for row in (route, route.steps.get()):
        row.document = file.documents.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(update_fields=["document"])


def test_routes_of_files_add_no_query_to_the_desk(office, file, started):
    def asked():
        with CaptureQueriesContext(connection) as found:
            queries.inbox_of(office.acting("head2"), on=office.today)
        return len(found)

    before = asked()
    started(opinion(1, person=office.world.head2))
    assert asked() == before


def test_a_file_is_shown_once_and_of_a_restricted_one_not_to_a_unit(office, file):
    officer, shown = office.acting("officer"), {"file": file, "at": office.now, "reason": "oběh"}
    first = records.show_file(actor=officer, person=office.world.outsider, **shown)
    assert records.show_file(actor=officer, person=office.world.outsider, **shown) == first
    with pytest.raises(AccessDenied):
        records.show_file(actor=office.acting("clerk"), person=office.world.head2, **shown)
    records.restrict_file(actor=officer, file=file, reason="osobní spis")
    with pytest.raises(InvalidInput, match="se nezměnilo"):
        records.show_file(actor=officer, unit=office.world.units["OS"], **shown)
    assert list(AccessGrant.objects.filter(file=file)) == [first]
