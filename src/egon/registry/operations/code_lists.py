"""Code lists: items are ended, never deleted, because documents refer to them."""

from datetime import date

from egon.audit.log import note_changes
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.registry import permissions, rules
from egon.registry.errors import RegistryRefused
from egon.registry.models import CodeListItem


@operation("registry.code.add", title="Nová položka číselníku", requires=permissions.may_administer)
def add_code(
    *, actor: Actor, code_list: str, code: str, name: str, valid_from: date, valid_to: date | None = None
) -> CodeListItem:
    """Add an item to a code list. Raises :class:`RegistryRefused`."""
    obstacles = rules.obstacles_to_period(valid_from, valid_to)
    if CodeListItem.objects.filter(code_list=code_list, code=code.strip()).exists():
        obstacles.append(f"Kód {code.strip()} už v číselníku je.")
    if obstacles:
        raise RegistryRefused(obstacles)
    return CodeListItem.objects.create(
        code_list=code_list, code=code.strip(), name=name.strip(), valid_from=valid_from, valid_to=valid_to
    )


@operation("registry.code.edit", title="Změna položky číselníku", requires=permissions.may_administer)
def edit_code(*, actor: Actor, item: CodeListItem, name: str, valid_from: date, valid_to: date | None) -> CodeListItem:
    """Change the name or the validity of an item; its code stays. Raises :class:`RegistryRefused`."""
    obstacles = rules.obstacles_to_period(valid_from, valid_to)
    if obstacles:
        raise RegistryRefused(obstacles)
    before = _values_of(item)
    item.name, item.valid_from, item.valid_to = name.strip(), valid_from, valid_to
    note_changes(before, _values_of(item))
    item.save()
    return item


def _values_of(item: CodeListItem) -> dict[str, object]:
    return {"name": item.name, "valid_from": item.valid_from, "valid_to": item.valid_to}
