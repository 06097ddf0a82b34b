"""Suggestions for fields one types in."""

from dataclasses import asdict

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from egon.kernel.errors import NotFound
from egon.web.access import ActorRequest, signed_in
from egon.web.offers.offered import MOST_FOUND
from egon.web.offers.sources import SOURCES

LONGEST_TEXT = 120


@signed_in
@require_safe
def offer(request: ActorRequest, source: str) -> HttpResponse:
    """``/nabidka/<source>/?q=``: the first of what the words find, as ``{"options": […], "more": …}``."""
    if source not in SOURCES:
        raise NotFound("Taková nabídka tu není.")
    found = SOURCES[source]().find(request.GET.get("q", "")[:LONGEST_TEXT])
    return JsonResponse({"options": [asdict(one) for one in found[:MOST_FOUND]], "more": len(found) > MOST_FOUND})
