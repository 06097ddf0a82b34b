"""Giving access to documents, files and typed files, confirming, refusing and ending it; restricted files."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from egon.audit.models import LogRecord
from egon.audit.operation import may
from egon.kernel import clock
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import DomainError, NotFound
from egon.records import access_queries, operations, permissions, queries, typed_queries
from egon.records.models import AccessGrant, CaseFile, Document, TypedFile, TypedSection
from egon.records.rules.access import GrantState
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.formatting import write_datetime
from egon.web.forms import attempt
from egon.web.records.access_forms import DisclosureForm, GrantAccessForm, ReadingsFilter
from egon.web.records.paging import page_of
from egon.web.tables import table_answer

CHECKING = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER, Role.AUDITOR)
KEEPING = (Role.HEAD, *CHECKING)
MOST_EXPORTED = 10_000

type Opened = Document | CaseFile | TypedFile | TypedSection
_NAMED: dict[type[Any], str] = {
    Document: "document",
    CaseFile: "file",
    TypedFile: "typed_file",
    TypedSection: "section",
}
_TONES = {GrantState.WAITING: "warning", GrantState.CONFIRMED: "success"}


@signed_in
@require_http_methods(["GET", "POST"])
def grant_document_access(request: ActorRequest, pk: int) -> HttpResponse:
    """``/dokumenty/<pk>/pristup/pridelit/``."""
    return _grant(request, queries.document_for(request.actor, pk))


@signed_in
@require_http_methods(["GET", "POST"])
def grant_file_access(request: ActorRequest, pk: int) -> HttpResponse:
    """``/spisy/<pk>/pristup/pridelit/``."""
    return _grant(request, queries.file_for(request.actor, pk))


@signed_in
@require_http_methods(["GET", "POST"])
def grant_typed_file_access(request: ActorRequest, pk: int) -> HttpResponse:
    """``/typove-spisy/<pk>/pristup/pridelit/``."""
    return _grant(request, typed_queries.typed_file_for(request.actor, pk))


@signed_in
@require_http_methods(["GET", "POST"])
def grant_section_access(request: ActorRequest, pk: int) -> HttpResponse:
    """``/typove-spisy/soucasti/<pk>/pristup/pridelit/``."""
    return _grant(request, typed_queries.section_for(request.actor, pk))


def _grant(request: ActorRequest, entity: Opened) -> HttpResponse:
    only_people = isinstance(entity, Document | CaseFile) and entity.is_restricted()
    form = GrantAccessForm(request.POST or None, only_people=only_people)
    if request.method == "POST" and form.is_valid():
        arguments = form.arguments() | side_of(entity)
        if grant := attempt(form, operations.grant_access, actor=request.actor, at=clock.now(), **arguments):
            messages.success(request, f"Přístup je nabídnutý: {grant.receiver}. Platit začne, až ho potvrdí.")
            return redirect(address_of(entity))
    context = {
        "heading": "Přidělit přístup",
        "form": form,
        "submit": "Nabídnout přístup",
        "lead": _told_of(entity),
        "back": address_of(entity),
        "crumbs": [{"label": str(entity), "url": address_of(entity)}, {"label": "Přidělit přístup"}],
    }
    return render(request, "records/form_page.html", context)


def _told_of(entity: Opened) -> str:
    if isinstance(entity, Document | CaseFile):
        return f"{entity} · {entity.subject}. Příjemce uvidí, co vidíte vy; pracovat s tím za vás nebude."
    below = "typový spis se součástmi, díly" if isinstance(entity, TypedFile) else "součást se vším pod ní, s díly"
    return (
        f"{entity}. Příjemce uvidí {below} a spisy v nich, i ty, které přibudou; vyhrazené spisy ne. "
        "Pracovat s nimi za vás nebude."
    )


@signed_in
@require_safe
def access_grants(request: ActorRequest) -> HttpResponse:
    """``/pristup/``: what waits for me; with ``?co=prijate`` or ``?co=dane`` what I received and gave."""
    chosen, actor = request.GET.get("co", ""), request.actor
    found: dict[str, tuple[str, Callable[[Actor], QuerySet[AccessGrant]]]] = {
        "": ("K rozhodnutí", access_queries.waiting_for),
        "prijate": ("Přijaté", access_queries.received_by),
        "dane": ("Přidělené mnou", access_queries.given_by),
    }
    chosen = chosen if chosen in found else ""
    tabs = [
        {"label": label, "url": f"?co={key}" if key else "?", "active": key == chosen}
        for key, (label, _) in found.items()
    ]
    page = page_of(found[chosen][1](actor), request)
    context = {"tabs": tabs, "page": page, "rows": rows_of(actor, page, back=chosen), "tab": chosen}
    return render(request, "records/access_grants.html", context)


def rows_of(actor: Actor, grants: Iterable[AccessGrant], *, back: str) -> list[dict[str, Any]]:
    """What is shown of grants, and what the actor may do with each; ``back`` says where they return from that."""
    return [
        {
            "grant": grant,
            "hidden": [{"name": "zpet", "value": back}],
            "chip": {
                "label": GrantState(grant.state).label,
                "tone": _TONES.get(GrantState(grant.state), "neutral"),
            },
            "may_decide": grant.state == GrantState.WAITING
            and bool(may(operations.confirm_access, actor=actor, grant=grant)),
            "may_withdraw": grant.state == GrantState.WAITING
            and bool(may(operations.withdraw_access, actor=actor, grant=grant)),
            "may_end": grant.state == GrantState.CONFIRMED
            and bool(may(operations.end_access, actor=actor, grant=grant)),
            "address": _address_in(back, grant) if grant.holds(clock.today()) else "",
        }
        for grant in grants
    ]


def _address_in(tab: str, grant: AccessGrant) -> str:
    """Who received access goes to the thing itself, who gave it to who else has it."""
    named = f"records:{_NAMED[type(grant.entity)]}"
    return reverse(named, args=[grant.entity.pk]) if tab == "prijate" else address_of(grant.entity)


@signed_in
@require_POST
def confirm_access(request: ActorRequest, pk: int) -> HttpResponse:
    """Take offered access; after the last one go on to what was received."""
    grant = access_queries.grant_for(request.actor, pk)
    return _do(request, grant, operations.confirm_access, "přístup je potvrzený.")


@signed_in
@require_POST
def refuse_access(request: ActorRequest, pk: int) -> HttpResponse:
    """Refuse offered access."""
    grant, note = access_queries.grant_for(request.actor, pk), request.POST.get("reason", "")
    return _do(request, grant, operations.refuse_access, "přístup je odmítnutý, kdo ho přidělil, to uvidí.", note=note)


@signed_in
@require_POST
def withdraw_access(request: ActorRequest, pk: int) -> HttpResponse:
    """Take back what nobody has confirmed."""
    grant = access_queries.grant_for(request.actor, pk)
    return _do(request, grant, operations.withdraw_access, "nabídka přístupu je zrušená.")


@signed_in
@require_POST
def end_access(request: ActorRequest, pk: int) -> HttpResponse:
    """End access that was confirmed, with a reason."""
    grant, reason = access_queries.grant_for(request.actor, pk), request.POST.get("reason", "")
    return _do(request, grant, operations.end_access, "přístup je ukončený.", reason=reason)


def _do(request: ActorRequest, grant: AccessGrant, operation: Any, told: str, **arguments: Any) -> HttpResponse:
    try:
        operation(actor=request.actor, grant=grant, at=clock.now(), **arguments)
        messages.success(request, f"{grant.mark}: {told}")
    except DomainError as refusal:
        messages.error(request, refusal.message)
    back = request.POST.get("zpet", "")
    if back == "vec":
        return redirect(address_of(grant.entity))
    if operation is operations.confirm_access and not access_queries.waiting_for(request.actor).exists():
        back = "prijate"
    return redirect(f"{reverse('records:access_grants')}{f'?co={back}' if back in ('dane', 'prijate') else ''}")


@requires_role(*KEEPING)
@require_safe
def restricted_files(request: ActorRequest) -> HttpResponse:
    """``/pristup/vyhrazene/``: marks of restricted files, for who may release them and who checks access."""
    found = access_queries.restricted_files()
    checks = request.actor.has(*CHECKING)
    if not checks:
        found = found.filter(unit__in=request.actor.units_with(Role.HEAD))
    context = {"page": page_of(found, request), "may_read_report": checks}
    return render(request, "records/restricted_files.html", context)


@signed_in
@require_POST
def restrict_file(request: ActorRequest, pk: int) -> HttpResponse:
    """Leave the file to named people."""
    file = queries.file_for(request.actor, pk)
    _change_file(request, file, operations.restrict_file, "je vyhrazený. Uvidí ho jen lidé, kteří jsou tu uvedení.")
    return redirect("records:file_access", pk)


@signed_in
@require_POST
def release_file(request: ActorRequest, pk: int) -> HttpResponse:
    """End the restriction; also by who does not see the file."""
    file = CaseFile.objects.filter(pk=pk).first()
    if file is None or not permissions.may_release(request.actor, file):
        raise NotFound("Takový spis tu není, nebo k němu nemáte přístup.")
    _change_file(request, file, operations.release_file, "už není vyhrazený.")
    return redirect("records:file_access", pk)


def _change_file(request: ActorRequest, file: CaseFile, operation: Any, told: str) -> None:
    try:
        operation(actor=request.actor, file=file, reason=request.POST.get("reason", ""))
        messages.success(request, f"Spis {file} {told}")
    except DomainError as refusal:
        messages.error(request, refusal.message)


def address_of(entity: Opened) -> str:
    """The page of who has access to a thing."""
    return reverse(f"records:{_NAMED[type(entity)]}_access", args=[entity.pk])


def side_of(entity: Opened) -> dict[str, Any]:
    """The thing as the operations take it."""
    return {_NAMED[type(entity)]: entity}


@requires_role(Role.ADMINISTRATOR, Role.RECORDS_KEEPER)
@require_http_methods(["GET", "POST"])
def disclosure_settings(request: ActorRequest) -> HttpResponse:
    """``/pristup/nastaveni/``: what the unauthorised learn (NSESSS 5.1.2)."""
    form = DisclosureForm(request.POST or None, settings=queries.settings_of_originator())
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt(form, operations.set_disclosure, actor=request.actor, levels=form.levels()) is not None:
        messages.success(request, "Nastavení je uložené, platí hned.")
        return redirect("records:disclosure_settings")
    context = {
        "heading": "Co se dozví nepovolaný",
        "form": form,
        "submit": "Uložit nastavení",
        "lead": "Kdo k dokumentu nebo spisu přístup nemá, dozví se při tomto způsobu jen to, co tu povolíte. "
        "Z vyhrazených spisů, z věcí, které správce komu omezil, a bez přidělené role se nedozví nikdy nic.",
        "back": reverse("records:access_grants"),
        "crumbs": [
            {"label": "Přidělené přístupy", "url": reverse("records:access_grants")},
            {"label": "Co se dozví nepovolaný"},
        ],
    }
    return render(request, "records/form_page.html", context)


@requires_role(*CHECKING)
@require_safe
def readings(request: ActorRequest) -> HttpResponse:
    """``/pristup/cteni/``: who read which restricted file, when; with ``?csv`` the newest ten thousand."""
    form = ReadingsFilter(request.GET)
    found = access_queries.readings(**(_period(form.cleaned_data) if form.is_valid() else {}))
    if "csv" in request.GET:
        told = ([write_datetime(one.recorded_at), one.actor_name, *_read_things(one)] for one in found[:MOST_EXPORTED])
        return table_answer(
            ["Kdy", "Kdo", "Spis", "Dokument", "Soubor"], told, name="cteni-vyhrazenych-spisu", form="csv"
        )
    page = page_of(found, request)
    rows = [{"one": one, "things": _read_things(one)} for one in page]
    kept = urlencode({key: value for key, value in request.GET.items() if key != "strana"})
    context = {"filter_form": form, "page": page, "rows": rows, "csv_query": f"{kept}&csv" if kept else "csv"}
    return render(request, "records/readings.html", context)


def _period(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"file_mark": wanted["spis"], "who": wanted["kdo"], "since": wanted["od"], "until": wanted["do"]}


def _read_things(one: LogRecord) -> list[str]:
    called = {kind: label for kind, _, label in one.subjects}
    return [called.get(f"records.{kind}", "") for kind in ("casefile", "document", "component")]
