"""Letters by post, posting sheets, and slips paired back."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.mailroom import permissions
from egon.mailroom.models import (
    Dispatch,
    DispatchState,
    PostBatch,
    PostedLetter,
)
from egon.mailroom.rules import WITH_SLIP, clean_post_number, dispatch_of_code, readings_of_code
from egon.records.models import Document


def letters_to_post() -> QuerySet[PostedLetter]:
    """Prepared letters that wait to be given to the post, the oldest first."""
    waiting = _letters().filter(batch__isnull=True, dispatch__state=DispatchState.WAITING)
    return waiting.order_by("pk")


def letters_in(batch: PostBatch) -> QuerySet[PostedLetter]:
    """Letters of a posting sheet in their order."""
    return _letters().filter(batch=batch).order_by("pk")


def letter_of(dispatch: Dispatch) -> PostedLetter | None:
    """The envelope of a dispatch by post."""
    return PostedLetter.objects.filter(dispatch=dispatch).select_related("batch").first()


def batches() -> QuerySet[PostBatch]:
    """Posting sheets, the newest first."""
    letters = PostedLetter.objects.filter(batch=OuterRef("pk")).order_by().values("batch").annotate(count=Count("pk"))
    return PostBatch.objects.annotate(count=Subquery(letters.values("count"))).order_by("-posted_at", "-pk")


def batch_for(actor: Actor, pk: int) -> PostBatch:
    """A posting sheet. Raises ``NotFound`` for others than the mailroom."""
    found = PostBatch.objects.filter(pk=pk).first()
    if found is None or not permissions.may_dispatch(actor):
        raise NotFound("Takový podací arch v evidenci není.")
    return found


def _letters() -> QuerySet[PostedLetter]:
    return PostedLetter.objects.select_related("dispatch", "dispatch__addressee", "dispatch__document", "batch")


def awaiting_slips() -> QuerySet[PostedLetter]:
    """Posted letters whose delivery slip has not come back, the oldest first."""
    waiting = _letters().filter(service__in=WITH_SLIP, dispatch__state=DispatchState.SENT)
    return waiting.order_by("batch__posted_at", "pk")


def sent_on_paper(actor: Actor, code: str) -> list[Dispatch]:
    """Dispatches otherwise than by a data box that a code names: of an envelope, of the post, or of the document.

    Those whose result is not known are first. Raises ``NotFound`` when there is none, and for others than the mailroom.
    """
    readings = readings_of_code(code)
    numbers = [number for number in map(clean_post_number, readings) if number]
    if (pk := dispatch_of_code(code)) is not None:
        named = Q(pk=pk, document__identifier__in=readings)
    else:
        # Ids, not subqueries: with an OR over subqueries the database would look at every dispatch.
        posted = PostedLetter.objects.filter(post_number__in=numbers).values_list("dispatch", flat=True)
        documents = Document.objects.filter(Q(identifier__in=readings) | Q(reference_number__in=readings))
        named = Q(pk__in=list(posted)) | Q(document__in=list(documents.values_list("pk", flat=True)))
    left = Dispatch.objects.filter(named, outbox_item__isnull=True).exclude(state=DispatchState.WAITING)
    found = left.select_related("document", "addressee")
    if not permissions.may_dispatch(actor) or not found:
        raise NotFound(f"Kód „{code.strip()[:60]}“ nepatří žádné zásilce odeslané na papíře.")
    return sorted(found.order_by("pk"), key=lambda dispatch: dispatch.state != DispatchState.SENT)
