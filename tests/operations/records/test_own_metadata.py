"""Own metadata: defined by the keepers, filled in, required, found, changed with the former value in the log."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import traces
from tests.records_steps import acting, record_class, register
from tests.strangers import of_school

from egon import search
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import facts, own_metadata, queries
from egon.records import operations as records
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, Document, OwnField, OwnList, OwnValue
from egon.records.rules.closing import check_before_closing
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.records.rules.settling import SettledHow, obstacles_to_settling
from egon.records.rules.states import Direction
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

TODAY = clock.today()


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def clerk(in_region):
    return acting(in_region.clerk)


@pytest.fixture
def add(keeper):
    def make(name, type_=ValueType.TEXT, entity=OwnEntity.DOCUMENT, **more):
        return records.add_own_field(actor=keeper, entity=entity, name=name, value_type=type_, **more)

    return make


@pytest.fixture
def invoice(keeper):
    return records.save_kind(actor=keeper, name="Faktura přijatá", valid_from=TODAY)


def key(field):
    return str(field.pk)


def edit(actor, document, **changes):
    values = {"subject": document.subject, "sender": document.sender, "kind": document.kind, **changes}
    return records.edit_metadata(actor=actor, document=document, **values)


@pytest.mark.norm("9.1.1")
@pytest.mark.parametrize("who", ["records_keeper", "administrator"])
def test_keepers_say_what_is_recorded_more_and_what_of_it_is_required(in_region, clerk, who):
    actor = acting(getattr(in_region, who))
    contract = records.add_own_field(
        actor=actor, entity=OwnEntity.DOCUMENT, name="Číslo smlouvy", value_type=ValueType.TEXT, required=True
    )
    place = records.add_own_field(actor=actor, entity=OwnEntity.FILE, name="Umístění", value_type=ValueType.TEXT)
    count = Document.objects.count()
    with pytest.raises(InvalidInput, match="Číslo smlouvy: údaj je povinný"):
        register(in_region, own={})
    assert Document.objects.count() == count
    document = register(in_region, own={key(contract): "SML-77"})
    assert Document.objects.get(pk=document.pk).own_values == {key(contract): "SML-77"}
    records.edit_own_field(actor=actor, field=contract, name="Číslo smlouvy", required=False)
    assert register(in_region, own={}).own_values == {}
    file = records.open_file(
        actor=acting(in_region.officer), record_class=record_class("80.1"), unit=in_region.office.units["OD"],
        processor=in_region.officer, subject="Zastávky", own={key(place): "regál 7"},
    )  # fmt: skip
    records.edit_file(
        actor=acting(in_region.officer), file=file, subject="Zastávky", processor=in_region.officer,
        own={key(place): "regál 8"},
    )  # fmt: skip
    assert own_metadata.shown(CaseFile.objects.get(pk=file.pk).own_values) == [("Umístění", "regál 8")]


@pytest.mark.norm("9.1.1", "9.1.3")
@pytest.mark.parametrize("who", ["officer", "head", "clerk", "secretariat", "auditor", "outsider"])
def test_nobody_else_may(in_region, add, keeper, who):
    field, own_list = add("Údaj"), records.save_own_list(actor=keeper, name="Kraje", items=["Praha"])
    before = [list(model.objects.order_by("pk").values()) for model in (OwnField, OwnList)]
    actor = acting(getattr(in_region, who))
    for step in (
        lambda: records.add_own_field(
            actor=actor, entity=OwnEntity.FILE, name="Jiný", value_type=ValueType.TEXT, required=True
        ),
        lambda: records.edit_own_field(actor=actor, field=field, name="Jinak", required=True),
        lambda: records.move_own_field(actor=actor, field=field, up=True),
        lambda: records.withdraw_own_field(actor=actor, field=field, on=TODAY),
        lambda: records.restore_own_field(actor=actor, field=field),
        lambda: records.delete_own_field(actor=actor, field=field),
        lambda: records.save_own_list(actor=actor, name="Obce", items=["Brno"]),
        lambda: records.delete_own_list(actor=actor, own_list=own_list),
    ):
        with pytest.raises(AccessDenied):
            step()
    assert [list(model.objects.order_by("pk").values()) for model in (OwnField, OwnList)] == before


def test_another_organisation_changes_nothing_here(in_region, keeper, add):
    add("Údaj")
    with pytest.raises(WrongTenant):
        records.add_own_field(
            actor=of_school(in_region, keeper), entity=OwnEntity.FILE, name="Cizí", value_type=ValueType.TEXT
        )
    assert not OwnField.objects.filter(name="Cizí").exists()


@pytest.mark.norm("4.2.3")
def test_a_kind_has_metadata_of_its_own_which_go_with_it(in_region, clerk, add, invoice):
    account = add("Číslo účtu", kind=invoice, required=True)
    note = add("Poznámka podatelny")
    assert register(in_region, own={key(note): "osobně"}).own_values == {key(note): "osobně"}
    with pytest.raises(InvalidInput, match="Číslo účtu"):
        register(in_region, kind=invoice, own={})
    document = register(in_region, kind=invoice, own={key(account): "123456/0100", key(note): "poštou"})
    edit(clerk, document, kind=None)
    assert Document.objects.get(pk=document.pk).own_values == {key(note): "poštou"}
    assert OwnValue.objects.filter(document=document).count() == 1
    told = traces.last("records.document.edit").parameters["own_metadata"]
    assert told == {"Číslo účtu": {"before": "123456/0100", "after": ""}}


@pytest.mark.norm("9.1.3")
def test_a_value_is_written_or_chosen_as_the_keeper_says(in_region, clerk, add, keeper):
    towns = records.save_own_list(actor=keeper, name="Obce", items=[" Lhota ", "", "Sázava"])
    assert towns.items == ["Lhota", "Sázava"]
    town, free = add("Obec", own_list=towns), add("Ulice")
    with pytest.raises(InvalidInput, match="Kotěhůlky"):
        register(in_region, own={key(town): "Kotěhůlky"})
    document = register(in_region, own={key(town): "Lhota", key(free): "Kotěhůlky"})
    records.save_own_list(actor=keeper, name="Obce", items=["Sázava"], own_list=towns)
    edit(clerk, document, own={key(town): "Lhota", key(free): ""})
    assert Document.objects.get(pk=document.pk).own_values == {key(town): "Lhota"}
    with pytest.raises(InvalidInput, match="Lhota"):
        register(in_region, own={key(town): "Lhota"})
    with pytest.raises(NotInThisState, match="Obec"):
        records.delete_own_list(actor=keeper, own_list=towns)
    records.edit_own_field(actor=keeper, field=town, name="Obec", required=False)
    records.delete_own_list(actor=keeper, own_list=towns)
    assert edit(clerk, document, own={key(town): "kdekoli"}).own_values == {key(town): "kdekoli"}


def test_a_withdrawn_field_stays_where_it_is_and_comes_back(in_region, clerk, add, keeper):
    field = add("Číslo smlouvy", required=True)
    document = register(in_region, own={key(field): "SML-77"})
    records.withdraw_own_field(actor=keeper, field=field, on=TODAY)
    assert own_metadata.asked(OwnEntity.DOCUMENT) == []
    assert register(in_region, own={key(field): "SML-78"}).own_values == {}
    edit(clerk, document, note="Upraveno", own={key(field): ""})
    assert own_metadata.shown(Document.objects.get(pk=document.pk).own_values) == [("Číslo smlouvy", "SML-77")]
    with pytest.raises(NotInThisState, match="vyplněný"):
        records.delete_own_field(actor=keeper, field=field)
    records.restore_own_field(actor=keeper, field=field)
    assert [one.name for one in own_metadata.asked(OwnEntity.DOCUMENT)] == ["Číslo smlouvy"]
    with pytest.raises(NotInThisState):
        records.restore_own_field(actor=keeper, field=field)


def test_fields_stand_in_the_order_given(add, keeper):
    first, second, third = add("První"), add("Druhý"), add("Třetí")
    records.move_own_field(actor=keeper, field=third, up=True)
    records.move_own_field(actor=keeper, field=first, up=True)
    names = [one.name for one in own_metadata.asked(OwnEntity.DOCUMENT)]
    assert names == ["První", "Třetí", "Druhý"]
    records.move_own_field(actor=keeper, field=second, up=False)
    assert [one.name for one in own_metadata.asked(OwnEntity.DOCUMENT)] == names


def test_a_name_is_taken_within_one_form_only(add, invoice, keeper):
    field = add("Číslo")
    with pytest.raises(InvalidInput, match="už tu je"):
        add("  Číslo ")
    add("Číslo", entity=OwnEntity.FILE)
    add("Číslo", kind=invoice)
    with pytest.raises(InvalidInput, match="ručně"):
        own_list = records.save_own_list(actor=keeper, name="Obce", items=["Lhota"])
        add("Kdy", ValueType.DAY, own_list=own_list)
    records.delete_own_field(actor=keeper, field=field)
    assert add("Číslo").position == 1


def test_what_is_required_is_missed_before_settling_and_closing(in_region, received, file, add, keeper):
    assert facts.settling_facts(received).missing_own == []
    add("Číslo smlouvy", required=True)
    add("Umístění", required=True, entity=OwnEntity.FILE)
    obstacles = obstacles_to_settling(facts.settling_facts(received), how=SettledHow.BY_NOTING, note="", on=TODAY)
    assert any("Číslo smlouvy" in one for one in obstacles)
    told = facts.file_facts(file)
    assert told.missing_own == ["Umístění"]
    assert [one.missing_own for one in told.documents] == [["Číslo smlouvy"]]
    obstacles = " ".join(check_before_closing(told, on=TODAY).obstacles)
    assert "Umístění" in obstacles and "Číslo smlouvy" in obstacles


def test_documents_are_found_by_words_and_by_values(in_region, clerk, add):
    contract, price, day = add("Smlouva"), add("Cena", ValueType.NUMBER), add("Splatnost", ValueType.DAY)
    cheap = register(in_region, own={key(contract): "SML-77/A", key(price): "-5", key(day): date(2026, 1, 31)})
    dear = register(in_region, own={key(contract): "sml-78", key(price): "1000,5", key(day): date(2026, 2, 1)})

    def found(field, only="", since="", until=""):
        condition = own_metadata.having(field, only=only, since=since, until=until)
        return set(Document.objects.filter(condition))

    assert found(contract) == {cheap, dear}
    assert found(contract, only="sml-77/a") == {cheap}
    assert found(price, since="0") == {dear}
    assert found(price, until="1000,5") == {cheap, dear}
    assert found(day, since="1. 2. 2026", until="2026-02-28") == {dear}
    with pytest.raises(ValueError, match="není číslo"):
        found(price, only="mnoho")
    hits = [hit.entity_id for hit in search.find("SML-77/A", ["records.document"]).hits]
    assert hits == [cheap.pk]


def test_own_documents_have_them_too(in_region, add):
    field = add("Počet stran", ValueType.NUMBER)
    document = records.create_document(
        actor=acting(in_region.officer), direction=Direction.INTERNAL, subject="Zápis", own={key(field): "12"}
    )
    assert own_metadata.shown(queries.document_for(acting(in_region.officer), document.pk).own_values) == [
        ("Počet stran", "12")
    ]
    assert traces.last("records.document.create").parameters["own_metadata"]["Počet stran"]["after"] == "12"
    assert own_metadata.columns_of(OwnEntity.DOCUMENT, [document.pk]).values == {document.pk: ["12"]}


def test_registering_without_own_metadata_reads_and_writes_none(in_region):
    register(in_region)
    with CaptureQueriesContext(connection) as plain:
        register(in_region)
    assert not [one for one in plain.captured_queries if "records_own" in one["sql"]]


def test_filters_are_offered_kinds_and_fields_by_one_query(add, invoice, django_assert_num_queries):
    add("Cena", ValueType.NUMBER)
    add("Číslo účtu", kind=invoice)
    add("Umístění", entity=OwnEntity.FILE)
    with django_assert_num_queries(1):
        offered = own_metadata.filter_choices(OwnEntity.DOCUMENT)
    assert [label for _, label in offered["own"]] == ["Cena", "Číslo účtu (Faktura přijatá)"]
    assert "Faktura přijatá" in [label for _, label in offered["kind"]]
    assert own_metadata.filter_choices(OwnEntity.FILE)["kind"] == []
