"""Periods in which documents and files are numbered from one (NSESSS 2.7.2)."""

from datetime import date

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.numbering.models import Period
from egon.numbering.rules import PeriodFacts, obstacles_to_period
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import RecordsSettings
from egon.records.rules.numbers import faults_of_pattern


@operation("records.period.set", title="Stanovení období číslování", requires=permissions.may_configure)
def set_period(
    *, actor: Actor, label: str, starts_on: date, ends_on: date, today: date, period: Period | None = None
) -> Period:
    """Set a period before it begins, or change one (``period``) that has not begun yet (NSESSS 2.7.2).

    Raises :class:`InvalidInput` with every obstacle, :class:`NotInThisState` for a period that runs.
    """
    settings = _locked_settings()
    if period is not None:
        period = _not_begun(period, today)
        note(before=f"{period.label}: {period.starts_on} – {period.ends_on}")
    others = [other.facts for other in Period.objects.all() if other != period]
    new = PeriodFacts(label.strip(), starts_on, ends_on)
    obstacles = obstacles_to_period(new, others, today=today)
    patterns = {settings.identifier_format, settings.reference_format, settings.file_mark_format}
    obstacles += [fault for pattern in sorted(patterns) for fault in faults_of_pattern(pattern)]
    if obstacles:
        raise InvalidInput("Období se neuložilo.", obstacles)
    period = period or Period()
    period.label, period.starts_on, period.ends_on = new.label, new.starts_on, new.ends_on
    period.save()
    return period


@operation("records.period.remove", title="Zrušení období číslování", requires=permissions.may_configure)
def remove_period(*, actor: Actor, period: Period, today: date) -> None:
    """Remove a period that has not begun: its days are numbered by the calendar year again."""
    _locked_settings()
    _not_begun(period, today).delete()


def _locked_settings() -> RecordsSettings:
    """The one row of settings, so that two administrators do not set overlapping periods at once."""
    RecordsSettings.objects.get_or_create()
    return RecordsSettings.objects.select_for_update().get()


def _not_begun(period: Period, today: date) -> Period:
    present = Period.objects.select_for_update().filter(pk=period.pk).first()
    if present is None:
        raise NotInThisState(f"Období {period.label} mezitím někdo zrušil. Nic se nezměnilo.")
    if present.starts_on <= today:
        raise NotInThisState(
            f"Období {present.label} už začalo a jsou v něm čísla, měnit ani rušit ho nejde (NSESSS 2.7.2). "
            "Stanovte jiné na dobu po jeho konci."
        )
    return present
