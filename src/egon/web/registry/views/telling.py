"""What the pages of the administration share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from egon.kernel.actor import Actor, Role
from egon.kernel.errors import DomainError

TABS = (
    ("units", "Organizační části", "/sprava/"),
    ("people", "Osoby a účty", "/sprava/osoby/"),
    ("own_roles", "Vlastní role", "/sprava/vlastni-role/"),
    ("restrictions", "Omezení přístupu", "/sprava/omezeni/"),
    ("substitutions", "Zástupy", "/sprava/zastupy/"),
    ("codes", "Číselníky", "/sprava/ciselniky/"),
    ("facts", "Údaje", "/sprava/udaje/"),
    ("numbering", "Číslování", "/sprava/cislovani/"),
    ("documentation", "Dokumentace", "/sprava/dokumentace/"),
    ("calendar", "Kalendář", "/sprava/kalendar/"),
    ("settings", "Najít nastavení", "/sprava/nastaveni/"),
    ("log", "Změny nastavení", "/sprava/zmeny/"),
)


def tabs(active: str) -> list[dict[str, Any]]:
    """The parts of the administration, for ``components/tabs.html``."""
    return [{"label": label, "url": url, "active": key == active} for key, label, url in TABS]


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way here, for ``components/breadcrumbs.html``; the last step is the page itself."""
    return [{"label": label, "url": url} for label, url in (("Správa", "/sprava/"), *steps)]


def crumbs_for(actor: Actor, *steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page that records keepers open, too: theirs begins at what they may set."""
    if actor.has(Role.ADMINISTRATOR):
        return crumbs(*steps)
    return [{"label": label, "url": url} for label, url in (("Nastavení", "/sprava/nastaveni/"), *steps)]


def do(request: HttpRequest, success: str, operation: Callable[..., Any], **arguments: Any) -> bool:
    """Run an operation behind a button; its result or its refusal is shown on the next page."""
    try:
        operation(**arguments)
    except DomainError as refusal:
        for text in getattr(refusal, "obstacles", None) or [refusal.message]:
            messages.error(request, text)
        return False
    messages.success(request, success)
    return True


def tell_errors(request: HttpRequest, form: Any) -> None:
    """Show what a small form lacks on the next page."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else str(error))
