"""Delivery slips: a code is scanned, the day and result written, and the next code may come."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.mailroom import operations, queries
from egon.mailroom.models import Dispatch, DispatchState
from egon.records.disclosure import hide_from
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.mailroom.letter_forms import SlipCodeForm
from egon.web.mailroom.post_forms import SlipForm
from egon.web.mailroom.views.dispatching import tabs, with_tones

PAGE_SIZE: Final = 50


@requires_role(Role.MAILROOM)
def slips(request: ActorRequest) -> HttpResponse:
    """The field for a code, and letters whose slips have not come back."""
    form = SlipCodeForm(request.GET if "kod" in request.GET else None)
    found: list[Dispatch] = []
    if form.is_bound and form.is_valid():
        try:
            found = queries.sent_on_paper(request.actor, form.cleaned_data["kod"])
        except NotFound as error:
            form.add_error("kod", error.message)
        waiting = [dispatch for dispatch in found if dispatch.state == DispatchState.SENT]
        if len(waiting) == 1:
            return redirect("mailroom:slip", pk=waiting[0].pk)
    page = Paginator(queries.awaiting_slips(), PAGE_SIZE).get_page(request.GET.get("strana"))
    hide_from(request.actor, [*(one.document for one in found), *(one.dispatch.document for one in page)])
    context = {"form": form, "found": with_tones(found), "page": page, "tabs": tabs("slips")}
    return render(request, "mailroom/slips.html", context, status=422 if form.errors else 200)


@requires_role(Role.MAILROOM)
def slip(request: ActorRequest, pk: int) -> HttpResponse:
    """One slip: the day on it and its result; the key Enter writes it and goes back for the next one."""
    dispatch = queries.dispatch_for(request.actor, pk)
    form = SlipForm(
        request.POST if request.method == "POST" else None,
        initial={"on": request.session.get("slip_day", clock.today())},
    )
    if form.is_bound and form.is_valid():
        done = attempt(
            form, operations.record_slip, actor=request.actor, dispatch=dispatch, at=clock.now(), **form.cleaned_data
        )
        if done is not None:
            request.session["slip_day"] = form.cleaned_data["on"].isoformat()
            messages.success(request, f"{dispatch.document}, {dispatch.addressee}: {done.get_state_display()}.")
            return redirect("mailroom:slips")
    hide_from(request.actor, [dispatch.document])
    context = {
        "form": form,
        "dispatch": dispatch,
        "letter": queries.letter_of(dispatch),
        "crumbs": [{"label": "Doručenky", "url": reverse("mailroom:slips")}, {"label": str(dispatch.document)}],
    }
    return render(request, "mailroom/slip.html", context, status=422 if form.is_bound else 200)
