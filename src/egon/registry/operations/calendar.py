"""The organisation's own days off, heeded by deadlines counted in working days."""

from datetime import date, timedelta

from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.kernel.calendar import is_working_day
from egon.registry import permissions, rules
from egon.registry.errors import RegistryRefused
from egon.registry.models import DayOff


@operation("registry.calendar.add", title="Vlastní volné dny", requires=permissions.may_administer)
def add_days_off(*, actor: Actor, first: date, last: date | None, name: str, today: date) -> list[DayOff]:
    """Add working days from ``first`` to ``last`` as days off; weekends, holidays and days off already are left out.

    Raises :class:`RegistryRefused` with all reasons.
    """
    last = last or first
    obstacles = rules.obstacles_to_days_off(first, last, today=today)
    if obstacles:
        raise RegistryRefused(obstacles)
    held = set(DayOff.objects.filter(day__range=(first, last)).values_list("day", flat=True))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    wanted = [day for day in days if is_working_day(day) and day not in held]
    if not wanted:
        raise RegistryRefused(["V těch dnech se už nepracuje, není co přidat."])
    return DayOff.objects.bulk_create(DayOff(day=day, name=name.strip()) for day in wanted)


@operation("registry.calendar.remove", title="Zrušení volného dne", requires=permissions.may_administer)
def remove_day_off(*, actor: Actor, day_off: DayOff, today: date) -> None:
    """Make a coming day a working one again. Deadlines counted before stay as they were."""
    if day_off.day <= today:
        raise RegistryRefused(["Den, který už nastal, zůstává v kalendáři, jak byl."])
    DayOff.objects.filter(pk=day_off.pk).delete()
