"""Holds of disposal: over a file or a class with all below, placed and lifted by the records keeper only."""

import pytest
from django.db import IntegrityError, transaction
from tests.records_steps import acting

from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import plan_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import DisposalHold
from egon.records.rules.settling import SettledHow


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


def hold(keeper, **over):
    return records.place_hold(actor=keeper, on=clock.today(), reason="Soudní spor", **over)


@pytest.mark.norm("6.1.13", "6.1.15a")
def test_what_is_held_by_a_class_above_cannot_be_withdrawn(in_region, keeper, file, received):
    placed = hold(keeper, record_class=file.record_class.parent)
    assert list(plan_queries.holds_over(file)) == [placed]
    assert list(plan_queries.holds_over(file.record_class)) == [placed]
    with pytest.raises(InvalidInput, match="Soudní spor"):
        records.withdraw_document(actor=acting(in_region.officer), document=received, reason="Omyl")
    received.refresh_from_db()
    assert received.state != "withdrawn"
    records.lift_hold(actor=keeper, hold=placed, on=clock.today())
    records.withdraw_document(actor=acting(in_region.officer), document=received, reason="Omyl")
    assert received.state == "withdrawn"


@pytest.mark.norm("6.1.15a")
def test_a_held_file_cannot_be_withdrawn(in_region, keeper, file, received):
    officer = acting(in_region.officer)
    records.take_out_of_file(actor=officer, document=received, reason="Patří jinam")
    file.refresh_from_db()
    for over in ({"file": file}, {"record_class": file.record_class}):
        placed = hold(keeper, **over)
        with pytest.raises(InvalidInput, match="Soudní spor"):
            records.withdraw_file(actor=officer, file=file, reason="Omyl")
        records.lift_hold(actor=keeper, hold=placed, on=clock.today())
    assert records.withdraw_file(actor=officer, file=file, reason="Omyl").state == "withdrawn"


@pytest.mark.norm("6.1.14")
def test_the_period_runs_on_under_a_hold(in_region, keeper, file, received):
    hold(keeper, file=file)
    officer, today = acting(in_region.officer), clock.today()
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=today)
    assert records.close_file(actor=officer, file=file, on=today).disposal_year == today.year + 6


@pytest.mark.norm("6.1.13", "6.1.16")
def test_holds_are_placed_and_lifted_by_the_records_keeper_only(in_region, keeper, file):
    placed = hold(keeper, file=file)
    for person in (in_region.officer, in_region.head, in_region.administrator):
        with pytest.raises(AccessDenied):
            hold(acting(person), file=file)
        with pytest.raises(AccessDenied):
            records.lift_hold(actor=acting(person), hold=placed, on=clock.today())
    lifted = records.lift_hold(actor=keeper, hold=placed, on=clock.today())
    assert (lifted.lifted_on, lifted.lifted_by) == (clock.today(), keeper.name)
    assert not plan_queries.holds_over(file).exists()
    with pytest.raises(NotInThisState):
        records.lift_hold(actor=keeper, hold=placed, on=clock.today())


def test_a_hold_is_over_one_thing_and_has_a_reason(keeper, file):
    with pytest.raises(InvalidInput) as refused:
        records.place_hold(actor=keeper, on=clock.today(), reason=" ")
    assert len(refused.value.obstacles) == 2
    with pytest.raises(InvalidInput):
        hold(keeper, file=file, record_class=file.record_class)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalHold.objects.create(reason="X", placed_on=clock.today(), placed_by="X")
