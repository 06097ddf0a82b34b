"""Reads of bulk prints: own ones only, for they were made with the rights of their person."""

from django.db.models import Count, F, Q, QuerySet

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records.models import PrintItem, PrintRun
from egon.records.rules.printing import PrintItemState


def runs_of(actor: Actor) -> QuerySet[PrintRun]:
    """Bulk prints the actor started, the newest first, with their counts."""
    return (
        PrintRun.objects.filter(person=actor.person_id or 0)
        .annotate(
            total=Count("items"),
            done=Count("items", filter=Q(items__state=PrintItemState.DONE.value)),
            refused=Count("items", filter=Q(items__state=PrintItemState.REFUSED.value)),
            remaining=Count("items", filter=Q(items__state=PrintItemState.WAITING.value)),
            processed=F("total") - F("remaining"),
        )
        .order_by("-started_at", "-pk")
    )


def run_for(actor: Actor, pk: int) -> PrintRun:
    """A bulk print the actor started. Raises :class:`NotFound`."""
    run = runs_of(actor).filter(pk=pk).first()
    if run is None:
        raise NotFound("Takový hromadný tisk tu není, nebo ho spustil někdo jiný.")
    return run


def refused_items(run: PrintRun) -> QuerySet[PrintItem]:
    """Items that were not printed, with the reason."""
    found = PrintItem.objects.filter(run=run, state=PrintItemState.REFUSED.value)
    return found.select_related("file", "document").order_by("position")
