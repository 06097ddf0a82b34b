"""Full-text search over documents and files; only what the actor may see is shown."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egon import search
from egon.kernel.actor import Actor
from egon.records import indexing, queries, texts
from egon.web.access import ActorRequest, signed_in
from egon.web.formatting import write_number
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
    hits = visible_hits(request.actor, found.hits)
    page = Paginator(hits, PAGE_SIZE).get_page(request.GET.get(PARAM))
    context = {
        "search_query": wanted,
        "page": page,
        "rows": rows_of(list(page), wanted),
        "found_text": _found_text(len(hits), more=found.capped_count > search.MOST_COUNTED),
        "tabs": [
            {"label": name, "url": f"?{urlencode({'q': wanted, 'kde': code})}", "active": code == kind}
            for code, name in (("", "Vše"), ("dokumenty", "Dokumenty"), ("spisy", "Spisy"))
        ],
    }
    return render(request, "records/search.html", context)


def _found_text(seen: int, *, more: bool) -> str:
    if not more:
        return f"Nalezeno: {write_number(seen)}."
    most = write_number(search.MOST_COUNTED)
    return f"Mezi {most} nejnovějšími shodami: {write_number(seen)}. Starší najdete, když přidáte další slovo."


def visible_hits(actor: Actor, hits: tuple[search.Hit, ...]) -> list[search.Hit]:
    """Hits the actor may see, in their order; one query a kind of entity."""
    documents, files = _ids(hits, indexing.DOCUMENT), _ids(hits, indexing.FILE)
    seen = {
        indexing.DOCUMENT: set(queries.documents_among(actor, documents).values_list("pk", flat=True)),
        indexing.FILE: set(
            queries.files_visible_to(actor).filter(pk__in=files).order_by().values_list("pk", flat=True)
        ),
    }
    return [hit for hit in hits if hit.entity_id in seen.get(hit.entity_type, ())]


def rows_of(hits: Sequence[search.Hit], wanted: str = "") -> list[dict[str, Any]]:
    """What is shown of hits the actor may see; of documents also the components that say what is wanted."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    documents = _ids(hits, indexing.DOCUMENT)
    components = texts.components_with(wanted, documents)
    for document in queries.document_rows(documents):
        shown = {"document": document, "chip": chip_of(document), "direction": direction_of(document)}
        shown["components"] = components.get(document.pk, ())
        rows[indexing.DOCUMENT, document.pk] = shown
    for file in queries.file_rows(_ids(hits, indexing.FILE)):
        rows[indexing.FILE, file.pk] = {"file": file, "chip": chip_of_file(file)}
    return [rows[key] for hit in hits if (key := (hit.entity_type, hit.entity_id)) in rows]


def _ids(hits: Sequence[search.Hit], entity_type: str) -> list[int]:
    return [hit.entity_id for hit in hits if hit.entity_type == entity_type]
