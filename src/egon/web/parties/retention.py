"""How long records without any link are kept, which they are, and destroying one by hand (NSESSS 2.8.15 to 2.8.18)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from egon.kernel.actor import Role
from egon.kernel.errors import AccessDenied, DomainError
from egon.parties import operations, permissions, queries
from egon.parties.rules import destroyed_on
from egon.records import operations as records
from egon.web.access import ActorRequest, requires_role
from egon.web.forms import attempt
from egon.web.parties.access import for_managers_and_administrators
from egon.web.parties.forms import RetentionForm
from egon.web.parties.tabs import tabs_for

PAGE_SIZE = 50
ORDERS = {
    "bez-vazby": ("unlinked_since", "pk"),
    "-bez-vazby": ("-unlinked_since", "-pk"),
    "jmeno": ("sort_key", "pk"),
    "-jmeno": ("-sort_key", "-pk"),
}


@for_managers_and_administrators
@never_cache
@require_http_methods(["GET", "POST"])
def retention(request: ActorRequest) -> HttpResponse:
    """``/rejstrik/lhuty/``: periods, and the records without any link with the day of their end."""
    decision = permissions.may_configure(request.actor)
    periods = queries.periods()
    initial = {"natural_days": periods.natural_days, "legal_days": periods.legal_days}
    form = RetentionForm(request.POST or None, initial=initial)
    if request.method == "POST":
        if not decision:
            raise AccessDenied(decision.reason)
        if form.is_valid() and _save(request, form):
            messages.success(request, "Lhůty jsou uložené. Platí od příští noci.")
            return redirect("party-retention")
    found = queries.unlinked().order_by(*ORDERS.get(request.GET.get("razeni", ""), ORDERS["bez-vazby"]))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("strana"))
    queries.note_shown(request.actor, list(page), page=page.number)
    context = {
        "form": form,
        "may_configure": bool(decision),
        "periods": periods,
        "page": page,
        "rows": [{"party": one, "end": destroyed_on(one.kind, one.unlinked_since, periods)} for one in page],
        "uses_notifications": queries.notifications() is not None,
        "tabs": tabs_for(request.actor, "retention"),
    }
    return render(request, "parties/retention.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def notifications(request: ActorRequest) -> HttpResponse:
    """Switch the notifications of the base registers on or off."""
    active = request.POST.get("active") == "1"
    try:
        operations.set_notifications(actor=request.actor, active=active)
    except DomainError as error:
        messages.error(request, f"{error.message} Nic se nezměnilo.")
    else:
        how = "chodí notifikacemi" if active else "se zjišťují při příjmu a odeslání dokumentu"
        messages.success(request, f"Změny údajů ze základních registrů teď {how}.")
    return redirect("party-retention")


def _save(request: ActorRequest, form: RetentionForm) -> bool:
    return attempt(form, operations.set_retention, actor=request.actor, **form.cleaned_data) is not None


@requires_role(Role.ADMINISTRATOR)
@require_POST
def destroy(request: ActorRequest, pk: int) -> HttpResponse:
    """Destroy a record that nothing points at, with a reason."""
    party = queries.party_for(request.actor, pk)
    try:
        records.destroy_party(actor=request.actor, party=party, reason=request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, f"{error.message} Nic se nezměnilo.")
        return redirect("party", pk)
    messages.success(request, "Záznam je zničený. V transakčním protokolu zůstalo, kdo a proč.")
    return redirect("parties")
