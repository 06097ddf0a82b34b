"""What every request passes: headers, the actor and their organisation's scope, pages for refusals."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from egon.kernel import clock
from egon.kernel.errors import AccessDenied, DomainError, GatewayError, NotFound
from egon.records import disclosure, reading
from egon.records.errors import Hidden
from egon.records.models import CaseFile, Document, TypedFile, TypedSection
from egon.records.operations import note_reading, open_entity
from egon.records.rules.disclosure import Disclosure, Way
from egon.registry import queries as registry
from egon.registry.errors import EntryRefused
from egon.registry.operations import note_refused_entry
from egon.tenancy.scope import tenant_scope
from egon.web import errors

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

TENANT_KEY = "tenant_id"
# To whom an administrator closed one organisation, leaves, or goes on in another one.
STILL_OPEN = ("/odhlaseni/", "/prihlaseni/", "/organizace/prepnout/")


class ContentSecurityPolicy:
    """Scripts, styles and frames from our own address only."""

    policy = (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'self'; "
        "base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
    )

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class ActorAndScope:
    """Sets ``request.actor`` and opens the scope of the organisation chosen at sign-in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        if not request.user.is_authenticated or not (tenant_id := request.session.get(TENANT_KEY)):
            return self.get_response(request)
        with tenant_scope(tenant_id):
            try:
                request.actor = registry.actor_for(  # type: ignore[attr-defined]
                    account=request.user, tenant_id=tenant_id, at=clock.now(), ip=request.META.get("REMOTE_ADDR", "")
                )
            except EntryRefused as refusal:
                if request.path not in STILL_OPEN:
                    note_refused_entry(actor=refusal.actor, path=request.path[:200])
                    return render(request, "entry_refused.html", {"reason": refusal.message}, status=403)
            return self.get_response(request)


class RestrictedReadings:
    """Whatever page was made from a restricted file is written down before it is sent."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading.collected() as readings:
            response = self.get_response(request)
            if response.status_code < 400:
                for one in readings:
                    note_reading(
                        actor=request.actor,  # type: ignore[attr-defined]
                        file=one.file,
                        document=one.document,
                        component=one.component,
                    )
        return response


class DomainErrorPages:
    """A refusal or a failure of storage or ISDS that no form has shown becomes a page that says what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django calls this for what a view raised."""
        match exception:
            case Hidden():
                return _told_of_hidden(request, exception)
            case AccessDenied():
                return errors.page(request, 403, exception.message)
            case NotFound():
                return errors.page(request, 404, exception.message)
            case DomainError():
                return errors.page(request, 409, exception.message)
            case GatewayError():
                logger.error("%s: %s", request.path, exception)
                return errors.page(request, 503, exception.message)
            case _:
                return None


_OPENED_AS: dict[type, str] = {
    Document: "document",
    CaseFile: "file",
    TypedFile: "typed_file",
    TypedSection: "section",
}


def _told_of_hidden(request: HttpRequest, refusal: Hidden) -> HttpResponse:
    """The attempt is written down; the page tells as much as the organisation has set (NSESSS 5.1.2, 7.4.2)."""
    actor, entity = request.actor, refusal.entity  # type: ignore[attr-defined]
    if not isinstance(entity, disclosure.Entity):
        return errors.page(request, 404, refusal.message)
    opened: dict[str, Any] = {_OPENED_AS[type(entity)]: entity}
    with suppress(AccessDenied):
        open_entity(actor=actor, **opened)
    level = disclosure.level_of(actor, entity, Way.ADDRESS)
    if level is Disclosure.NOTHING or request.method not in ("GET", "HEAD"):
        return errors.page(request, 404, refusal.message)
    items = [{"label": label, "value": value} for label, value in disclosure.facts_of(entity, level)]
    return render(request, "records/disclosed.html", {"items": items}, status=403)
