"""Handing documents over: who may, who wins, what is kept."""

import pytest

from egon.audit import queries as audit
from egon.circulation import operations, queries
from egon.circulation.errors import CannotHandOver, HandoverDecided, ReasonMissing
from egon.circulation.models import Handover
from egon.circulation.rules import HandoverState
from egon.kernel.errors import AccessDenied
from egon.records.rules.states import DocumentState

pytestmark = pytest.mark.django_db


def take(office, key, handover):
    return operations.take_over(actor=office.acting(key), handover=handover, at=office.later(minutes=5))


@pytest.mark.norm("2.7.6")
def test_a_document_goes_from_the_mailroom_through_the_head_to_an_officer(office):
    handover = office.assigned("OD")
    document = handover.document
    assert (document.state, document.unit, document.holder) == (DocumentState.ASSIGNED, office.world.units["OD"], None)

    take(office, "head", handover)
    document.refresh_from_db()
    assert (document.state, document.holder) == (DocumentState.PROCESSING, office.world.head)

    given = operations.give_to(
        actor=office.acting("head"),
        document=document,
        person=office.world.officer,
        at=office.later(minutes=6),
        note="Prosím do pátku.",
    )
    document.refresh_from_db()
    assert document.holder == office.world.officer
    take(office, "officer", given)

    told = [(str(row.addressee), row.state) for row in queries.handovers_of(document)]
    assert told == [("OD Odbor dopravy", "taken"), ("Mgr. Petr Dvořák", "taken")]
    where = queries.who_has(document)
    assert (where.person, where.since, where.waiting) == (office.world.officer, office.later(minutes=5), None)


@pytest.mark.parametrize("key", ["head", "substitute"])
def test_the_head_and_the_substitute_may_take_over_for_the_unit(office, key):
    handover = take(office, key, office.assigned("OD"))
    assert handover.decided_by == getattr(office.world, key)


def test_the_node_administrator_may_take_over_for_the_unit(office):
    handover = office.assigned("OS")
    taken = operations.take_over(actor=office.node_admin("OS"), handover=handover, at=office.now)
    assert taken.state == HandoverState.TAKEN


@pytest.mark.parametrize("key", ["officer", "head2", "outsider", "clerk", "administrator"])
def test_others_may_not_take_over_for_the_unit(office, key):
    handover = office.assigned("OD")
    with pytest.raises(AccessDenied, match="Odbor dopravy"):
        take(office, key, handover)
    handover.refresh_from_db()
    assert (handover.state, handover.decided_by) == (HandoverState.WAITING, None)


def test_what_is_given_to_a_person_nobody_else_takes_over(office):
    handover = office.assigned("OD")
    given = operations.give_to(
        actor=office.acting("head"), document=handover.document, person=office.world.officer, at=office.now
    )
    with pytest.raises(AccessDenied, match="Petr Dvořák"):
        take(office, "head", given)


def test_giving_what_waits_for_ones_own_unit_takes_it_over(office):
    handover = office.assigned("OD")
    operations.give_to(
        actor=office.acting("head"), document=handover.document, person=office.world.officer, at=office.later(minutes=1)
    )
    handover.refresh_from_db()
    assert (handover.state, handover.decided_by) == (HandoverState.TAKEN, office.world.head)


def test_a_document_is_given_only_to_people_of_the_unit_that_has_it(office):
    handover = take(office, "head", office.assigned("OD"))
    with pytest.raises(CannotHandOver, match="nepracuje v útvaru OD"):
        operations.give_to(
            actor=office.acting("head"), document=handover.document, person=office.world.officer2, at=office.now
        )
    assert Handover.objects.filter(document=handover.document).count() == 1


def test_only_an_open_records_node_receives_documents(office):
    document = office.received()
    with pytest.raises(CannotHandOver, match="není spisový uzel"):
        operations.assign_to_unit(
            actor=office.acting("clerk"), document=document, unit=office.world.units["ODS"], at=office.now
        )
    assert not Handover.objects.filter(document=document).exists()


def test_assigning_elsewhere_recalls_what_nobody_took_over(office):
    first = office.assigned("OD")
    operations.assign_to_unit(
        actor=office.acting("clerk"), document=first.document, unit=office.world.units["OS"], at=office.later(minutes=1)
    )
    first.refresh_from_db()
    assert first.state == HandoverState.RECALLED
    with pytest.raises(HandoverDecided, match="Jana Nováková"):
        take(office, "head", first)


def test_an_outsider_hands_nothing_over(office):
    handover = take(office, "head", office.assigned("OD"))
    with pytest.raises(AccessDenied):
        operations.assign_to_unit(
            actor=office.acting("outsider"), document=handover.document, unit=office.world.units["OE"], at=office.now
        )


def test_a_return_needs_a_reason_and_lies_with_who_handed_it_over(office):
    handover = office.assigned("OD")
    with pytest.raises(ReasonMissing):
        operations.send_back(actor=office.acting("head"), handover=handover, reason="  ", at=office.now)
    operations.send_back(
        actor=office.acting("head"), handover=handover, reason="Patří odboru školství.", at=office.later(minutes=9)
    )
    document = handover.document
    document.refresh_from_db()
    assert (document.state, document.unit, document.holder) == (DocumentState.REGISTERED, None, None)
    handover.refresh_from_db()
    assert (handover.state, handover.reason) == (HandoverState.RETURNED, "Patří odboru školství.")


def test_the_officer_returns_to_the_head(office):
    handover = office.assigned("OD")
    given = operations.give_to(
        actor=office.acting("head"), document=handover.document, person=office.world.officer, at=office.now
    )
    operations.send_back(actor=office.acting("officer"), handover=given, reason="Jsem podjatý.", at=office.now)
    document = given.document
    document.refresh_from_db()
    assert (document.state, document.holder) == (DocumentState.PROCESSING, office.world.head)


def test_what_was_handed_further_is_not_returned_any_more(office):
    handover = take(office, "head", office.assigned("OD"))
    operations.give_to(
        actor=office.acting("head"), document=handover.document, person=office.world.officer, at=office.now
    )
    with pytest.raises(HandoverDecided):
        operations.send_back(actor=office.acting("head"), handover=handover, reason="Omyl.", at=office.now)


def test_the_sender_recalls_what_nobody_took_over(office):
    handover = office.assigned("OD")
    with pytest.raises(AccessDenied):
        operations.recall(actor=office.acting("head"), handover=handover, at=office.now)
    operations.recall(actor=office.acting("clerk"), handover=handover, at=office.now)
    handover.document.refresh_from_db()
    assert handover.document.state == DocumentState.REGISTERED
    with pytest.raises(HandoverDecided):
        take(office, "head", handover)


def test_the_history_names_every_step(office):
    handover = take(office, "head", office.assigned("OD"))
    codes = [record.operation for record in audit.history_of(handover.document)]
    assert {"circulation.document.assign", "circulation.handover.take"} <= set(codes)
