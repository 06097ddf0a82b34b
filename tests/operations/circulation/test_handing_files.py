"""A whole file is handed over with its documents: it waits, is taken over, returned, recalled (NSESSS 2.7.5)."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.records_steps import record_class
from tests.runs import go

from egon.audit import queries as audit
from egon.circulation import agenda_queries, errors, operations, paper_queries, queries
from egon.circulation.agenda_rules import AgendaKind
from egon.circulation.inbox import Step
from egon.circulation.models import Handover
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import StepPurpose
from egon.circulation.rules import HandoverState
from egon.kernel.actor import Actor, Limit, LimitKind
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations as records
from egon.records import permissions
from egon.records import queries as record_queries
from egon.records.models import Component
from egon.records.rules.settling import SettledHow
from egon.reorganisation import operations as reorganisation
from egon.reorganisation.links import LINKS

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(office):
    """A file of the transport department, processed by ``officer``, with one draft in it."""
    return records.open_file(
        actor=office.acting("officer"), record_class=record_class("80.1"), unit=office.world.units["OD"],
        processor=office.world.officer, document=office.draft(subject="Podklad"),
    )  # fmt: skip


def handed(office, file, key="officer", at=None, **to):
    return operations.hand_file(actor=office.acting(key), file=file, at=at or office.now, **to)


def take(office, key, handover, minutes=5):
    return operations.take_over(actor=office.acting(key), handover=handover, at=office.later(minutes=minutes))


def of_files(items):
    return [(item.step, item.document.pk) for item in items if item.is_file]


def sees(office, key, file):
    return bool(permissions.may_see_file(office.acting(key), file))


@pytest.mark.norm("2.7.5")
def test_a_file_waits_for_a_unit_and_goes_to_who_takes_it_over_with_documents_and_paper(office, file):
    world, document = office.world, file.documents.get()
    operations.place_paper(actor=office.acting("officer"), document=document, room="dveře 12", at=office.now)
    handover = handed(office, file, unit=world.units["OS"], note="Patří školství.", deadline=office.today)
    file.refresh_from_db()
    assert (file.unit, file.processor, handover.state) == (world.units["OD"], world.officer, HandoverState.WAITING)
    (item,) = [one for one in office.inbox("head2") if one.is_file]
    assert (item.step, item.document.reference_number, item.deadline) == (Step.TAKE_OVER, file.file_mark, office.today)
    assert "Patří školství." in item.note and sees(office, "head2", file)
    take(office, "head2", handover)
    file.refresh_from_db()
    document.refresh_from_db()
    assert (file.unit, file.processor) == (document.unit, document.holder) == (world.units["OS"], world.head2)
    assert file.handed_over
    assert str(paper_queries.places_of(document).first()) == f"{world.head2}, {world.units['OS']}"
    assert paper_queries.papers_in(file) == [(f"{world.head2}, {world.units['OS']}", 1)]
    came = document.handovers.get()
    assert (came.state, came.from_person, came.decided_by, came.passed_on_from) == (
        HandoverState.TAKEN, world.officer, world.head2, handover,
    )  # fmt: skip
    assert queries.who_has(document).since == office.later(minutes=5)
    assert not sees(office, "officer", file) and sees(office, "head2", file)
    assert of_files(office.inbox("head2")) == []


@pytest.mark.norm("2.7.5")
def test_the_histories_of_the_file_and_of_its_documents_tell_who_handed_and_took_over_when(office, file):
    handover = take(office, "head", handed(office, file, person=office.world.head))
    of_file = {record.operation for record in audit.history_of(file)}
    of_document = {record.operation for record in audit.history_of(file.documents.get())}
    assert {"circulation.file.hand", "circulation.handover.take", "records.file.place"} <= of_file
    assert "records.file.place" in of_document
    (told,) = queries.handovers_of_file(file)
    assert (told.from_person, told.created_at, told.decided_by, told.decided_at) == (
        office.world.officer, office.now, office.world.head, office.later(minutes=5),
    )  # fmt: skip
    assert handover.to_unit == office.world.units["OD"]


def test_a_person_takes_it_over_in_their_unit_and_nobody_else_does_but_their_substitute(office, file):
    handover = handed(office, file, person=office.world.head2)
    assert handover.to_unit == office.world.units["OS"]
    for key in ("officer", "outsider", "clerk", "administrator"):
        with pytest.raises(AccessDenied):
            take(office, key, handover)
    assert not sees(office, "outsider", file)
    to_head = handed(office, second_file(office), person=office.world.head)
    taken = take(office, "substitute", to_head)
    assert taken.decided_by == office.world.substitute
    taken.file.refresh_from_db()
    assert taken.file.processor == office.world.head


def second_file(office):
    return records.open_file(
        actor=office.acting("officer"), record_class=record_class("80.1"), unit=office.world.units["OD"],
        processor=office.world.officer, document=office.draft(subject="Druhý podklad"),
    )  # fmt: skip


def test_a_return_needs_a_reason_lies_on_the_desk_until_noted_and_nothing_has_moved(office, file):
    handover = handed(office, file, person=office.world.head2)
    with pytest.raises(errors.ReasonMissing):
        operations.send_back(actor=office.acting("head2"), handover=handover, reason=" ", at=office.now)
    operations.send_back(actor=office.acting("head2"), handover=handover, reason="Není naše.", at=office.now)
    file.refresh_from_db()
    assert (file.processor, file.unit) == (office.world.officer, office.world.units["OD"])
    assert not sees(office, "head2", file)
    (item,) = [one for one in office.inbox("officer") if one.is_file]
    assert item.step is Step.REASSIGN and "Není naše." in item.note
    with pytest.raises(AccessDenied):
        operations.note_return(actor=office.acting("head2"), handover=handover, at=office.now)
    operations.note_return(actor=office.acting("officer"), handover=handover, at=office.now)
    assert of_files(office.inbox("officer")) == []
    with pytest.raises(errors.HandoverDecided, match="spisu"):
        take(office, "head2", handover)


def test_handing_it_elsewhere_takes_a_returned_file_off_the_desk(office, file):
    handover = handed(office, file, person=office.world.head2)
    operations.send_back(actor=office.acting("head2"), handover=handover, reason="Není naše.", at=office.now)
    again = handed(office, file, person=office.world.head)
    assert of_files(office.inbox("officer")) == []
    with pytest.raises(errors.HandoverDecided):
        operations.note_return(actor=office.acting("officer"), handover=again, at=office.now)


def test_the_sender_or_the_processor_recalls_what_waits(office, file):
    handover = handed(office, file, key="head", person=office.world.head2)
    with pytest.raises(AccessDenied):
        operations.recall(actor=office.acting("outsider"), handover=handover, at=office.now)
    operations.recall(actor=office.acting("officer"), handover=handover, at=office.now)
    assert not sees(office, "head2", file) and of_files(office.inbox("head2")) == []
    with pytest.raises(errors.HandoverDecided):
        take(office, "head2", handover)


def test_what_is_taken_over_is_not_returned_but_handed_over_again(office, file):
    handover = take(office, "head2", handed(office, file, person=office.world.head2))
    with pytest.raises(errors.HandoverDecided):
        operations.send_back(actor=office.acting("head2"), handover=handover, reason="Omyl.", at=office.now)
    came = file.documents.get().handovers.get()
    with pytest.raises(errors.CannotHandOver, match="se svým spisem"):
        operations.send_back(actor=office.acting("head2"), handover=came, reason="Omyl.", at=office.now)


def put_in(office, file, document):
    return records.put_in_file(actor=office.acting("officer"), document=document, file=file)


@pytest.mark.norm("2.7.5")
def test_all_that_is_in_hand_elsewhere_is_told_at_once_and_the_file_waits_on(office, file):
    world, officer = office.world, office.acting("officer")
    asked, sent, out = file.documents.get(), office.draft(subject="Obíhá"), office.draft(subject="Upravuje se")
    for one in (sent, out):
        put_in(office, file, one)
    handover = handed(office, file, person=world.head2)
    operations.request_approval(actor=officer, document=asked, approver=world.head, at=office.now)
    step = PlannedStep(1, StepPurpose.OPINION, person=world.head)
    operations.start_route(actor=officer, document=sent, steps=[step], at=office.now)
    records.check_out(
        actor=officer, document=out, component=Component.objects.filter(document=out).first(), at=office.now
    )
    given = office.assigned("OD").document
    operations.give_to(actor=office.acting("head"), document=given, person=world.officer, at=office.now)
    put_in(office, file, given)
    with pytest.raises(errors.FileNotHandable) as refusal:
        take(office, "head2", handover)
    told = " ".join(refusal.value.obstacles)
    assert len(refusal.value.obstacles) == 4
    assert all(str(one) in told for one in (asked, sent, out, given))
    handover.refresh_from_db()
    file.refresh_from_db()
    assert (handover.state, file.processor) == (HandoverState.WAITING, world.officer)


def test_no_file_is_handed_to_nobody_to_two_to_itself_or_twice(office, file):
    world = office.world
    for to in ({}, {"unit": world.units["OS"], "person": world.head2}, {"person": world.officer},
               {"unit": world.units["ODS"]}):  # fmt: skip
        with pytest.raises(errors.FileNotHandable):
            handed(office, file, **to)
    assert not file.handovers.exists()
    handed(office, file, person=world.head2)
    with pytest.raises(errors.FileNotHandable, match="už čeká na převzetí"):
        handed(office, file, person=world.head)
    step = PlannedStep(1, StepPurpose.OPINION, person=world.head)
    operations.start_route(actor=office.acting("officer"), file=file, steps=[step], at=office.now)
    with pytest.raises(errors.FileNotHandable, match="obíhá"):
        take(office, "head2", file.handovers.get())


def test_a_restricted_file_goes_to_people_only(office, file):
    records.restrict_file(actor=office.acting("officer"), file=file, reason="Osobní údaje.")
    with pytest.raises(errors.FileNotHandable, match="vyhrazený"):
        handed(office, file, unit=office.world.units["OS"])
    take(office, "head2", handed(office, file, person=office.world.head2))
    file.refresh_from_db()
    assert sees(office, "head2", file) and not sees(office, "officer", file)


def test_outsiders_hand_nothing_over_and_another_organisation_sees_nothing(office, file):
    for key in ("outsider", "head2", "clerk"):
        with pytest.raises(AccessDenied):
            handed(office, file, key=key, person=office.world.head)
    handover = handed(office, file, person=office.world.head2)
    with pytest.raises(NotFound):
        queries.handover_for(office.acting("outsider"), handover.pk)
    assert queries.handover_for(office.acting("head2"), handover.pk) == handover


def test_a_file_hidden_by_a_restriction_does_not_wait(office, file):
    handed(office, file, person=office.world.head2)
    hidden = replace(office.acting("head2"), limits=(Limit(LimitKind.FILE, str(file.pk), hides=True),))
    assert not queries.waiting_handovers(hidden).filter(file=file).exists()
    assert of_files(queries.inbox_of(hidden, on=office.today).items) == []


def test_closing_recalls_what_waits(office, file):
    handover = handed(office, file, person=office.world.head2)
    records.settle_file(actor=office.acting("officer"), file=file, on=office.today, how=SettledHow.BY_NOTING)
    records.close_file(actor=office.acting("officer"), file=file, on=office.today)
    handover.refresh_from_db()
    assert (handover.state, handover.reason) == (HandoverState.RECALLED, "Spis je uzavřený.")
    assert not sees(office, "head2", file)
    with pytest.raises((AccessDenied, errors.FileNotHandable)):
        handed(office, file, person=office.world.head)


def test_only_the_product_itself_moves_files_and_stops_their_hand_overs(office, file):
    handed(office, file, person=office.world.head2)
    administrator = office.acting("administrator")
    with pytest.raises(AccessDenied):
        records.place_file(actor=administrator, file=file, unit=office.world.units["OS"], processor=office.world.head2)
    with pytest.raises(AccessDenied):
        operations.stop_handover_of_file(actor=administrator, file=file, at=office.now, reason="x")
    file.refresh_from_db()
    assert (file.processor, file.handovers.get().state) == (office.world.officer, HandoverState.WAITING)


def test_a_settled_document_keeps_the_name_of_who_settled_it(office, file):
    document = file.documents.get()
    records.settle_document(
        actor=office.acting("officer"), document=document, on=office.today, how=SettledHow.BY_NOTING, note="Hotovo."
    )
    take(office, "head2", handed(office, file, person=office.world.head2))
    document.refresh_from_db()
    assert (document.holder, document.unit) == (office.world.officer, office.world.units["OS"])
    assert record_queries.visible_ids(office.acting("head2"), [document.pk])


def test_the_heir_of_an_agenda_gets_what_waited_for_the_leaver(office, file):
    world = office.world
    handover = handed(office, file, person=world.head)
    assert handover.pk in agenda_queries.of_kind(world.head, AgendaKind.HANDOVER).values_list("pk", flat=True)
    agenda = operations.start_agenda(
        actor=office.acting("head"), leaver=world.head, heir=world.head2, kinds=[AgendaKind.HANDOVER],
        reason="Odchod.", at=office.now,
    )  # fmt: skip
    go(agenda)
    handover.refresh_from_db()
    assert (handover.to_person, handover.to_unit) == (world.head2, world.units["OS"])
    assert sees(office, "head2", file)
    take(office, "head2", handover)


def test_the_agenda_of_the_processor_recalls_what_waits(office, file):
    handover = handed(office, file, person=office.world.head2)
    agenda = operations.start_agenda(
        actor=office.acting("head"), leaver=office.world.officer, heir=office.world.head, kinds=[AgendaKind.FILE],
        reason="Odchod.", at=office.now,
    )  # fmt: skip
    go(agenda)
    handover.refresh_from_db()
    file.refresh_from_db()
    assert (handover.state, file.processor) == (HandoverState.RECALLED, office.world.head)


def test_what_waits_for_a_unit_passes_to_its_successor(office, file):
    world = office.world
    handover = handed(office, file, unit=world.units["OS"])
    assert LINKS["handed_here"].held_by(world.units["OS"]).filter(pk=handover.pk).exists()
    reorganisation.move_entity(
        actor=Actor.system(file.tenant_id), kind="handed_here", entity=handover, former=world.units["OS"],
        unit=world.units["OD"], reason="Sloučení.",
    )  # fmt: skip
    handover.refresh_from_db()
    assert handover.to_unit == world.units["OD"]
    take(office, "head", handover)


def test_who_has_what_tells_of_files_and_of_documents_that_wait_with_them(office, file):
    actor, person = office.acting("officer"), office.world.officer
    handed(office, file, person=office.world.head2)
    assert file in paper_queries.files_of(actor, unit=None, person=person)
    assert not paper_queries.files_of(office.acting("outsider"), unit=None, person=person).filter(pk=file.pk).exists()
    assert str(paper_queries.waiting_files([file.pk])[file.pk].addressee) == str(office.world.head2)
    (row,) = paper_queries.who_has_rows([file.documents.get().pk])
    assert row.waits_for == str(office.world.head2)


def test_the_database_keeps_one_waiting_hand_over_of_either_a_document_or_a_file(office, file):
    handover = handed(office, file, person=office.world.head2)
    for change in ({"document": file.documents.get()}, {"file": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Handover.objects.filter(pk=handover.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(file=file, to_unit=office.world.units["OD"], created_at=office.now)


def test_waiting_files_cost_the_inbox_no_query(office, file):
    actor = office.acting("head2")
    queries.inbox_of(actor, on=office.today)
    with CaptureQueriesContext(connection) as before:
        queries.inbox_of(actor, on=office.today)
    handed(office, file, person=office.world.head2)
    with CaptureQueriesContext(connection) as after:
        queries.inbox_of(actor, on=office.today)
    assert len(after) <= len(before)
