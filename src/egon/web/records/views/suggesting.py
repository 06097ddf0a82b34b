"""What is offered while one types into the search: only what its reader may open by it (NSESSS 5.1.1).

Nothing is counted and nothing is told of what was left out, so the offer says no more than the pages it leads to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from egon.kernel.actor import Actor
from egon.kernel.czech import without_diacritics
from egon.parties import permissions as register_rights
from egon.parties import queries as parties
from egon.records import indexing, known_parties, permissions, search_queries
from egon.search.language import LONGEST_QUERY
from egon.web.access import ActorRequest, signed_in
from egon.web.records.views.searching import rows_of, visible_hits

SHORTEST_SUGGESTED: Final = 3
MOST_RECORDS: Final = 6
MOST_OTHERS: Final = 3  # classes, people, saved searches: of each
_MOST_NAMES: Final = 100  # that begin so, among which those to be seen are looked for
_MOST_SEARCHES: Final = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line: what it is, the number or name in front, the rest, and where it leads."""

    url: str
    name: str
    text: SafeString | str = ""
    kind: str = ""


@signed_in
@require_safe
def suggestions(request: ActorRequest) -> HttpResponse:
    """``/hledat/napoveda/?q=``: the newest documents and files that begin so, then classes, people and saved searches.

    A part of a page for the search field. People are offered by name alone; a look at one is logged when the record
    is opened.
    """
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    offered = list(_offered(request.actor, typed)) if len(typed) >= SHORTEST_SUGGESTED else []
    return render(request, "records/suggestions.html", {"offered": offered})


def _offered(actor: Actor, typed: str) -> Iterator[Suggestion]:
    wanted = f"{typed}*" if typed[-1:].isalnum() else typed
    yield from _records(actor, wanted)
    yield from _classes(actor, wanted)
    yield from _people(actor, typed)
    yield from _searches(actor, typed)


def _records(actor: Actor, wanted: str) -> Iterator[Suggestion]:
    kinds = (indexing.DOCUMENT, indexing.FILE, indexing.TYPED_FILE)
    hits = visible_hits(actor, wanted, kinds)[:MOST_RECORDS]
    for row in rows_of(hits, wanted, hides=permissions.hidden_states(actor), with_files=False):
        if document := row.get("document"):
            url = reverse("records:document", args=[document.pk])
            yield Suggestion(url, document.reference_number, row["subject"])
        elif file := row.get("file"):
            yield Suggestion(reverse("records:file", args=[file.pk]), file.file_mark, row["subject"])
        else:
            typed_file = row["typed"]
            url = reverse("records:typed_file", args=[typed_file.pk])
            yield Suggestion(url, typed_file.identifier, row["subject"], "typový spis")


def _classes(actor: Actor, wanted: str) -> Iterator[Suggestion]:
    keeps = permissions.may_configure(actor)
    for row in rows_of(visible_hits(actor, wanted, (indexing.CLASS,))[:MOST_OTHERS], wanted, with_files=False):
        found = row["class"]
        plan = f"{reverse('records:plan')}?{urlencode({'q': found.code})}"
        url = reverse("records:class", args=[found.pk]) if keeps else plan
        yield Suggestion(url, found.code, row["subject"], "věcná skupina")


def _people(actor: Actor, typed: str) -> Iterator[Suggestion]:
    if not register_rights.may_read(actor):
        return
    for party in known_parties.among(actor, parties.beginning(typed)[:_MOST_NAMES])[:MOST_OTHERS]:
        yield Suggestion(reverse("party", args=[party.pk]), party.name, kind="jmenný rejstřík")


def _searches(actor: Actor, typed: str) -> Iterator[Suggestion]:
    words = without_diacritics(typed).casefold().split()
    named = (
        one
        for one in search_queries.searches_for(actor)[:_MOST_SEARCHES]
        if all(word in without_diacritics(one.name).casefold() for word in words)
    )
    for _, search in zip(range(MOST_OTHERS), named, strict=False):
        yield Suggestion(f"{reverse('records:search')}?{search.query}", search.name, kind="uložené hledání")
