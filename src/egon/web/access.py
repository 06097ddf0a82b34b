"""Who may open a page: every view is made by one of these decorators, which an architecture test checks."""

import functools
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from egon.kernel.actor import Actor, Role
from egon.kernel.errors import AccessDenied

View = Callable[..., HttpResponse]

# Who got their password from an administrator can do nothing else before choosing one of their own.
WITHOUT_OWN_PASSWORD = ("/heslo/", "/odhlaseni/")


class ActorRequest(HttpRequest):
    """A request of a signed-in person working in one organisation."""

    actor: Actor


def public(view: View) -> View:
    """Anyone may open this page, signed in or not."""
    return declare(view, "public")


def signed_in(view: View) -> View:
    """Any person of the organisation; what they see there is decided by the queries and operations it calls."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "actor", None) is None:
            return redirect(f"/prihlaseni/?next={quote(request.get_full_path())}")
        if request.actor.is_forbidden(request.path):  # type: ignore[attr-defined]
            raise AccessDenied("Tuto část spisové služby vám správce omezil. Obraťte se na něj.")
        if request.path not in WITHOUT_OWN_PASSWORD and request.session.get("must_change_password"):
            return redirect("/heslo/")
        return view(cast(ActorRequest, request), *args, **kwargs)

    return declare(guarded, "signed_in")


def requires_role(*roles: Role) -> Callable[[View], View]:
    """Only persons who hold one of ``roles`` somewhere in the organisation."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.has(*roles):
                raise AccessDenied("Tato stránka patří k roli, kterou nemáte. Požádejte správce o přidělení role.")
            return view(request, *args, **kwargs)

        return declare(signed_in(guarded), ", ".join(roles))

    return decorate


def declare(view: View, access: str) -> View:
    """Note on the view who may open it; an architecture test reads it."""
    view.access = access  # type: ignore[attr-defined]
    return view
