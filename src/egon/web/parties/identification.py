"""Identifying a record in the sources of data: what can be asked, whom they know, and taking over their facts."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from egon.kernel import clock
from egon.kernel.errors import AccessDenied, DomainError
from egon.mailroom.identification import Answer, look_up
from egon.parties import operations, permissions, queries, rules
from egon.parties.models import Kind, Party
from egon.parties.operations import PartyDetails
from egon.records import known_parties
from egon.web.access import ActorRequest, signed_in


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def identify(request: ActorRequest, pk: int) -> HttpResponse:
    """``/rejstrik/<pk>/ztotoznit/``: a button asks the sources, another takes over what one of them told."""
    if not (decision := permissions.may_edit(request.actor)):
        raise AccessDenied(decision.reason)
    party = known_parties.party_for(request.actor, pk)
    answer = look_up(party) if request.method == "POST" else None
    if answer and (chosen := request.POST.get("chosen")) and _take_over(request, party, answer, chosen):
        return redirect("party", pk)
    return render(request, "parties/identify.html", _context(party, answer))


def _take_over(request: ActorRequest, party: Party, answer: Answer, chosen: str) -> bool:
    """The sources were asked again: what a browser sends back is only whom the person chose."""
    found = next((one for one in answer.found if one.key == chosen), None)
    if found is None:
        messages.error(request, "Zdroj už tento údaj nevydal. Nic se nezměnilo, vyberte znovu.")
        return False
    try:
        operations.identify_party(
            actor=request.actor,
            party=party,
            details=found.details,
            source=found.source,
            source_reference=found.reference,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, f"Osoba je ztotožněná, údaje jsou převzaté. Zdroj: {found.source.label}.")
    return True


def _context(party: Party, answer: Answer | None) -> dict[str, Any]:
    back = reverse("party", args=[party.pk])
    facts = queries.facts_of(party)
    return {
        "party": party,
        "missing": rules.missing_to_identify(facts),
        "asked": answer is not None,
        "troubles": answer.troubles if answer else (),
        "found": [
            {"key": one.key, "source": one.source.label, "facts": _told(one.details)}
            for one in (answer.found if answer else ())
        ],
        "crumbs": [
            {"label": "Jmenný rejstřík", "url": reverse("parties")},
            {"label": party.name, "url": back},
            {"label": "Ztotožnění", "url": ""},
        ],
    }


def _told(details: PartyDetails) -> list[dict[str, Any]]:
    """The facts of a source as a person reads them, from a record that is not stored."""
    shown = Party(**{name: getattr(details, name) for name in PartyDetails.__dataclass_fields__})
    birth = details.birth_date
    rows = [
        ("Druh osoby", Kind(details.kind).label),
        ("Jméno nebo název", rules.full_name(details.kind, details.name, details.given_name, details.family_name)),
        ("Datum narození", f"{birth.day}. {birth.month}. {birth.year}" if birth else ""),
        ("IČO", details.ic),
        ("Právní forma", details.legal_form),
        ("Adresa", shown.address),
        ("Datová schránka", details.databox_id),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]
