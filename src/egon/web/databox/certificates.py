"""Login certificates of a box: what is in use, what is being tried, until when they are valid."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from egon.databox import operations, queries, upkeep
from egon.databox.certificate_rules import read_certificate, why_unreadable
from egon.databox.models import Box, BoxCertificate, CertificateState
from egon.databox.rules import CERTIFICATE_WARNING
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import DomainError, Misconfigured
from egon.web.access import ActorRequest, requires_role
from egon.web.databox.forms import CertificateForm
from egon.web.forms import attempt
from egon.web.mailroom.facts import Chip

_TONES = {CertificateState.NEW: "warning", CertificateState.IN_USE: "success", CertificateState.RETIRED: "neutral"}


@requires_role(Role.ADMINISTRATOR)
def certificates(request: ActorRequest, pk: int) -> HttpResponse:
    """The certificates of a box, and adding one beside them."""
    box = queries.box_for(pk)
    form = CertificateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (added := _add(request, box, form)):
        told = _try(box, added)
        (messages.success if told.startswith("ISDS") else messages.warning)(request, told)
        return redirect("databox:certificates", pk=pk)
    rows = list(box.certificates.order_by("retired_at", "-valid_from"))
    for row in rows:
        row.chip = _chip(row)  # type: ignore[attr-defined]
        row.groups = " ".join(row.fingerprint[at : at + 8] for at in range(0, 64, 8))  # type: ignore[attr-defined]
    crumbs = [{"label": "Schránky", "url": reverse("databox:boxes")}, {"label": str(box)}]
    context = {"box": box, "form": form, "rows": rows, "crumbs": crumbs}
    return render(request, "databox/certificates.html", context, status=422 if form.errors else 200)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def attempt_now(request: ActorRequest, pk: int, certificate_pk: int) -> HttpResponse:
    """Ask ISDS whether it accepts a new certificate by now."""
    box = queries.box_for(pk)
    told = _try(box, queries.certificate_for(box, certificate_pk))
    (messages.success if told.startswith("ISDS") else messages.warning)(request, told)
    return redirect("databox:certificates", pk=pk)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def remove(request: ActorRequest, pk: int, certificate_pk: int) -> HttpResponse:
    """Retire a certificate; its key is wiped."""
    row = queries.certificate_for(queries.box_for(pk), certificate_pk)
    try:
        operations.remove_certificate(actor=request.actor, certificate=row, at=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Certifikát je vyřazený a jeho klíč smazaný.")
    return redirect("databox:certificates", pk=pk)


def _add(request: ActorRequest, box: Box, form: CertificateForm) -> BoxCertificate | None:
    given = form.cleaned_data
    key = given["key_file"].read() if given["key_file"] else b""
    try:
        certificate = read_certificate(given["file"].read(), given["password"], key=key)
    except Misconfigured as error:
        form.add_error("file", why_unreadable(error))
        return None
    return attempt(
        form, operations.add_certificate, actor=request.actor, box=box, certificate=certificate, at=clock.now()
    )


def _try(box: Box, row: BoxCertificate) -> str:
    if upkeep.try_certificate(box, row):
        return "ISDS certifikát přijal, od teď se používá. Předchozí je vyřazený."
    row.refresh_from_db()
    reason = f" {row.problem}" if row.problem else " ISDS teď neodpovídá."
    return (
        f"Certifikát je uložený, ale přihlásit se jím zatím nešlo.{reason} Dál se používá dosavadní; nový se zkouší "
        "každou hodinu. Zkontrolujte, že je v portálu datových schránek zaregistrovaný."
    )


def _chip(row: BoxCertificate) -> Chip:
    now = clock.now()
    if row.state != CertificateState.RETIRED and row.valid_until < now:
        return Chip("skončil", "error")
    if row.state == CertificateState.IN_USE and row.valid_until < now + CERTIFICATE_WARNING:
        return Chip("brzy skončí", "warning", "Vyžádejte si nový a nahrajte ho vedle tohoto.")
    state = CertificateState(row.state)
    return Chip(state.label, _TONES[state], row.problem)
