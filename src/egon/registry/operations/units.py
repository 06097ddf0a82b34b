"""Units and the positions in them."""

from datetime import date

from egon.audit.log import note, note_changes
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.registry import permissions, rules
from egon.registry.errors import RegistryRefused
from egon.registry.models import Person, Position, Unit


@operation("registry.unit.create", title="Založení organizační části", requires=permissions.may_administer)
def create_unit(
    *,
    actor: Actor,
    code: str,
    name: str,
    parent: Unit | None = None,
    is_records_node: bool = True,
    valid_from: date,
    valid_to: date | None = None,
) -> Unit:
    """Create a unit. Raises :class:`RegistryRefused` with all reasons."""
    code = code.strip().upper()
    obstacles = _obstacles(code, None) + rules.obstacles_to_period(valid_from, valid_to)
    if obstacles:
        raise RegistryRefused(obstacles)
    return Unit.objects.create(
        code=code,
        name=name.strip(),
        parent=parent,
        is_records_node=is_records_node,
        valid_from=valid_from,
        valid_to=valid_to,
    )


@operation("registry.unit.edit", title="Změna organizační části", requires=permissions.may_administer)
def edit_unit(
    *,
    actor: Actor,
    unit: Unit,
    code: str,
    name: str,
    parent: Unit | None,
    is_records_node: bool,
    valid_from: date,
    valid_to: date | None,
) -> Unit:
    """Change a unit; ``valid_to`` ends it. Its documents stay where they are. Raises :class:`RegistryRefused`."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    code = code.strip().upper()
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    obstacles = _obstacles(code, unit) + rules.obstacles_to_period(valid_from, valid_to)
    if rules.closes_circle(unit.pk, parent.pk if parent else None, parents):
        obstacles.append("Organizační část nemůže být podřízena sama sobě ani své podřízené části.")
    if obstacles:
        raise RegistryRefused(obstacles)
    before = _values_of(unit)
    unit.code, unit.name, unit.parent = code, name.strip(), parent
    unit.is_records_node, unit.valid_from, unit.valid_to = is_records_node, valid_from, valid_to
    note_changes(before, _values_of(unit))
    unit.save()
    return unit


@operation("registry.unit.succeed", title="Nástupce organizační části", requires=permissions.may_administer)
def succeed_unit(*, actor: Actor, unit: Unit, successor: Unit, last_day: date) -> Unit:
    """End a unit whose work passes to another one. One that has ended keeps its last day.

    Raises :class:`RegistryRefused`.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    ends = min(last_day, unit.valid_to) if unit.valid_to else last_day
    if obstacles := rules.obstacles_to_period(unit.valid_from, ends):
        raise RegistryRefused(obstacles)
    before = {"valid_to": unit.valid_to, "successor": str(unit.successor or "")}
    unit.valid_to, unit.successor = ends, successor
    note_changes(before, {"valid_to": ends, "successor": str(successor)})
    unit.save(update_fields=["valid_to", "successor"])
    return unit


@operation("registry.position.create", title="Založení funkčního místa", requires=permissions.may_administer)
def create_position(
    *, actor: Actor, unit: Unit, name: str, person: Person | None = None, is_head: bool = False
) -> Position:
    """Create a position in a unit. Raises :class:`RegistryRefused` when the unit has its head position already."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if is_head and Position.objects.filter(unit=unit, is_head=True).exists():
        raise RegistryRefused([f"Část {unit.code} už vedoucí místo má. Obsaďte je jinou osobou."])
    return Position.objects.create(unit=unit, name=name.strip(), person=person, is_head=is_head)


@operation("registry.position.fill", title="Obsazení funkčního místa", requires=permissions.may_administer)
def fill_position(*, actor: Actor, position: Position, person: Person | None) -> Position:
    """Put a person into a position, or (``None``) leave it vacant."""
    position = Position.objects.select_for_update().get(pk=position.pk)
    note(before=str(position.person) if position.person else "neobsazeno")
    position.person = person
    position.save(update_fields=["person"])
    return position


@operation("registry.position.remove", title="Zrušení funkčního místa", requires=permissions.may_administer)
def remove_position(*, actor: Actor, position: Position) -> None:
    """Remove a position; what its holder did stays under their name."""
    Position.objects.filter(pk=position.pk).delete()


def _obstacles(code: str, itself: Unit | None) -> list[str]:
    if not code:
        return ["Chybí zkratka."]
    others = Unit.objects.filter(code=code)
    if itself is not None:
        others = others.exclude(pk=itself.pk)
    return [f"Zkratku {code} už má jiná organizační část."] if others.exists() else []


def _values_of(unit: Unit) -> dict[str, object]:
    names = ("code", "name", "is_records_node", "valid_from", "valid_to")
    return {**{name: getattr(unit, name) for name in names}, "parent": str(unit.parent or "")}
