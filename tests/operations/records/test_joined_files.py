"""Conflicts of disposal regimes, and files joined by fixed cross-references (NSESSS 6.1.8, 4.1.2 to 4.1.6)."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, record_class

from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import plan_queries
from egon.records.errors import FileNotJoinable, InvalidInput, NotInThisState
from egon.records.models import CaseFile, CrossReference, DisposalRegime, DocumentKind, RecordClass
from egon.records.operations.disposal_years import fix_disposal_year
from egon.records.rules.joining import JoinedInto


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def year():
    return clock.today().year


@pytest.fixture
def opened(in_region, officer):
    """``opened(record_class, days_ago)``: an empty open file of the officer."""

    def open_one(entry, days_ago=0):
        file = records.open_file(
            actor=officer,
            record_class=entry,
            unit=in_region.office.units["OD"],
            processor=in_region.officer,
            subject="Rekonstrukce silnice",
        )
        CaseFile.objects.filter(pk=file.pk).update(opened_on=clock.today() - timedelta(days=days_ago))
        return CaseFile.objects.get(pk=file.pk)

    return open_one


@pytest.fixture
def archived(in_region):
    """A class of mark A."""
    entries = RecordClass.objects.filter(holds_files=True, disposal_regime__mark="A", disposal_regime__years=10)
    return entries.exclude(disposal_regime__trigger__in=["external", "birth"]).order_by("sort_key").first()


def closed(file, on=None):
    """The file closed past what would stand in the way of an empty one."""
    day = on or clock.today()
    CaseFile.objects.filter(pk=file.pk).update(state="closed", settled_on=day, closed_on=day)
    file = CaseFile.objects.get(pk=file.pk)
    fix_disposal_year(file)
    file.save()
    return file


def join(actor, file, to_file):
    return records.join_files(actor=actor, file=file, to_file=to_file, on=clock.today())


def fresh(file):
    return CaseFile.objects.get(pk=file.pk)


def of_kind(document, mark, years, trigger, check_years=None):
    regime = DisposalRegime.objects.create(
        name="Druh", mark=mark, years=years, trigger=trigger, check_years=check_years
    )
    document.kind = DocumentKind.objects.create(name="Smlouva X", valid_from=clock.today(), disposal_regime=regime)
    document.save(update_fields=["kind"])


def settle_and_close(actor, file):
    records.settle_file(actor=actor, file=file, on=clock.today())
    return records.close_file(actor=actor, file=file, on=clock.today())


@pytest.mark.norm("6.1.8a", "6.1.8d", "6.1.8e")
def test_a_kind_of_document_with_a_graver_regime_decides_about_the_file(in_region, officer, file, received, year):
    of_kind(received, "A", 10, "settling")
    settle_and_close(officer, file)
    assert (file.resolved_mark, file.final_mark, file.disposal_year) == ("A", "A", year + 11)
    assert (file.regime, fresh(file).resolved_mark) == ("S/5", "A")
    noted = LogRecord.objects.filter(operation="records.file.close").latest("pk").parameters
    assert (noted["resolved_mark"], len(noted["regimes"])) == ("A", 2)


def test_a_shorter_period_of_a_kind_shortens_nothing(in_region, officer, file, received, year):
    of_kind(received, "S", 1, "closing")
    settle_and_close(officer, file)
    assert (file.final_mark, file.disposal_year) == ("S", year + 6)


def test_a_file_opened_again_waits_for_its_closing(in_region, officer, file, received):
    of_kind(received, "A", 10, "settling")
    settle_and_close(officer, file)
    records.reopen_file(actor=acting(in_region.head), file=file, reason="Odvolání")
    assert (file.resolved_mark, file.disposal_year, file.final_mark) == ("", None, "S")


@pytest.mark.norm("6.1.8a", "6.1.9a")
def test_a_conflict_is_put_off_until_the_event_of_a_kind_has_its_year(in_region, officer, file, received, year):
    of_kind(received, "A", 10, "external", check_years=3)
    settle_and_close(officer, file)
    assert (file.resolved_mark, file.disposal_year, file.trigger_check_year) == ("", None, year + 3)
    assert file in plan_queries.awaiting_event(on=clock.today(), only_due=False)
    keeper = acting(in_region.records_keeper)
    records.record_trigger_year(actor=keeper, files=[file], year=year, today=clock.today())
    assert (fresh(file).resolved_mark, fresh(file).disposal_year) == ("A", year + 11)
    assert file not in plan_queries.awaiting_event(on=clock.today(), only_due=False)


@pytest.mark.norm("4.1.2")
def test_of_joined_files_at_most_one_is_open(in_region, officer, opened):
    first, second, third = (opened(record_class(code)) for code in ("80.1", "80.2", "80.4"))
    with pytest.raises(FileNotJoinable, match="nejvýše jeden"):
        join(officer, first, second)
    assert not CrossReference.objects.exists()
    second, third = closed(second), closed(third)
    join(officer, first, second)
    join(officer, third, second)
    for one in (second, third):
        with pytest.raises(NotInThisState, match="pevně spojený"):
            records.reopen_file(actor=acting(in_region.head), file=fresh(one), reason="Odvolání")
    with pytest.raises(FileNotJoinable, match="už pevně spojené"):
        join(officer, fresh(first), fresh(third))


@pytest.mark.norm("4.1.2")
def test_a_closed_file_with_an_unresolved_conflict_is_not_joined(in_region, officer, opened, file, received):
    of_kind(received, "A", 10, "external", check_years=3)
    settle_and_close(officer, file)
    with pytest.raises(FileNotJoinable, match="nevyřešený konflikt"):
        join(officer, opened(record_class("80.2")), file)


@pytest.mark.norm("4.1.4", "4.1.5a", "6.1.8c")
def test_closing_the_open_one_brings_joined_files_into_one_class_with_one_result(
    in_region, officer, opened, archived, file, received, year
):
    older = closed(opened(archived, days_ago=30))
    join(officer, file, older)
    assert (file.class_code, fresh(older).class_code) == ("80.1", archived.code)
    settle_and_close(officer, file)
    latest = max(year + 6, older.disposal_year)
    for one in (fresh(file), fresh(older)):
        assert (one.class_code, one.final_mark, one.disposal_year) == (archived.code, "A", latest)
    done = LogRecord.objects.get(operation="records.file.unite")
    assert done.parameters["target"] == str(archived)


@pytest.mark.norm("4.1.4", "4.1.5b")
def test_two_closed_files_go_together_at_once_also_to_the_one_opened_last(in_region, officer, opened, archived):
    records.configure_numbering(actor=acting(in_region.records_keeper), joined_into=JoinedInto.LAST)
    older, newer = closed(opened(archived, days_ago=30)), closed(opened(record_class("80.2")))
    join(officer, older, newer)
    assert [fresh(one).class_code for one in (older, newer)] == ["80.2", "80.2"]
    assert {fresh(one).final_mark for one in (older, newer)} == {"A"}
    assert fresh(older).disposal_year == fresh(newer).disposal_year


def test_a_year_of_an_event_resolves_all_that_are_joined(in_region, officer, opened, archived, year):
    contract, other = closed(opened(record_class("63.3"))), closed(opened(archived))
    join(officer, contract, other)
    assert [fresh(one).disposal_year for one in (contract, other)] == [None, None]
    keeper = acting(in_region.records_keeper)
    records.record_trigger_year(actor=keeper, files=[fresh(contract)], year=year, today=clock.today())
    assert [fresh(one).disposal_year for one in (contract, other)] == [year + 11] * 2
    assert {fresh(one).final_mark for one in (contract, other)} == {"A"}


@pytest.mark.norm("4.1.6")
def test_only_a_processor_removes_a_fixed_reference_and_says_why(in_region, officer, opened, archived):
    first, second = closed(opened(archived, days_ago=3)), closed(opened(record_class("80.2")))
    made = join(officer, first, second)
    for person in (in_region.head, in_region.records_keeper):
        with pytest.raises(AccessDenied):
            records.remove_reference(actor=acting(person), reference=made, reason="Omyl")
    with pytest.raises(InvalidInput):
        records.remove_reference(actor=officer, reference=made, reason=" ")
    common = (fresh(second).class_code, fresh(second).final_mark, fresh(second).disposal_year)
    records.remove_reference(actor=officer, reference=made, reason="Omyl")
    assert not CrossReference.objects.exists()
    told = LogRecord.objects.filter(operation="records.reference.remove").latest("pk")
    assert (told.parameters["reason"], told.person_id) == ("Omyl", in_region.officer.pk)
    assert (fresh(second).class_code, fresh(second).final_mark, fresh(second).disposal_year) == common


def test_who_only_waited_for_the_other_gets_its_own_year_when_let_go(in_region, officer, opened):
    contract, other = closed(opened(record_class("63.3"))), closed(opened(record_class("80.2")))
    own = other.disposal_year
    made = join(officer, contract, other)
    assert fresh(other).disposal_year is None
    records.remove_reference(actor=officer, reference=made, reason="Omyl")
    assert (fresh(other).disposal_year, fresh(contract).disposal_year) == (own, None)


@pytest.mark.norm("6.1.13")
def test_a_hold_covers_what_is_joined(in_region, officer, opened, file, received):
    other = closed(opened(record_class("80.2")))
    join(officer, file, other)
    keeper = acting(in_region.records_keeper)
    records.place_hold(actor=keeper, on=clock.today(), reason="Soudní spor", file=other)
    with pytest.raises(InvalidInput, match="Soudní spor"):
        records.withdraw_document(actor=officer, document=received, reason="Omyl")


def test_a_stranger_joins_nothing_and_nobody_brings_files_together_by_hand(in_region, officer, opened):
    first, second = closed(opened(record_class("80.1"))), closed(opened(record_class("80.2")))
    for person in (in_region.outsider, in_region.records_keeper):
        with pytest.raises(AccessDenied):
            join(acting(person), first, second)
    with pytest.raises(AccessDenied):
        records.bring_together(actor=officer, files=[first, second])
    assert not CrossReference.objects.exists()
