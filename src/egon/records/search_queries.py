"""Reads of searches that people keep, and of whole results they take away."""

from django.db.models import Q, QuerySet

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import permissions
from egon.records.models import SavedSearch, SearchExport


def searches_for(actor: Actor) -> QuerySet[SavedSearch]:
    """One's own searches and those shared with one's units, by name."""
    seen = Q(owner=actor.person_id) | Q(unit__in=permissions.units_to_share_with(actor))
    found = SavedSearch.objects.filter(seen, deleted_at__isnull=True).select_related("owner", "unit")
    return found.order_by("name", "pk")


def own_search(actor: Actor, pk: int, *, deleted: bool = False) -> SavedSearch:
    """A search of one's own, present or deleted. Raises :class:`NotFound`."""
    found = SavedSearch.objects.filter(pk=pk, owner=actor.person_id, deleted_at__isnull=not deleted).first()
    if found is None:
        raise NotFound("Takové uložené hledání tu není, nebo není vaše.")
    return found


def exports_of(actor: Actor) -> QuerySet[SearchExport]:
    """Whole results the actor has asked for, the newest first: others' were made with others' rights."""
    return SearchExport.objects.filter(person=actor.person_id or 0).order_by("-pk")


def export_for(actor: Actor, pk: int) -> SearchExport:
    """One of them. Raises :class:`NotFound`."""
    run = exports_of(actor).filter(pk=pk).first()
    if run is None:
        raise NotFound("Takový export tu není, nebo ho spustil někdo jiný.")
    return run
