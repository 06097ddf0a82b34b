"""The administrator sets the periods in which numbers run; registering heeds them without another statement."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import traces
from tests.records_steps import acting, register

from egon import numbering
from egon.kernel import clock
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import AccessDenied
from egon.numbering.models import Period
from egon.records import operations as records
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import Document
from egon.records.numbers import coming_numbers, patterns_on, take_document_numbers, take_file_numbers
from egon.search import find
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

TODAY = date(2026, 7, 1)


@pytest.fixture
def admin(in_region):
    return acting(in_region.administrator)


def set_school_year(admin, **changes):
    values = {"label": "2026/27", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31), "today": TODAY}
    return records.set_period(actor=admin, **{**values, **changes})


def noon(year, month, day):
    return datetime(year, month, day, 12, tzinfo=PRAGUE)


def begin_now(label="2026/27"):
    """A period that runs today (which nobody could set by the operation)."""
    today = clock.today()
    return Period.objects.create(label=label, starts_on=today, ends_on=today + timedelta(days=300))


@pytest.mark.norm("2.7.2")
def test_numbers_run_from_one_in_the_period_set_and_by_the_year_around_it(in_region, admin):
    set_school_year(admin)
    unit = in_region.units["OD"]
    before = [take_document_numbers(unit=unit, at=noon(2026, 8, 31)).written for _ in range(2)]
    within = [take_document_numbers(unit=unit, at=at) for at in (noon(2026, 9, 1), noon(2027, 8, 31))]
    after = take_document_numbers(unit=unit, at=noon(2027, 9, 1)).written
    code = in_region.region.code
    assert [one.written for one in within] == [f"{code} 1/2026/27 OD", f"{code} 2/2026/27 OD"]
    assert [one.identifier for one in within] == [f"{code}-2026-27-000001", f"{code}-2026-27-000002"]
    assert after == f"{code} 1/2027 OD"
    assert all(number.endswith("/2026 OD") for number in before)
    assert take_file_numbers(unit=unit, at=noon(2026, 9, 1)).written == f"S-{code} 1/2026/27"


@pytest.mark.norm("2.7.2")
def test_a_period_is_set_before_it_begins_and_then_stays(in_region, admin):
    with pytest.raises(InvalidInput, match="předem"):
        set_school_year(admin, today=date(2026, 9, 1))
    period = set_school_year(admin)
    changed = set_school_year(admin, period=period, label="2026/2027", ends_on=date(2027, 7, 31))
    assert (changed.pk, changed.label) == (period.pk, "2026/2027")
    for attempt in (
        lambda: set_school_year(admin, period=period, today=date(2026, 9, 1)),
        lambda: records.remove_period(actor=admin, period=period, today=date(2026, 9, 1)),
    ):
        with pytest.raises(NotInThisState, match="už začalo"):
            attempt()
    assert Period.objects.get().ends_on == date(2027, 7, 31)
    records.remove_period(actor=admin, period=period, today=TODAY)
    assert not Period.objects.exists()
    assert traces.last("records.period.remove").person_id == in_region.administrator.pk


@pytest.mark.norm("2.7.2")
def test_who_keeps_no_settings_sets_no_period(in_region):
    with pytest.raises(AccessDenied):
        set_school_year(acting(in_region.officer))
    assert not Period.objects.exists()


def test_a_pattern_that_could_not_write_the_period_is_said_at_once(in_region, admin):
    settings = records.configure_numbering(actor=admin, phone="1")
    settings.reference_format = "{code} {number}/{year:d}"
    settings.save()
    with pytest.raises(InvalidInput, match="nejde přečíst"):
        set_school_year(admin)
    with pytest.raises(InvalidInput, match="nejde přečíst"):
        records.configure_numbering(actor=admin, file_mark_format="{code} {number}/{year:d}")


def test_registering_takes_as_many_statements_with_a_period_as_without(in_region):
    register(in_region, "zahřátí")
    with CaptureQueriesContext(connection) as without:
        register(in_region, "bez období")
    begin_now()
    with CaptureQueriesContext(connection) as within:
        document = register(in_region, "v období")
    assert "/2026/27" in document.reference_number
    assert len(within) == len(without)


def test_a_number_of_a_period_is_found(in_region):
    begin_now()
    document = Document.objects.get(pk=register(in_region, "Vysvědčení").pk)
    for query in (document.reference_number, "1/2026/27", document.identifier):
        assert document.pk in {hit.entity_id for hit in find(query).hits}, query


def test_what_comes_next_is_shown_and_nothing_is_taken(in_region):
    begin_now()
    unit = in_region.units["OD"]
    for _ in range(2):
        coming = coming_numbers(patterns_on(clock.today()), unit=unit)
    shown = [one.written for one in coming["document"]]
    assert shown == [f"{in_region.region.code} {number}/2026/27 OD" for number in (1, 2, 3)]
    assert take_document_numbers(unit=unit, at=clock.now()).written == shown[0]
    assert numbering.take("document", "2026/27") == 2


def test_periods_of_another_organisation_do_not_matter_here(world):
    with tenant_scope(world.school.pk):
        begin_now("skola")
    with tenant_scope(world.region.pk):
        assert patterns_on(clock.today()).period == clock.today().year
