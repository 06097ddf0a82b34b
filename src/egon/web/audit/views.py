"""The transaction log for the auditor: who did what, when, with which entity (NSESSS 7.4)."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from egon.audit import queries as log
from egon.audit.models import LogRecord, LogSeal
from egon.audit.operation import title_of
from egon.audit.queries import LogCriteria
from egon.gateways.pdfa import Section, Sheet
from egon.kernel.actor import Actor, Role
from egon.kernel.clock import today
from egon.kernel.errors import NotFound
from egon.records import queries as records
from egon.records import typed_queries
from egon.registry.models import ROLE_NAMES
from egon.web.access import ActorRequest, requires_role
from egon.web.audit import labels
from egon.web.audit.forms import LogFilter
from egon.web.audit.history import entry_of
from egon.web.audit.paging import page_of
from egon.web.formatting import write_date, write_datetime
from egon.web.records.sheets import organisation_of
from egon.web.records.views.printing import sheet_answer
from egon.web.tables import table_answer

READERS = (Role.AUDITOR, Role.ADMINISTRATOR, Role.RECORDS_KEEPER)


MOST_EXPORTED: Final = 10_000
MOST_PRINTED: Final = 3_000
_COLUMNS: Final = ("Záznam", "Čas", "Operace", "Výsledek", "Kdo", "V roli", "Čeho se týká", "Údaje", "Zpráva", "Adresa")
_WIDTHS: Final = (3, 5, 8, 4, 6, 5, 9, 16, 8, 4)


@requires_role(*READERS)
@require_safe
def log_list(request: ActorRequest) -> HttpResponse:
    """``/protokol/``: records narrowed by the filter, newest first or oldest first; ``soubor`` asks for a file."""
    form = LogFilter(request.GET or None)
    wanted = form.criteria() if form.is_valid() else LogCriteria()
    oldest_first = request.GET.get("razeni") == "cas"
    found = log.find(wanted).order_by(*(("recorded_at", "pk") if oldest_first else ("-recorded_at", "-pk")))
    if request.GET.get("soubor") in ("csv", "xlsx", "pdf") and not form.errors:
        return _file(request, found, form.told() if form.is_bound else [])
    page = page_of(found, request.GET.get("strana", ""))
    kept = {key: value for key, value in request.GET.items() if value and key not in ("strana", "soubor")}
    context = {
        "filter_form": form,
        "page": page,
        "entries": [(record, entry_of(record), _roles(record)) for record in page],
        "files": [
            (name, f"?{urlencode({**kept, 'soubor': name.lower()})}", most)
            for name, most in (("CSV", MOST_EXPORTED), ("XLSX", MOST_EXPORTED), ("PDF", MOST_PRINTED))
        ],
    }
    return render(request, "audit/list.html", context)


def _file(request: ActorRequest, found: QuerySet[LogRecord], told: list[tuple[str, str]]) -> HttpResponse:
    """The records as a table; a longer one is cut and says so on its last line."""
    form = request.GET["soubor"]
    most = MOST_PRINTED if form == "pdf" else MOST_EXPORTED
    records = list(found[: most + 1])
    rows = [_cells(record) for record in records[:most]]
    if len(records) > most:
        left = f"Je toho víc; soubor má nejvýše {most} záznamů. Zužte výběr."
        rows.append(["", "", left, *[""] * (len(_COLUMNS) - 3)])
    if form == "pdf":
        sheet = Sheet(
            organisation=organisation_of(request.actor),
            title="Záznamy transakčního protokolu",
            date=today(),
            facts=[*told, ("Ke dni", write_date(today())), ("Vytiskl(a)", request.actor.name)],
            sections=[
                Section(columns=list(zip(_COLUMNS, _WIDTHS, strict=True)), rows=rows, empty="Žádný záznam nevyhovuje.")
            ],
            landscape=True,
        )
        return sheet_answer(sheet, "protokol")
    return table_answer(_COLUMNS, rows, name="protokol", form=form)


def _cells(record: LogRecord) -> list[str]:
    told = record.parameters.items()
    facts = (f"{labels.parameter_name(name)}: {labels.readable(value, name)}" for name, value in told)
    return [
        str(record.pk),
        write_datetime(record.recorded_at),
        title_of(record.operation),
        record.get_outcome_display(),
        record.actor_name,
        _roles(record),
        ", ".join(f"{labels.entity_name(kind)} {name}" for kind, _, name in record.subjects),
        "; ".join(facts),
        record.message,
        record.ip,
    ]


def _roles(record: LogRecord) -> str:
    return ", ".join(ROLE_NAMES[Role(role)] for role in record.roles.strip(",").split(",") if role)


@requires_role(*READERS)
def log_record(request: ActorRequest, pk: int) -> HttpResponse:
    """``/protokol/<pk>/``: one record with everything it holds, and the seal that protects it."""
    record = LogRecord.objects.filter(pk=pk).first()
    if record is None:
        raise NotFound("Takový záznam v protokolu této organizace není.")
    context = {
        "record": record,
        "operation_title": title_of(record.operation),
        "roles": _roles(record),
        "parameters": [
            (labels.parameter_name(name), labels.readable(value, name)) for name, value in record.parameters.items()
        ],
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
            may_open = records.files_among(actor, [number]).exists()
        case _, "records.typedfile":
            may_open = typed_queries.typed_files_visible_to(actor).filter(pk=number).exists()
        case _, "records.typedsection":
            may_open = typed_queries.typed_files_visible_to(actor).filter(sections=number).exists()
        case _:
            may_open = True
    return labels.address_of(kind, number) if may_open else ""


def _around(record: LogRecord) -> tuple[datetime, datetime]:
    """A request does not last longer; the index is by time."""
    return record.recorded_at - timedelta(minutes=5), record.recorded_at + timedelta(minutes=5)
