"""Settings of the organisation: found by words, its own facts, and what was changed by whom (NSESSS 7.1.11, 7.4.2)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from egon.audit.models import LogRecord, Outcome
from egon.audit.operation import title_of
from egon.audit.queries import settings_changes
from egon.gateways.tables import write_csv
from egon.kernel.actor import Role
from egon.kernel.clock import PRAGUE
from egon.records import operations
from egon.records.queries import settings_of_originator
from egon.tenancy.models import Tenant
from egon.web.access import ActorRequest, requires_role
from egon.web.audit.history import facts_of
from egon.web.audit.labels import parameter_name, readable
from egon.web.audit.paging import page_of
from egon.web.files import saved
from egon.web.formatting import write_datetime
from egon.web.forms import attempt
from egon.web.registry.forms import FactsForm, SettingsLogFilter
from egon.web.registry.settings_map import find_settings
from egon.web.registry.views.telling import crumbs_for, tabs

KEEPERS = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER)
READERS = (*KEEPERS, Role.AUDITOR)
MOST_EXPORTED = 20_000
_FACTS = ("address", "phone", "email", "web", "databox_id")


@requires_role(*KEEPERS)
@require_safe
def settings_search(request: ActorRequest) -> HttpResponse:
    """``/sprava/nastaveni/``: any setting by words; without words the map of all of them."""
    text = request.GET.get("q", "").strip()[:100]
    context = {
        "tabs": tabs("settings") if request.actor.has(Role.ADMINISTRATOR) else [],
        "q": text,
        "found": find_settings(request.actor, text),
    }
    return render(request, "registry/settings.html", context)


@requires_role(Role.ADMINISTRATOR)
def organisation_facts(request: ActorRequest) -> HttpResponse:
    """``/sprava/udaje/``: what stands on letters; the name and the IČO are kept by the centre."""
    held = settings_of_originator()
    form = FactsForm(request.POST or None, initial={name: getattr(held, name) for name in _FACTS})
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, operations.configure_numbering, actor=request.actor, **form.cleaned_data)
        if saved is not None:
            messages.success(request, "Údaje jsou uložené. Stojí na dopisech vytvořených od teď.")
            return redirect("registry-facts")
    context = {
        "tabs": tabs("facts"),
        "form": form,
        "organisation_held": Tenant.objects.get(pk=request.actor.tenant_id),
    }
    return render(request, "registry/facts.html", context)


@requires_role(*READERS)
@require_safe
def settings_log(request: ActorRequest) -> HttpResponse:
    """``/sprava/zmeny/``: what of the settings was changed, when, by whom, from what to what."""
    form = SettingsLogFilter(request.GET or None)
    page = page_of(_narrowed(form), request.GET.get("strana", ""))
    context = {
        "tabs": tabs("log") if request.actor.has(Role.ADMINISTRATOR) else [],
        "crumbs": crumbs_for(request.actor, ("Změny nastavení", "")),
        "filter_form": form,
        "page": page,
        "rows": [_told(record) for record in page],
        "query": request.GET.urlencode(),
    }
    return render(request, "registry/settings_log.html", context)


@requires_role(*READERS)
@require_safe
def export_settings_log(request: ActorRequest) -> HttpResponse:
    """The same as CSV, as narrowed by the filter."""
    found = _narrowed(SettingsLogFilter(request.GET or None))[:MOST_EXPORTED]
    rows = [
        (write_datetime(row["record"].recorded_at), row["record"].actor_name, row["title"], row["about"], before, after)
        for row in map(_told, found.iterator())
        for before, after in _before_and_after(row)
    ]
    return saved(write_csv(("Kdy", "Kdo", "Co", "Čeho se týká", "Dříve", "Nově"), rows), "zmeny-nastaveni.csv")


def _narrowed(form: SettingsLogFilter) -> QuerySet[LogRecord]:
    wanted = form.cleaned_data if form.is_valid() else {}
    found = settings_changes().filter(outcome=Outcome.DONE)
    if wanted.get("od"):
        found = found.filter(recorded_at__gte=datetime.combine(wanted["od"], time(), PRAGUE))
    if wanted.get("do"):
        found = found.filter(recorded_at__lt=datetime.combine(wanted["do"] + timedelta(days=1), time(), PRAGUE))
    if wanted.get("kdo"):
        found = found.filter(actor_name__icontains=wanted["kdo"])
    if wanted.get("oblast"):
        found = found.filter(operation__startswith=wanted["oblast"])
    return found


def _told(record: LogRecord) -> dict[str, Any]:
    changes = record.parameters.get("changes")
    changed = list(_changed(changes)) if isinstance(changes, dict) else []
    given = [] if changed else [f"{fact.label}: {fact.value}" for fact in facts_of(record.parameters)]
    return {
        "record": record,
        "title": title_of(record.operation),
        "about": ", ".join(str(name) for _, _, name in record.subjects[:3]),
        "changed": changed,
        "given": given[:8],
    }


def _changed(changes: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Values that were replaced: which, from what, to what."""
    for name, value in changes.items():
        if isinstance(value, dict) and value.keys() == {"before", "after"}:
            yield parameter_name(name), readable(value["before"]) or "nic", readable(value["after"]) or "nic"


def _before_and_after(row: dict[str, Any]) -> list[tuple[str, str]]:
    if row["changed"]:
        return [(f"{name}: {before}", f"{name}: {after}") for name, before, after in row["changed"]]
    return [("", "; ".join(row["given"]))]
