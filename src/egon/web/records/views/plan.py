"""The filing plan as a tree, searched by words."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.kernel.clock import today
from egon.kernel.czech import without_diacritics
from egon.records import permissions, queries
from egon.records.models import RecordClass
from egon.web.access import ActorRequest, signed_in


@signed_in
@require_safe
def filing_plan(request: ActorRequest) -> HttpResponse:
    """The plan valid today. A searched word keeps the classes above what it finds, so that the place is seen."""
    plan = queries.current_plan(on=today())
    classes = list(queries.classes_of(plan)) if plan else []
    wanted = request.GET.get("q", "").strip()
    rows = [{"entry": one, "depth": _depth(one, classes)} for one in _matching(classes, wanted)]
    target = _target_of(request)
    context = {
        "plan": plan,
        "rows": rows,
        "wanted": wanted,
        **target,
        "may_open": permissions.may_open_file(request.actor),
    }
    return render(request, "records/plan.html", context)


def _target_of(request: ActorRequest) -> dict[str, Any]:
    """Where a chosen class leads: to filing the document one came from, otherwise to a file without a document."""
    wanted = request.GET.get("dokument", "")
    if not wanted.isdecimal():
        return {"target": reverse("records:new_file"), "document": None}
    document = queries.document_for(request.actor, int(wanted))
    return {"target": reverse("records:put_in_file", args=[document.pk]), "document": document}


def _matching(classes: list[RecordClass], wanted: str) -> list[RecordClass]:
    words = without_diacritics(wanted).casefold().split()
    by_pk = {one.pk: one for one in classes}
    kept: set[int] = set()
    for one in classes:
        if all(word in without_diacritics(f"{one.code} {one.name}").casefold() for word in words):
            here: RecordClass | None = one
            while here is not None and here.pk not in kept:
                kept.add(here.pk)
                here = by_pk.get(here.parent_id or 0)
    return [one for one in classes if one.pk in kept]


def _depth(one: RecordClass, classes: list[RecordClass]) -> int:
    parents = {each.pk: each.parent_id for each in classes}
    depth, here = 0, one.parent_id
    while here is not None:
        depth, here = depth + 1, parents.get(here)
    return depth
