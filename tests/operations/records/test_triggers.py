"""Events that nobody can know beforehand: asked about after the set years, recorded, or put off."""

import pytest
from tests.records_steps import acting, record_class

from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import plan_queries
from egon.records.errors import InvalidInput
from egon.records.models import CaseFile, DisposalRegime
from egon.records.operations.disposal_years import fix_disposal_year


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def opened(in_region):
    """``opened("63.3")``: an empty open file of that class; 63.3 is S/10 from the end of a contract, asked after 5."""

    def open_one(code):
        return records.open_file(
            actor=acting(in_region.officer),
            record_class=record_class(code),
            unit=in_region.office.units["OD"],
            processor=in_region.officer,
            subject="Smlouva o dílo",
        )

    return open_one


@pytest.fixture
def contract(opened):
    """A closed file of class 63.3."""
    return close(opened("63.3"))


def close(file):
    day = clock.today()
    CaseFile.objects.filter(pk=file.pk).update(state="closed", opened_on=day, settled_on=day, closed_on=day)
    file = CaseFile.objects.get(pk=file.pk)
    fix_disposal_year(file)
    file.save()
    return file


def asked(on=None, **options):
    return list(plan_queries.awaiting_event(on=on or clock.today(), **options))


@pytest.mark.norm("6.1.9a", "6.1.9b", "6.1.6e")
def test_a_closed_file_is_asked_about_after_the_years_of_its_regime(contract):
    year = clock.today().year
    assert (contract.disposal_year, contract.trigger_check_year) == (None, year + 5)
    assert contract not in asked()
    assert contract in asked(only_due=False)
    assert contract in asked(clock.today().replace(month=1, day=1, year=year + 5))


@pytest.mark.norm("6.1.9a", "6.1.9d")
def test_the_year_of_the_event_gives_the_year_of_disposal(keeper, contract):
    today = clock.today()
    records.record_trigger_year(actor=keeper, files=[contract], year=today.year, today=today)
    contract.refresh_from_db()
    assert (contract.trigger_year, contract.disposal_year) == (today.year, today.year + 11)
    assert contract not in asked(only_due=False)


@pytest.mark.norm("6.1.9b")
def test_an_event_that_has_not_come_is_asked_about_again(keeper, contract):
    today = clock.today()
    CaseFile.objects.filter(pk=contract.pk).update(trigger_check_year=today.year)
    assert contract in asked()
    records.postpone_trigger_check(actor=keeper, files=[contract], years=3, today=today)
    contract.refresh_from_db()
    assert (contract.trigger_check_year, contract.disposal_year) == (today.year + 3, None)
    assert contract not in asked()


@pytest.mark.norm("6.1.9c", "6.1.9d")
def test_the_year_is_recorded_for_many_at_once_and_also_before_closing(keeper, opened, contract):
    today, unfinished = clock.today(), opened("63.3")
    records.record_trigger_year(actor=keeper, files=[contract, unfinished], year=today.year, today=today)
    unfinished = CaseFile.objects.get(pk=unfinished.pk)
    assert (unfinished.trigger_year, unfinished.disposal_year) == (today.year, None)
    assert close(unfinished).disposal_year == today.year + 11


@pytest.mark.norm("6.1.6d")
def test_a_period_runs_from_the_year_of_birth(keeper, opened):
    entry = record_class("63.3")
    DisposalRegime.objects.filter(pk=entry.disposal_regime_id).update(trigger="birth", check_years=None, event="")
    file = close(opened("63.3"))
    assert file in asked()
    records.record_trigger_year(actor=keeper, files=[file], year=1950, today=clock.today())
    assert CaseFile.objects.get(pk=file.pk).disposal_year == 1961


def test_every_fault_is_told_and_no_file_changes(keeper, opened, contract):
    ordinary, today = opened("80.1"), clock.today()
    for year, faults in ((today.year + 1, 2), (today.year - 1, 2), (today.year, 1)):
        with pytest.raises(InvalidInput) as refused:
            records.record_trigger_year(actor=keeper, files=[contract, ordinary], year=year, today=today)
        assert len(refused.value.obstacles) == faults
    with pytest.raises(InvalidInput) as refused:
        records.postpone_trigger_check(actor=keeper, files=[contract, ordinary], years=0, today=today)
    assert len(refused.value.obstacles) == 2
    for attempt in (
        lambda: records.record_trigger_year(actor=keeper, files=[], year=today.year, today=today),
        lambda: records.postpone_trigger_check(actor=keeper, files=[], years=1, today=today),
    ):
        with pytest.raises(InvalidInput, match="žádný spis"):
            attempt()
    contract.refresh_from_db()
    assert (contract.trigger_year, contract.trigger_check_year) == (None, today.year + 5)


@pytest.mark.norm("6.1.9a", "6.1.9b")
def test_only_the_records_keeper_decides(in_region, contract):
    today = clock.today()
    for person in (in_region.officer, in_region.administrator, in_region.head):
        with pytest.raises(AccessDenied):
            records.record_trigger_year(actor=acting(person), files=[contract], year=today.year, today=today)
        with pytest.raises(AccessDenied):
            records.postpone_trigger_check(actor=acting(person), files=[contract], years=1, today=today)
