"""Saved steps: one's own and the organisation's."""

import pytest
from tests.operations.circulation.conftest import Office

from egon.circulation import errors, operations, route_queries
from egon.circulation.models import RouteTemplate
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import StepPurpose
from egon.kernel.actor import Role
from egon.kernel.errors import AccessDenied, NotFound

pytestmark = pytest.mark.django_db


def saved(office, key="officer", name="Smlouvy", **about):
    steps = about.pop("steps", None) or [
        PlannedStep(5, StepPurpose.OPINION, role=Role.RECORDS_KEEPER, days=2, instruction="Zkontrolujte znak."),
        PlannedStep(9, StepPurpose.APPROVAL, unit=office.world.units["OD"]),
    ]
    return operations.save_route_template(actor=office.acting(key), name=name, steps=steps, at=office.now, **about)


def names(office, key):
    return [template.name for template in route_queries.templates_for(office.acting(key))]


def test_ones_own_template_is_ones_own(office):
    template = saved(office)
    assert [(step.place, step.days) for step in template.steps.order_by("place")] == [(1, 2), (2, None)]
    assert names(office, "officer") == ["Smlouvy"]
    assert names(office, "head") == []
    with pytest.raises(NotFound):
        route_queries.template_for(office.acting("head"), template.pk)
    with pytest.raises(AccessDenied):
        saved(office, "head", template=template)


def test_a_template_of_the_organisation_is_everybodys_and_changed_by_who_keeps_them(office):
    with pytest.raises(AccessDenied):
        saved(office, for_all=True)
    template = saved(office, "head", for_all=True)
    assert names(office, "officer") == ["Smlouvy"]
    with pytest.raises(AccessDenied):
        operations.delete_route_template(actor=office.acting("officer"), template=template)
    only = [PlannedStep(1, StepPurpose.INFORMATION, person=office.world.officer)]
    saved(office, "records_keeper", name="Smlouvy a dodatky", for_all=True, template=template, steps=only)
    template.refresh_from_db()
    assert (template.name, template.steps.count()) == ("Smlouvy a dodatky", 1)


def test_all_obstacles_come_at_once(office):
    with pytest.raises(errors.TemplateNotSavable) as refused:
        operations.save_route_template(actor=office.acting("officer"), name=" ", steps=[], at=office.now)
    assert len(refused.value.obstacles) == 2
    saved(office)
    with pytest.raises(errors.TemplateNotSavable, match="už existuje"):
        saved(office)
    saved(office, "head")  # a personal name is free to others
    assert RouteTemplate.objects.count() == 2


def test_deleting_a_template_leaves_what_was_started_from_it(office):
    template = saved(office)
    steps = [PlannedStep(step.place, StepPurpose.OPINION, role=Role.RECORDS_KEEPER) for step in template.steps.all()]
    route = operations.start_route(actor=office.acting("officer"), document=office.draft(), steps=steps, at=office.now)
    operations.delete_route_template(actor=office.acting("officer"), template=template)
    assert names(office, "officer") == []
    assert route.steps.count() == 2


def test_another_organisation_sees_no_template(world):
    with world.office.scope():
        saved(Office(world), "head", for_all=True)
    with world.school.scope():
        assert not RouteTemplate.objects.exists()
