"""Own documents: a new one, a reply, their text with the PDF beside it, their addressee."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from egon import storage
from egon.records import operations, permissions, queries
from egon.records.models import Document
from egon.records.operations import NewAddressee, NewFile
from egon.records.rules.components import ComponentForm, ComponentRole
from egon.records.rules.states import Direction
from egon.web.access import ActorRequest, signed_in
from egon.web.forms import attempt
from egon.web.records.forms import LARGEST_FILE, AddresseeForm, AnnexForm, NewDocumentForm, ReplyForm, TextForm
from egon.web.records.previews import attachment_of
from egon.web.records.views.document import form_page


@signed_in
@require_http_methods(["GET", "POST"])
def new_document(request: ActorRequest) -> HttpResponse:
    """A new outgoing or internal document, written or uploaded."""
    form = NewDocumentForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid() and (document := _create(request, form)):
        messages.success(request, f"Dokument {document} je založený.")
        return redirect("records:document", document.pk)
    crumbs = [{"label": "Dokumenty", "url": reverse("records:documents")}, {"label": "Nový dokument"}]
    context = {
        "form": form,
        "back": reverse("records:documents"),
        "crumbs": crumbs,
    }
    return render(request, "records/new_document.html", context)


def _create(request: ActorRequest, form: NewDocumentForm) -> Document | None:
    data = form.cleaned_data
    files: list[NewFile] = []
    for uploaded in data["uploads"] or []:
        blob = attempt(form, storage.put, content=uploaded, limit=LARGEST_FILE)
        if blob is None:
            return None
        is_main = not files and not data["body"].strip()
        role = ComponentRole.MAIN if is_main else ComponentRole.ATTACHMENT
        media_type = uploaded.content_type or "application/octet-stream"
        files.append(NewFile(uploaded.name or "", media_type, blob, role.value, form=ComponentForm.OWN.value))
    direction = Direction(data["direction"])
    addressees = [NewAddressee.of(form.party)] if form.party and direction is Direction.OUTGOING else []
    return attempt(
        form,
        operations.create_document,
        actor=request.actor,
        direction=direction,
        subject=data["subject"],
        kind=data["kind"],
        addressees=addressees,
        files=files,
        text=data["body"],
        deadline=data["deadline"],
        own=form.own(),
        paper=form.paper(),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def reply(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose a template; the reply is drafted and opened for writing."""
    document = queries.document_for(request.actor, pk)
    first = queries.templates().first()
    form = ReplyForm(request.POST or None, initial={"template": first.pk if first else None})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            operations.draft_reply,
            actor=request.actor,
            to=document,
            template=form.cleaned_data["template"],
            subject=form.cleaned_data["subject"],
        )
        if made:
            messages.success(request, f"Odpověď {made} je založená. Doplňte její text.")
            return redirect("records:write_text", made.pk)
    lead = f"Odpověď na {document} bude adresovaná odesílateli: {document.sender or 'není znám'}."
    return render(request, "records/form_page.html", form_page(document, "Odpověď", form, "Psát odpověď", lead))


@signed_in
@require_http_methods(["GET", "POST"])
def write_text(request: ActorRequest, pk: int) -> HttpResponse:
    """The text on the left, the PDF made from it on the right."""
    document = queries.document_for(request.actor, pk)
    written = queries.written_component(document)
    body = queries.text_of(written) if written else ""
    form = TextForm(request.POST or None, initial={"subject": document.subject, "body": body})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            operations.edit_draft,
            actor=request.actor,
            document=document,
            text=data["body"],
            subject=data["subject"],
            replaces=body,
        )
        if done:
            messages.success(request, "Text je uložený a PDF obnovené.")
            return redirect("records:document" if "hotovo" in request.POST else "records:write_text", pk)
    components = queries.components_of(document, reader=request.actor)
    pdf = next((view.latest for view in components if written and view.component.pk == written.pk), None)
    context = form_page(document, "Text dokumentu", form, "Uložit a zobrazit")
    context |= {
        "attachment": attachment_of(pdf) if pdf else None,
        "annexes": [view for view in components if view.component.role == ComponentRole.ATTACHMENT],
        "addressees": list(document.addressees.all()),
        "annex_form": AnnexForm(),
        "editable": bool(permissions.may_edit(request.actor, document)),
    }
    return render(request, "records/text.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def change_addressee(request: ActorRequest, pk: int) -> HttpResponse:
    """Whom an outgoing draft goes to."""
    document = queries.document_for(request.actor, pk)
    present = document.addressees.first()
    initial = {"name": present.name, "address": present.address, "databox_id": present.databox_id} if present else {}
    form = AddresseeForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        written = NewAddressee(data["name"], data["address"], data["databox_id"])
        chosen = NewAddressee.of(form.party) if form.party else written
        if attempt(form, operations.set_addressees, actor=request.actor, document=document, addressees=[chosen]):
            messages.success(request, f"Adresátem je {chosen.name}.")
            return redirect("records:document", pk)
    return render(request, "records/form_page.html", form_page(document, "Adresát", form, "Uložit adresáta"))
