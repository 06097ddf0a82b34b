"""The filing plan as a tree: groups first, one of them open, or what a searched word finds."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon.kernel.clock import today
from egon.kernel.errors import NotFound
from egon.records import offered_classes, permissions, plan_queries, queries
from egon.records.models import FilingPlan
from egon.records.offered_classes import Holding, has_words, words_of
from egon.records.plan_queries import TreeRow
from egon.web.access import ActorRequest, signed_in

SHOWN_WHOLE = 150
MOST_FOUND = 300
MOST_TYPED = 100  # characters of what a class is sought by


@signed_in
@require_safe
def filing_plan(request: ActorRequest) -> HttpResponse:
    """The plan valid today, or (for who keeps the plan) another version.

    A searched word keeps the classes above what it finds, so that the place is seen.
    """
    keeps = bool(permissions.may_configure(request.actor))
    plan = _wanted_plan(request, keeps)
    with_closed = keeps and "zavrene" in request.GET
    rows = plan_queries.tree_of(plan, on=today(), also_closed=with_closed) if plan else []
    wanted = request.GET.get("q", "").strip()
    shown = _matching(rows, wanted) if wanted else _unfolded(request, rows)
    context = {
        "plan": plan,
        "rows": shown[:MOST_FOUND] if wanted else shown,
        "found_more": bool(wanted) and len(shown) > MOST_FOUND,
        "folded": not wanted and len(shown) < len(rows),
        "size": len(rows),
        "wanted": wanted,
        **_target_of(request),
        "may_open": bool(permissions.may_open_file(request.actor)) and plan is not None and plan.is_valid(today()),
        "keeps": keeps,
        "with_closed": with_closed,
        "misplaced": sum(one.open_files for one in plan_queries.misplaced(on=today())) if keeps else 0,
        "to_judge": _to_judge(request) if keeps else 0,
        "kept": _kept(request, plan),
    }
    return render(request, "records/plan/tree.html", context)


@signed_in
@require_safe
def class_codes(request: ActorRequest) -> HttpResponse:
    """``/plan/znaky/?co=spisy``: classes like what is typed into a field (of any name), a part of a page."""
    kind = request.GET.get("co", "")
    holding = Holding(kind) if kind in set(Holding) else Holding.FILES
    typed = next((str(value) for name, value in request.GET.items() if name != "co"), "")
    found = offered_classes.like(typed[:MOST_TYPED], on=today(), holding=holding)
    return render(request, "records/plan/code_options.html", {"codes": found})


def _to_judge(request: ActorRequest) -> int:
    """How many files wait for a decision whether their event came (NSESSS 6.1.9)."""
    if not permissions.may_appraise(request.actor):
        return 0
    return plan_queries.awaiting_event(on=today())[:MOST_FOUND].count()


def _wanted_plan(request: ActorRequest, keeps: bool) -> FilingPlan | None:
    wanted = request.GET.get("verze", "")
    if not wanted.isdecimal() or not keeps:
        return queries.current_plan(on=today())
    plan = FilingPlan.objects.filter(pk=wanted).first()
    if plan is None:
        raise NotFound("Takový spisový plán tu není.")
    return plan


def _kept(request: ActorRequest, plan: FilingPlan | None) -> str:
    """What links within the tree carry on: the version and the document one came from."""
    kept = request.GET.copy()
    for name in set(kept) - {"verze", "dokument", "zavrene"}:
        del kept[name]
    return kept.urlencode()


def _target_of(request: ActorRequest) -> dict[str, Any]:
    """Where a chosen class leads: to filing the document one came from, otherwise to a file without a document."""
    wanted = request.GET.get("dokument", "")
    if not wanted.isdecimal():
        return {"target": reverse("records:new_file"), "document": None}
    document = queries.document_for(request.actor, int(wanted))
    return {"target": reverse("records:put_in_file", args=[document.pk]), "document": document}


def _matching(rows: Sequence[TreeRow], wanted: str) -> list[TreeRow]:
    words = list(words_of(wanted))
    by_pk = {row.pk: row for row in rows}
    kept: set[int] = set()
    for row in rows:
        if has_words(f"{row.code} {row.name}", words):
            here: TreeRow | None = row
            while here is not None and here.pk not in kept:
                kept.add(here.pk)
                here = by_pk.get(here.parent_id or 0)
    return [row for row in rows if row.pk in kept]


def _unfolded(request: ActorRequest, rows: Sequence[TreeRow]) -> list[TreeRow]:
    """A short plan whole; of a long one the top groups and the branch that was opened."""
    if len(rows) <= SHOWN_WHOLE or "vse" in request.GET:
        return list(rows)
    opened = request.GET.get("skupina", "")
    parents = {row.pk: row.parent_id for row in rows}
    here: int | None = int(opened) if opened.isdecimal() else None
    path = set()
    while here in parents:
        path.add(here)
        here = parents[here]
    inside: set[int] = set()
    for row in rows:
        if row.parent_id in path or row.parent_id in inside:
            inside.add(row.pk)
    return [row for row in rows if row.parent_id is None or row.pk in inside]
