"""The search: words and conditions over documents, files and classes; only what the actor may see is shown."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from egon import search
from egon.kernel.actor import Actor
from egon.records import disclosure, indexing, permissions, queries, searching, texts
from egon.records.criteria import Criteria
from egon.records.models import TypedFile, TypedSection
from egon.records.rules.exporting import ExportForm
from egon.records.rules.states import GONE, DocumentState, FileState
from egon.records.search_reach import ids_of
from egon.records.searching import Found
from egon.search import Hit
from egon.web.access import ActorRequest, signed_in
from egon.web.formatting import write_number
from egon.web.records.paging import PARAM
from egon.web.records.search_export import FORMS, file_of
from egon.web.records.search_form import SearchForm, kinds_of
from egon.web.records.snippets import Sought, excerpt, marked
from egon.web.records.words import chip_of, chip_of_file, chip_of_typed, direction_of

PAGE_SIZE = 25
AFTER: Final = "za"  # of the address: the place behind which older results begin
_PLACE = re.compile(r"(?P<at>\d{1,17})-(?P<entry>\d{1,18})")
_EPOCH: Final = datetime(1, 1, 1, tzinfo=UTC)
_TABS: Final = (("", "Vše"), ("dokumenty", "Dokumenty"), ("spisy", "Spisy"), ("skupiny", "Věcné skupiny"))


@signed_in
@require_safe
def search_page(request: ActorRequest) -> HttpResponse:
    """``/hledat/``: what fits, twenty-five a page of a thousand; older ones follow behind ``?za=``."""
    form, kind = form_of(request), request.GET.get("kde", "")
    context: dict[str, Any] = {
        "keeps": bool(permissions.may_configure(request.actor)),
        "search_query": request.GET.get("q", "").replace("\x00", "").strip(),
        "form": form,
        "open_url": _address(request, podrobne="1"),
        "tabs": [{"label": name, "url": _address(request, kde=code), "active": code == kind} for code, name in _TABS],
    }
    if not form.is_valid() or form.criteria().tells_nothing:
        return render(request, "records/search.html", context)
    criteria = form.criteria()
    try:
        # A file taken away tells only of what is there.
        finds = searching.find if request.GET.get("soubor") in FORMS else searching.find_known
        found = finds(request.actor, criteria, kinds_of(kind), after=place_of(request.GET.get(AFTER, "")))
    except search.QueryMistake as mistake:
        words = criteria.words
        marked_place = {"before": words[: mistake.position], "after": words[mistake.position :] or "⎵"}
        return render(request, "records/search.html", context | {"mistake": mistake, **marked_place})
    hits = searching.order_by(found.hits, form.order(), hides=permissions.hidden_states(request.actor))
    if request.GET.get("soubor") in FORMS:
        facts = [("Hledáno", criteria.words)] if criteria.words else []
        facts += [(label, value) for _, label, value in form.conditions()]
        return file_of(request.actor, hits, form=request.GET["soubor"], facts=facts, more=found.more)
    return render(request, "records/search.html", context | _shown(request, form, found, hits))


def form_of(request: ActorRequest) -> SearchForm:
    """The form as the address fills it in; what a database cannot hold is left out."""
    data = request.GET.copy()
    data["q"] = request.GET.get("q", "").replace("\x00", "").strip()
    return SearchForm(data, actor=request.actor)


def place_of(written: str) -> Hit | None:
    """Behind which hit the address goes on; None at the beginning, also for what nobody has written here."""
    match = _PLACE.fullmatch(written)
    if match is None:
        return None
    return Hit("", 0, _EPOCH + timedelta(microseconds=int(match["at"])), int(match["entry"]))


def written_place(hit: Hit) -> str:
    """The same for an address."""
    return f"{(hit.at - _EPOCH) // timedelta(microseconds=1)}-{hit.entry_id}"


def _shown(request: ActorRequest, form: SearchForm, found: Found, hits: Sequence[search.Hit]) -> dict[str, Any]:
    page = Paginator(hits, PAGE_SIZE).get_page(request.GET.get(PARAM))
    asked, after = form.criteria(), place_of(request.GET.get(AFTER, ""))
    kept = {AFTER: request.GET[AFTER]} if after else {}
    return {
        "asked": True,
        "page": page,
        "rows": rows_of(list(page), asked.words, name=asked.name, hides=permissions.hidden_states(request.actor)),
        "disclosed": _disclosed(request.actor, asked.words),
        "found_text": found_text(found, is_older=bool(after), is_ordered=bool(form.order())),
        "older_url": _address(request, **{AFTER: written_place(found.hits[-1])}) if found.more else "",
        "newest_url": _address(request) if after else "",
        "conditions": [
            {"label": label, "value": value, "url": _without(request, name)} for name, label, value in form.conditions()
        ],
        "save_url": f"{reverse('records:save_search')}{_address(request)}",
        "whole_url": f"{reverse('records:start_export')}{_address(request)}"
        if found.more or found.bounded or after
        else "",
        "is_part": found.more or bool(after),
        "bound_text": bound_text(found),
        "whole_forms": [(form.value, form.label) for form in ExportForm],
        "files": [(name.upper(), _address(request, soubor=name, **kept)) for name in FORMS],
    }


def _disclosed(actor: Actor, words: str) -> list[dict[str, Any]]:
    """What is told of the one whose whole number was sought and who may not be seen (NSESSS 5.1.2)."""
    found = disclosure.by_number(actor, words)
    facts = disclosure.facts_of(*found) if found else []
    return [{"label": label, "value": value} for label, value in facts]


def found_text(found: Found, *, is_older: bool = False, is_ordered: bool = False) -> str:
    """How many there are; older ones are never counted, and only those shown are put in order."""
    shown = write_number(len(found.hits))
    if found.more:
        told = f"Ukazuje se {'dalších ' if is_older else ''}{shown} nejnovějších, starší jsou pod seznamem."
    else:
        told = f"Starších je {shown}." if is_older else f"Nalezeno: {shown}."
    if is_ordered and (found.more or is_older):
        told += " Seřazené jsou jen tyto."
    return f"{told} {bound_text(found)}".strip()


def bound_text(found: Found) -> str:
    """How far it was looked, and what finds the rest; told whatever was found (:class:`Found`)."""
    if not found.bounded:
        return ""
    most = write_number(searching.MOST_BATCHES * search.AT_ONCE)
    return (
        f"U častých slov se tu prochází {most} nejnovějších shod; starší najde další slovo nebo podmínka, "
        "všechny dá „Celý výsledek“ pod seznamem."
    )


def visible_hits(
    actor: Actor, words: str, kinds: Sequence[str] = (indexing.DOCUMENT, indexing.FILE)
) -> Sequence[search.Hit]:
    """Documents and files found by words typed in a hurry, newest first (a field of another page)."""
    try:
        return searching.find(actor, Criteria(words=words), kinds).hits
    except search.QueryMistake:
        return ()


def rows_of(
    hits: Sequence[search.Hit],
    wanted: str = "",
    *,
    name: str = "",
    hides: Collection[str] = GONE,
    with_files: bool = True,
) -> list[dict[str, Any]]:
    """What is shown of hits the actor may see; of documents also the components that say what is wanted.

    Of what is in a state that ``hides`` only the header is shown, as of something destroyed (NSESSS 7.2.13).
    """
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    documents = ids_of(hits, indexing.DOCUMENT)
    sought = Sought.of(" ".join(filter(None, (search.tsquery_of(wanted), search.tsquery_of(name)))))
    components = texts.components_with(wanted, documents) if with_files else {}
    beginnings = texts.beginnings_of([found[0].version for found in components.values()])
    for document in queries.document_rows(documents):
        if document.state in hides:
            header = replace(document, state=DocumentState.DESTROYED.value, sender=None, unit=None)
            subject = marked(header.subject, sought)
            rows[indexing.DOCUMENT, document.pk] = {"document": header, "chip": chip_of(header), "subject": subject}
            continue
        shown = {"document": document, "chip": chip_of(document), "direction": direction_of(document)}
        shown["subject"] = marked(document.subject, sought)
        having = components.get(document.pk, [])
        shown["components"] = having
        shown["excerpt"] = excerpt(beginnings.get(having[0].version, ""), sought) if having else None
        rows[indexing.DOCUMENT, document.pk] = shown
    for file in queries.file_rows(ids_of(hits, indexing.FILE)):
        if file.state in hides:
            file = replace(file, state=FileState.DESTROYED.value, class_code="", unit="")
        rows[indexing.FILE, file.pk] = {
            "file": file, "chip": chip_of_file(file), "subject": marked(file.subject, sought)
        }  # fmt: skip
    for typed in TypedFile.objects.select_related("unit").filter(pk__in=ids_of(hits, indexing.TYPED_FILE)):
        rows[indexing.TYPED_FILE, typed.pk] = {
            "typed": typed, "chip": chip_of_typed(typed), "subject": marked(typed.name, sought)
        }  # fmt: skip
    sections = TypedSection.objects.select_related("typed_file", "template__disposal_regime")
    for section in sections.filter(pk__in=ids_of(hits, indexing.SECTION)):
        subject = marked(section.template.name, sought)
        rows[indexing.SECTION, section.pk] = {"section": section, "subject": subject}
    for entry in queries.class_rows(ids_of(hits, indexing.CLASS)):
        rows[indexing.CLASS, entry.pk] = {"class": entry, "subject": marked(entry.name, sought)}
    return [rows[key] for hit in hits if (key := (hit.entity_type, hit.entity_id)) in rows]


def _address(request: ActorRequest, **changes: str) -> str:
    """The same search with something else, from its first page."""
    return f"?{urlencode({**_asked(request.GET), **changes})}"


def _without(request: ActorRequest, name: str) -> str:
    return f"?{urlencode({key: value for key, value in _asked(request.GET).items() if key != name})}"


def _asked(query: QueryDict) -> dict[str, str]:
    return {key: str(value) for key, value in query.items() if value and key not in (PARAM, AFTER, "soubor")}
