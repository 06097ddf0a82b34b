"""The jmenný rejstřík: list, detail, new, edit. Whatever shows a natural person is logged."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from egon.kernel.access import Decision
from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied
from egon.parties import operations, permissions, queries, rules
from egon.parties.models import Kind, Party
from egon.records import known_parties, own_metadata, sight_around
from egon.records import operations as record_operations
from egon.records import queries as records
from egon.records.party_links import count_links
from egon.records.rules.own_metadata import OwnEntity
from egon.web.access import ActorRequest, signed_in
from egon.web.audit.history import entries_for
from egon.web.forms import attempt
from egon.web.parties.forms import PartyFilter, PartyForm
from egon.web.parties.tabs import tabs_for
from egon.web.records import seers
from egon.web.records.own_page import own_page
from egon.web.records.paging import page_of

MOST_TIES = 20
OF_RECORDS = ("records.party.describe", "records.party.merge", "records.party.unmerge")
"""Steps of records that belong to the story of a person and tell of no document."""
LOOKED_THROUGH = (
    f"Osoba je ve více než {sight_around.MOST_LINKS} dokumentech nebo spisech. Prošlo se jen {sight_around.MOST_LINKS} "
    "nejnovějších dokumentů a tolik spisů: kdo ji vidí jen ze starších, v seznamu chybí. Přístup k nim ukáže "
    "Kdo má přístup u každého z nich."
)
ORDERS = {
    "jmeno": ("sort_key", "pk"),
    "-jmeno": ("-sort_key", "-pk"),
    "obec": ("city", "sort_key", "pk"),
    "-obec": ("-city", "-sort_key", "-pk"),
    "zapsano": ("created_at", "pk"),
    "-zapsano": ("-created_at", "-pk"),
}


@signed_in
@never_cache
def party_list(request: ActorRequest) -> HttpResponse:
    """``/rejstrik/``: search without diacritics, kind, order, pages."""
    if not (decision := permissions.may_read(request.actor)):
        raise AccessDenied(decision.reason)
    form = PartyFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    text = wanted.get("q", "")
    identified = {"ano": True, "ne": False}.get(wanted.get("ztotozneno", ""))
    found = queries.find(text, kind=wanted.get("druh", ""), identified=identified)
    found = found.filter(known_parties.visible_to(request.actor))
    found = found.order_by(*ORDERS.get(request.GET.get("razeni", ""), ORDERS["jmeno"]))
    page = page_of(found, request)
    queries.note_shown(request.actor, list(page), text=text, page=page.number)
    context = {"filter_form": form, "page": page, "may_write": bool(permissions.may_write(request.actor))}
    context |= {"tabs": tabs_for(request.actor, "parties")}
    return render(request, "parties/list.html", context)


@signed_in
@never_cache
def party_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """``/rejstrik/<pk>/``: facts, possible duplicates, history."""
    party = known_parties.party_for(request.actor, pk)
    pairs = {(pair.other if pair.party == party else pair.party): pair for pair in queries.duplicates_of(party)}
    duplicates = [(pairs[other], other) for other in known_parties.among(request.actor, pairs)]
    queries.note_shown(request.actor, [other for _, other in duplicates])
    merged = list(party.merged.order_by("sort_key"))
    context = {
        "party": party,
        "facts": _facts_of(party),
        "asks_own": own_metadata.asks(OwnEntity.PARTY),
        "duplicates": duplicates,
        "merged": merged,
        "documents": records.documents_of_party(request.actor, party, most=MOST_TIES),
        "files": records.files_of_party(request.actor, party, most=MOST_TIES),
        "most_ties": MOST_TIES,
        "history": entries_for(party, *merged, limit=50, domain="parties", also=OF_RECORDS),
        "crumbs": _crumbs(party.name),
        "may_edit": bool(permissions.may_edit(request.actor)) and party.merged_into is None,
        "may_destroy": bool(permissions.may_configure(request.actor)) and not count_links(party),
        "ends_on": rules.destroyed_on(party.kind, party.unlinked_since, queries.periods()),
        "may_manage": bool(permissions.may_manage(request.actor)) and party.merged_into is None,
    }
    return render(request, "parties/detail.html", context)


@signed_in
@never_cache
def who_sees_party(request: ActorRequest, pk: int) -> HttpResponse:
    """``/rejstrik/<pk>/pristup/``, with ``?csv`` as a file (NSESSS 5.2.15)."""
    party = known_parties.party_for(request.actor, pk)
    lead = "Záznam o osobě čtou role, kterým to správce povolil"
    lead += ", a kdo vidí dokument nebo spis, v němž osoba je." if party.kind == Kind.NATURAL else "."
    found = sight_around.who_sees_party(party, on=today())
    return seers.answer(
        request, found, thing=party.name, lead=lead, crumbs=_crumbs(party.name, pk),
        note=LOOKED_THROUGH if sight_around.is_shortened(party) else "",
    )  # fmt: skip


@signed_in
def new_party(request: ActorRequest) -> HttpResponse:
    """``/rejstrik/novy/``: possible duplicates are shown once before the party is written."""
    _refuse_unless(permissions.may_write(request.actor))
    form = PartyForm(request.POST or None)
    duplicates: list[Party] = []
    if request.method == "POST" and form.is_valid():
        duplicates = _candidates(request, form)
        if not duplicates or request.POST.get("confirmed") == "1":
            party = attempt(form, operations.register_party, actor=request.actor, details=form.details)
            if party is not None:
                messages.success(request, f"{party.name}: zapsáno do jmenného rejstříku.")
                return redirect("party", pk=party.pk)
    context = {"form": form, "duplicates": duplicates, "heading": "Nová osoba", "crumbs": _crumbs("Nová osoba")}
    return render(request, "parties/form.html", context)


@signed_in
@never_cache
def edit_party(request: ActorRequest, pk: int) -> HttpResponse:
    """``/rejstrik/<pk>/upravit/``."""
    _refuse_unless(permissions.may_edit(request.actor))
    party = known_parties.party_for(request.actor, pk)
    seen = operations.PartyDetails.of(party)
    form = PartyForm(request.POST or None, initial=PartyForm.values_of(party))
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form, operations.edit_party, actor=request.actor, party=party, details=form.details, seen=seen
        )  # fmt: skip
        if changed is not None:
            messages.success(request, "Změny jsou uloženy. Dříve odeslané dokumenty si nechávají tehdejší adresu.")
            return redirect("party", pk=pk)
    context = {"form": form, "heading": party.name, "party": party, "crumbs": _crumbs(party.name)}
    return render(request, "parties/form.html", context)


@signed_in
@never_cache
def describe_party(request: ActorRequest, pk: int) -> HttpResponse:
    """``/rejstrik/<pk>/udaje/``: what the organisation records of a person beyond příloha 8 (NSESSS 9.1.1)."""
    party = known_parties.party_for(request.actor, pk)
    return own_page(
        request,
        party,
        OwnEntity.PARTY,
        permissions.may_edit(request.actor),
        lambda form, data: attempt(form, record_operations.describe_party, party=party, **data),
        {"heading": "Vlastní údaje osoby", "lead": party.name, "back": reverse("party", args=[pk])},
        [*_crumbs(party.name, pk), {"label": "Vlastní údaje"}],
    )


def _refuse_unless(decision: Decision) -> None:
    if not decision:
        raise AccessDenied(decision.reason)


def _candidates(request: ActorRequest, form: PartyForm) -> list[Party]:
    details = form.details
    found = queries.candidates_for(
        databox_id=details.databox_id, ic=details.ic, name=details.name or f"{details.given_name} {details.family_name}"
    )
    found = known_parties.among(request.actor, found)
    queries.note_shown(request.actor, found)
    return found


def _crumbs(last: str, pk: int | None = None) -> list[dict[str, str]]:
    url = reverse("party", args=[pk]) if pk else ""
    return [{"label": "Jmenný rejstřík", "url": "/rejstrik/"}, {"label": last, "url": url}]


def _facts_of(party: Party) -> list[dict[str, Any]]:
    person = party.is_natural_person
    rows = [
        ("Druh osoby", party.get_kind_display(), True),
        ("Jméno a příjmení", f"{party.given_name} {party.family_name}".strip(), person),
        ("Datum narození", party.birth_date, person),
        ("IČO", party.ic, party.kind != "natural"),
        ("Právní forma", party.legal_form, party.kind != "natural" and bool(party.legal_form)),
        ("Adresa", party.address, True),
        ("Datová schránka", party.databox_id, True),
        ("E-mail", party.email, True),
        ("Telefon", party.phone, bool(party.phone)),
        ("Zdroj údajů", party.get_source_display(), True),
        ("Ztotožněno", party.identified_at, True),
        ("Ověřeno u zdroje", party.verified_at, party.verified_at is not None),
        ("Identifikátor", party.identifier, True),
    ]
    rows += [(name, value, True) for name, value in own_metadata.shown(party.own_values)]
    return [{"label": label, "value": value} for label, value, shown in rows if shown]
