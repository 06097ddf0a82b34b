"""People, their roles and accounts."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from egon.identity import operations as identity
from egon.identity import queries as accounts
from egon.identity.models import Account
from egon.kernel import clock, czech
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError, NotFound
from egon.registry import operations, queries
from egon.registry.models import ROLE_NAMES, Person, Position, RoleGrant, Substitution
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.registry.forms import AccountForm, PersonForm, RoleForm
from egon.web.registry.views.telling import crumbs, do, tabs, tell_errors

PEOPLE = ("Osoby a účty", "/sprava/osoby/")
PAGE_SIZE = 50


@requires_role(Role.ADMINISTRATOR)
def people_list(request: ActorRequest) -> HttpResponse:
    """``/sprava/osoby/``: people with their posts and roles; ``q`` searches without diacritics."""
    text, gone = request.GET.get("q", "").strip(), request.GET.get("byvali") == "1"
    found = queries.people(active=not gone).select_related("account")
    for word in czech.without_diacritics(text).casefold().split():
        found = found.filter(Q(search_key__contains=word) | Q(account__login__contains=word))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("strana"))
    context = {"tabs": tabs("people"), "page": page, "rows": _rows(list(page)), "q": text, "gone": gone}
    return render(request, "registry/people.html", context)


@requires_role(Role.ADMINISTRATOR)
def new_person(request: ActorRequest) -> HttpResponse:
    """``/sprava/osoby/nova/``."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = attempt(form, operations.add_person, actor=request.actor, **form.cleaned_data)
        if person is not None:
            messages.success(request, f"Osoba {person.name} je zapsaná. Teď jí přidělte účet, role a funkční místo.")
            return redirect("registry-person", pk=person.pk)
    context = {"form": form, "crumbs": crumbs(PEOPLE, ("Nová osoba", "")), "heading": "Nová osoba"}
    return render(request, "registry/person_form.html", context)


@requires_role(Role.ADMINISTRATOR)
@never_cache
def person_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/osoby/<pk>/``: posts, roles, account, substitutions, history."""
    person = queries.person_for(request.actor, pk)
    today = clock.today()
    account: Account | None = person.account
    proposed = czech.without_diacritics(person.family_name).casefold().replace(" ", "")
    context = {
        "colleague": person,
        "positions": Position.objects.filter(person=person).select_related("unit").order_by("unit__code"),
        "grants": RoleGrant.objects.filter(person=person).select_related("unit").order_by("role", "unit__code"),
        "role_form": RoleForm(),
        "account_form": AccountForm(initial={"login": proposed}),
        "account_locked": bool(account and account.locked_until and account.locked_until > clock.now()),
        "invitation": accounts.open_invitation(account) if account else None,
        "now": clock.now(),
        "deputies": Substitution.objects.filter(absent=person, valid_to__gte=today).select_related("substitute"),
        "crumbs": crumbs(PEOPLE, (person.name, "")),
        "history": entries_for(person, limit=20, domain="registry"),
    }
    return render(request, "registry/person.html", context)


@requires_role(Role.ADMINISTRATOR)
def edit_person(request: ActorRequest, pk: int) -> HttpResponse:
    """``/sprava/osoby/<pk>/upravit/``."""
    person = queries.person_for(request.actor, pk)
    names = ("title_before", "given_name", "family_name", "title_after", "email", "personal_number")
    form = PersonForm(request.POST or None, initial={name: getattr(person, name) for name in names})
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, operations.edit_person, actor=request.actor, person=person, **form.cleaned_data)
        if changed is not None:
            messages.success(request, "Změny jsou uloženy.")
            return redirect("registry-person", pk=pk)
    here = (person.name, f"/sprava/osoby/{pk}/")
    context = {"form": form, "crumbs": crumbs(PEOPLE, here, ("Úprava", "")), "heading": person.name}
    return render(request, "registry/person_form.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def grant_role(request: ActorRequest, pk: int) -> HttpResponse:
    """One more role."""
    person, form = queries.person_for(request.actor, pk), RoleForm(request.POST)
    if form.is_valid():
        role, unit = form.cleaned_data["role"], form.cleaned_data["unit"]
        do(
            request,
            "Role je přidělena.",
            operations.grant_role,
            actor=request.actor,
            person=person,
            role=role,
            unit=unit,
        )
    else:
        tell_errors(request, form)
    return redirect("registry-person", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def withdraw_role(request: ActorRequest, pk: int) -> HttpResponse:
    """One role less."""
    grant = RoleGrant.objects.filter(pk=pk).select_related("person", "unit").first()
    if grant is None:
        raise NotFound("Tuto roli už mezitím někdo odebral.")
    do(request, "Role je odebrána.", operations.withdraw_role, actor=request.actor, grant=grant)
    return redirect("registry-person", pk=grant.person_id)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def give_account(request: ActorRequest, pk: int) -> HttpResponse:
    """A login for the person; the first password is shown once."""
    person, form = queries.person_for(request.actor, pk), AccountForm(request.POST)
    if not form.is_valid():
        tell_errors(request, form)
    elif form.cleaned_data["existing"]:
        _join_account(request, person, form.cleaned_data["login"])
    else:
        _create_account(request, person, form.cleaned_data["login"])
    return redirect("registry-person", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def unlock_account(request: ActorRequest, pk: int) -> HttpResponse:
    """Forget the failed attempts."""
    account = _account_of(request, pk)
    do(request, "Účet je odblokován.", identity.unlock_account, actor=request.actor, account=account)
    return redirect("registry-person", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def reset_password(request: ActorRequest, pk: int) -> HttpResponse:
    """A new first password, shown once."""
    account, password = _account_of(request, pk), identity.new_first_password()
    success = f"Nové heslo účtu {account.login} je {password}. Ukazuje se jen teď; při přihlášení si ho osoba změní."
    do(request, success, identity.reset_password, actor=request.actor, account=account, password=password)
    return redirect("registry-person", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def sign_out_everywhere(request: ActorRequest, pk: int) -> HttpResponse:
    """All sessions of the person end."""
    account = _account_of(request, pk)
    do(
        request,
        "Osoba je všude odhlášená. Heslo jí zůstalo.",
        identity.sign_out_everywhere,
        actor=request.actor,
        account=account,
    )
    return redirect("registry-person", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def deactivate_person(request: ActorRequest, pk: int) -> HttpResponse:
    """The person leaves."""
    person = queries.person_for(request.actor, pk)
    success = f"{person.name} už do organizace nemá přístup. Rozdělanou práci rozdělí vedoucí."
    do(request, success, operations.deactivate_person, actor=request.actor, person=person)
    return redirect("registry-person", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def reactivate_person(request: ActorRequest, pk: int) -> HttpResponse:
    """The person is back."""
    person = queries.person_for(request.actor, pk)
    success = f"{person.name} zde opět pracuje. Role a místo je třeba přidělit znovu."
    do(request, success, operations.reactivate_person, actor=request.actor, person=person)
    return redirect("registry-person", pk=pk)


def _rows(page: list[Person]) -> list[dict[str, Any]]:
    posts: dict[int, list[str]] = defaultdict(list)
    roles: dict[int, list[str]] = defaultdict(list)
    for position in Position.objects.filter(person__in=page).select_related("unit"):
        posts[position.person_id or 0].append(f"{position.unit.code}: {position.name}")
    for role, person_id in RoleGrant.objects.filter(person__in=page).values_list("role", "person_id").distinct():
        roles[person_id].append(ROLE_NAMES[Role(role)])
    now = clock.now()
    return [
        {
            "person": person,
            "posts": ", ".join(posts[person.pk]),
            "roles": ", ".join(sorted(roles[person.pk])),
            "locked": bool(person.account and person.account.locked_until and person.account.locked_until > now),
        }
        for person in page
    ]


def _create_account(request: ActorRequest, person: Person, login: str) -> None:
    password = identity.new_first_password()
    try:
        account = identity.create_account(
            actor=request.actor, login=login, name=person.name, email=person.email, password=password
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return
    success = f"Účet {account.login} je založen s prvním heslem {password}. Ukazuje se jen teď; předejte ho osobě."
    do(request, success, operations.give_account, actor=request.actor, person=person, account=account)


def _join_account(request: ActorRequest, person: Person, login: str) -> None:
    account = accounts.account_with(login)
    if account is None:
        messages.error(request, f"Účet „{login}“ neexistuje. Ověřte přihlašovací jméno u osoby.")
        return
    success = f"Účet {account.login} je připojen. Osoba se hlásí svým dosavadním heslem a organizace přepíná."
    do(request, success, operations.give_account, actor=request.actor, person=person, account=account)


def _account_of(request: ActorRequest, pk: int) -> Account:
    person = queries.person_for(request.actor, pk)
    if person.account is None:
        raise NotFound("Tato osoba nemá účet.")
    return accounts.account_for(request.actor, person.account.pk)
