"""Facts of identified persons follow their source: by notifications, or asked for at intake and dispatch."""

from dataclasses import replace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import traces
from tests.letters import approved_letter
from tests.registers import PERSON
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied, Retryable
from egon.mailroom import identification, jobs
from egon.mailroom import operations as mailroom
from egon.mailroom.models import Channel, IntakeItem
from egon.mailroom.rules import EnvelopeFacts
from egon.parties import operations as parties
from egon.parties import queries
from egon.parties.errors import PartyRefused
from egon.parties.models import Source
from egon.parties.operations import PartyDetails
from egon.records.models import Addressee
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

MOVED = replace(PERSON, city="Praha", postal_code="11000", street="Nová", house_number="7")


def identified(world, source=Source.ROB, reference=PERSON.reference):
    details = PartyDetails(kind="natural", given_name="Eva", family_name="Ověřená", birth_date=PERSON.birth_date)
    return parties.register_party(
        actor=world.actor(world.clerk),
        details=details,
        source=source,
        source_reference=reference,
        identified_at=clock.now(),
    )


@pytest.fixture
def person(in_region):
    return identified(in_region)


@pytest.fixture
def administrator(in_region):
    return in_region.actor(in_region.administrator)


def asked_about(party):
    """Jobs that wait to ask about a party."""
    return ProcrastinateJob.objects.filter(task_name="mailroom.refresh_party", args__party_id=party.pk).count()


def dispatch_to(world, party):
    addressee = approved_letter(world)
    Addressee.objects.filter(pk=addressee.pk).update(party=party)
    addressee.refresh_from_db()
    mailroom.hand_over(
        actor=world.actor(world.clerk),
        document=addressee.document,
        addressee=addressee,
        channel=Channel.POST,
        at=clock.now(),
    )


def letter_from(world, party):
    now = clock.now()
    mailroom.register_letter(
        actor=world.actor(world.clerk),
        envelope=EnvelopeFacts(kind="ordinary", sheets=1),
        sender=party,
        subject="Dopis",
        delivered_at=now,
        at=now,
    )


def take_in_from(world, party):
    item = IntakeItem.objects.create(channel=Channel.POST, received_at=clock.now(), subject="Podání")
    mailroom.register_intake(actor=world.actor(world.clerk), item=item, sender=party, subject="Podání", at=clock.now())


@pytest.mark.norm("2.8.13")
@pytest.mark.parametrize("use", [take_in_from, letter_from, dispatch_to])
def test_intake_and_dispatch_have_the_source_asked(in_region, registers, person, use):
    use(in_region, person)
    assert asked_about(person) == 1
    registers.local.put(MOVED)
    jobs.refresh_party(party_id=person.pk)
    person.refresh_from_db()
    assert person.address == "Nová 7, 110 00 Praha"
    before = traces.done("parties.party.identify")
    jobs.refresh_party(party_id=person.pk)  # nothing newer: nothing is written
    assert traces.done("parties.party.identify") == before


def test_who_is_not_identified_is_not_asked_about(in_region, registers):
    stranger = identified(in_region, reference="")
    take_in_from(in_region, stranger)
    assert asked_about(stranger) == 0


@pytest.mark.norm("2.8.12", "2.8.13")
def test_with_notifications_changes_come_by_themselves_and_intake_asks_isds_only(
    in_region,
    registers,
    person,
    administrator,
):
    parties.set_notifications(actor=administrator, active=True)
    jobs.follow_registers()  # only learns where the notifications stand
    registers.local.put(MOVED)
    registers.local.put(replace(PERSON, reference="somebody else"))
    jobs.follow_registers()
    person.refresh_from_db()
    assert person.city == "Praha"
    assert traces.last("parties.notifications.taken").parameters["parties"] == 1
    in_box = identified(in_region, Source.DATABOX, "6bnaawp")
    take_in_from(in_region, person)
    take_in_from(in_region, in_box)
    assert (asked_about(person), asked_about(in_box)) == (0, 1)


def test_notifications_are_taken_again_when_the_registers_fall_silent(
    in_region,
    registers,
    person,
    administrator,
    monkeypatch,
):
    parties.set_notifications(actor=administrator, active=True)
    jobs.follow_registers()
    registers.local.put(MOVED)

    def silent(party):
        raise Retryable("Základní registry teď neodpovídají.")

    with monkeypatch.context() as patch, pytest.raises(Retryable):
        patch.setattr(identification, "read_again", silent)
        jobs.follow_registers()
    jobs.follow_registers()
    person.refresh_from_db()
    assert person.city == "Praha"


def test_one_record_that_cannot_take_the_facts_does_not_stop_the_others(
    in_region,
    registers,
    person,
    administrator,
):
    other = identified(in_region, reference="aifo-2")
    parties.set_notifications(actor=administrator, active=True)
    jobs.follow_registers()
    registers.local.put(replace(MOVED, street="x" * 500))
    registers.local.put(replace(MOVED, reference="aifo-2"))
    jobs.follow_registers()
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.city, other.city) == ("", "Praha")


def test_notifications_need_connected_registers_and_an_administrator(in_region, administrator):
    with pytest.raises(PartyRefused, match="nejsou připojené"):
        parties.set_notifications(actor=administrator, active=True)
    for actor in (in_region.actor(in_region.records_keeper), in_region.actor(in_region.officer)):
        with pytest.raises(AccessDenied):
            parties.set_notifications(actor=actor, active=False)
    with pytest.raises(AccessDenied):
        parties.remember_marker(actor=administrator, marker="1", parties=0)
    with pytest.raises(WrongTenant):
        parties.set_notifications(actor=of_school(in_region, administrator), active=False)
    with pytest.raises(WrongTenant):
        system = Actor.system(in_region.school.pk)
        parties.remember_marker(actor=system, marker="1", parties=0)
    assert queries.notifications() is None
