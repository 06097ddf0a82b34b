"""A received document of the transport department in the demo world."""

from datetime import timedelta

import pytest

from egon import storage
from egon.kernel import clock
from egon.parties.models import Party
from egon.records import operations as records
from egon.records import queries
from egon.records.operations import NewFile
from egon.registry import queries as registry


def acting(person):
    return registry.actor_of(person, at=clock.now())


def record_class(code):
    return queries.classes_for_files(on=clock.today()).get(code=code)


def register(world, subject="Žádost o rekonstrukci zastávky", **changes):
    values = {
        "subject": subject,
        "sender": Party.objects.order_by("pk").first(),
        "delivered_at": clock.now() - timedelta(hours=2),
        "files": [NewFile("žádost.txt", "text/plain", storage.put(subject.encode()), "main")],
        **changes,
    }
    return records.register_received(actor=acting(world.clerk), **values)


@pytest.fixture
def received(in_region):
    """Held by ``officer``, being processed, in no file."""
    unit = in_region.office.units["OD"]
    document = register(in_region)
    return records.place_in_unit(actor=acting(in_region.clerk), document=document, unit=unit, holder=in_region.officer)


@pytest.fixture
def file(in_region, received):
    """A file of class 80.1 (S/5) that holds ``received``."""
    return records.open_file(
        actor=acting(in_region.officer),
        record_class=record_class("80.1"),
        unit=in_region.office.units["OD"],
        processor=in_region.officer,
        document=received,
    )
