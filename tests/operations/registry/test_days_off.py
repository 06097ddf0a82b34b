"""Own days off: told ahead, without weekends and holidays, taken back only before they come."""

from datetime import date

import pytest
from tests import traces

from egon.kernel.errors import AccessDenied
from egon.registry import operations, queries
from egon.registry.errors import RegistryRefused
from egon.registry.models import DayOff

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
FRIDAY, TUESDAY = date(2026, 7, 3), date(2026, 7, 7)  # a weekend and the holiday of the 6th lie between


@pytest.fixture
def admin(in_region):
    return in_region.actor(in_region.administrator)


def add(actor, first=FRIDAY, last=TUESDAY, today=TODAY):
    return operations.add_days_off(actor=actor, first=first, last=last, name="Dovolená úřadu", today=today)


def test_only_working_days_become_days_off_and_only_once(admin):
    assert [one.day for one in add(admin)] == [FRIDAY, TUESDAY]
    assert [one.day for one in add(admin, last=date(2026, 7, 8))] == [date(2026, 7, 8)]
    with pytest.raises(RegistryRefused, match="už nepracuje"):
        add(admin)
    assert queries.days_off_after(FRIDAY) == {TUESDAY, date(2026, 7, 8)}
    assert [one.day for one in queries.days_off(2026)] == [FRIDAY, TUESDAY, date(2026, 7, 8)]


def test_what_came_stays_what_is_coming_is_taken_back(admin):
    first, second = add(admin)
    with pytest.raises(RegistryRefused, match="už nastal"):
        operations.remove_day_off(actor=admin, day_off=first, today=FRIDAY)
    operations.remove_day_off(actor=admin, day_off=second, today=FRIDAY)
    assert list(DayOff.objects.all()) == [first]
    assert traces.last("registry.calendar.remove").person_id == admin.person_id


def test_all_obstacles_come_together_and_others_change_nothing(in_region, admin):
    with pytest.raises(RegistryRefused) as refusal:
        add(admin, first=date(2026, 5, 1), last=date(2026, 8, 1))
    assert len(refusal.value.obstacles) == 2
    with pytest.raises(AccessDenied):
        add(in_region.actor(in_region.officer))
    assert not DayOff.objects.exists()
