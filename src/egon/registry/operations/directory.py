"""The organisation's directory: how it is reached, and what is done with what it says."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.gateways.directory import Entry
from egon.identity import secrets
from egon.jobs.job import defer
from egon.kernel.actor import Actor
from egon.registry import change_queries, jobs, permissions
from egon.registry.change_rules import ChangeAction, ChangeKind, too_many_gone
from egon.registry.directory_rules import may_be_reached, not_allowed, obstacles_to_directory, people_of
from egon.registry.errors import RegistryRefused
from egon.registry.models import ChangeSet, DirectorySettings, Unit
from egon.registry.operations.changes import confirm_changes, propose_people


@operation(
    "registry.directory.configure",
    title="Nastavení adresáře osob",
    requires=permissions.may_administer,
    unlogged=("password", "authority"),
)
def configure_directory(
    *,
    actor: Actor,
    host: str,
    port: int,
    starttls: bool,
    base: str,
    bind_dn: str,
    password: str,
    search_filter: str,
    attributes: Mapping[str, str],
    authority: str,
    daily: bool,
    includes_gone: bool,
    limit_percent: int,
) -> DirectorySettings:
    """Set how the directory is reached and what is compared every night; an empty password keeps the present one.

    Raises :class:`RegistryRefused` with every obstacle.
    """
    held = DirectorySettings.objects.select_for_update().first() or DirectorySettings()
    obstacles = obstacles_to_directory(attributes=attributes, limit_percent=limit_percent, authority=authority)
    if not may_be_reached(host, port, settings.DIRECTORY_HOSTS):
        obstacles.append(not_allowed(host.strip(), port))
    if not password and not held.sealed_password:
        obstacles.append("Vyplňte heslo, kterým se má aplikace do adresáře přihlašovat.")
    if obstacles:
        raise RegistryRefused(obstacles)
    before = held.told()
    held.host, held.port, held.starttls = host.strip(), port, starttls
    held.base, held.bind_dn, held.search_filter = base.strip(), bind_dn.strip(), search_filter.strip()
    held.attributes, held.authority = dict(attributes), authority.strip()
    held.daily, held.includes_gone, held.limit_percent = daily, includes_gone, limit_percent
    if password:
        held.sealed_password = secrets.seal(password, purpose=change_queries.DIRECTORY_PASSWORD)
    log.note_changes(before, held.told())
    held.save()
    return held


@operation("registry.directory.ask", title="Porovnání s adresářem osob", requires=permissions.may_administer)
def ask_directory(*, actor: Actor, at: datetime) -> DirectorySettings:
    """Have the directory read in the background; what it says becomes a proposal that waits to be confirmed."""
    held = DirectorySettings.objects.select_for_update().first()
    if held is None:
        raise RegistryRefused(["Adresář není nastavený."])
    held.asked_at = at
    held.save(update_fields=["asked_at"])
    defer(jobs.read_directory, only_one="registry.directory")
    return held


@operation("registry.directory.take", title="Převzetí osob z adresáře", requires=only_system, unlogged=("entries",))
def take_directory(*, actor: Actor, entries: Sequence[Entry], at: datetime, confirms: bool) -> ChangeSet | None:
    """Propose what the directory says; with ``confirms`` (every night) do it at once unless too many would go.

    Returns None when nothing differs.
    """
    held = DirectorySettings.objects.select_for_update().get()
    units = {
        name.casefold(): code for code, title in Unit.objects.values_list("code", "name") for name in (code, title)
    }
    people = people_of(entries, units=units)
    held.asked_at, held.read_at = None, at
    if not people.rows:
        held.result = "Adresář nevrátil nikoho, koho by šlo převzít. Zkontrolujte bázi, filtr a názvy údajů."
        held.save(update_fields=["asked_at", "read_at", "result"])
        return None
    try:
        proposal = propose_people(
            actor=actor,
            rows=people.rows,
            source=f"{held.host}, {held.base}",
            at=at,
            kind=ChangeKind.DIRECTORY,
            faulty=people.faulty,
            note=people.note,
        )
    except RegistryRefused:
        held.result = f"Beze změny, v adresáři je {len(people.rows)} osob."
        held.save(update_fields=["asked_at", "read_at", "result"])
        return None
    held.result = f"Návrh změn č. {proposal.pk}."
    held.save(update_fields=["asked_at", "read_at", "result"])
    if confirms:
        _confirm_within_limit(actor, held, proposal)
    return proposal


@operation("registry.directory.fail", title="Adresář osob se nepřečetl", requires=only_system)
def fail_directory(*, actor: Actor, message: str, at: datetime) -> None:
    """Write down why the directory could not be read, for the administrator."""
    DirectorySettings.objects.update(asked_at=None, read_at=at, result=message[:300])


def _confirm_within_limit(actor: Actor, held: DirectorySettings, proposal: ChangeSet) -> None:
    gone = change_queries.counts_of(proposal)[ChangeAction.GONE]
    if too_many_gone(gone, proposal.present_count, limit_percent=held.limit_percent):
        proposal.note = (
            f"Podle adresáře by skončilo {gone} z {proposal.present_count} osob, víc než {held.limit_percent} %. "
            "Proto se nic neprovedlo. Ověřte adresář a návrh potvrďte, nebo zahoďte."
        )
        proposal.save(update_fields=["note"])
        return
    confirm_changes(actor=actor, change_set=proposal, includes_gone=held.includes_gone)
