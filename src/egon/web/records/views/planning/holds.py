"""Placing and lifting holds of disposal, from the page of a file or of a class."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from egon.kernel.actor import Role
from egon.kernel.clock import today
from egon.kernel.errors import NotFound
from egon.records import operations, queries
from egon.records.models import DisposalHold
from egon.web.access import ActorRequest, requires_role
from egon.web.records.views.planning.shared import class_by, do

PLACED = "Skartační operace je pozastavená. Skartační lhůta běží dál."


@requires_role(Role.RECORDS_KEEPER)
@require_POST
def hold_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Hold the disposal of a file."""
    file, reason = queries.file_for(request.actor, pk), request.POST.get("reason", "")
    do(request, PLACED, operations.place_hold, file=file, reason=reason, on=today())
    return redirect("records:file", pk)


@requires_role(Role.RECORDS_KEEPER)
@require_POST
def hold_class(request: ActorRequest, pk: int) -> HttpResponse:
    """Hold the disposal of a class with everything below it."""
    entry, reason = class_by(request, pk), request.POST.get("reason", "")
    do(request, PLACED, operations.place_hold, record_class=entry, reason=reason, on=today())
    return redirect("records:class", pk)


@requires_role(Role.RECORDS_KEEPER)
@require_POST
def lift_hold(request: ActorRequest, pk: int) -> HttpResponse:
    """End a hold."""
    hold = DisposalHold.objects.filter(pk=pk).first()
    if hold is None:
        raise NotFound("Takové pozastavení tu není.")
    do(request, "Pozastavení je zrušené.", operations.lift_hold, hold=hold, on=today())
    return redirect(_page_of(hold))


def _page_of(hold: DisposalHold) -> str:
    """The page of what was held; a volume stands on the page of its section."""
    if hold.volume is not None:
        return f"{reverse('records:section', args=[hold.volume.section_id])}?dily=1"
    pages = {"file": hold.file_id, "section": hold.section_id, "typed_file": hold.typed_file_id}
    name, pk = next(((name, pk) for name, pk in pages.items() if pk), ("class", hold.record_class_id))
    return reverse(f"records:{name}", args=[pk])
