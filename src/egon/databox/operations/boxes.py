"""Adding and changing the boxes of an originator."""

from typing import Any

from egon.audit import log
from egon.audit.operation import operation
from egon.databox import permissions, secrets
from egon.databox.connection import is_address
from egon.databox.errors import BoxNotUsable
from egon.databox.models import Box, DeliveryPolicy, LoginKind, lock
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
    login: str = "",
    password: str = "",
    login_kind: str = LoginKind.PASSWORD,
    box_type: str = "",
    environment_url: str = "",
    delivery_policy: str = DeliveryPolicy.AT_ONCE,
    check_every: int = 60,
    hours_from: int | None = None,
    hours_to: int | None = None,
    working_days_only: bool = False,
) -> Box:
    """Add a box with its login; a certificate is added to it afterwards. ``check_every`` is in seconds, hours are of
    the day in Prague. Raises ``BoxNotUsable`` with every obstacle.
    """
    box = Box(box_id=box_id.strip().lower(), box_type=box_type)
    _set(
        box,
        name=name.strip(),
        login=login.strip(),
        login_kind=login_kind,
        environment_url=environment_url.strip(),
        delivery_policy=delivery_policy,
        check_every=check_every,
        hours_from=hours_from,
        hours_to=hours_to,
        working_days_only=working_days_only,
    )
    obstacles = _obstacles(box, has_password=bool(password))
    if not is_box_id(box.box_id):
        obstacles.insert(0, f"Identifikátor schránky „{box.box_id}“ má chybný tvar (překlep v některém znaku).")
    if Box.objects.filter(box_id=box.box_id).exists():
        obstacles.append(f"Schránka {box.box_id} už je v organizaci zavedená.")
    if obstacles:
        raise BoxNotUsable(obstacles)
    box.sealed_password = secrets.seal(password) if password else ""
    box.save()
    return box


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
    login: str = "",
    password: str = "",
    login_kind: str = LoginKind.PASSWORD,
    environment_url: str = "",
    delivery_policy: str = DeliveryPolicy.AT_ONCE,
    check_every: int = 60,
    hours_from: int | None = None,
    hours_to: int | None = None,
    working_days_only: bool = False,
    active: bool = True,
) -> Box:
    """Change a box; an empty ``password`` keeps the present one. The next contact is tried at once.

    Raises ``BoxNotUsable`` with every obstacle.
    """
    row = lock(Box, box.pk)
    policy_before = row.delivery_policy
    _set(
        row,
        name=name.strip(),
        login=login.strip(),
        login_kind=login_kind,
        environment_url=environment_url.strip(),
        delivery_policy=delivery_policy,
        check_every=check_every,
        hours_from=hours_from,
        hours_to=hours_to,
        working_days_only=working_days_only,
        active=active,
    )
    if obstacles := _obstacles(row, has_password=bool(password or row.sealed_password)):
        raise BoxNotUsable(obstacles)
    if password:
        row.sealed_password, row.password_asked_at, row.password_expires_at = secrets.seal(password), None, None
        log.note(password_changed=True)
    if policy_before != row.delivery_policy:
        row.listing_asked_at = None  # an order given under another policy is not to deliver anything under this one
        log.note(policy_before=policy_before)
    forget_failures(row)
    row.save()
    return row


@operation("databox.box.resume", title="Obnovení spojení schránky", requires=permissions.may_administer_boxes)
def resume_box(*, actor: Actor, box: Box) -> Box:
    """Try again after the administrator put things right outside (unblocked the login, renewed the password)."""
    row = lock(Box, box.pk)
    forget_failures(row)
    row.save()
    return row


def forget_failures(box: Box) -> None:
    """The next contact is tried at once."""
    box.needs_administrator = False
    box.failures = 0
    box.next_attempt_at = None


def _set(box: Box, **values: Any) -> None:
    for name, value in values.items():
        setattr(box, name, value)


def _obstacles(box: Box, *, has_password: bool) -> list[str]:
    found = []
    kind = LoginKind(box.login_kind)
    if kind.has_password and not (box.login and has_password):
        found.append("Chybí přihlašovací jméno nebo heslo ke schránce.")
    if box.delivery_policy == DeliveryPolicy.WATCH and not kind.has_certificate:
        found.append(
            "Sledovat schránku bez doručení lze jen s přihlášením certifikátem, jménu a heslu ISDS upozornění nedává. "
            "Zvolte jiné přihlášení, nebo stahování jen na pokyn podatelny."
        )
    if not is_address(box.environment_url):
        found.append(f"Adresa ISDS „{box.environment_url}“ není ani známé prostředí, ani adresa začínající https://.")
    if (box.hours_from or 0) >= (24 if box.hours_to is None else box.hours_to):
        found.append("Hodina, od které se stahuje, musí být před hodinou, do které se stahuje.")
    return found
