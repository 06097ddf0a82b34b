"""Changes of facts that come by the notification service of the base registers (NSESSS 2.8.12)."""

from django.conf import settings

from egon.audit.log import note
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.parties import permissions
from egon.parties.errors import PartyRefused
from egon.parties.models import RegisterSettings


@operation("parties.settings.notifications", title="Notifikace základních registrů", requires=permissions.may_configure)
def set_notifications(*, actor: Actor, active: bool) -> RegisterSettings:
    """Take changes by notifications, or ask at every intake and dispatch. Raises :class:`PartyRefused`."""
    if active and not settings.BASE_REGISTERS_URL:
        raise PartyRefused(["Základní registry nejsou připojené. Adresu nastaví správce instalace."])
    row, _ = RegisterSettings.objects.select_for_update().get_or_create()
    note(before={"active": row.uses_notifications})
    if active != row.uses_notifications:
        # What changed while they were off is not told afterwards; intake and dispatch asked meanwhile.
        row.uses_notifications, row.notification_marker = active, ""
        row.save()
    return row


@operation("parties.notifications.taken", title="Převzetí notifikací základních registrů", requires=only_system)
def remember_marker(*, actor: Actor, marker: str, parties: int) -> None:
    """Notifications up to the marker were taken; ``parties`` records changed by them."""
    RegisterSettings.objects.filter(uses_notifications=True).update(notification_marker=marker[:200])
