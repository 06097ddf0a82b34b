"""Adding and changing the boxes of an originator."""

from egon.audit import log
from egon.audit.operation import operation
from egon.databox import permissions, secrets
from egon.databox.errors import BoxNotUsable
from egon.databox.models import Box, DeliveryPolicy, lock
from egon.gateways.isds.rules import is_box_id
from egon.kernel.actor import Actor


@operation(
    "databox.box.add",
    title="Přidání datové schránky",
    requires=permissions.may_administer_boxes,
    unlogged=("password",),
)
def add_box(
    *,
    actor: Actor,
    box_id: str,
    name: str,
    login: str,
    password: str,
    box_type: str = "",
    environment_url: str = "",
    delivery_policy: str = DeliveryPolicy.AT_ONCE,
) -> Box:
    """Add a box with its login. Raises ``BoxNotUsable`` with every obstacle."""
    box_id = box_id.strip().lower()
    obstacles = []
    if not is_box_id(box_id):
        obstacles.append(f"Identifikátor schránky „{box_id}“ má chybný tvar (překlep v některém znaku).")
    if not login.strip() or not password:
        obstacles.append("Chybí přihlašovací jméno nebo heslo ke schránce.")
    if Box.objects.filter(box_id=box_id).exists():
        obstacles.append(f"Schránka {box_id} už je v organizaci zavedená.")
    if obstacles:
        raise BoxNotUsable(obstacles)
    return Box.objects.create(
        box_id=box_id,
        name=name.strip(),
        login=login.strip(),
        sealed_password=secrets.seal(password),
        box_type=box_type,
        environment_url=environment_url.strip(),
        delivery_policy=delivery_policy,
    )


@operation(
    "databox.box.edit",
    title="Úprava datové schránky",
    requires=permissions.may_administer_boxes,
    unlogged=("password",),
)
def edit_box(
    *,
    actor: Actor,
    box: Box,
    name: str,
    login: str,
    password: str = "",
    environment_url: str = "",
    delivery_policy: str = DeliveryPolicy.AT_ONCE,
    active: bool = True,
) -> Box:
    """Change a box; an empty ``password`` keeps the present one. The next contact is tried at once."""
    if not login.strip():
        raise BoxNotUsable(["Chybí přihlašovací jméno ke schránce."])
    row = lock(Box, box.pk)
    row.name, row.login, row.environment_url = name.strip(), login.strip(), environment_url.strip()
    row.delivery_policy, row.active = delivery_policy, active
    if password:
        row.sealed_password = secrets.seal(password)
        log.note(password_changed=True)
    _forget_failures(row)
    row.save()
    return row


@operation("databox.box.resume", title="Obnovení spojení schránky", requires=permissions.may_administer_boxes)
def resume_box(*, actor: Actor, box: Box) -> Box:
    """Try again after the administrator put things right outside (unblocked the login, renewed the password)."""
    row = lock(Box, box.pk)
    _forget_failures(row)
    row.save()
    return row


def _forget_failures(box: Box) -> None:
    box.needs_administrator = False
    box.failures = 0
    box.next_attempt_at = None
