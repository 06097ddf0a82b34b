"""The one look across organisations: who may, and that it was done."""

from datetime import datetime

from egon.audit.operation import operation
from egon.databox import across, permissions
from egon.databox.centre import BoxHealth
from egon.kernel.actor import Actor


@operation(
    "databox.centre.look", title="Nahlédnutí do zdraví schránek centra", requires=permissions.may_see_centre, reads=True
)
def look_at_centre(*, actor: Actor, at: datetime) -> list[BoxHealth]:
    """Health of all organisations' boxes. It changes nothing; it is an operation so that each look is in the log."""
    return across.health(now=at)
