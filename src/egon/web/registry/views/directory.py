"""The organisation's directory (LDAP, Active Directory): how it is reached, comparing now, every night."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.registry import operations
from egon.registry.models import DirectorySettings
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.registry.forms import DirectoryForm
from egon.web.registry.views.telling import crumbs, do


@requires_role(Role.ADMINISTRATOR)
@sensitive_post_parameters("password")
def directory_page(request: ActorRequest) -> HttpResponse:
    """``/sprava/osoby/adresar/``."""
    held = DirectorySettings.objects.first()
    form = DirectoryForm(request.POST or None, initial=_initial(held))
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.configure_directory, actor=request.actor, **form.arguments())
        if saved is not None:
            messages.success(request, "Nastavení adresáře je uložené. Vyzkoušejte ho porovnáním.")
            return redirect("registry-directory")
    context = {
        "held": held,
        "form": form,
        "crumbs": crumbs(("Osoby a účty", "/sprava/osoby/"), ("Adresář osob", "")),
    }
    return render(request, "registry/directory.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def compare_now(request: ActorRequest) -> HttpResponse:
    """Read the directory in the background and make a proposal."""
    success = "Adresář se čte na pozadí. Výsledek bude na této stránce."
    do(request, success, operations.ask_directory, actor=request.actor, at=clock.now())
    return redirect("registry-directory")


def _initial(held: DirectorySettings | None) -> dict[str, Any]:
    if held is None:
        return {}
    names = ("host", "port", "base", "bind_dn", "search_filter", "authority", "daily", "includes_gone", "limit_percent")
    attributes = {f"attribute_{name}": theirs for name, theirs in held.attributes.items()}
    return {**{name: getattr(held, name) for name in names}, "starttls": "ano" if held.starttls else "", **attributes}
