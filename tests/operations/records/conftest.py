"""A received document of the transport department in the demo world."""

import pytest
from tests.records_steps import acting, record_class, register

from egon.records import operations as records


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
