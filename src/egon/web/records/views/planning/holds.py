"""Placing and lifting holds of disposal, from the page of a file or of a class."""

from django.http import HttpResponse
from django.shortcuts import redirect
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
    return redirect("records:file", hold.file_id) if hold.file_id else redirect("records:class", hold.record_class_id)
