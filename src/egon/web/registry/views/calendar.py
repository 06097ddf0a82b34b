"""The calendar: public holidays by law, own days off of the organisation, working days of each month."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.calendar import holidays, is_working_day
from egon.kernel.errors import NotFound
from egon.registry import operations, queries
from egon.registry.models import DayOff
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.registry.forms import DaysOffForm
from egon.web.registry.views.telling import do, tabs

_MONTHS = (
    "leden", "únor", "březen", "duben", "květen", "červen", "červenec", "srpen", "září", "říjen", "listopad", "prosinec"
)  # fmt: skip
_DAYS = ("pondělí", "úterý", "středa", "čtvrtek", "pátek", "sobota", "neděle")
_FARTHEST = 10


@requires_role(Role.ADMINISTRATOR)
def calendar_page(request: ActorRequest) -> HttpResponse:
    """``/sprava/kalendar/?rok=``: days on which nobody works, and a form to add own ones."""
    today = clock.today()
    year = _year(request.GET.get("rok", ""), today.year)
    form = DaysOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = attempt(form, operations.add_days_off, actor=request.actor, today=today, **form.cleaned_data)
        if added is not None:
            messages.success(request, f"Volné dny jsou v kalendáři: {len(added)}.")
            return redirect(f"{reverse('registry-calendar')}?rok={form.cleaned_data['first'].year}")
    own = {one.day: one for one in queries.days_off(year)}
    context = {
        "tabs": tabs("calendar"),
        "year": year,
        "years": [year - 1, year + 1],
        "rows": _rows(year, own, today),
        "months": _months(year, own.keys()),
        "form": form,
    }
    return render(request, "registry/calendar.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def remove_day_off(request: ActorRequest, pk: int) -> HttpResponse:
    """A day is a working one again."""
    one = DayOff.objects.filter(pk=pk).first()
    if one is None:
        raise NotFound("Takový volný den v kalendáři není, nebo ho mezitím někdo zrušil.")
    do(
        request,
        "Den je zase pracovní.",
        operations.remove_day_off,
        actor=request.actor,
        day_off=one,
        today=clock.today(),
    )
    return redirect(f"{reverse('registry-calendar')}?rok={one.day.year}")


def _year(text: str, this_year: int) -> int:
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    return min(max(wanted, this_year - _FARTHEST), this_year + _FARTHEST)


def _rows(year: int, own: dict[date, DayOff], today: date) -> list[dict[str, Any]]:
    named = holidays(year)
    return [
        {
            "day": day,
            "weekday": _DAYS[day.weekday()],
            "name": named.get(day) or own[day].name,
            "own": None if day in named else own[day],
            "removable": day not in named and day > today,
        }
        for day in sorted({*named, *own})
    ]


def _months(year: int, off: Any) -> list[tuple[str, int]]:
    counts = [0] * 12
    day = date(year, 1, 1)
    while day.year == year:
        counts[day.month - 1] += is_working_day(day) and day not in off
        day += timedelta(days=1)
    return list(zip(_MONTHS, counts, strict=True))
