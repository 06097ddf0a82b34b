"""Links by which people set their password: issued for one or for many, shown once, revoked."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from egon.identity import operations as identity
from egon.identity import queries as accounts
from egon.identity import rules
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError, NotFound
from egon.registry import queries
from egon.registry.models import Person
from egon.web.access import ActorRequest, requires_role
from egon.web.records.paging import page_of
from egon.web.registry.views.people import PEOPLE
from egon.web.registry.views.telling import crumbs, do


@requires_role(Role.ADMINISTRATOR)
@never_cache
@require_http_methods(["GET", "POST"])
def invitations(request: ActorRequest) -> HttpResponse:
    """``/sprava/osoby/pozvanky/``: who has not signed in yet, as after an import; those marked get links."""
    waiting = queries.people().filter(account__isnull=False, account__last_login=None).select_related("account")
    if request.method == "POST":
        marked = [key for key in request.POST.getlist("osoba") if key.isdecimal()]
        return _issued(request, list(waiting.filter(pk__in=marked)))
    context = {"page": page_of(waiting, request), "crumbs": crumbs(PEOPLE, ("Pozvánky", ""))}
    return render(request, "registry/invitations.html", context)


@requires_role(Role.ADMINISTRATOR)
@never_cache
@require_POST
def invite(request: ActorRequest, pk: int) -> HttpResponse:
    """A link for one person; the one before stops working."""
    return _issued(request, [_with_account(request, pk)])


@requires_role(Role.ADMINISTRATOR)
@require_POST
def revoke_invitation(request: ActorRequest, pk: int) -> HttpResponse:
    """The link works no more."""
    account = _with_account(request, pk).account
    do(request, "Odkaz už neplatí.", identity.revoke_invitation, actor=request.actor, account=account, at=clock.now())
    return redirect("registry-person", pk=pk)


def _with_account(request: ActorRequest, pk: int) -> Person:
    person = queries.person_for(request.actor, pk)
    if person.account is None or not person.active:
        raise NotFound("Tato osoba tu nemá účet.")
    accounts.account_for(request.actor, person.account.pk)
    return person


def _issued(request: ActorRequest, people: Sequence[Person]) -> HttpResponse:
    """The links, shown this once: to be printed or copied."""
    rows, refused = [], []
    for person, account in [(one, one.account) for one in people if one.account is not None]:
        try:
            token = identity.invite(actor=request.actor, account=account, at=clock.now())
        except DomainError as refusal:
            refused.append((person, refusal.message))
        else:
            rows.append((person, request.build_absolute_uri(reverse("invitation", args=[token]))))
    context = {
        "rows": rows,
        "refused": refused,
        "days": rules.INVITATION_LASTS.days,
        "crumbs": crumbs(PEOPLE, ("Pozvánky", reverse("registry-invitations")), ("Vydané odkazy", "")),
    }
    return render(request, "registry/invitations_issued.html", context)
