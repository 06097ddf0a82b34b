"""Full-text search over documents and files; only what the actor may see is shown."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egon import search
from egon.kernel.actor import Actor
from egon.records import indexing, queries
from egon.web.access import ActorRequest, signed_in
from egon.web.records.paging import PARAM
from egon.web.records.words import chip_of, chip_of_file, direction_of

PAGE_SIZE = 25
_TYPES = {"dokumenty": [indexing.DOCUMENT], "spisy": [indexing.FILE]}


@signed_in
@require_safe
def search_page(request: ActorRequest) -> HttpResponse:
    """``/hledat/?q=``: the newest thousand hits, restricted to what the actor may see, twenty-five a page."""
    wanted = request.GET.get("q", "").strip()[:200]
    kind = request.GET.get("kde", "")
    found = search.find(wanted, entity_types=_TYPES.get(kind), limit=search.MOST_COUNTED)
    hits = _visible(request.actor, found.hits)
    page = Paginator(hits, PAGE_SIZE).get_page(request.GET.get(PARAM))
    context = {
        "search_query": wanted,
        "page": page,
        "rows": _rows(request.actor, list(page)),
        "count_text": found.count_text if found.capped_count > search.MOST_COUNTED else str(len(hits)),
        "tabs": [
            {"label": name, "url": f"?q={wanted}&kde={code}" if code else f"?q={wanted}", "active": code == kind}
            for code, name in (("", "Vše"), ("dokumenty", "Dokumenty"), ("spisy", "Spisy"))
        ],
    }
    return render(request, "records/search.html", context)


def _visible(actor: Actor, hits: tuple[search.Hit, ...]) -> list[search.Hit]:
    """Hits the actor may see, in their order; one query a kind of entity."""
    documents = [hit.entity_id for hit in hits if hit.entity_type == indexing.DOCUMENT]
    files = [hit.entity_id for hit in hits if hit.entity_type == indexing.FILE]
    seen = {
        indexing.DOCUMENT: set(queries.documents_among(actor, documents).values_list("pk", flat=True)),
        indexing.FILE: set(
            queries.files_visible_to(actor).filter(pk__in=files).order_by().values_list("pk", flat=True)
        ),
    }
    return [hit for hit in hits if hit.entity_id in seen.get(hit.entity_type, ())]


def _rows(actor: Actor, hits: list[search.Hit]) -> list[dict[str, Any]]:
    wanted = [hit.entity_id for hit in hits if hit.entity_type == indexing.DOCUMENT]
    documents = {document.pk: document for document in queries.documents_among(actor, wanted)}
    files = queries.files_visible_to(actor).in_bulk([h.entity_id for h in hits if h.entity_type == indexing.FILE])
    rows: list[dict[str, Any]] = []
    for hit in hits:
        if hit.entity_type == indexing.DOCUMENT:
            document = documents[hit.entity_id]
            rows.append({"document": document, "chip": chip_of(document), "direction": direction_of(document)})
        else:
            rows.append({"file": files[hit.entity_id], "chip": chip_of_file(files[hit.entity_id])})
    return rows
