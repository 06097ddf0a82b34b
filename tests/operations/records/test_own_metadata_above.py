"""Own metadata of what stands above files: classes, typed files, their sections and volumes (NSESSS 9.1.1)."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, record_class
from tests.strangers import of_school
from tests.typed_steps import OPENED, regime, section, typed_class, typed_file

from egon import search
from egon.audit import queries as audit
from egon.kernel import clock
from egon.kernel.errors import AccessDenied, Conflict
from egon.records import operations as records
from egon.records import own_metadata, plan_queries
from egon.records.errors import InvalidInput, NotInThisState, TypedFileNotClosable
from egon.records.models import OwnField, OwnValue, RecordClass, TypedFile, TypedSection, Volume
from egon.records.operations.typed.volumes import roll_if_due
from egon.records.rules.own_metadata import OwnEntity, ValueType
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
    def make(entity, name="Číslo smlouvy", type_=ValueType.TEXT, **more):
        return records.add_own_field(actor=keeper, entity=entity, name=name, value_type=type_, **more)

    return make


@pytest.fixture
def typed(in_region):
    return typed_file(in_region, typed_class(in_region))


def own(field, value):
    return {str(field.pk): value}


def edit(actor, typed, **more):
    return records.edit_typed_file(
        actor=actor, typed_file=typed, name=typed.name, processor=typed.processor, shared=typed.shared, **more
    )


def told_of(entity):
    """What the last step of an entity tells of its own metadata."""
    return audit.history_of(entity).last().parameters["own_metadata"]


def found(words, kind):
    return {hit.entity_id for hit in search.find(words, [kind]).hits}


@pytest.mark.norm("9.1.1")
def test_of_a_typed_file(in_region, officer, add):
    field = add(OwnEntity.TYPED_FILE, required=True)
    entry = typed_class(in_region)
    with pytest.raises(InvalidInput, match="Číslo smlouvy: údaj je povinný"):
        typed_file(in_region, entry, own={})
    assert not TypedFile.objects.filter(record_class=entry).exists()
    typed = typed_file(in_region, entry, own=own(field, "SML-77"))
    edit(officer, typed, own=own(field, "SML-78"))
    assert TypedFile.objects.get(pk=typed.pk).own_values == own(field, "SML-78")
    assert told_of(typed) == {"Číslo smlouvy": {"before": "SML-77", "after": "SML-78"}}
    assert found("SML-78", "records.typedfile") == {typed.pk} and not found("SML-77", "records.typedfile")
    assert OwnValue.objects.get(typed_file=typed).value == "sml-78"
    with pytest.raises(Conflict):
        edit(officer, typed, own=own(field, "jiné"), seen={"own_values": {}})


@pytest.mark.norm("9.1.1")
def test_a_required_one_is_asked_before_a_typed_file_and_its_sections_close(officer, add, typed):
    of_file, of_section = add(OwnEntity.TYPED_FILE, required=True), add(OwnEntity.SECTION, "Skříň", required=True)
    with pytest.raises(TypedFileNotClosable) as refused:
        records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    told = " ".join(refused.value.obstacles)
    assert "Číslo smlouvy" in told and told.count("Skříň") == typed.sections.count()
    one = section(typed, "1.2")
    with pytest.raises(TypedFileNotClosable, match="nejde uzavřít"):
        records.close_section(actor=officer, section=one, on=OPENED)
    edit(officer, typed, own=own(of_file, "SML-1"))
    for one in TypedSection.objects.filter(typed_file=typed).select_related("typed_file", "template"):
        records.edit_section(actor=officer, section=one, own=own(of_section, "A"))
    records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    assert not TypedFile.objects.get(pk=typed.pk).is_open
    with pytest.raises(NotInThisState, match="uzavřená"):
        records.edit_section(actor=officer, section=section(typed, "1.2"), own=own(of_section, "B"))


@pytest.mark.norm("9.1.1")
def test_of_a_section_and_who_may_not(in_region, officer, add, typed):
    field, one = add(OwnEntity.SECTION, "Skříň"), section(typed, "1.2")
    records.edit_section(actor=officer, section=one, own=own(field, "SK-12"), seen={"own_values": {}})
    assert told_of(one) == {"Skříň": {"before": "", "after": "SK-12"}}
    assert found("SK-12", "records.typedsection") == {one.pk}
    with pytest.raises(Conflict):
        records.edit_section(actor=officer, section=one, own=own(field, "SK-13"), seen={"own_values": {}})
    for actor, refusal in (
        (acting(in_region.outsider), AccessDenied),
        (of_school(in_region, officer), WrongTenant),
    ):
        with pytest.raises(refusal):
            records.edit_section(actor=actor, section=section(typed, "1.2"), own=own(field, "cizí"))
    assert TypedSection.objects.get(pk=one.pk).own_values == own(field, "SK-12")


@pytest.mark.norm("9.1.1")
def test_of_a_volume_keeps_no_volume_from_rolling_and_goes_with_an_empty_one(in_region, officer, add, typed):
    field, one = add(OwnEntity.VOLUME, "Regál", required=True), section(typed, "1.2")
    volume = Volume.objects.select_related("section__typed_file", "section__template").get(section=one)
    with pytest.raises(InvalidInput, match="Regál: údaj je povinný"):
        records.edit_volume(actor=officer, volume=volume, own=own(field, ""))
    records.edit_volume(actor=officer, volume=volume, own=own(field, "R7"))
    assert told_of(volume) == {"Regál": {"before": "", "after": "R7"}}
    for actor, refusal in (
        (acting(in_region.outsider), AccessDenied),
        (of_school(in_region, officer), WrongTenant),
    ):
        with pytest.raises(refusal):
            records.edit_volume(actor=actor, volume=volume, own=own(field, "cizí"))
    roll_if_due(one, volume.ends_on + timedelta(days=1))
    old, new = Volume.objects.filter(section=one).order_by("number")
    assert (old.state, old.own_values, new.own_values) == ("destroyed", {}, {})
    assert not OwnValue.objects.filter(volume=old).exists()
    with pytest.raises(NotInThisState, match="uzavřený"):
        records.edit_volume(actor=officer, volume=volume, own=own(field, "R8"))


@pytest.mark.norm("9.1.1")
def test_of_a_class_goes_on_with_its_successor_and_into_the_next_plan(in_region, keeper, add):
    field, entry = add(OwnEntity.CLASS, "Garant", required=True), record_class("80.1")
    with pytest.raises(InvalidInput, match="Garant: údaj je povinný"):
        records.describe_class(actor=keeper, record_class=entry, name=entry.name, own={})
    records.describe_class(actor=keeper, record_class=entry, name=entry.name, own=own(field, "Odbor dopravy G-5"))
    assert told_of(entry) == {"Garant": {"before": "", "after": "Odbor dopravy G-5"}}
    assert found("G-5", "records.recordclass") == {entry.pk}
    with pytest.raises(Conflict):
        records.describe_class(actor=keeper, record_class=entry, name="Jinak", seen={"own_values": {}})
    other = regime(in_region, "S", 7)
    successor = records.change_regime(actor=keeper, record_class=entry, regime=other, on=clock.today())
    assert RecordClass.objects.get(pk=successor.pk).own_values == own(field, "Odbor dopravy G-5")
    copy = records.copy_plan(
        actor=keeper, plan=entry.plan, name="Další plán", valid_from=clock.today() + timedelta(days=9)
    )
    copied = plan_queries.class_by_code(copy, "80.1")
    assert copied.own_values == own(field, "Odbor dopravy G-5")
    assert OwnValue.objects.filter(record_class=copied, field=field).count() == 1
    assert found("G-5", "records.recordclass") == {entry.pk, successor.pk, copied.pk}
    records.discard_plan(actor=keeper, plan=copy)
    assert not OwnValue.objects.filter(record_class=copied.pk).exists()
    with pytest.raises(InvalidInput, match="Garant"):
        records.save_class(
            actor=keeper, plan=entry.plan, parent=entry.parent, code="80.99", name="Nová", valid_from=clock.today(),
            regime=other, own={},
        )  # fmt: skip


@pytest.mark.norm("9.1.1")
@pytest.mark.parametrize("entity", [OwnEntity.CLASS, OwnEntity.TYPED_FILE, OwnEntity.SECTION, OwnEntity.VOLUME])
def test_a_field_filled_in_is_not_deleted_and_has_no_kind(keeper, officer, add, typed, entity):
    kind = records.save_kind(actor=keeper, name="Faktura přijatá", valid_from=clock.today())
    with pytest.raises(InvalidInput, match="Druh mají jen dokumenty"):
        add(entity, kind=kind)
    field, one = add(entity), section(typed, "1.2")
    filled = own(field, "1")
    match entity:
        case OwnEntity.CLASS:
            entry = record_class("80.1")
            records.describe_class(actor=keeper, record_class=entry, name=entry.name, own=filled)
        case OwnEntity.TYPED_FILE:
            edit(officer, typed, own=filled)
        case OwnEntity.SECTION:
            records.edit_section(actor=officer, section=one, own=filled)
        case _:
            records.edit_volume(actor=officer, volume=Volume.objects.get(section=one), own=filled)
    with pytest.raises(NotInThisState, match="někde vyplněný"):
        records.delete_own_field(actor=keeper, field=field)
    assert OwnField.objects.filter(pk=field.pk).exists()
    assert own_metadata.shown(filled) == [("Číslo smlouvy", "1")]
