"""The transaction log for the auditor: who did what, when, with which entity (NSESSS 7.4)."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from egon.audit.models import LogRecord, LogSeal, LogSubject
from egon.audit.operation import title_of
from egon.kernel.actor import Actor, Role
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.records import queries as records
from egon.web.access import ActorRequest, requires_role
from egon.web.audit import labels
from egon.web.audit.forms import LogFilter
from egon.web.audit.history import entry_of
from egon.web.audit.paging import page_of

READERS = (Role.AUDITOR, Role.ADMINISTRATOR, Role.RECORDS_KEEPER)


@requires_role(*READERS)
def log_list(request: ActorRequest) -> HttpResponse:
    """``/protokol/``: records, newest first, narrowed by the filter."""
    form = LogFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = page_of(_narrowed(wanted).order_by("-recorded_at", "-pk"), request.GET.get("strana", ""))
    context = {"filter_form": form, "page": page, "entries": [(record, entry_of(record)) for record in page]}
    return render(request, "audit/list.html", context)


@requires_role(*READERS)
def log_record(request: ActorRequest, pk: int) -> HttpResponse:
    """``/protokol/<pk>/``: one record with everything it holds, and the seal that protects it."""
    record = LogRecord.objects.filter(pk=pk).first()
    if record is None:
        raise NotFound("Takový záznam v protokolu této organizace není.")
    context = {
        "record": record,
        "operation_title": title_of(record.operation),
        "parameters": [(labels.parameter_name(name), labels.readable(v)) for name, v in record.parameters.items()],
        "subjects": [
            {"type": labels.entity_name(kind), "id": number, "name": name, "url": _page_of(request.actor, kind, number)}
            for kind, number, name in record.subjects
        ],
        "related": LogRecord.objects.filter(request_id=record.request_id, recorded_at__range=_around(record))
        .exclude(pk=record.pk)
        .order_by("pk")[:20],
        "log_seal": LogSeal.objects.filter(record_ids__contains=[record.pk]).first(),
    }
    return render(request, "audit/record.html", context)


def _page_of(actor: Actor, kind: str, number: int) -> str:
    """The page of an entity, empty when it has none or this reader may not open it."""
    match kind.partition(".")[0], kind:
        case "registry", _:
            may_open = actor.has(Role.ADMINISTRATOR)
        case _, "records.document":
            may_open = bool(records.visible_ids(actor, [number]))
        case _, "records.casefile":
            may_open = records.files_visible_to(actor).filter(pk=number).exists()
        case _:
            may_open = True
    return labels.address_of(kind, number) if may_open else ""


def _narrowed(wanted: dict[str, Any]) -> QuerySet[LogRecord]:
    found = LogRecord.objects.all()
    if wanted.get("od"):
        found = found.filter(recorded_at__gte=datetime.combine(wanted["od"], time(), PRAGUE))
    if wanted.get("do"):
        found = found.filter(recorded_at__lt=datetime.combine(wanted["do"] + timedelta(days=1), time(), PRAGUE))
    if wanted.get("osoba"):
        found = found.filter(actor_name__icontains=wanted["osoba"])
    if wanted.get("operace"):
        found = found.filter(operation=wanted["operace"])
    if wanted.get("vysledek"):
        found = found.filter(outcome=wanted["vysledek"])
    if wanted.get("typ") or wanted.get("cislo"):
        about = Q(entity_type=wanted["typ"]) if wanted.get("typ") else Q()
        about &= Q(entity_id=wanted["cislo"]) if wanted.get("cislo") else Q()
        found = found.filter(pk__in=LogSubject.objects.filter(about).values("record_id"))
    return found


def _around(record: LogRecord) -> tuple[datetime, datetime]:
    """A request does not last longer; the index is by time."""
    return record.recorded_at - timedelta(minutes=5), record.recorded_at + timedelta(minutes=5)
