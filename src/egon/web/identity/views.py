"""Signing in and out, one's own account, switching between organisations."""

from django.contrib import messages
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from egon.identity import operations as identity
from egon.identity import queries
from egon.identity.models import Account
from egon.identity.sessions import ENTRY, entry_of
from egon.kernel import clock
from egon.kernel.errors import DomainError, NotFound
from egon.records import checkout_queries
from egon.records import operations as records
from egon.registry import queries as registry
from egon.registry.models import ROLE_NAMES, Position, Substitution
from egon.web.access import ActorRequest, public, signed_in
from egon.web.formatting import write_count, write_datetime
from egon.web.forms import attempt
from egon.web.identity.forms import ChangePasswordForm, InvitationForm, SignInForm
from egon.web.middleware import TENANT_KEY

MOST_SESSIONS = 20


@public
@never_cache
@sensitive_post_parameters("password")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """``/prihlaseni/``: name and password; then where the person was going."""
    if getattr(request, "actor", None) is not None:
        return redirect(_target(request))
    if request.user.is_authenticated:
        # The account lost its place in the organisation; its session is of no more use.
        end_session(request)
        messages.warning(request, "Do organizace, ve které jste pracovali, už nemáte přístup. Přihlaste se znovu.")
        return redirect("sign-in")
    form = SignInForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _sign_in(request, form):
        return redirect("change-password" if request.session.get("must_change_password") else _target(request))
    status = 200 if request.method == "GET" or not form.errors else 422
    return render(request, "identity/sign_in.html", {"form": form, "next": _target(request)}, status=status)


@signed_in
@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    """``POST /odhlaseni/``."""
    identity.leave(actor=request.actor)
    if checkout_queries.has_links(request.actor):
        records.close_editing_links(actor=request.actor)
    end_session(request)
    messages.success(request, "Jste odhlášeni.")
    return redirect("sign-in")


@signed_in
@never_cache
@sensitive_post_parameters()
def change_password_page(request: ActorRequest) -> HttpResponse:
    """``/heslo/``: the present session goes on, all others end."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = attempt(
            form,
            identity.change_password,
            actor=request.actor,
            account=_account(request),
            current=form.cleaned_data["current"],
            new=form.cleaned_data["new"],
        )
        if account is not None:
            update_session_auth_hash(request, account)
            request.session.pop("must_change_password", None)
            messages.success(request, "Heslo je změněno. Na ostatních zařízeních vás to odhlásilo.")
            return redirect("my-account")
    forced = bool(request.session.get("must_change_password"))
    return render(request, "identity/change_password.html", {"form": form, "forced": forced})


@signed_in
def my_account(request: ActorRequest) -> HttpResponse:
    """``/muj-ucet/``: who I am here, what I may do, when I was here last, who substitutes whom."""
    actor, today = request.actor, clock.today()
    assert actor.person_id is not None  # noqa: S101 - a signed-in actor is a person
    person = registry.person_for(actor, actor.person_id)
    own = sorted((ROLE_NAMES[grant.role], grant.unit_id) for grant in actor.grants if grant.on_behalf_of is None)
    codes = {unit.pk: unit.code for unit in registry.units()}
    roles: dict[str, list[str]] = {}
    for name, unit_id in own:
        roles.setdefault(name, []).append("celá organizace" if unit_id is None else codes[unit_id])
    context = {
        "person": person,
        "account": _account(request),
        "previous_login": request.session.get("previous_login", ""),
        "positions": Position.objects.filter(person=person).select_related("unit").order_by("unit__code"),
        "roles": [(name, ", ".join(places)) for name, places in roles.items()],
        "deputies": Substitution.objects.filter(absent=person, valid_to__gte=today).select_related("substitute"),
        "substituted": Substitution.objects.filter(substitute=person, valid_to__gte=today).select_related("absent"),
        "memberships": queries.memberships_of(_account(request)),
        "sessions": queries.sessions_of(_account(request), at=clock.now())[:MOST_SESSIONS],
        "present_session": request.session.session_key,
    }
    return render(request, "identity/my_account.html", context)


@signed_in
@require_POST
def sign_out_elsewhere(request: ActorRequest) -> HttpResponse:
    """``POST /odhlaseni/jinde/``: all one's other sessions end, this one goes on."""
    ended = identity.sign_out_elsewhere(
        actor=request.actor, account=_account(request), keep=request.session.session_key or ""
    )
    told = write_count(ended, "přihlášení", "přihlášení", "přihlášení")
    messages.success(
        request, f"Ukončeno: {told}. Zůstáváte přihlášeni jen tady." if ended else "Jinde přihlášeni nejste."
    )
    return redirect("my-account")


@public
@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """``/pozvanka/<token>/``: whoever was given the link chooses a password; then they sign in with it."""
    if getattr(request, "actor", None) is not None:
        messages.warning(request, "Nejdřív se odhlaste, odkaz k nastavení hesla patří tomu, kdo ho dostal.")
        return redirect("my-account")
    try:
        found = identity.invitation_with(token, at=clock.now())
    except DomainError as refusal:
        return render(request, "identity/invitation.html", {"refusal": refusal.message}, status=410)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        arguments = {"new": form.cleaned_data["new"], "ip": request.META.get("REMOTE_ADDR", ""), "at": clock.now()}
        if attempt(form, identity.accept_invitation, token=token, **arguments):
            messages.success(request, "Heslo je nastavené. Přihlaste se jím.")
            return redirect("sign-in")
    status = 422 if form.errors else 200
    return render(request, "identity/invitation.html", {"form": form, "invitation": found}, status=status)


@signed_in
@require_POST
def switch_organisation(request: ActorRequest) -> HttpResponse:
    """``POST /organizace/prepnout/``: another organisation of the same account, with a new session key."""
    try:
        tenant_id = int(request.POST.get("organisation", ""))
    except ValueError:
        raise NotFound("Taková organizace neexistuje. Zůstáváte tam, kde jste.") from None
    if tenant_id == request.actor.tenant_id:
        return redirect(_target(request, "zpet"))
    tenant = identity.switch_organisation(
        actor=request.actor, account=_account(request), tenant_id=tenant_id, at=clock.now()
    )
    request.session.cycle_key()
    request.session[TENANT_KEY] = tenant.pk
    messages.success(request, f"Pracujete v organizaci {tenant.name}.")
    # A page of one organisation means nothing in another one.
    return redirect("/")


def _sign_in(request: HttpRequest, form: SignInForm) -> bool:
    try:
        entry = identity.sign_in(
            login=form.cleaned_data["login"],
            password=form.cleaned_data["password"],
            ip=request.META.get("REMOTE_ADDR", ""),
            at=clock.now(),
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    open_session(request, entry.account)
    request.session[ENTRY] = entry_of(
        at=clock.now(),
        ip=request.META.get("REMOTE_ADDR", ""),
        program=request.META.get("HTTP_USER_AGENT", ""),
    )
    request.session[TENANT_KEY] = entry.tenant_id
    request.session["previous_login"] = write_datetime(entry.previous_login)
    request.session["must_change_password"] = entry.account.must_change_password
    if entry.previous_login:
        messages.info(request, f"Naposledy jste se přihlásili {write_datetime(entry.previous_login)}.")
    return True


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 - who is signed in has an account
    return account


def _target(request: HttpRequest, name: str = "next") -> str:
    """Where to go afterwards: an address of ours, otherwise home."""
    target = request.POST.get(name) or request.GET.get(name) or "/"
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
