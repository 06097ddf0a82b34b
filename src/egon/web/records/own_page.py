"""A page of own metadata alone, for what has nothing else to edit or is edited elsewhere (NSESSS 9.1.1)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from egon.kernel.access import Decision
from egon.kernel.errors import AccessDenied
from egon.parties.models import Party
from egon.records.models import Component, TypedSection, Volume
from egon.records.rules.own_metadata import OwnEntity
from egon.web.access import ActorRequest
from egon.web.records.typed_forms import OwnOnlyForm


def own_page(
    request: ActorRequest,
    owner: TypedSection | Volume | Component | Party,
    entity: OwnEntity,
    decision: Decision,
    save: Callable[[OwnOnlyForm, dict[str, Any]], Any],
    context: dict[str, str],
    crumbs: list[dict[str, str]],
) -> HttpResponse:
    """The form of own metadata of one thing; ``context`` has its ``heading``, ``lead`` and the way ``back``."""
    if request.method == "GET" and not decision:
        raise AccessDenied(decision.reason)
    form = OwnOnlyForm(request.POST or None, entity=entity, present=owner.own_values)
    if request.method == "POST" and form.is_valid():
        data = {"actor": request.actor, "own": form.own(), "seen": {"own_values": owner.own_values}}
        if save(form, data) is not None:
            messages.success(request, "Údaje jsou uložené.")
            return redirect(context["back"])
    return render(
        request, "records/form_page.html", context | {"form": form, "submit": "Uložit údaje", "crumbs": crumbs}
    )
