"""Several records of one person: found by themselves, marked by hand, merged with their links, and taken back."""

from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from tests import traces
from tests.records_steps import acting, register
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied, NotFound
from egon.parties import operations as parties
from egon.parties import queries
from egon.parties.errors import NotMergeable, PartyRefused
from egon.parties.jobs import look_for_duplicates
from egon.parties.models import Duplicate, Kind, Party
from egon.parties.operations import PartyDetails
from egon.records import operations as records
from egon.records.party_links import LINKS, count_links
from egon.records.rules.parties import PartyRole
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

PERSON = PartyDetails(
    kind=Kind.NATURAL, given_name="Jiří", family_name="Šťastný", birth_date=date(1971, 4, 23), city="Žďár"
)


def written(world, details, **changes):
    return parties.register_party(actor=world.actor(world.clerk), details=replace(details, **changes))


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def older(in_region):
    return written(in_region, PERSON)


@pytest.fixture
def newer(in_region, older):
    return written(in_region, PERSON, city="Brno", email="jiri@stastny.example")


@pytest.fixture
def pair(older, newer):
    return Duplicate.objects.get(party=older, other=newer)


def merge(keeper, pair, kept):
    return records.merge_parties(actor=keeper, duplicate=pair, kept=kept, at=clock.now())


@pytest.mark.norm("2.8.14")
def test_a_second_record_of_a_person_is_told_to_who_keeps_the_register(in_region, keeper, pair, newer):
    assert (pair.reason, pair.state) == ("stejné jméno a datum narození", "open")
    assert list(queries.duplicates(state="open")) == [pair]
    assert queries.open_duplicates(keeper) == 1
    assert queries.open_duplicates(acting(in_region.officer)) == 0


def test_a_change_of_facts_finds_the_resemblance_too(in_region, older):
    other = written(in_region, PERSON, birth_date=None, given_name="Jan")
    assert not Duplicate.objects.exists()
    parties.edit_party(actor=in_region.actor(in_region.clerk), party=other, details=PERSON)
    assert Duplicate.objects.get().other == other


@pytest.mark.norm("2.8.14")
def test_the_night_finds_what_was_written_before_and_asks_once(in_region, keeper, pair):
    Duplicate.objects.all().delete()
    look_for_duplicates()
    found = Duplicate.objects.get()
    assert (found.party, found.other) == (pair.party, pair.other)
    parties.keep_apart(actor=keeper, duplicate=found, at=clock.now())
    assert parties.find_duplicates(actor=Actor.system(in_region.region.pk), at=clock.now()) == 0
    assert queries.open_duplicates(keeper) == 0
    with pytest.raises(NotMergeable, match="různé osoby"):
        merge(keeper, found, found.party)


@pytest.mark.norm("2.8.14")
def test_who_keeps_the_register_marks_a_pair_by_hand(in_region, keeper, older):
    other = written(in_region, PERSON, family_name="Veselý", birth_date=None)
    assert not Duplicate.objects.exists()
    pair = parties.suspect_duplicate(actor=keeper, party=other, other=older, at=clock.now())
    assert (pair.party, pair.other, pair.found_by) == (older, other, keeper.name)
    assert parties.suspect_duplicate(actor=keeper, party=older, other=other, at=clock.now()) == pair
    with pytest.raises(NotMergeable, match="tentýž"):
        parties.suspect_duplicate(actor=keeper, party=older, other=older, at=clock.now())


def test_a_merge_moves_links_fills_empty_facts_and_can_be_taken_back(in_region, keeper, pair, older, newer):
    document = register(in_region, sender=newer)
    records.link_party(actor=keeper, document=document, party=newer, role=PartyRole.OTHER, at=clock.now())
    own = register(in_region, sender=older)
    merged = merge(keeper, pair, older)
    document.refresh_from_db()
    older.refresh_from_db()
    assert document.sender == older and (count_links(older), count_links(newer)) == (3, 0)
    assert (older.email, older.city) == ("jiri@stastny.example", "Žďár")
    assert newer not in queries.find("stastny") and newer not in queries.candidates_for(name="stastny")
    assert queries.party_for(keeper, newer.pk).merged_into == older
    with pytest.raises(PartyRefused, match="sloučen"):
        parties.edit_party(actor=keeper, party=newer, details=PERSON)
    undone = records.undo_merge(actor=keeper, duplicate=merged, at=clock.now())
    document.refresh_from_db()
    own.refresh_from_db()
    older.refresh_from_db()
    assert (document.sender, own.sender, older.email, older.city) == (newer, older, "", "Žďár")
    assert (count_links(older), count_links(newer), undone.state) == (1, 2, "open")
    assert newer in queries.find("stastny")
    assert traces.speaks_of(traces.last("records.party.unmerge"), newer) and traces.last("parties.duplicate.merge")


def test_a_merged_record_merges_no_more_and_merges_are_taken_back_from_the_last(in_region, keeper, pair, older, newer):
    third = written(in_region, PERSON)
    further = parties.suspect_duplicate(actor=keeper, party=newer, other=third, at=clock.now())
    first = merge(keeper, pair, older)
    with pytest.raises(NotMergeable, match="už je sloučený"):
        merge(keeper, further, third)
    last = parties.suspect_duplicate(actor=keeper, party=older, other=third, at=clock.now())
    merge(keeper, last, third)
    with pytest.raises(NotMergeable, match="Nejdřív vraťte"):
        records.undo_merge(actor=keeper, duplicate=first, at=clock.now())
    stranger = Party.objects.exclude(pk__in=[older.pk, newer.pk, third.pk]).first()
    with pytest.raises(NotMergeable, match="který ze dvou"):
        merge(keeper, parties.suspect_duplicate(actor=keeper, party=third, other=stranger, at=clock.now()), older)


def test_only_who_keeps_the_register_decides(in_region, keeper, pair, older):
    officer, at = acting(in_region.officer), clock.now()
    for attempt in (
        lambda actor: records.merge_parties(actor=actor, duplicate=pair, kept=older, at=at),
        lambda actor: records.undo_merge(actor=actor, duplicate=pair, at=at),
        lambda actor: parties.record_merge(actor=actor, duplicate=pair, kept=older, at=at),
        lambda actor: parties.record_unmerge(actor=actor, duplicate=pair, at=at),
        lambda actor: parties.keep_apart(actor=actor, duplicate=pair, at=at),
        lambda actor: parties.suspect_duplicate(actor=actor, party=older, other=pair.other, at=at),
    ):
        with pytest.raises(AccessDenied):
            attempt(officer)
        with pytest.raises(WrongTenant):
            attempt(of_school(in_region, keeper))
    with pytest.raises(AccessDenied):
        parties.find_duplicates(actor=keeper, at=at)
    with pytest.raises(NotFound):
        queries.duplicate_for(officer, pair.pk)
    assert Duplicate.objects.get().state == "open"


def test_every_reference_to_a_party_is_known_to_merging():
    references = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, ForeignKey) and field.related_model is Party and model._meta.app_label != "parties"
    }
    assert references == set(LINKS.values())
