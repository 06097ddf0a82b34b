"""Records identified in base registers and in ISDS; those that are not are marked so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests import traces
from tests.registers import COMPANY, PERSON, TRADER
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom.identification import look_up, read_again
from egon.parties import operations as parties
from egon.parties import queries
from egon.parties.errors import PartyRefused
from egon.parties.models import Party, Source
from egon.parties.operations import PartyDetails
from egon.tenancy.scope import WrongTenant
from egon.world import outside

pytestmark = pytest.mark.django_db


def written(world, **facts):
    return parties.register_party(actor=world.actor(world.clerk), details=PartyDetails(**facts))


def as_told(entry, *names):
    return {name: getattr(entry, name) for name in ("kind", *names)}


def person(world, **more):
    address = ("street", "house_number", "city", "postal_code")
    return written(world, **as_told(PERSON, "given_name", "family_name", "birth_date", *address), **more)


def take(world, party, found):
    return parties.identify_party(
        actor=world.actor(world.clerk),
        party=party,
        details=found.details,
        source=found.source,
        source_reference=found.reference,
        at=clock.now(),
    )


@pytest.mark.norm("2.8.8a", "2.8.9a", "2.8.10a")
def test_a_natural_person_is_identified_in_the_register_of_inhabitants(in_region, registers):
    party = person(in_region, email="eva@example.cz")
    [found] = look_up(party).found
    identified = take(in_region, party, found)
    assert (identified.source, identified.source_reference) == (Source.ROB, "aifo-1")
    assert identified.identified_at is not None
    assert (identified.databox_id, identified.email) == ("6bnaawp", "eva@example.cz")
    assert traces.speaks_of(traces.last("parties.party.identify"), party)
    assert traces.last("parties.party.identify").parameters["after"] == {"databox_id": "6bnaawp"}


@pytest.mark.norm("2.8.8b", "2.8.8c", "2.8.8d", "2.8.11a")
def test_companies_and_entrepreneurs_are_identified_in_the_register_of_persons(in_region, registers):
    address = ("street", "house_number", "city", "postal_code")
    trader = written(in_region, **as_told(TRADER, "given_name", "family_name", "birth_date", "legal_form", *address))
    by_name = written(in_region, **as_told(COMPANY, "name", "legal_form"))
    by_ic = written(in_region, **as_told(COMPANY, "ic"), name="Voda")
    references = {party.pk: [one.reference for one in look_up(party).found] for party in (trader, by_name, by_ic)}
    assert references == {trader.pk: ["27074358"], by_name.pk: ["70890366"], by_ic.pk: ["70890366"]}
    taken = take(in_region, by_ic, look_up(by_ic).found[0])
    assert (taken.name, taken.source, taken.city) == ("Čistá voda, a. s.", Source.ROS, "Brno")


@pytest.mark.norm("2.8.8e", "2.8.10b", "2.8.11b")
def test_who_has_a_box_is_identified_in_isds(in_region, isds):
    citizen, company = outside.CITIZEN, outside.COMPANY
    for data, kind in ((citizen, "natural"), (company, "legal")):
        party = written(in_region, kind=kind, name="Neznámý", family_name="Neznámý", databox_id=data.box.box_id)
        answer = look_up(party)
        found = next(one for one in answer.found if one.source == Source.DATABOX)
        assert answer.troubles == ()
        identified = take(in_region, party, found)
        assert (identified.name, identified.kind) == (data.name, kind)
        assert (identified.source, identified.source_reference) == (Source.DATABOX, data.box.box_id)
        assert read_again(identified).details.databox_id == data.box.box_id


def test_isds_is_asked_by_name_and_birth_date_as_well(in_region, isds):
    citizen = outside.CITIZEN
    born = date.fromisoformat(citizen.birth_date)
    party = written(
        in_region, kind="natural", given_name=citizen.given_name, family_name=citizen.family_name, birth_date=born,
        city=citizen.place.city,
    )  # fmt: skip
    assert [one.reference for one in look_up(party).found] == [citizen.box.box_id]


@pytest.mark.norm("2.8.9b")
def test_who_cannot_be_identified_is_written_and_marked(in_region, registers):
    unknown = person(in_region)
    Party.objects.filter(pk=unknown.pk).update(city="Jinde")
    unknown.refresh_from_db()
    few = written(in_region, kind="natural", family_name="Anonym")
    assert look_up(unknown).found == () and look_up(few).found == ()
    marked = queries.find(identified=False)
    assert unknown in marked and few in marked
    known = take(in_region, few, look_up(person(in_region)).found[0])
    assert known in queries.find(identified=True) and known not in queries.find(identified=False)


def test_present_facts_are_read_by_the_reference(in_region, registers):
    party = take(in_region, person(in_region), look_up(person(in_region)).found[0])
    registers.local.put(replace(PERSON, family_name="Provdaná"))
    assert read_again(party).details.family_name == "Provdaná"


def test_what_a_source_tells_too_long_is_refused_and_nothing_is_written(in_region, registers):
    party = person(in_region)
    [found] = look_up(party).found
    long = replace(found, details=replace(found.details, street="x" * 121, email="y" * 300))
    with pytest.raises(PartyRefused) as refused:
        take(in_region, party, long)
    assert len(refused.value.obstacles) == 2
    party.refresh_from_db()
    assert party.identified_at is None


def test_readers_and_strangers_identify_nobody(in_region, registers):
    party = person(in_region)
    [found] = look_up(party).found
    told = {
        "party": party,
        "details": found.details,
        "source": found.source,
        "source_reference": "x",
        "at": clock.now(),
    }
    with pytest.raises(AccessDenied):
        parties.identify_party(actor=in_region.actor(in_region.auditor), **told)
    with pytest.raises(WrongTenant):
        parties.identify_party(actor=of_school(in_region, in_region.actor(in_region.clerk)), **told)
    Party.objects.filter(pk=party.pk).update(merged_into=Party.objects.exclude(pk=party.pk).first())
    with pytest.raises(PartyRefused, match="sloučen"):
        parties.identify_party(actor=in_region.actor(in_region.clerk), **told)
    assert Party.objects.get(pk=party.pk).identified_at is None


@pytest.mark.norm("2.8.13")
def test_what_the_source_confirms_moves_the_day_of_verification_alone(in_region, registers):
    party = take(in_region, person(in_region), look_up(person(in_region)).found[0])
    first = party.identified_at
    later = first + timedelta(days=1)
    parties.confirm_party(actor=Actor.system(in_region.region.pk), party=party, at=later)
    party.refresh_from_db()
    assert (party.identified_at, party.verified_at) == (first, later)
    with pytest.raises(AccessDenied):
        parties.confirm_party(actor=in_region.actor(in_region.clerk), party=party, at=clock.now())


def test_asking_the_source_again_keeps_the_day_of_identification(in_region, registers):
    party = person(in_region)
    [found] = look_up(party).found
    first = take(in_region, party, found).identified_at
    again = take(in_region, party, found)
    assert again.identified_at == first
    assert again.verified_at > first
