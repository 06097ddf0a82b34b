"""The jmenný rejstřík: written facts are cleaned and checked, people found without diacritics, looks at them logged."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from egon.audit.models import LogRecord
from egon.audit.queries import history_of
from egon.kernel.errors import AccessDenied, NotFound
from egon.parties import operations, queries
from egon.parties.errors import PartyRefused
from egon.parties.models import Kind, Party, PartyWord, Source
from egon.parties.operations import PartyDetails

pytestmark = pytest.mark.django_db

CITIZEN = PartyDetails(
    kind=Kind.NATURAL, given_name="Jiří", family_name=" Šťastný ", birth_date=date(1971, 4, 23), street="Dlouhá",
    house_number="12", orientation_number="3", postal_code="500 02", city="Žďár", databox_id="6BNAAWP",
)  # fmt: skip
COMPANY = PartyDetails(kind=Kind.LEGAL, name="Čistá voda, a. s.", ic="70 89 03 66", city="Hradec")


@pytest.fixture
def clerk(in_region):
    return in_region.actor(in_region.clerk)


@pytest.fixture
def citizen(clerk):
    return operations.register_party(actor=clerk, details=CITIZEN)


@pytest.fixture
def company(clerk):
    return operations.register_party(actor=clerk, details=COMPANY)


def test_facts_are_cleaned(citizen, company):
    assert (citizen.name, citizen.databox_id, citizen.postal_code) == ("Jiří Šťastný", "6bnaawp", "50002")
    assert citizen.address == "Dlouhá 12/3, 500 02 Žďár"
    assert company.ic == "70890366"


def test_impossible_facts_are_refused_together_and_nothing_is_written(clerk):
    before = Party.objects.count()
    with pytest.raises(PartyRefused) as refusal:
        operations.register_party(actor=clerk, details=replace(COMPANY, name="", ic="123", databox_id="x"))
    assert len(refusal.value.obstacles) == 3
    assert Party.objects.count() == before


def test_what_isds_told_is_written_as_it_came(clerk):
    party = operations.register_party(
        actor=clerk, details=replace(COMPANY, databox_id="abcdefg", ic="00007065"), source=Source.DATABOX
    )
    assert party.databox_id == "abcdefg"


@pytest.mark.norm("2.8.20")
@pytest.mark.parametrize("text", ["stastny", "ŠŤASTNÝ jiri", "zdar", "6bnaawp", "jiri dlouha"])
def test_person_is_found_without_diacritics_by_any_fact(citizen, company, text):
    assert list(queries.find(text)) == [citizen]


@pytest.mark.norm("2.8.6", "2.8.20")
def test_list_is_in_czech_order_and_limited_by_kind(citizen, company):
    assert list(queries.find("cista", kind=Kind.LEGAL)) == [company]
    assert company not in queries.find(kind=Kind.NATURAL)
    assert list(queries.find("stastny", kind=Kind.NATURAL)) == [citizen]
    names = [party.name for party in queries.find()]
    assert names.index("Čistá voda, a. s.") < names.index("Jiří Šťastný")


@pytest.mark.norm("2.8.6")
def test_entrepreneurs_and_companies_are_found_by_name_and_number(clerk, company):
    trader = PartyDetails(
        kind=Kind.ENTREPRENEUR, given_name="Josef", family_name="Kolář", ic="27074358", city="Přerov"
    )  # fmt: skip
    trader = operations.register_party(actor=clerk, details=trader)
    for words in ("kolar", "27074358", "prerov josef"):
        assert list(queries.find(words, kind=Kind.ENTREPRENEUR)) == [trader]
    assert list(queries.find("70890366")) == [company]


def test_candidates_come_by_box_then_ic_then_name(citizen, company):
    assert queries.candidates_for(databox_id="6bnaawp", ic="708 90 366", name="nobody") == [citizen, company]
    assert queries.candidates_for(name="cista voda") == [company]
    assert queries.candidates_for() == []


def test_duplicates_by_ic_box_and_birth_are_shown(clerk, citizen, company):
    branch = operations.register_party(actor=clerk, details=replace(COMPANY, name="Čistá voda, pobočka"))
    assert [pair.other for pair in queries.duplicates_of(company)] == [branch]
    twin = operations.register_party(actor=clerk, details=replace(CITIZEN, databox_id=""))
    assert [(pair.other, pair.reason) for pair in queries.duplicates_of(citizen)] == [
        (twin, "stejné jméno a datum narození")
    ]


def test_change_tells_what_it_was(clerk, citizen):
    operations.edit_party(actor=clerk, party=citizen, details=replace(CITIZEN, city="Brno", street=""))
    record = history_of(citizen).get(operation="parties.party.edit")
    assert record.parameters["before"] == {"street": "Dlouhá", "city": "Žďár"}
    assert record.parameters["after"] == {"street": "", "city": "Brno"}


def test_every_look_at_a_natural_person_is_logged_and_at_a_company_is_not(clerk, citizen, company):
    queries.party_for(clerk, citizen.pk)
    queries.party_for(clerk, company.pk)
    queries.note_shown(clerk, [citizen, company], text="a", page=1)
    told = [record.operation for record in history_of(citizen)]
    assert told == ["parties.party.register", "parties.party.read", "parties.party.find"]
    assert [record.operation for record in history_of(company)] == ["parties.party.register"]


def test_reading_and_writing_need_a_role(in_region, citizen):
    auditor = in_region.actor(in_region.auditor)
    assert queries.party_for(auditor, citizen.pk) == citizen
    with pytest.raises(AccessDenied):
        operations.register_party(actor=auditor, details=COMPANY)
    with pytest.raises(AccessDenied):
        operations.edit_party(actor=auditor, party=citizen, details=CITIZEN)
    from egon.registry.models import RoleGrant

    RoleGrant.objects.filter(person=in_region.outsider).delete()
    with pytest.raises(NotFound):
        queries.party_for(in_region.actor(in_region.outsider), citizen.pk)


def test_refused_writing_is_logged_without_the_facts(in_region, clerk):
    with pytest.raises(AccessDenied):
        operations.register_party(actor=in_region.actor(in_region.auditor), details=CITIZEN)
    record = LogRecord.objects.filter(operation="parties.party.register", outcome="denied").latest("pk")
    assert "Šťastný" not in str(record.parameters)


@pytest.mark.norm("2.8.20")
def test_what_changed_is_found_by_its_new_words_and_not_by_the_old_ones(clerk, citizen):
    details = replace(PartyDetails.of(citizen), family_name="Procházka-Novák", email="jiri.novak@obec.cz")
    operations.edit_party(actor=clerk, party=citizen, details=details)
    assert not queries.find("stastny").exists()
    for text in ("prochazka-nov", "novak", "jiri.novak@obec", "NOV jiř"):
        assert list(queries.find(text, kind=Kind.NATURAL)) == [citizen], text
    words = list(citizen.words.values_list("word", flat=True))
    assert sorted(words) == sorted(set(words))


def test_an_index_finds_the_words_under_row_security(clerk, citizen):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    # In the order of words, so that however few rows there are, no other index will do.
    words = PartyWord.objects.filter(word__begins="stastny").order_by("word").values("party")
    assert ">= 'stastny'" in words.explain()


def test_what_many_have_is_found_the_same_way_without_the_index(clerk, citizen, company, monkeypatch):
    sought = (
        "stastny",
        "ŠŤASTNÝ jiri",
        "zdar",
        "6bnaawp",
        "jiri dlouha",
        "tastny",
        "a.",
        "70890366",
        "cista voda",
        "(",
    )
    by_words = [list(queries.find(text)) for text in sought]
    monkeypatch.setattr(queries, "MOST_BY_WORDS", -1)
    assert [list(queries.find(text)) for text in sought] == by_words
    assert by_words[0] == [citizen] and by_words[5] == []
