"""Disposal regimes as a code list: added, withdrawn, removed while unused (NSESSS 6.1.1, 6.1.2)."""

from datetime import date

from egon.audit.operation import operation
from egon.gateways.nsesss import RegimeData
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import DisposalRegime
from egon.records.plan_queries import is_used
from egon.records.rules.plan import checked_after, event_of, faults_of_regime, trigger_of
from egon.records.rules.retention import DisposalMark, Trigger


@operation("records.regime.save", title="Skartační režim", requires=permissions.may_configure)
def save_regime(
    *,
    actor: Actor,
    mark: DisposalMark | str,
    years: int,
    trigger: Trigger = Trigger.CLOSING,
    event: str = "",
    check_years: int | None = None,
    name: str = "",
    reason: str = "",
    regime: DisposalRegime | None = None,
) -> DisposalRegime:
    """Add a regime, or change ``regime``: one that is used only in its name and reason (NSESSS 6.1.2).

    ``years`` run from the year after the ``trigger``; ``check_years`` belong to an external ``event``.
    Raises :class:`InvalidInput` with every fault.
    """
    faults = faults_of_regime(mark=str(mark), years=years, trigger=trigger, check_years=check_years)
    content = {"mark": str(mark), "years": years, "trigger": trigger.value, "check_years": check_years}
    content["event"] = " ".join(event.split()) if trigger is Trigger.EXTERNAL else ""
    if regime is not None and is_used(regime) and any(getattr(regime, key) != content[key] for key in content):
        faults.append("režim se už používá, měnit jde jen jeho název a odůvodnění. Založte nový (NSESSS 6.1.2).")
    if faults:
        raise InvalidInput("Skartační režim se neuložil.", [fault[0].upper() + fault[1:] for fault in faults])
    regime = regime or DisposalRegime()
    for key, value in content.items():
        setattr(regime, key, value)
    regime.name = name.strip() or f"{regime.written}, {regime.runs_from}"[:200]
    regime.reason = reason.strip()
    regime.save()
    return regime


@operation("records.regime.withdraw", title="Znepřístupnění skartačního režimu", requires=permissions.may_configure)
def withdraw_regime(*, actor: Actor, regime: DisposalRegime, on: date) -> DisposalRegime:
    """Keep the regime where it is, and give it to nothing new (NSESSS 6.1.1)."""
    if regime.withdrawn_on is not None:
        raise NotInThisState(f"Režim {regime} už je znepřístupněný.")
    regime.withdrawn_on = on
    regime.save(update_fields=["withdrawn_on"])
    return regime


@operation("records.regime.delete", title="Odstranění skartačního režimu", requires=permissions.may_configure)
def delete_regime(*, actor: Actor, regime: DisposalRegime) -> None:
    """Remove a regime that nothing uses. Raises :class:`NotInThisState` for a used one (NSESSS 6.1.2)."""
    if is_used(regime):
        raise NotInThisState(f"Režim {regime} se používá, odstranit ho nejde. Můžete ho znepřístupnit (NSESSS 6.1.2).")
    DisposalRegime.objects.filter(pk=regime.pk).delete()


def regime_like(data: RegimeData) -> DisposalRegime:
    """The regime in use with the content of ``data``; made when there is none. Called inside an operation."""
    trigger = trigger_of(data.trigger)
    content = {
        "mark": data.mark,
        "years": data.years,
        "trigger": trigger.value,
        "event": event_of(data.trigger)[:200],
        "check_years": checked_after(data),
    }
    found = DisposalRegime.objects.filter(withdrawn_on__isnull=True, **content).order_by("pk").first()
    if found is not None:
        return found
    made = DisposalRegime(name=data.name[:200], reason=data.reason, **content)
    made.name = made.name or f"{made.written}, {made.runs_from}"[:200]
    if data.identifier and not DisposalRegime.objects.filter(identifier=data.identifier).exists():
        made.identifier = data.identifier[:50]
    made.save()
    return made
