"""What stands around every page: the main navigation, the person, the organisations they may switch to."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

import egon
from egon.circulation import queries as circulation
from egon.identity.models import Membership
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.mailroom import queries as mailroom
from egon.mailroom.permissions import BOOK_READERS
from egon.records.permissions import REPORT_READERS
from egon.registry import queries as registry

MOST_COUNTED = 99


@dataclass(frozen=True)
class Entry:
    """One entry of the main navigation, for actors who hold one of ``roles`` (all when empty); ``key`` jumps to it."""

    label: str
    url: str
    roles: tuple[Role, ...] = ()
    key: str = ""

    def is_for(self, actor: Actor) -> bool:
        """Whether this actor has work there."""
        return (not self.roles or actor.has(*self.roles)) and (self.url == "/" or not actor.is_forbidden(self.url))


ENTRIES = (
    Entry("Můj stůl", "/", key="g p"),
    Entry("Podatelna", "/podatelna/", (Role.MAILROOM,), "g d"),
    Entry("Převzetí listin", "/podatelna/prevzit/", (Role.HEAD, Role.SECRETARIAT, Role.NODE_ADMINISTRATOR)),
    Entry("Výpravna", "/podatelna/vypravna/", (Role.MAILROOM,), "g v"),
    Entry("Podací deník", "/podatelna/denik/", BOOK_READERS),
    Entry("Oběžníky", "/obezniky/", (Role.SECRETARIAT, Role.HEAD, Role.AUDITOR)),
    Entry(
        "Kdo co má",
        "/obeh/kdo-co-ma/",
        (Role.HEAD, Role.SECRETARIAT, Role.NODE_ADMINISTRATOR, Role.MAILROOM, Role.RECORDS_KEEPER),
    ),
    Entry("Předání agend", "/obeh/agenda/", (Role.HEAD, Role.ADMINISTRATOR)),
    Entry("Dokumenty", "/dokumenty/", key="g o"),
    Entry("Spisy", "/spisy/", key="g s"),
    Entry("Spisový plán", "/plan/", (Role.RECORDS_KEEPER, Role.ADMINISTRATOR)),
    Entry("Nastavení evidence", "/evidence/", (Role.RECORDS_KEEPER, Role.ADMINISTRATOR)),
    Entry("Odstraněné", "/odstranene/", (Role.RECORDS_KEEPER, Role.ADMINISTRATOR, Role.NODE_ADMINISTRATOR)),
    Entry("Hlášení", "/hlaseni/", REPORT_READERS),
    Entry("Rejstřík", "/rejstrik/", key="g r"),
    Entry("Schránky", "/schranky/", (Role.MAILROOM, Role.ADMINISTRATOR)),
    Entry("Schránky centra", "/schranky/centrum/", (Role.CENTRE_ADMINISTRATOR,)),
    Entry("Správa", "/sprava/", (Role.ADMINISTRATOR,)),
    Entry("Protokol", "/protokol/", (Role.AUDITOR, Role.ADMINISTRATOR, Role.RECORDS_KEEPER)),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    actor: Actor | None = getattr(request, "actor", None)
    about = {
        "product_version": egon.__version__,
        "search_query": request.GET.get("q", "") if request.path.startswith("/hledat/") else "",
    }
    if actor is None:
        return {"actor": None, "navigation": [], **about}
    memberships = Membership.objects.filter(account=actor.account_id, active=True, tenant__active=True)
    organisations = list(memberships.select_related("tenant").order_by("tenant__name"))
    return {
        "actor": actor,
        "navigation": _navigation(request, actor),
        "organisations": [m.tenant for m in organisations],
        "organisation": next((m.tenant for m in organisations if m.tenant_id == actor.tenant_id), None),
        "substitution": _substitution(actor),
        **about,
    }


def _navigation(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    current = max((e.url for e in ENTRIES if _leads_to(e.url, request.path)), key=len, default="")
    counts = _written(getattr(request, "waiting", None) or _waiting(actor))
    return [
        {"label": e.label, "url": e.url, "key": e.key, "active": e.url == current, "count": counts.get(e.url, "")}
        for e in ENTRIES
        if e.is_for(actor)
    ]


# Pages of circulation are opened from the desk, typed files from the list of files.
_ALSO = {"/": ("/obeh/",), "/spisy/": ("/typove-spisy/",)}


def _leads_to(url: str, path: str) -> bool:
    """Whether a page belongs to an entry; one has also pages elsewhere."""
    return path.startswith(_ALSO.get(url, ())) or (path == url if url == "/" else path.startswith(url))


def _waiting(actor: Actor) -> dict[str, int]:
    """What waits, by the address of its entry; counted only to a limit, so that it costs little on every page.

    A page that has counted already sets ``request.waiting`` to the same.
    """
    waiting = {"/": circulation.count_waiting(actor, at_most=MOST_COUNTED + 1)}
    if actor.has(Role.MAILROOM):
        waiting["/podatelna/"] = mailroom.waiting_count(at_most=MOST_COUNTED + 1)
    return waiting


def _written(waiting: dict[str, int]) -> dict[str, str]:
    return {url: f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count) for url, count in waiting.items() if count}


def _substitution(actor: Actor) -> dict[str, Any] | None:
    """Whose work this person does besides their own, and until when; asks only when somebody is absent."""
    if len(actor.person_ids) < 2 or actor.person_id is None:
        return None
    valid = list(registry.substitutions_of(actor.person_id, on=clock.today()))
    if not valid:
        return None
    names = ", ".join(str(one.absent) for one in valid)
    return {"name": names, "until": min(one.valid_to for one in valid)}
