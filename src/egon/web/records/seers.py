"""The page of who sees one thing and why, and the same as a file; whatever the thing is."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from egon.kernel.actor import Role
from egon.records.seers import Sight
from egon.web.access import ActorRequest
from egon.web.tables import table_answer

# They check who sees what, so these pages tell them numbers also of what they do not see; nothing more of it.
CHECKING = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER, Role.AUDITOR)
PAGE_SIZE = 100


def answer(
    request: ActorRequest,
    seers: Sequence[Sight],
    *,
    thing: str,
    lead: str,
    crumbs: list[dict[str, Any]],
    extents: Sequence[str] = (),
    grants: Sequence[dict[str, Any]] = (),
    grant_url: str = "",
    note: str = "",
) -> HttpResponse:
    """The page, or with ``?csv`` the whole list as a file. ``extents`` says how much each sees, where it differs.

    ``grants`` are rows of granted access, ``grant_url`` is where more is given, ``note`` what the list leaves out.
    """
    told = list(zip(seers, list(extents) or [""] * len(seers), strict=True))
    if "csv" in request.GET:
        rows = ([one.person.name, "; ".join(filter(None, [extent, *one.reasons]))] for one, extent in told)
        return table_answer(["Kdo", "Proč"], rows, name="kdo-ma-pristup", form="csv")
    page = Paginator(told, PAGE_SIZE).get_page(request.GET.get("strana"))
    context: dict[str, Any] = {
        "thing": thing,
        "lead": lead,
        "page": page,
        "crumbs": [*crumbs, {"label": "Kdo má přístup"}],
    }
    context |= {"checking": request.actor.has(*CHECKING), "by_extent": bool(extents)}
    context |= {"grants": grants, "grant_url": grant_url, "note": note}
    return render(request, "records/seers.html", context)
