"""Who stands behind an address of an office program, which carries no session: the person it was made for."""

import functools
from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied, Conflict, DomainError, GatewayError, NotFound
from egon.records import checkout_queries, permissions
from egon.records.errors import ProgramLocked
from egon.records.models import CheckOut
from egon.records.operations.editing import hash_of
from egon.registry import queries as registry
from egon.tenancy.models import Tenant
from egon.tenancy.scope import tenant_scope
from egon.web.access import declare

_GONE = "Tato adresa už neplatí. Úpravu otevřete znovu ze stránky dokumentu; co jste uložili dřív, tam zůstalo."


class LinkRequest(HttpRequest):
    """A request of an office program: whose it is, and what they have taken out."""

    actor: Actor
    check_out: CheckOut


def by_editing_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only under an address that was made for a component taken out, as long as its person may still edit it.

    Errors are plain text, for a program shows no page. No cookie is looked at, so that no other site can misuse one.
    """

    @csrf_exempt
    @functools.wraps(view)
    def guarded(request: HttpRequest, tenant_id: int, secret: str, **kwargs: Any) -> HttpResponse:
        session = getattr(request, "actor", None)
        # Only a browser has a session; it may be working in another organisation.
        if (session and session.tenant_id != tenant_id) or not Tenant.objects.filter(pk=tenant_id).exists():
            return _told(404, _GONE)
        try:
            with tenant_scope(tenant_id):
                request.actor, request.check_out = _behind(request, tenant_id, secret)  # type: ignore[attr-defined]
                response = view(cast(LinkRequest, request), **kwargs)
        except DomainError as refusal:
            response = _told(_status_of(refusal), refusal.message)
        except GatewayError as failure:
            response = _told(507, failure.message)
        patch_cache_control(response, private=True, no_store=True)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return declare(guarded, "editing link")


def _behind(request: HttpRequest, tenant_id: int, secret: str) -> tuple[Actor, CheckOut]:
    """The person and the check-out. Raises :class:`NotFound` alike for every address that does not hold."""
    now = clock.now()
    check_out = checkout_queries.by_link(hash_of(secret), at=now)
    if check_out is None or check_out.person.account is None:
        raise NotFound(_GONE)
    actor = registry.actor_for(
        account=check_out.person.account, tenant_id=tenant_id, at=now, ip=request.META.get("REMOTE_ADDR", "")
    )
    if actor is None or permissions.hides_component(actor, check_out.component):
        raise NotFound(_GONE)
    if not permissions.may_check_in(actor, check_out.component.document, check_out):
        raise NotFound(_GONE)
    return actor, check_out


def _status_of(refusal: DomainError) -> int:
    match refusal:
        case ProgramLocked():
            return 423
        case NotFound():
            return 404
        case AccessDenied():
            return 403
        case Conflict():
            return 409
        case _:
            return 422


def _told(status: int, message: str) -> HttpResponse:
    return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
