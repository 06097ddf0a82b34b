"""Own metadata of components and of persons of the jmenný rejstřík (NSESSS 9.1.1)."""

from dataclasses import replace

import pytest
from tests.records_steps import acting, record_class, register
from tests.strangers import of_school

from egon import search
from egon.audit import queries as audit
from egon.kernel import clock
from egon.kernel.errors import AccessDenied, Conflict
from egon.parties import operations as parties
from egon.parties import queries as register_of_persons
from egon.parties.errors import PartyRefused
from egon.parties.models import Duplicate, Kind, Party, PartyWord
from egon.parties.operations import PartyDetails
from egon.records import facts, own_metadata
from egon.records import operations as records
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import Component, Document, OwnField, OwnValue
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.records.rules.settling import SettledHow
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def add(keeper):
    def make(entity, name="Měřítko", **more):
        return records.add_own_field(actor=keeper, entity=entity, name=name, value_type=ValueType.TEXT, **more)

    return make


@pytest.fixture
def document(in_region):
    registered = register(in_region)
    unit = in_region.office.units["OD"]
    return records.place_in_unit(
        actor=acting(in_region.clerk), document=registered, unit=unit, holder=in_region.officer
    )


@pytest.fixture
def component(document):
    return Component.objects.get(document=document)


def own(field, value):
    return {str(field.pk): value}


def describe(actor, component, **more):
    document = Document.objects.get(pk=component.document_id)
    return records.describe_component(actor=actor, document=document, component=component, **more)


def told_of(entity):
    return audit.history_of(entity).last().parameters["own_metadata"]


def found(words):
    return {hit.entity_id for hit in search.find(words, ["records.document"]).hits}


@pytest.mark.norm("9.1.1")
def test_of_a_component_by_which_its_document_is_found(in_region, officer, add, document, component):
    field = add(OwnEntity.COMPONENT)
    describe(officer, component, own=own(field, "M-5000"), seen={"own_values": {}})
    assert Component.objects.get(pk=component.pk).own_values == own(field, "M-5000")
    assert told_of(component) == {"Měřítko": {"before": "", "after": "M-5000"}}
    assert found("M-5000") == {document.pk}
    assert OwnValue.objects.get(component=component).value == "m-5000"
    with pytest.raises(Conflict):
        describe(officer, component, own=own(field, "M-1000"), seen={"own_values": {}})
    for actor, refusal in (
        (acting(in_region.outsider), AccessDenied),
        (of_school(in_region, officer), WrongTenant),
    ):
        with pytest.raises(refusal):
            describe(actor, component, own=own(field, "cizí"))
    assert Component.objects.get(pk=component.pk).own_values == own(field, "M-5000")


@pytest.mark.norm("9.1.1")
def test_a_required_one_of_a_component_is_asked_before_its_document_is_settled_and_its_file_closed(
    officer, keeper, add, document, component
):
    field = add(OwnEntity.COMPONENT, required=True)
    file = records.open_file(
        actor=officer,
        document=document,
        record_class=record_class("80.1"),
        subject="Zastávka",
        unit=document.unit,
        processor=document.holder,
    )
    missing = [f"Měřítko (soubor {component})"]
    assert facts.settling_facts(document).missing_own == missing
    assert [one.missing_own for one in facts.file_facts(file).documents] == [missing]
    with pytest.raises(InvalidInput, match="Měřítko: údaj je povinný"):
        describe(officer, component, own=own(field, ""))
    describe(officer, component, own=own(field, "1 : 50"))
    assert facts.settling_facts(document).missing_own == []
    records.settle_document(actor=officer, document=document, how=SettledHow.BY_NOTING, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    for actor, refusal in ((officer, AccessDenied), (keeper, NotInThisState)):
        with pytest.raises(refusal):
            describe(actor, component, own=own(field, "1 : 100"))


PERSON = PartyDetails(kind=Kind.LEGAL, name="Stavby Sázava", ic="")


@pytest.fixture
def party(in_region):
    return parties.register_party(actor=acting(in_region.clerk), details=PERSON)


def stored(party):
    return Party.objects.get(pk=party.pk).own_values


@pytest.mark.norm("9.1.1")
def test_of_a_person_by_which_it_is_found_also_after_its_facts_change(in_region, officer, add, party):
    field = add(OwnEntity.PARTY, "Číslo klienta")
    records.describe_party(actor=officer, party=party, own=own(field, "KL-77"), seen={"own_values": {}})
    assert stored(party) == own(field, "KL-77")
    assert told_of(party) == {"Číslo klienta": {"before": "", "after": "KL-77"}}
    parties.edit_party(actor=officer, party=party, details=replace(PERSON, city="Brod"))
    assert list(register_of_persons.find("kl-77")) == [party]
    with pytest.raises(Conflict):
        records.describe_party(actor=officer, party=party, own=own(field, "KL-78"), seen={"own_values": {}})
    for actor, refusal in (
        (acting(in_region.auditor), AccessDenied),
        (of_school(in_region, officer), WrongTenant),
    ):
        with pytest.raises(refusal):
            records.describe_party(actor=actor, party=party, own=own(field, "cizí"))
    records.describe_party(actor=officer, party=party, own=own(field, ""))
    assert stored(party) == {} and not list(register_of_persons.find("kl-77"))


@pytest.mark.norm("9.1.1")
@pytest.mark.parametrize(
    ("type_", "typed", "sought"),
    [
        (ValueType.DAY, "25. 11. 2026", "25. 11. 2026"),
        (ValueType.DAY, "25. 11. 2026", "25.11.2026"),
        (ValueType.MOMENT, "2026-11-24T23:30:00+00:00", "25.11.2026"),
        (ValueType.NUMBER, "1,5", "1,5"),
    ],
)
def test_a_person_is_found_by_a_day_and_a_number_as_people_read_them(officer, keeper, party, type_, typed, sought):
    field = records.add_own_field(actor=keeper, entity=OwnEntity.PARTY, name="Smlouva", value_type=type_)
    records.describe_party(actor=officer, party=party, own=own(field, typed))
    assert list(register_of_persons.find(sought)) == [party]


@pytest.mark.norm("2.8.16", "9.1.1")
def test_of_a_destroyed_person_nothing_is_left(in_region, keeper, officer, add, party):
    field = add(OwnEntity.PARTY, "Číslo klienta")
    records.describe_party(actor=officer, party=party, own=own(field, "KL-77"))
    records.destroy_party(actor=acting(in_region.administrator), party=party, reason="Zapsáno omylem")
    assert not Party.objects.filter(own_values__has_key=str(field.pk)).exists()
    assert not PartyWord.objects.filter(word__startswith="kl-77").exists()
    records.delete_own_field(actor=keeper, field=field)


@pytest.mark.norm("9.1.1")
def test_a_field_filled_in_at_a_person_is_not_removed(officer, keeper, add, party):
    field = add(OwnEntity.PARTY, "Číslo klienta", required=True)
    with pytest.raises(InvalidInput, match="Číslo klienta: údaj je povinný"):
        records.describe_party(actor=officer, party=party, own=own(field, ""))
    records.describe_party(actor=officer, party=party, own=own(field, "KL-77"))
    with pytest.raises(NotInThisState, match="někde vyplněný"):
        records.delete_own_field(actor=keeper, field=field)
    assert OwnField.objects.filter(pk=field.pk).exists()
    assert own_metadata.shown(stored(party)) == [("Číslo klienta", "KL-77")]


@pytest.mark.norm("2.8.14", "9.1.1")
def test_a_merge_fills_what_the_kept_record_does_not_tell_and_takes_it_back(in_region, keeper, officer, add, party):
    number, note = add(OwnEntity.PARTY, "Číslo klienta"), add(OwnEntity.PARTY, "Pobočka")
    other = parties.register_party(actor=acting(in_region.clerk), details=replace(PERSON, city="Brod"))
    records.describe_party(actor=officer, party=party, own=own(number, "KL-1"))
    records.describe_party(actor=officer, party=other, own=own(number, "KL-2") | own(note, "Brod"))
    pair = Duplicate.objects.filter(party__in=[party, other], other__in=[party, other]).first()
    pair = pair or parties.suspect_duplicate(actor=keeper, party=party, other=other, at=clock.now())
    merged = records.merge_parties(actor=keeper, duplicate=pair, kept=party, at=clock.now())
    assert stored(party) == own(number, "KL-1") | own(note, "Brod")
    merge = audit.history_of(party).filter(operation="records.party.merge").get()
    assert merge.parameters["own_metadata_beaten"] == {"Číslo klienta": "KL-2"}
    with pytest.raises(PartyRefused):
        records.describe_party(actor=officer, party=other, own=own(number, "KL-3"))
    records.undo_merge(actor=keeper, duplicate=merged, at=clock.now())
    assert stored(party) == own(number, "KL-1") and stored(other) == own(number, "KL-2") | own(note, "Brod")
