"""Pages of who keeps the register; which roles that are, the administrator sets."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from egon.kernel.access import Decision
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.parties import permissions
from egon.web.access import ActorRequest, View, signed_in


def for_managers(view: View) -> View:
    """Only for roles that manage the register."""
    return _guarded(view, permissions.may_manage)


def for_managers_and_administrators(view: View) -> View:
    """For roles that manage the register, and for the administrator who decides which they are."""
    return _guarded(view, lambda actor: permissions.may_configure(actor) or permissions.may_manage(actor))


def _guarded(view: View, decide: Callable[[Actor], Decision]) -> View:
    @functools.wraps(view)
    def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (decision := decide(request.actor)):
            raise AccessDenied(decision.reason)
        return view(request, *args, **kwargs)

    return signed_in(guarded)
