"""Reads of bulk prints: own ones only, for they were made with the rights of their person."""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import QuerySet

from egon.jobs.runs.states import ItemState
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import queries, typed_queries
from egon.records.models import PrintItem, PrintRun
from egon.records.rules.printing import Printed

NAMES: Final = (
    "file", "document", "typed_file",
    "section__typed_file", "section__template", "volume__section__typed_file", "volume__section__template",
)  # fmt: skip
"""All that names of items are made of."""


def runs_of(actor: Actor) -> QuerySet[PrintRun]:
    """Bulk prints the actor started, the newest first."""
    return PrintRun.objects.filter(person=actor.person_id or 0).order_by("-started_at", "-pk")


def run_for(actor: Actor, pk: int) -> PrintRun:
    """A bulk print the actor started. Raises :class:`NotFound`."""
    run = runs_of(actor).filter(pk=pk).first()
    if run is None:
        raise NotFound("Takový hromadný tisk tu není, nebo ho spustil někdo jiný.")
    return run


def printed_items(run: PrintRun) -> QuerySet[PrintItem]:
    """What has been printed, in its order, with names."""
    return PrintItem.objects.filter(run=run, state=ItemState.DONE).select_related(*NAMES).order_by("position")


def seen_of(actor: Actor, of: Printed, chosen: Collection[int]) -> frozenset[int]:
    """Which of the entities the actor may see; of volumes those that are not destroyed."""
    match of:
        case Printed.DOCUMENTS:
            return frozenset(queries.visible_ids(actor, chosen))
        case Printed.FILES:
            found: QuerySet[Any] = queries.files_visible_to(actor)
        case Printed.TYPED_FILES:
            found = typed_queries.typed_files_visible_to(actor)
        case Printed.SECTIONS:
            found = typed_queries.sections_visible_to(actor)
        case Printed.VOLUMES:
            found = typed_queries.volumes_visible_to(actor)
    return frozenset(found.order_by().filter(pk__in=chosen).values_list("pk", flat=True))
