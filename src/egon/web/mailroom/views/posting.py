"""Dispatch by post: preparing letters, their envelopes and numbers, posting sheets."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon.gateways.pdfa import PrintedEnvelope, TableReport, render_envelopes, render_table_report
from egon.gateways.tables import write_csv
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError
from egon.mailroom import operations, outgoing, queries
from egon.mailroom.models import PostBatch, PostedLetter, PostService
from egon.mailroom.rules import NUMBERED, letter_code
from egon.records import queries as records
from egon.records.disclosure import hide_from
from egon.records.models import Addressee
from egon.tenancy.models import Tenant
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role
from egon.web.files import saved, shown
from egon.web.forms import attempt
from egon.web.mailroom.post_forms import PostForm
from egon.web.mailroom.views.dispatching import tabs

PAGE_SIZE: Final = 50
_SHEET: Final = (("Pořadí", 1), ("Podací číslo", 3), ("Adresát", 4), ("Adresa", 5), ("Služba", 3), ("Gramů", 1),
                 ("Číslo jednací", 3))  # fmt: skip


@requires_role(Role.MAILROOM)
def prepare(request: ActorRequest, pk: int) -> HttpResponse:
    """One addressee by post: service, envelope, weight, address."""
    addressee = queries.addressee_for(request.actor, pk)
    form = PostForm(request.POST if request.method == "POST" else None, initial={"address": _address_of(addressee)})
    if form.is_bound and form.is_valid():
        letter = attempt(
            form,
            operations.prepare_letter,
            actor=request.actor,
            document=addressee.document,
            addressee=addressee,
            at=clock.now(),
            **form.cleaned_data,
        )
        if letter is not None:
            messages.success(request, f"Dopis pro adresáta {addressee.name} je připravený k podání na poště.")
            return redirect("mailroom:post")
    hide_from(request.actor, [addressee.document])
    context = {
        "form": form,
        "addressee": addressee,
        "document": addressee.document,
        "obstacles": outgoing.obstacles_to_dispatching(addressee.document),
        "crumbs": [
            {"label": "Výpravna", "url": reverse("mailroom:dispatch")},
            {"label": addressee.document.reference_number, "url": reverse("mailroom:dispatch_one", args=[pk])},
            {"label": "Poštou"},
        ],
    }
    return render(request, "mailroom/post_prepare.html", context, status=422 if form.is_bound else 200)


@requires_role(Role.MAILROOM)
def post(request: ActorRequest) -> HttpResponse:
    """Prepared letters: the key Enter saves numbers and moves on, a button gives the chosen letters to the post."""
    obstacles: list[str] = []
    if request.method == "POST":
        try:
            return _hand_in(request) if "podat" in request.POST else _number(request)
        except DomainError as error:
            obstacles = getattr(error, "obstacles", None) or [error.message]
    page = Paginator(queries.letters_to_post(), PAGE_SIZE).get_page(request.GET.get("strana"))
    hide_from(request.actor, [letter.dispatch.document for letter in page])
    rows = [_row(request, letter, known=bool(obstacles)) for letter in page]
    focused = next((row["letter"].pk for row in rows if row["is_numbered"] and not row["number"]), 0)
    context = {"page": page, "rows": rows, "focused": focused, "obstacles": obstacles, "tabs": tabs("post")}
    return render(request, "mailroom/post.html", context, status=422 if obstacles else 200)


@requires_role(Role.MAILROOM)
@require_POST
def envelopes(request: ActorRequest) -> HttpResponse:
    """Envelopes of the chosen letters as PDF, each on a page of its size."""
    letters = _chosen(request)
    if not letters:
        messages.warning(request, "Vyberte alespoň jeden dopis, jehož obálku chcete vytisknout.")
        return redirect("mailroom:post")
    organisation = _organisation(request)
    address = records.settings_of_originator().address.splitlines()
    printed = [
        PrintedEnvelope(
            size=letter.size,
            sender_lines=[organisation, *address],
            address_lines=[letter.dispatch.addressee.name, *letter.address.splitlines()],
            service=letter.get_service_display() if letter.service != PostService.ORDINARY else "",
            code=letter_code(letter.dispatch.document.identifier, letter.dispatch_id),
            mark=letter.dispatch.document.reference_number,
        )
        for letter in letters
    ]
    return shown(render_envelopes(printed, author=organisation, on=clock.today()), "obalky.pdf")


@requires_role(Role.MAILROOM)
@require_safe
def sheets(request: ActorRequest) -> HttpResponse:
    """Posting sheets, the newest first."""
    page = Paginator(queries.batches(), PAGE_SIZE).get_page(request.GET.get("strana"))
    return render(request, "mailroom/sheets.html", {"page": page, "tabs": tabs("sheets")})


@requires_role(Role.MAILROOM)
@require_safe
def sheet(request: ActorRequest, pk: int) -> HttpResponse:
    """One posting sheet with its letters; as PDF for the stamp of the post, as CSV for its own programs."""
    batch = queries.batch_for(request.actor, pk)
    letters = list(queries.letters_in(batch))
    name = f"podaci-arch-{batch.number.replace('/', '-')}"
    match request.GET.get("jako"):
        case "pdf":
            return shown(_sheet_pdf(batch, letters, _organisation(request)), f"{name}.pdf")
        case "csv":
            return saved(write_csv([column for column, _ in _SHEET], _cells(letters)), f"{name}.csv")
    crumbs = [{"label": "Podací archy", "url": reverse("mailroom:sheets")}, {"label": batch.number}]
    return render(request, "mailroom/sheet.html", {"batch": batch, "letters": letters, "crumbs": crumbs})


def _number(request: ActorRequest) -> HttpResponse:
    operations.number_letters(actor=request.actor, numbers=_numbers(request))
    return redirect(request.get_full_path())


def _hand_in(request: ActorRequest) -> HttpResponse:
    """What was typed last and the posting belong together: both or nothing."""
    with transaction.atomic():
        operations.number_letters(actor=request.actor, numbers=_numbers(request))
        batch = operations.post_letters(actor=request.actor, letters=_chosen(request), at=clock.now())
    messages.success(request, f"Dopisy jsou podané na poště. Podací arch má číslo {batch.number}.")
    return redirect("mailroom:sheet", pk=batch.pk)


def _numbers(request: ActorRequest) -> dict[int, str]:
    typed = {name.removeprefix("cislo-"): request.POST[name] for name in request.POST if name.startswith("cislo-")}
    return {int(pk): value[:30] for pk, value in typed.items() if pk.isdigit()}


def _chosen(request: ActorRequest) -> list[PostedLetter]:
    ids = [int(pk) for pk in request.POST.getlist("dopis") if pk.isdigit()]
    return list(queries.letters_to_post().filter(pk__in=ids))


def _row(request: ActorRequest, letter: PostedLetter, *, known: bool) -> dict[str, Any]:
    """A letter with its number and tick as they were typed when they were refused, otherwise as they are stored."""
    typed = request.POST.get(f"cislo-{letter.pk}") if known else None
    return {
        "letter": letter,
        "number": letter.post_number if typed is None else typed,
        "is_numbered": letter.service in NUMBERED,
        "is_chosen": not known or str(letter.pk) in request.POST.getlist("dopis"),
    }


def _sheet_pdf(batch: PostBatch, letters: list[PostedLetter], organisation: str) -> bytes:
    return render_table_report(
        TableReport(
            organisation=organisation,
            title=f"Poštovní podací arch {batch.number}",
            date=clock.today(),
            facts=[
                ("Podáno", formatting.write_datetime(batch.posted_at)),
                ("Podal(a)", batch.posted_by),
                ("Počet zásilek", str(len(letters))),
                ("Razítko a podpis pošty", ""),
            ],
            columns=[name for name, _ in _SHEET],
            widths=[width for _, width in _SHEET],
            rows=_cells(letters),
            landscape=True,
        )
    )


def _cells(letters: list[PostedLetter]) -> list[list[str]]:
    return [
        [
            str(order),
            letter.post_number,
            letter.dispatch.addressee.name,
            ", ".join(letter.address.splitlines()),
            letter.get_service_display(),
            str(letter.weight or ""),
            letter.dispatch.document.reference_number,
        ]
        for order, letter in enumerate(letters, start=1)
    ]


def _address_of(addressee: Addressee) -> str:
    party = addressee.party
    return addressee.address or (party.address.replace(", ", "\n") if party else "")


def _organisation(request: ActorRequest) -> str:
    return Tenant.objects.get(pk=request.actor.tenant_id).name
