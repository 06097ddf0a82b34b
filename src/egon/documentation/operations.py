"""Writes of the documentation."""

from datetime import date, datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.documentation import permissions
from egon.documentation.errors import FactsNotSaved
from egon.documentation.models import SystemFacts, Writing
from egon.documentation.queries import facts_of_originator
from egon.documentation.rules import faults_of_facts
from egon.kernel import clock
from egon.kernel.actor import Actor


@operation("documentation.facts.save", title="Údaje o provozu systému", requires=permissions.may_keep)
def save_facts(
    *,
    actor: Actor,
    supplier: str = "",
    trial_from: date | None = None,
    regular_from: date | None = None,
    ended_on: date | None = None,
    attested_on: date | None = None,
    attested_version: str = "",
    migrated_data: str = "",
    connected_systems: str = "",
    changes: str = "",
    scope: str = "",
    open_data: str = "",
    contacts: str = "",
) -> SystemFacts:
    """State what only the originator knows of its eSSL (NSESSS 10.1.1). Raises :class:`FactsNotSaved`."""
    days = {"trial_from": trial_from, "regular_from": regular_from, "ended_on": ended_on, "attested_on": attested_on}
    faults = faults_of_facts(days, attested_version=attested_version)
    if faults:
        raise FactsNotSaved(faults)
    new = days | {
        "supplier": supplier.strip(),
        "attested_version": attested_version.strip(),
        "migrated_data": migrated_data.strip(),
        "connected_systems": connected_systems.strip(),
        "changes": changes.strip(),
        "scope": scope.strip(),
        "open_data": open_data.strip(),
        "contacts": contacts.strip(),
    }
    present = facts_of_originator()
    log.note_changes({key: getattr(present, key) for key in new}, new)
    for key, value in new.items():
        setattr(present, key, value)
    present.save()
    return present


@operation("documentation.write", title="Vytvoření dokumentace systému", requires=permissions.may_keep)
def note_writing(*, actor: Actor, folder: str, problem: str = "", at: datetime | None = None) -> Writing:
    """Write down that the documentation was written, or why not (NSESSS 10.1.2)."""
    return Writing.objects.create(
        written_at=at or clock.now(), written_by=actor.name[:200], folder=folder[:500], problem=problem
    )
