"""Records without any link: found, kept for the period that was set, then destroyed; a new link saves them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from tests import traces
from tests.records_steps import acting, register
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.parties import operations as parties
from egon.parties import queries
from egon.parties.errors import PartyRefused
from egon.parties.models import Duplicate, Kind, Party
from egon.parties.operations import PartyDetails
from egon.records import operations as records
from egon.records.jobs import review_parties
from egon.records.operations import NewAddressee
from egon.records.rules.parties import PartyRole
from egon.records.rules.states import Direction
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

LONG = timedelta(days=40)


def written(world, **facts):
    details = PartyDetails(**{"kind": Kind.NATURAL, "given_name": "Anna", "family_name": "Zbytečná", **facts})
    return parties.register_party(actor=world.actor(world.clerk), details=details)


@pytest.fixture
def administrator(in_region):
    return acting(in_region.administrator)


@pytest.fixture
def person(in_region):
    return written(in_region)


@pytest.fixture
def company(in_region):
    return written(in_region, kind=Kind.LEGAL, name="Zbytečná, a. s.")


@pytest.fixture
def forgotten(person, company):
    """Both have been without any link for forty days."""
    Party.objects.filter(pk__in=(person.pk, company.pk)).update(unlinked_since=clock.today() - LONG)
    person.refresh_from_db()
    company.refresh_from_db()
    return person


def is_there(party):
    return Party.objects.filter(pk=party.pk).exists()


@pytest.mark.norm("2.8.15a", "2.8.18")
def test_the_period_of_natural_persons_destroys_them_only(administrator, forgotten, company):
    parties.set_retention(actor=administrator, natural_days=40, legal_days=None)
    review_parties()
    assert not is_there(forgotten) and is_there(company)
    record = traces.last("records.party.expire")
    assert record.parameters["destroyed"] is True and traces.speaks_of(record, forgotten)


@pytest.mark.norm("2.8.15b", "2.8.18")
def test_the_period_of_companies_destroys_them_only(administrator, forgotten, company):
    parties.set_retention(actor=administrator, natural_days=41, legal_days=40)
    review_parties()
    assert is_there(forgotten) and not is_there(company)


@pytest.mark.norm("2.8.17")
def test_the_night_finds_who_has_no_link_and_leaves_who_has(in_region, person):
    sender = register(in_region).sender
    review_parties()
    person.refresh_from_db()
    sender.refresh_from_db()
    assert (person.unlinked_since, sender.unlinked_since) == (clock.today(), None)
    assert is_there(person)  # no period was set
    assert person in queries.unlinked() and sender not in queries.unlinked()


def link_as_sender(world, party):
    register(world, sender=party)


def link_as_addressee(world, party):
    records.create_document(
        actor=acting(world.officer), direction=Direction.OUTGOING, subject="Dopis", addressees=[NewAddressee.of(party)]
    )


def link_as_other(world, party):
    document = register(world)
    keeper = acting(world.records_keeper)
    records.link_party(actor=keeper, document=document, party=party, role=PartyRole.OTHER, at=clock.now())


def correct_sender(world, party):
    document = register(world)
    records.edit_metadata(actor=acting(world.clerk), document=document, subject="Oprava", sender=party)


@pytest.mark.norm("2.8.17")
@pytest.mark.parametrize("link", [link_as_sender, link_as_addressee, link_as_other, correct_sender])
def test_a_new_link_ends_the_period(in_region, administrator, forgotten, link):
    parties.set_retention(actor=administrator, natural_days=1, legal_days=1)
    link(in_region, forgotten)
    assert Party.objects.get(pk=forgotten.pk).unlinked_since is None
    review_parties()
    assert is_there(forgotten)


def test_what_got_a_link_behind_the_back_is_not_destroyed(in_region, administrator, forgotten):
    parties.set_retention(actor=administrator, natural_days=1, legal_days=1)
    document = register(in_region)
    type(document).objects.filter(pk=document.pk).update(sender=forgotten)
    system = Actor.system(in_region.region.pk)
    assert records.destroy_expired(actor=system, party=forgotten, on=clock.today()) is False
    records.review_unlinked(actor=system, on=clock.today())
    assert Party.objects.get(pk=forgotten.pk).unlinked_since is None
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM parties_party WHERE id = %s", [forgotten.pk])


@pytest.mark.norm("2.8.16")
def test_the_administrator_destroys_by_hand_what_nothing_points_at(in_region, administrator, person):
    with pytest.raises(PartyRefused, match="důvod"):
        records.destroy_party(actor=administrator, party=person, reason=" ")
    linked = register(in_region).sender
    with pytest.raises(PartyRefused) as refused:
        records.destroy_party(actor=administrator, party=linked, reason="")
    assert len(refused.value.obstacles) == 2
    records.destroy_party(actor=administrator, party=person, reason="Zapsáno omylem")
    assert not is_there(person) and is_there(linked)
    record = traces.last("records.party.destroy")
    assert record.parameters["reason"] == "Zapsáno omylem" and traces.speaks_of(record, person)


def test_a_record_goes_with_those_merged_into_it(in_region, administrator, person):
    twin = written(in_region, email="anna@zbytecna.example")
    keeper = acting(in_region.records_keeper)
    pair = parties.suspect_duplicate(actor=keeper, party=person, other=twin, at=clock.now())
    records.merge_parties(actor=keeper, duplicate=pair, kept=person, at=clock.now())
    records.destroy_party(actor=administrator, party=person, reason="Omyl")
    assert not is_there(person) and not is_there(twin) and not Duplicate.objects.exists()


def test_only_the_administrator_sets_periods_and_destroys(in_region, administrator, person):
    system = Actor.system(in_region.region.pk)
    for attempt in (
        lambda actor: parties.set_retention(actor=actor, natural_days=1, legal_days=1),
        lambda actor: records.destroy_party(actor=actor, party=person, reason="X"),
    ):
        for who in (in_region.officer, in_region.records_keeper):
            with pytest.raises(AccessDenied):
                attempt(acting(who))
        with pytest.raises(WrongTenant):
            attempt(of_school(in_region, administrator))
    for attempt in (
        lambda actor: records.review_unlinked(actor=actor, on=clock.today()),
        lambda actor: records.destroy_expired(actor=actor, party=person, on=clock.today()),
    ):
        with pytest.raises(AccessDenied):
            attempt(administrator)
        with pytest.raises(WrongTenant):
            attempt(of_school(in_region, system))
    assert is_there(person) and queries.periods().natural_days is None


def test_impossible_periods_are_refused_together(administrator):
    with pytest.raises(PartyRefused) as refused:
        parties.set_retention(actor=administrator, natural_days=0, legal_days=1_000_000)
    assert len(refused.value.obstacles) == 2
