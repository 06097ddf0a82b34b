"""Saved steps of routes, one's own and the organisation's."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.utils import IntegrityError

from egon.audit.operation import operation
from egon.circulation import errors, permissions
from egon.circulation import route_rules as rules
from egon.circulation.models import RouteTemplate, RouteTemplateStep
from egon.circulation.operations.routes import PlannedStep
from egon.kernel.actor import Actor


@operation("circulation.template.save", title="Uložení šablony oběhu", requires=permissions.may_save_template)
def save_route_template(
    *,
    actor: Actor,
    name: str,
    steps: Sequence[PlannedStep],
    at: datetime,
    for_all: bool = False,
    template: RouteTemplate | None = None,
) -> RouteTemplate:
    """Save steps under a name, as one's own or the organisation's; with ``template`` change that one.

    Whether its people may approve is checked when a route starts: they may change until then. Raises TemplateNotSavable
    with every obstacle.
    """
    name = name.strip()
    obstacles = [] if name else ["Napište název šablony."]
    if not steps:
        obstacles.append("Přidejte aspoň jeden krok.")
    owner_id = None if for_all else actor.person_id
    same = RouteTemplate.objects.filter(owner=owner_id, name=name)
    if (same.exclude(pk=template.pk) if template else same).exists():
        obstacles.append(f"Šablona „{name}“ už existuje. Zvolte jiný název, nebo upravte tu, která existuje.")
    if obstacles:
        raise errors.TemplateNotSavable("Šablona se neuložila.", obstacles)
    saved = template or RouteTemplate()
    saved.name, saved.owner_id, saved.changed_at = name, owner_id, at
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise errors.TemplateNotSavable("Šablona se neuložila.", ["Stejný název právě použil někdo jiný."]) from None
    saved.steps.all().delete()
    places = rules.dense([step.place for step in steps])
    RouteTemplateStep.objects.bulk_create(_row(saved, step, place) for step, place in zip(steps, places, strict=True))
    return saved


@operation("circulation.template.delete", title="Smazání šablony oběhu", requires=permissions.may_delete_template)
def delete_route_template(*, actor: Actor, template: RouteTemplate) -> None:
    """Delete a template. Routes that were started from it have their steps of their own."""
    template.steps.all().delete()
    RouteTemplate.objects.filter(pk=template.pk).delete()


def _row(template: RouteTemplate, step: PlannedStep, place: int) -> RouteTemplateStep:
    return RouteTemplateStep(template=template, place=place, **step.columns())
