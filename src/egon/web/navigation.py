"""What stands around every page: the main navigation, the person, the organisations they may switch to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from egon.identity.models import Membership
from egon.kernel.actor import Actor, Role


@dataclass(frozen=True)
class Entry:
    """One entry of the main navigation, shown to actors who hold one of ``roles`` (to all when empty)."""

    label: str
    url: str
    roles: tuple[Role, ...] = ()

    def is_for(self, actor: Actor) -> bool:
        """Whether this actor has work there."""
        return not self.roles or actor.has(*self.roles)


ENTRIES = (
    Entry("Můj stůl", "/"),
    Entry("Podatelna", "/podatelna/", (Role.MAILROOM,)),
    Entry("Výpravna", "/podatelna/vypravna/", (Role.MAILROOM,)),
    Entry("Oběžníky", "/obezniky/", (Role.SECRETARIAT,)),
    Entry("Dokumenty", "/dokumenty/"),
    Entry("Spisy", "/spisy/"),
    Entry("Rejstřík", "/rejstrik/"),
    Entry("Schránky", "/schranky/", (Role.MAILROOM, Role.ADMINISTRATOR)),
    Entry("Správa", "/sprava/", (Role.ADMINISTRATOR,)),
    Entry("Protokol", "/protokol/", (Role.AUDITOR, Role.ADMINISTRATOR, Role.RECORDS_KEEPER)),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None, "navigation": []}
    current = max((e.url for e in ENTRIES if request.path.startswith(e.url)), key=len, default="")
    memberships = Membership.objects.filter(account=actor.account_id, active=True, tenant__active=True)
    organisations = list(memberships.select_related("tenant").order_by("tenant__name"))
    return {
        "actor": actor,
        "navigation": [
            {"label": e.label, "url": e.url, "active": e.url == current} for e in ENTRIES if e.is_for(actor)
        ],
        "organisations": [m.tenant for m in organisations],
        "organisation": next((m.tenant for m in organisations if m.tenant_id == actor.tenant_id), None),
    }
