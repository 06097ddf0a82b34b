"""Substitutions: everyone sees who substitutes whom, appoints their own; an administrator appoints anyone's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.registry import operations, permissions, queries
from egon.registry.models import Substitution
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.registry.forms import SubstitutionForm
from egon.web.registry.views.telling import crumbs, do, tabs


@signed_in
def substitution_list(request: ActorRequest) -> HttpResponse:
    """``/sprava/zastupy/``: present and coming ones, and a form for a new one."""
    actor, today = request.actor, clock.today()
    administrator = actor.has(Role.ADMINISTRATOR)
    only = None if administrator or actor.person_id is None else queries.person_for(actor, actor.person_id)
    form = SubstitutionForm(request.POST or None, only_absent=only)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, operations.appoint_substitute, actor=actor, today=today, **form.cleaned_data)
        if made is not None:
            messages.success(request, f"Zástup je zapsán: {made}.")
            return redirect("registry-substitutions")
    found = Substitution.objects.filter(valid_to__gte=today).select_related("absent", "substitute")
    rows = [
        {"one": one, "now": one.valid_from <= today, "mine": bool(permissions.may_end_substitution(actor, one))}
        for one in found.order_by("valid_from", "pk")[:500]
    ]
    context = {
        "tabs": tabs("substitutions") if administrator else [],
        "crumbs": crumbs(("Zástupy", "")) if administrator else [],
        "rows": rows,
        "form": form,
    }
    return render(request, "registry/substitutions.html", context)


@signed_in
@require_POST
def end_substitution(request: ActorRequest, pk: int) -> HttpResponse:
    """The substitution ends now."""
    one = Substitution.objects.filter(pk=pk).select_related("absent", "substitute").first()
    if one is None:
        raise NotFound("Tento zástup už mezitím někdo zrušil.")
    do(
        request,
        "Zástup je ukončen.",
        operations.end_substitution,
        actor=request.actor,
        substitution=one,
        today=clock.today(),
    )
    return redirect("registry-substitutions")
