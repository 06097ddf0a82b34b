"""Data boxes of the demo's organisations, with the logins of the simulator's seed."""

from egon.databox import operations as databox
from egon.databox.models import Box
from egon.kernel.actor import Actor
from egon.tenancy.models import Tenant
from egon.world.organisations import ORGANISATIONS


def build_boxes(tenant: Tenant) -> None:
    """Create the organisation's box if it is missing. To be called in the organisation's scope."""
    data = next((one for one in ORGANISATIONS if one.code == tenant.code), None)
    if data is None or Box.objects.filter(box_id=data.box.box_id).exists():
        return
    databox.add_box(
        actor=Actor.system(tenant.pk, "Příprava ukázky"),
        box_id=data.box.box_id,
        name=data.name,
        login=data.box.login,
        password=data.box.password,
        box_type=data.box.box_type,
        check_every=20,  # a demo should not let anyone wait
    )
