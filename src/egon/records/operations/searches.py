"""Searches that people keep: saved, shared with a unit, deleted and taken back."""

from datetime import datetime

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput
from egon.records.models import SavedSearch
from egon.registry.models import Person, Unit

LONGEST_NAME = 120
LONGEST_QUERY = 2_000
MOST_SAVED = 100


@operation("records.search.save", title="Uložení hledání", requires=permissions.may_save_search)
def save_search(
    *,
    actor: Actor,
    name: str,
    query: str,
    at: datetime,
    unit: Unit | None = None,
    search: SavedSearch | None = None,
) -> SavedSearch:
    """Keep a search under a name, or change ``search``. Raises :class:`InvalidInput` with every fault."""
    own = SavedSearch.objects.filter(owner=actor.person_id, deleted_at__isnull=True)
    others = own.exclude(pk=search.pk) if search else own
    faults = [] if 0 < len(name.strip()) <= LONGEST_NAME else [f"Název musí mít 1 až {LONGEST_NAME} znaků."]
    if others.filter(name=name.strip()).exists():
        faults.append(f"Hledání „{name.strip()}“ už máte. Zvolte jiný název.")
    if not query or len(query) > LONGEST_QUERY:
        faults.append("Není co uložit: nejdřív něco vyhledejte.")
    if search is None and own.count() >= MOST_SAVED:
        faults.append(f"Uložit jde nejvýše {MOST_SAVED} hledání. Nejdřív některé smažte.")
    if unit is not None and unit.pk not in permissions.units_to_share_with(actor):
        faults.append("Sdílet jde jen s útvarem, ve kterém pracujete nebo který vedete.")
    if faults:
        raise InvalidInput("Hledání se neuložilo.", faults)
    search = search or SavedSearch(owner=Person.objects.get(pk=actor.person_id or 0))
    if search.pk:
        log.note(previous_name=search.name)
    search.name, search.query, search.unit, search.saved_at = name.strip(), query, unit, at
    search.save()
    return search


@operation("records.search.delete", title="Smazání uloženého hledání", requires=permissions.may_change_search)
def delete_search(*, actor: Actor, search: SavedSearch, at: datetime) -> SavedSearch:
    """Put a search away; its owner may take it back."""
    search.deleted_at = at
    search.save(update_fields=["deleted_at"])
    return search


@operation("records.search.restore", title="Obnovení uloženého hledání", requires=permissions.may_change_search)
def restore_search(*, actor: Actor, search: SavedSearch) -> SavedSearch:
    """Take a deleted search back. Raises :class:`InvalidInput` when another has its name meanwhile."""
    present = SavedSearch.objects.filter(owner=search.owner_id, name=search.name, deleted_at__isnull=True)
    if present.exclude(pk=search.pk).exists():
        raise InvalidInput("Hledání zůstalo smazané.", [f"Hledání „{search.name}“ mezitím máte jiné. Přejmenujte ho."])
    search.deleted_at = None
    search.save(update_fields=["deleted_at"])
    return search
