"""Everything a leaving person has goes to another, what cannot go is told, and a stop loses nothing."""

import pytest
from tests.operations.circulation.conftest import Office
from tests.records_steps import acting
from tests.runs import go
from tests.typed_steps import OPENED, section, typed_class, typed_file

from egon.circulation import agenda_queries, errors, operations, paper_queries
from egon.circulation.agenda_rules import AgendaKind
from egon.circulation.inbox import Step
from egon.circulation.models import Agenda, AgendaItem
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import StepPurpose
from egon.jobs.runs.states import ItemState, RunState
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations as records
from egon.records.models import CaseFile
from egon.registry import queries as registry
from egon.registry.models import Position

pytestmark = pytest.mark.django_db


def given(office, **about):
    handover = office.assigned("OD", **about)
    return operations.give_to(
        actor=office.acting("head"), document=handover.document, person=office.world.officer, at=office.now
    )


def started(office, key="head", leaver="officer", heir="head", kinds=tuple(AgendaKind), **about):
    world = office.world
    return operations.start_agenda(
        actor=office.acting(key), leaver=getattr(world, leaver), heir=getattr(world, heir), kinds=kinds,
        reason="Odchod.", at=office.now, **about,
    )  # fmt: skip


def counts(agenda):
    return {state.value: agenda.items.filter(state=state).count() for state in ItemState}


@pytest.mark.norm("2.7.5")
def test_documents_and_files_go_to_the_other_who_takes_them_over(office):
    world = office.world
    draft, waiting = office.draft(), given(office).document
    files = list(agenda_queries.of_kind(world.officer, AgendaKind.FILE))
    assert files
    agenda = started(office)
    go(agenda)
    agenda.refresh_from_db()
    assert agenda.state == RunState.FINISHED
    assert counts(agenda)["waiting"] == counts(agenda)["refused"] == 0
    for document in (draft, waiting):
        document.refresh_from_db()
        assert document.holder == world.head
        last = document.handovers.order_by("pk").last()
        assert (last.to_person, last.from_person, last.state) == (world.head, world.head, "waiting")
        assert "Odchod." in last.note
    assert not CaseFile.objects.filter(pk__in=[file.pk for file in files]).exclude(processor=world.head).exists()
    assert {item.document.pk for item in office.inbox("head") if item.step is Step.TAKE_OVER} >= {draft.pk, waiting.pk}
    assert office.inbox("officer") == []


def test_the_heir_of_another_unit_gets_the_documents_there(office):
    document = given(office).document
    go(started(office, heir="officer2", kinds=[AgendaKind.DOCUMENT]))
    document.refresh_from_db()
    assert (document.holder, document.unit) == (office.world.officer2, office.world.units["OS"])


def test_open_typed_files_go_and_what_somebody_closed_meanwhile_is_told(office):
    world, entry = office.world, typed_class(office.world)
    kept, closed, other = (typed_file(world, entry, name=name) for name in ("Domov", "Škola", "Muzeum"))
    records.close_typed_file(actor=acting(world.officer), typed_file=other, on=OPENED)
    waiting = set(agenda_queries.of_kind(world.officer, AgendaKind.TYPED))
    assert {kept, closed} <= waiting and other not in waiting
    part = next(part for part in agenda_queries.agenda_of(world.officer) if part.kind is AgendaKind.TYPED)
    assert (kept.pk, kept.identifier, "Domov") in part.rows and part.count == len(waiting)
    agenda = started(office, kinds=[AgendaKind.TYPED])
    records.close_typed_file(actor=acting(world.officer), typed_file=closed, on=OPENED)
    go(agenda)
    kept.refresh_from_db()
    closed.refresh_from_db()
    assert (kept.processor, closed.processor) == (world.head, world.officer)
    (refused,) = operations.HANDING.refused_in(agenda)
    assert str(refused) == "Škola" and "uzavřelo" in refused.message
    assert counts(agenda) == {"waiting": 0, "done": len(waiting) - 1, "refused": 1}
    assert section(kept, "2").is_open


def test_who_has_what_tells_also_of_open_typed_files(office):
    world = office.world
    typed = typed_file(world, typed_class(world))
    head = office.acting("head")
    assert typed in paper_queries.typed_files_of(head, unit=None, person=world.officer)
    assert typed in paper_queries.typed_files_of(head, unit=world.units["OD"], person=None)
    assert typed not in paper_queries.typed_files_of(head, unit=None, person=world.head)
    assert not paper_queries.typed_files_of(head, unit=None, person=None).exists()
    assert typed not in paper_queries.typed_files_of(office.acting("outsider"), unit=None, person=world.officer)


def test_approvals_circulars_and_steps_go_too(office):
    world = office.world
    approval = operations.request_approval(
        actor=office.acting("officer"), document=office.draft(), approver=world.head, at=office.now
    )
    route = operations.start_route(
        actor=office.acting("officer"),
        document=office.draft(),
        steps=[
            PlannedStep(1, StepPurpose.OPINION, person=world.head),
            PlannedStep(2, StepPurpose.APPROVAL, person=world.head),
        ],
        at=office.now,
    )
    distribution = operations.send_circular(
        actor=office.acting("secretariat"), subject="Oběžník", text="x", units=[world.units["OD"]], at=office.now
    )
    operations.hand_on(
        actor=office.node_admin("OD"), handover=distribution.handovers.get(), people=[world.head], at=office.now
    )
    kinds = [AgendaKind.APPROVAL, AgendaKind.STEP, AgendaKind.HANDOVER]
    agenda = started(office, leaver="head", heir="head2", kinds=kinds)
    go(agenda)
    approval.refresh_from_db()
    assert approval.approver == world.head2
    assert {step.to_person for step in route.steps.all()} == {world.head2}
    found = {(item.step, item.document.pk) for item in office.inbox("head2")}
    assert found == {
        (Step.DECIDE, approval.document_id),
        (Step.GIVE_OPINION, route.document_id),
        (Step.TAKE_NOTE, distribution.document_id),
    }


def test_what_cannot_go_is_told_and_the_rest_is_finished(office):
    world = office.world
    approval = operations.request_approval(
        actor=office.acting("officer"), document=office.draft(), approver=world.head, at=office.now
    )
    agenda = started(office, leaver="head", heir="officer", kinds=[AgendaKind.APPROVAL, AgendaKind.DOCUMENT])
    before = agenda.items.count()
    go(agenda)
    (refused,) = operations.HANDING.refused_in(agenda)
    assert refused.approval == approval
    assert "vlastní dokument neschválí" in refused.message
    assert counts(agenda)["done"] == before - 1
    approval.refresh_from_db()
    assert approval.approver == world.head


def test_a_document_somebody_settled_or_took_meanwhile_stays_where_it_is(office):
    withdrawn, taken = office.draft(), office.draft()
    marked = {(AgendaKind.DOCUMENT, withdrawn.pk), (AgendaKind.DOCUMENT, taken.pk)}
    agenda = started(office, only=marked)
    records.withdraw_document(actor=office.acting("officer"), document=withdrawn, reason="Omyl.")
    operations.give_to(actor=office.acting("officer"), document=taken, person=office.world.head, at=office.now)
    go(agenda)
    messages = [item.message for item in operations.HANDING.refused_in(agenda)]
    assert messages == [
        "Mezitím se vyřídilo nebo uzavřelo, není co předávat.",
        "Mezitím to převzal někdo jiný.",
    ]


def test_only_what_was_marked_goes(office):
    one, other = office.draft(), office.draft()
    agenda = started(office, only={(AgendaKind.DOCUMENT, one.pk)})
    go(agenda)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.holder, other.holder) == (office.world.head, office.world.officer)


def test_a_stopped_one_waits_while_another_of_the_same_person_runs(office):
    first, second = office.draft(), office.draft()
    head = office.acting("head")
    stopped = started(office, only={(AgendaKind.DOCUMENT, first.pk)})
    operations.stop_agenda(actor=head, run=stopped)
    running = started(office, only={(AgendaKind.DOCUMENT, second.pk)})
    with pytest.raises(errors.AgendaNotStartable, match="už předává"):
        operations.resume_agenda(actor=head, run=stopped)
    go(running)
    operations.resume_agenda(actor=head, run=stopped)
    assert go(stopped).state == RunState.FINISHED


def test_all_obstacles_come_at_once(office):
    with pytest.raises(errors.AgendaNotStartable) as refused:
        operations.start_agenda(
            actor=office.acting("head"), leaver=office.world.officer, heir=office.world.officer, kinds=[], reason=" ",
            at=office.now,
        )  # fmt: skip
    assert len(refused.value.obstacles) == 3
    office.draft()
    started(office)
    with pytest.raises(errors.AgendaNotStartable, match="už předává"):
        started(office)
    assert Agenda.objects.count() == 1


def test_who_may_hand_an_agenda_over(office):
    office.draft()
    for key in ("head2", "outsider", "clerk"):
        with pytest.raises(AccessDenied):
            started(office, key)
    agenda = started(office, "officer")  # their own
    with pytest.raises(AccessDenied):
        operations.stop_agenda(actor=office.acting("head2"), run=agenda)
    with pytest.raises(NotFound):
        agenda_queries.agenda_for(office.acting("head2"), agenda.pk)


def test_who_works_nowhere_gets_no_documents(office):
    office.draft()
    Position.objects.filter(person=office.world.outsider).update(person=None)
    assert not registry.people_in(office.world.units["OD"]).filter(pk=office.world.outsider.pk).exists()
    agenda = started(office, heir="outsider", kinds=[AgendaKind.DOCUMENT])
    go(agenda)
    assert counts(agenda)["done"] == 0
    assert "funkční místo" in operations.HANDING.refused_in(agenda)[0].message


def test_another_organisation_sees_no_agenda(world):
    with world.office.scope():
        office = Office(world)
        office.draft()
        started(office)
    with world.school.scope():
        assert not AgendaItem.objects.exists()
