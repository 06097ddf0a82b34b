"""Paper letters: registering with the facts of the envelope, labels with a code, opening a document by its code."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon.gateways.pdfa import SHEETS, Label, render_labels
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError
from egon.mailroom import operations, queries
from egon.mailroom.models import Envelope
from egon.parties import operations as party_operations
from egon.parties import queries as parties
from egon.parties.models import Kind, Party
from egon.records import known_parties, storing_queries
from egon.records.disclosure import hide_from
from egon.records.models import Document, PaperPart
from egon.records.rules.paper import PaperFacts
from egon.tenancy.models import Tenant
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.files import shown
from egon.web.forms import attempt
from egon.web.mailroom.forms import NEW_SENDER, SenderForm
from egon.web.mailroom.letter_forms import CodeForm, EnvelopeForm, LabelForm, LetterForm
from egon.web.records.words import extent_of

CRUMB = {"label": "Podatelna", "url": "/podatelna/"}


@requires_role(Role.MAILROOM)
def new_letter(request: ActorRequest) -> HttpResponse:
    """One letter: its sender is searched for without losing what was typed; the key Enter registers it."""
    candidates = _candidates(request)
    form, sender = _forms(request, candidates)
    if form.is_bound and _are_valid(form, sender):
        document = attempt(form, _register, request=request, letter=form, sender=sender, at=clock.now())
        if document is not None:
            return redirect("mailroom:letter_done", pk=document.pk)
    context = {
        "form": form,
        "sender_form": sender,
        "q": request.POST.get("q", ""),
        "is_searched": bool(request.POST.get("q", "").strip()),
        "found": len(candidates),
        "crumbs": [CRUMB, {"label": "Nová listinná zásilka"}],
    }
    parties.note_shown(request.actor, candidates, text=request.POST.get("q", ""))
    return render(request, "mailroom/letter.html", context, status=422 if form.is_bound else 200)


@requires_role(Role.MAILROOM)
@require_safe
def letter_done(request: ActorRequest, pk: int) -> HttpResponse:
    """What the letter is called; its label, and the next letter."""
    [envelope] = queries.letters_among(request.actor, [pk])
    hide_from(request.actor, [envelope.document])
    kept = request.session.get("labels", {})
    context = {
        "envelope": envelope,
        "extent": _extent_of(envelope),
        "document": envelope.document,
        "label_form": LabelForm(initial=kept),
        "crumbs": [CRUMB, {"label": "Zaevidovaná zásilka"}],
    }
    return render(request, "mailroom/letter_done.html", context)


@requires_role(Role.MAILROOM)
def envelope(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct what was read from the envelope."""
    [row] = queries.letters_among(request.actor, [pk])
    initial = {name: getattr(row, name, "") for name in EnvelopeForm.base_fields} | {"envelope_kind": row.kind}
    if part := storing_queries.paper_part_of(row.document):
        initial |= asdict(part.facts)
    form = EnvelopeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        done = attempt(
            form, operations.correct_envelope, actor=request.actor, document=row.document, envelope=form.facts()
        )
        if done is not None:
            messages.success(request, "Údaje obálky jsou opravené. Vytiskněte nový štítek, pokud je na něm chyba.")
            return redirect("mailroom:letter_done", pk=pk)
    crumbs = [CRUMB, {"label": str(row.document), "url": f"/dokumenty/{pk}/"}, {"label": "Obálka"}]
    status = 422 if form.is_bound else 200
    return render(request, "mailroom/envelope.html", {"form": form, "envelope": row, "crumbs": crumbs}, status=status)


@requires_role(Role.MAILROOM)
@require_POST
def labels(request: ActorRequest) -> HttpResponse:
    """Labels of the chosen letters as PDF; the session remembers the sheet and its first unused place."""
    form = LabelForm(request.POST)
    chosen = [int(pk) for pk in request.POST.getlist("document") if pk.isdigit()]
    letters = queries.letters_among(request.actor, chosen)
    if not form.is_valid():
        context = {"envelope": letters[0], "document": letters[0].document, "label_form": form}
        return render(request, "mailroom/letter_done.html", context, status=422)
    key, first = form.cleaned_data["sheet"], form.cleaned_data["first"]
    sheet = SHEETS[key]
    organisation = Tenant.objects.get(pk=request.actor.tenant_id).name
    parts = storing_queries.paper_parts_of(letter.document_id for letter in letters)
    printed = [_label(letter, parts.get(letter.document_id), organisation) for letter in letters]
    pdf = render_labels(printed, sheet, title="Štítky", author=organisation, on=clock.today(), first=first)
    request.session["labels"] = {"sheet": key, "first": (first - 1 + len(printed)) % sheet.places + 1}
    return shown(pdf, "stitky.pdf")


@signed_in
@require_safe
def code(request: ActorRequest) -> HttpResponse:
    """Open the document, the file or the volume whose code was scanned; anybody may, and finds what they may see."""
    form = CodeForm(request.GET if "kod" in request.GET else None)
    if form.is_bound and form.is_valid():
        try:
            document = queries.document_of_code(request.actor, form.cleaned_data["kod"])
        except DomainError as error:
            # A file may bear the number of its first document, so documents go first.
            if file := queries.file_of_code(request.actor, form.cleaned_data["kod"]):
                return redirect("records:file", pk=file.pk)
            if volume := queries.volume_of_code(request.actor, form.cleaned_data["kod"]):
                return redirect(f"{reverse('records:section', args=[volume.section_id])}?dil={volume.number}")
            form.add_error("kod", error.message)
        else:
            return redirect("records:document", pk=document.pk)
    return render(request, "mailroom/code.html", {"form": form}, status=422 if form.errors else 200)


def _forms(request: ActorRequest, candidates: list[Party]) -> tuple[LetterForm, SenderForm]:
    """Bound when the letter is to be registered, filled with what was typed when only its sender was searched for."""
    if request.method == "POST" and not _searches(request):
        return LetterForm(request.POST, candidates=candidates), SenderForm(request.POST, prefix="novy")
    form = LetterForm(candidates=candidates)
    form.initial = {"delivered_at": clock.now().replace(microsecond=0), "sender": NEW_SENDER, "sheets": 1}
    typed = {name: request.POST.get(f"novy-{name}", "") for name in SenderForm.base_fields}
    sender = SenderForm(prefix="novy", initial=typed | _sender_named(request.POST.get("q", "")))
    if request.method == "POST":
        form.initial = form.typed(request.POST)
        form.initial["sender"] = str(candidates[0].pk) if len(candidates) == 1 else "" if candidates else NEW_SENDER
    return form, sender


def _searches(request: ActorRequest) -> bool:
    """The key Enter searches after the name was changed, otherwise it registers."""
    changed = request.POST.get("q", "").strip() != request.POST.get("q_shown", "").strip()
    return "hledat" in request.POST or ("enter" in request.POST and changed)


def _are_valid(form: LetterForm, sender: SenderForm) -> bool:
    is_registrable = form.is_valid()
    return sender.is_complete() and is_registrable if form.data.get("sender") == NEW_SENDER else is_registrable


def _register(*, request: ActorRequest, letter: LetterForm, sender: SenderForm, at: datetime) -> Document:
    """Register, writing a new sender in the same transaction: both or nothing."""
    typed = letter.cleaned_data
    with transaction.atomic():
        return operations.register_letter(
            actor=request.actor,
            envelope=letter.facts(),
            sender=_sender(request, typed["sender"], sender),
            subject=typed["subject"],
            delivered_at=typed["delivered_at"],
            sender_reference=typed["sender_reference"],
            kind=typed["kind"],
            unit=typed["unit"],
            deadline=typed["deadline"],
            note=typed["note"],
            own=letter.own(),
            person=typed["person"],
            at=at,
        )


def _sender(request: ActorRequest, chosen: str, sender: SenderForm) -> Party | None:
    if chosen == NEW_SENDER:
        return party_operations.register_party(actor=request.actor, details=sender.details())
    return parties.present().filter(pk=int(chosen)).first() if chosen else None


def _candidates(request: ActorRequest) -> list[Party]:
    """Who the sender may be by what the clerk looks for, and whom they chose."""
    text = request.POST.get("q", "").strip()
    found = {party.pk: party for party in parties.find(text)[: parties.MOST_CANDIDATES]} if text else {}
    chosen = request.POST.get("sender", "")
    if chosen.isdigit() and int(chosen) not in found and not _searches(request):
        found |= {party.pk: party for party in parties.present().filter(pk=int(chosen))}
    return known_parties.among(request.actor, found.values())


def _sender_named(text: str) -> dict[str, Any]:
    """A first guess of a new sender from what was searched for: a person has two or more words."""
    given, _, family = " ".join(text.split()).rpartition(" ")
    return {"kind": Kind.NATURAL, "given_name": given, "family_name": family}


def _extent_of(letter: Envelope) -> str:
    part = storing_queries.paper_part_of(letter.document)
    return extent_of(part.facts) if part else ""


def _label(letter: Envelope, part: PaperPart | None, organisation: str) -> Label:
    """What a technological equivalent of a filing stamp tells (vyhláška 259/2012 Sb. § 3 odst. 3)."""
    document = letter.document
    paper = part.facts if part else PaperFacts()
    bundles = f", svazků: {paper.bundles}" if paper.bundles else ""
    other = f"jiné přílohy: {paper.other_annexes} ({paper.other_annexes_note})" if paper.other_annexes else ""
    lines = [
        organisation,
        f"Doručeno {formatting.write_datetime(document.delivered_at)}",
        f"Č. j. {document.reference_number}",
        f"Listů: {paper.sheets}, příloh: {paper.annexes}{bundles}",
        other,
    ]
    return Label(document.identifier, document.identifier, [line for line in lines if line])
