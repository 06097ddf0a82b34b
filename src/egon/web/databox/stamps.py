"""Archive time stamps: which boxes renew them, how far they are, and what ISDS will not stamp."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from egon import storage
from egon.databox import operations, permissions, queries
from egon.databox.models import ArchiveStamp, DataMessage
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import NotFound
from egon.web import formatting
from egon.web.access import ActorRequest, requires_role, signed_in
from egon.web.databox.tabs import tabs_for

PAGE_SIZE = 50


@requires_role(Role.MAILROOM, Role.ADMINISTRATOR)
@require_safe
def stamps(request: ActorRequest) -> HttpResponse:
    """The boxes with what is stamped, and the documents that ISDS will not stamp with the reason."""
    refused = Paginator(queries.unstampable().select_related("box"), PAGE_SIZE).get_page(request.GET.get("strana"))
    context = {
        "boxes": queries.stamps_overview(),
        "most": queries.MOST_STAMPS_COUNTED,
        "page": refused,
        "may_edit": bool(permissions.may_administer_boxes(request.actor)),
        "tabs": tabs_for(request.actor, "stamps"),
    }
    return render(request, "databox/stamps.html", context)


@requires_role(Role.ADMINISTRATOR)
@require_POST
def switch(request: ActorRequest, pk: int) -> HttpResponse:
    """Renew stamps of one box, or not."""
    box = operations.switch_stamps(actor=request.actor, box=queries.box_for(pk), on=request.POST.get("on") == "1")
    told = "se budou každou noc prodlužovat" if box.keeps_stamped else "se už prodlužovat nebudou; dosavadní zůstávají"
    messages.success(request, f"Archivní razítka zpráv schránky {box} {told}.")
    return redirect("databox:stamps")


@requires_role(Role.ADMINISTRATOR)
@require_POST
def again(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask once more for a stamp that was refused."""
    message = queries.unstampable().filter(pk=pk).first()
    if message is None:
        raise NotFound("Tahle zpráva na nové razítko nečeká.")
    operations.stamp_again(actor=request.actor, message=message, at=clock.now())
    messages.success(request, f"O razítko zprávy {message.dm_id} se příští noc požádá znovu.")
    return redirect("databox:stamps")


@signed_in
@require_safe
def version(request: ActorRequest, pk: int) -> HttpResponse:
    """A stamped version of a message, byte for byte."""
    stamp = ArchiveStamp.objects.filter(pk=pk).select_related("message").first()
    if stamp is None or not queries.may_see_message(request.actor, stamp.message):
        raise NotFound("Taková verze zprávy tu není, nebo k ní nemáte přístup.")
    queries.require_content(request.actor, stamp.message)
    queries.require_content(request.actor, stamp.message)
    name = f"{stamp.message.direction}_{stamp.message.dm_id}_{stamp.stamped_at:%Y-%m-%d}.zfo"
    response = FileResponse(
        storage.open_blob(stamp.digest), as_attachment=True, content_type="application/octet-stream", filename=name
    )
    response.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, response)


def facts_of(message: DataMessage) -> list[dict[str, Any]]:
    """The stamps of a message for its page, the newest first."""
    return [
        {
            "label": formatting.write_datetime(stamp.stamped_at),
            "value": f"ZFO s razítkem ({formatting.write_file_size(stamp.size)})",
            "url": reverse("databox:stamped", args=[stamp.pk]),
        }
        for stamp in message.stamps.order_by("-pk")
    ]


def outlook_of(message: DataMessage) -> str:
    """Until when the seal is kept verifiable, and what stands in the way."""
    if message.stamp_problem and message.stamp_due_at is None:
        return f"Další razítko nelze přidat: {message.stamp_problem}"
    if message.next_stamp_to:
        return f"Další razítko je třeba přidat do {formatting.write_date(message.next_stamp_to)}; přidá se samo."
    if message.box is None or not message.zfo_digest:
        return ""
    if not message.box.keeps_stamped:
        return "Prodlužování razítek je u této schránky vypnuté."
    return "První archivní razítko se přidá v noci, nejdříve den po stažení zprávy."
