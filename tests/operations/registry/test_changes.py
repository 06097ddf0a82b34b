"""Proposals of changes: nothing happens before they are confirmed; then one by one, stopped, resumed, refused."""

from datetime import date

import pytest
from tests import traces
from tests.runs import go
from tests.strangers import of_school

from egon.gateways.nsesss import CodeData, CodeListData
from egon.gateways.tables import read_table, write_csv
from egon.identity.models import Account
from egon.jobs.runs.errors import RunInOtherState
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.registry import change_queries, operations
from egon.registry.errors import RegistryRefused
from egon.registry.models import ChangeSet, CodeListItem, Person, Position, ProposedChange, Unit
from egon.registry.people_table import COLUMNS, read_people, tell_people
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

HEADER = "Osobní číslo;Titul před;Jméno;Příjmení;E-mail;Přihlašovací jméno;Útvar;Místo\n"


@pytest.fixture
def admin(in_region):
    return in_region.actor(in_region.administrator)


def rows(*lines, header=HEADER):
    codes = Unit.objects.values_list("code", flat=True)
    return read_people((header + "\n".join(lines)).encode(), unit_codes=codes)


def propose(admin, *lines, header=HEADER):
    return operations.propose_people(actor=admin, rows=rows(*lines, header=header), source="lidé.csv", at=clock.now())


def run(admin, proposal, *, gone=False):
    operations.confirm_changes(actor=admin, change_set=proposal, includes_gone=gone)
    return go(proposal)


def picture():
    return [list(model.objects.order_by("pk").values()) for model in (Person, Position, Unit, CodeListItem)]


def test_nothing_changes_before_the_proposal_is_confirmed_nor_when_it_is_dropped(in_region, admin):
    before = picture()
    proposal = propose(admin, "100;;Anna;Čížková;a@kraj.example;cizkova;OD;referentka")
    assert picture() == before
    operations.drop_changes(actor=admin, change_set=proposal)
    with pytest.raises(RunInOtherState, match="zahozeno"):
        operations.confirm_changes(actor=admin, change_set=proposal, includes_gone=False)
    assert picture() == before and not Account.objects.filter(login="cizkova").exists()


def test_a_new_colleague_comes_with_a_place_and_an_account_without_a_known_password(in_region, admin):
    found = run(admin, propose(admin, "100;Ing.;Anna;Čížková;a@kraj.example;cizkova;od;referentka"))
    assert (found.state, found.done, found.refused) == ("finished", 1, 0)
    person = Person.objects.get(personal_number="100")
    assert (person.name, person.account.login) == ("Ing. Anna Čížková", "cizkova")
    assert person.account.must_change_password
    assert Position.objects.get(person=person).unit.code == "OD"
    assert traces.last("registry.person.add").actor_name == "eGON Centrum"


def test_those_already_here_are_recognised_and_only_differences_are_done(in_region, admin):
    officer = in_region.officer
    before = Person.objects.count()
    line = f"55;{officer.title_before};{officer.given_name};Změněný;{officer.email};{officer.account.login};;"
    proposal = propose(admin, line)
    [change] = change_queries.changes_of(proposal)
    assert (change.action, change.entity_id) == ("changed", officer.pk)
    assert change.differences == {
        "personal_number": ["", "55"],
        "family_name": [officer.family_name, "Změněný"],
    }
    run(admin, proposal)
    officer.refresh_from_db()
    assert (officer.family_name, officer.personal_number) == ("Změněný", "55")
    assert Person.objects.count() == before
    with pytest.raises(RegistryRefused, match="v ničem neliší"):
        propose(admin, line)


def test_who_is_missing_stays_unless_it_is_wanted_and_the_last_administrator_always(in_region, admin):
    for number, person in enumerate((in_region.officer, in_region.administrator), start=1):
        Person.objects.filter(pk=person.pk).update(personal_number=str(number))
    proposal = propose(admin, "100;;Anna;Čížková;;;;")
    assert {change.label for change in change_queries.changes_of(proposal, action="gone")} == {
        in_region.officer.name,
        in_region.administrator.name,
    }
    run(admin, proposal)
    assert Person.objects.get(pk=in_region.officer.pk).active
    again = propose(admin, "101;;Ivo;Druhý;;;;")
    found = run(admin, again, gone=True)
    assert not Person.objects.get(pk=in_region.officer.pk).active
    [refused] = change_queries.changes_of(found, state="refused")
    assert refused.entity_id == in_region.administrator.pk and "bez správce" in refused.message


def test_who_moves_leaves_the_old_place_vacant(in_region, admin):
    first = propose(admin, "100;;Anna;Čížková;;;OD;referentka")
    run(admin, first)
    run(admin, propose(admin, "100;;Anna;Čížková;;;OE;rozpočtářka"))
    person = Person.objects.get(personal_number="100")
    assert [(one.unit.code, one.name) for one in Position.objects.filter(person=person)] == [("OE", "rozpočtářka")]
    assert Position.objects.get(unit__code="OD", name="referentka").person is None


def test_an_empty_cell_takes_no_address_login_or_place_away(in_region, admin):
    run(admin, propose(admin, "100;Ing.;Anna;Čížková;a@kraj.example;cizkova;OD;referentka"))
    run(admin, propose(admin, "100;;Anna;Čížková;;;;"))
    person = Person.objects.get(personal_number="100")
    assert (person.name, person.email, person.account.login) == ("Anna Čížková", "a@kraj.example", "cizkova")
    assert Position.objects.filter(person=person, unit__code="OD").exists()


def test_one_refused_change_does_not_stop_the_others(in_region, admin):
    taken = in_region.officer.account.login
    proposal = propose(admin, f"100;;Cizí;Osoba;;{taken};;", "101;;Ivo;Druhý;;druhyivo;;")
    # The officer has no number and the same login, but somebody gave them one meanwhile.
    ProposedChange.objects.filter(run=proposal).update(action="new", entity_id=None)
    found = run(admin, proposal)
    assert (found.done, found.refused) == (1, 1)
    [refused] = change_queries.changes_of(found, state="refused")
    assert "už někdo má" in refused.message
    assert not Person.objects.filter(personal_number="100").exists()


def test_all_faults_of_a_table_come_at_once_with_their_lines(in_region):
    with pytest.raises(RegistryRefused) as refusal:
        rows(
            "1;;;Novák;neníadresa;X!;OD;",
            "1;;Jan;Malý;;;NIKDE;místo",
        )
    told = refusal.value.obstacles
    assert [fault.partition(":")[0] for fault in told] == ["Řádek 2"] * 4 + ["Řádek 3"] * 2
    for part in ("chybí jméno", "není e-mail", "přihlašovací jméno", "patří k sobě", "NIKDE", "už má řádek 2"):
        assert any(part in fault for fault in told), part


@pytest.mark.parametrize("header", ["Jméno;Příjmení\n", "Osobní číslo;Jméno;Příjmení;Místo\n"])
def test_a_table_without_needed_columns_is_refused(in_region, header):
    with pytest.raises(RegistryRefused, match="chybí sloupce"):
        rows("1;2;3;4", header=header)


def test_what_is_exported_is_read_back_without_a_difference(in_region, admin):
    for number, person in enumerate(Person.objects.all(), start=1):
        person.personal_number = str(number)
        person.save()
    table = write_csv(list(COLUMNS.values()), tell_people(Person.objects.select_related("account")))
    assert len(read_table(table)) == Person.objects.count() + 1
    people = read_people(table, unit_codes=Unit.objects.values_list("code", flat=True))
    with pytest.raises(RegistryRefused, match="v ničem neliší"):
        operations.propose_people(actor=admin, rows=people, source="x", at=clock.now())


def codes(*items):
    return CodeListData("barvy", "Barvy", list(items))


@pytest.mark.norm("2.7.3a", "2.7.3b", "2.7.3c")
def test_a_code_list_is_imported_with_its_days_and_nothing_is_deleted(in_region, admin):
    held = operations.add_code(actor=admin, code_list="barvy", code="M", name="Modrá", valid_from=date(2020, 1, 1))
    gone = operations.add_code(actor=admin, code_list="barvy", code="Z", name="Zelená", valid_from=date(2020, 1, 1))
    given = codes(
        CodeData("M", "Modř", date(2021, 1, 1), date(2030, 6, 30)), CodeData("C", "Červená", date(2026, 1, 1))
    )
    proposal = operations.propose_codes(actor=admin, codes=given, code_list="barvy", source="barvy.xml", at=clock.now())
    assert [(one.action, one.key) for one in change_queries.changes_of(proposal)] == [
        ("new", "C"), ("changed", "M"), ("gone", "Z"),
    ]  # fmt: skip
    run(admin, proposal, gone=True)
    held.refresh_from_db(), gone.refresh_from_db()
    assert (held.name, held.valid_from, held.valid_to) == ("Modř", date(2021, 1, 1), date(2030, 6, 30))
    new = CodeListItem.objects.get(code_list="barvy", code="C")
    assert (new.name, new.valid_from, new.valid_to) == ("Červená", date(2026, 1, 1), None)
    assert gone.valid_to is not None and gone.valid_to < clock.today()


@pytest.mark.norm("2.7.3a", "2.7.3b", "2.7.3c")
def test_units_are_a_code_list_too(in_region, admin):
    unit = in_region.units["OE"]
    given = CodeListData(
        operations.UNITS_LIST,
        "Organizační součásti",
        [
            *(CodeData(one.code, one.name, one.valid_from, one.valid_to) for one in Unit.objects.exclude(pk=unit.pk)),
            CodeData("OE", "Odbor ekonomiky a daní", unit.valid_from),
            CodeData("OX", "Odbor nový", date(2026, 1, 1), date(2028, 12, 31)),
        ],
    )
    proposal = operations.propose_codes(
        actor=admin, codes=given, code_list=operations.UNITS_LIST, source="u.xml", at=clock.now()
    )
    run(admin, proposal)
    unit.refresh_from_db()
    assert unit.name == "Odbor ekonomiky a daní"
    assert Unit.objects.get(code="OX").valid_to == date(2028, 12, 31)


def test_an_item_said_to_be_out_of_use_ends(in_region, admin):
    item = operations.add_code(actor=admin, code_list="barvy", code="M", name="Modrá", valid_from=date(2020, 1, 1))
    given = codes(CodeData("M", "Modrá", date(2020, 1, 1), active=False))
    proposal = operations.propose_codes(actor=admin, codes=given, code_list="barvy", source="x", at=clock.now())
    run(admin, proposal)
    item.refresh_from_db()
    assert item.valid_to is not None and item.valid_to < clock.today()


def test_others_propose_and_confirm_nothing(in_region, admin):
    proposal = propose(admin, "100;;Anna;Čížková;;;;")
    officer = in_region.actor(in_region.officer)
    for attempt in (
        lambda: operations.propose_people(actor=officer, rows=rows("1;;A;B;;;;"), source="x", at=clock.now()),
        lambda: operations.confirm_changes(actor=officer, change_set=proposal, includes_gone=False),
        lambda: operations.drop_changes(actor=officer, change_set=proposal),
    ):
        with pytest.raises(AccessDenied):
            attempt()
    with pytest.raises(WrongTenant):
        operations.confirm_changes(actor=of_school(in_region, admin), change_set=proposal, includes_gone=False)
    assert ChangeSet.objects.get().state == "draft"
