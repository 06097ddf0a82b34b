"""What roles may do in the register, set by the administrator (NSESSS 2.8.19)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from egon.kernel.actor import Role
from egon.parties import operations, permissions
from egon.parties.errors import PartyRefused
from egon.parties.rules import Right
from egon.registry.models import ROLE_NAMES
from egon.web.access import ActorRequest, requires_role
from egon.web.parties.tabs import tabs_for

LABELS = {
    Right.READ: "vidí všechny fyzické osoby",
    Right.WRITE: "zapisuje nové",
    Right.EDIT: "mění údaje a ztotožňuje",
    Right.MANAGE: "spravuje (slučuje)",
}


@requires_role(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def rights(request: ActorRequest) -> HttpResponse:
    """``/rejstrik/prava/``: roles by rights."""
    given = permissions.rights()
    obstacles: list[str] = []
    if request.method == "POST":
        given = {role: frozenset(right for right in Right if f"{role}-{right}" in request.POST) for role in Role}
        try:
            operations.set_rights(actor=request.actor, rights=given)
        except PartyRefused as refused:
            obstacles = refused.obstacles
        else:
            messages.success(request, "Oprávnění jsou uložená a hned platí.")
            return redirect("party-rights")
    rows = [
        {
            "name": ROLE_NAMES[role],
            "boxes": [
                {"name": f"{role}-{right}", "label": label, "checked": right in given.get(role, ())}
                for right, label in LABELS.items()
            ],
        }
        for role in Role
    ]
    context = {
        "rows": rows,
        "labels": LABELS.values(),
        "obstacles": obstacles,
        "tabs": tabs_for(request.actor, "rights"),
    }
    return render(request, "parties/rights.html", context)
