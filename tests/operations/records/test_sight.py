"""Who sees a document or a file is told exactly as the permissions decide it, with the reason."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, register

from egon.kernel import clock
from egon.records import operations as records
from egon.records import permissions, sight
from egon.registry import operations as registry
from egon.registry.models import Person

pytestmark = pytest.mark.django_db


def names(seers):
    return {one.person.pk for one in seers}


def seeing(decide, thing):
    """By the permissions themselves, person by person."""
    return {person.pk for person in Person.objects.filter(active=True) if decide(acting(person), thing)}


def told(document):
    return {one.person: one.reasons for one in sight.who_sees_document(document, on=clock.today())}


@pytest.mark.norm("5.2.15")
def test_told_are_exactly_those_whom_the_permissions_let_in(in_region, received, file):
    world, on = in_region, clock.today()
    records.share(actor=acting(world.officer), document=received, unit=world.units["OS"], reason="k vyjádření")
    records.share(actor=acting(world.officer), document=received, person=world.outsider, reason="na vědomí")
    for absent, substitute in ((world.officer, world.substitute), (world.auditor, world.commuter)):
        registry.appoint_substitute(
            actor=acting(world.administrator),
            absent=absent,
            substitute=substitute,
            valid_from=on,
            valid_to=on,
            today=on,
        )
    received.refresh_from_db()
    in_mailroom = register(world)
    for document in (received, in_mailroom):
        assert names(sight.who_sees_document(document, on=on)) == seeing(permissions.may_see, document)
    assert names(sight.who_sees_file(file, on=on)) == seeing(permissions.may_see_file, file)


def test_every_reason_is_told(in_region, received, file):
    world = in_region
    records.share(actor=acting(world.officer), document=received, unit=world.units["OS"], reason="k vyjádření")
    received.refresh_from_db()
    reasons = told(received)
    assert reasons[world.officer] == ("má dokument u sebe", f"zpracovává spis {file}")
    assert reasons[world.officer2] == ("zpřístupněno: k vyjádření (útvar OS)",)
    assert reasons[world.head] == ("role vedoucí (schvaluje a přiděluje): OD",)
    assert reasons[world.records_keeper] == ("role správce spisovny: celá organizace",)
    assert world.outsider not in reasons and world.administrator not in reasons


def test_substitute_sees_only_in_their_days(in_region, received):
    world, on = in_region, clock.today()
    registry.appoint_substitute(
        actor=acting(world.officer),
        absent=world.officer,
        substitute=world.outsider,
        valid_from=on,
        valid_to=on,
        today=on,
    )
    assert told(received)[world.outsider] == (f"zástup: {world.officer}",)
    later = sight.who_sees_document(received, on=on + timedelta(days=1))
    assert world.outsider.pk not in names(later)
