"""Units and positions."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.registry import operations, queries
from egon.registry.models import Position, Unit
from egon.reorganisation import queries as reorganisations
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.offers import Offered, Part
from egon.web.registry.forms import FillForm, PositionForm, UnitForm
from egon.web.registry.views.telling import crumbs, do, tabs, tell_errors


@requires_role(Role.ADMINISTRATOR)
def unit_tree(request: ActorRequest) -> HttpResponse:
    """``/sprava/``: units as a tree with their heads and numbers of people."""
    context = {"tabs": tabs("units"), "rows": list(_tree()), "today": clock.today()}
    return render(request, "registry/units.html", context)


@requires_role(Role.ADMINISTRATOR)
def new_unit(request: ActorRequest) -> HttpResponse:
    """``/sprava/organizace/nova/``."""
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = attempt(form, operations.create_unit, actor=request.actor, **form.cleaned_data)
        if unit is not None:
            messages.success(request, f"Část {unit} je založena. Přidejte do ní funkční místa.")
            return redirect("registry-unit", pk=unit.pk)
    context = {"form": form, "crumbs": crumbs(("Nová organizační část", ""))}
    return render(request, "registry/unit_new.html", context)


@requires_role(Role.ADMINISTRATOR)
def unit_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/organizace/<pk>/``: its facts (edited in place), positions and history."""
    unit = queries.unit_for(request.actor, pk)
    form = UnitForm(request.POST or None, unit=unit, initial=_values_of(unit))
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, operations.edit_unit, actor=request.actor, unit=unit, **form.cleaned_data)
        if changed is not None:
            messages.success(request, f"Část {changed} je uložena.")
            return redirect("registry-unit", pk=pk)
    people = Offered(Part(queries.people()))  # read once for the forms of all positions
    positions = Position.objects.filter(unit=unit).select_related("person").order_by("-is_head", "name", "pk")
    context = {
        "unit": unit,
        "form": form,
        "position_form": PositionForm(people=people),
        "positions": [(position, _fill_form(position, people)) for position in positions],
        "crumbs": crumbs((str(unit), "")),
        "history": entries_for(unit, limit=20, domain="registry"),
        "reorganisations": reorganisations.of_unit(unit)[:5],
    }
    return render(request, "registry/unit.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def add_position(request: ActorRequest, pk: int) -> HttpResponse:
    """A new position in the unit."""
    unit, form = queries.unit_for(request.actor, pk), PositionForm(request.POST)
    if form.is_valid():
        do(
            request,
            "Funkční místo je založeno.",
            operations.create_position,
            actor=request.actor,
            unit=unit,
            **form.cleaned_data,
        )
    else:
        tell_errors(request, form)
    return redirect("registry-unit", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def fill_position(request: ActorRequest, pk: int) -> HttpResponse:
    """Somebody else in the position."""
    position, form = _position(pk), FillForm(request.POST)
    if form.is_valid():
        person = form.cleaned_data["person"]
        do(
            request,
            "Obsazení je uloženo.",
            operations.fill_position,
            actor=request.actor,
            position=position,
            person=person,
        )
    else:
        tell_errors(request, form)
    return redirect("registry-unit", pk=position.unit_id)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def remove_position(request: ActorRequest, pk: int) -> HttpResponse:
    """The position is abolished."""
    position = _position(pk)
    do(request, "Funkční místo je zrušeno.", operations.remove_position, actor=request.actor, position=position)
    return redirect("registry-unit", pk=position.unit_id)


def _position(pk: int) -> Position:
    position = Position.objects.filter(pk=pk).first()
    if position is None:
        raise NotFound("Takové funkční místo v této organizaci není.")
    return position


def _fill_form(position: Position, people: Offered) -> FillForm:
    return FillForm(initial={"person": position.person_id}, people=people, auto_id=f"obsadit_{position.pk}_%s")


def _values_of(unit: Unit) -> dict[str, Any]:
    names = ("code", "name", "is_records_node", "valid_from", "valid_to")
    return {"parent": unit.parent_id, **{name: getattr(unit, name) for name in names}}


def _tree() -> Iterator[dict[str, Any]]:
    """Units depth first, each with its depth, head and number of people; two queries for any number of units."""
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in queries.units().select_related("successor"):
        below[unit.parent_id].append(unit)
    heads: dict[int, str] = {}
    members: dict[int, set[int]] = defaultdict(set)
    for position in Position.objects.filter(person__isnull=False).select_related("person"):
        if position.person is not None:
            members[position.unit_id].add(position.person.pk)
            if position.is_head:
                heads[position.unit_id] = position.person.name

    def walk(parent: int | None, depth: int) -> Iterator[dict[str, Any]]:
        for unit in below[parent]:
            yield {"unit": unit, "depth": depth, "head": heads.get(unit.pk, ""), "count": len(members[unit.pk])}
            yield from walk(unit.pk, depth + 1)

    return walk(None, 0)
