"""Converting components of a file in the background: one file a step, each in processes with limits of their own."""

from datetime import datetime

from egon import storage
from egon.gateways.conversion import LARGEST_CONTENT, Converted, NotConverted, convert, way_for
from egon.gateways.pdfa import Sheet, render_sheet
from egon.jobs.job import defer
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import GatewayError, Retryable
from egon.records import conversion_queries, events, jobs, operations
from egon.records.models import ComponentVersion, FormatConversion
from egon.records.operations import NewFile
from egon.records.rules.components import ComponentForm, ComponentRole
from egon.records.rules.conversion import name_as
from egon.records.rules.states import Direction
from egon.storage import BlobRef
from egon.tenancy.models import Tenant
from egon.tenancy.scope import current_tenant_id

HASH = "SHA-256"


def ask(event: events.ConversionAsked) -> None:
    """Have the job convert once this transaction commits."""
    defer(jobs.convert_formats, file_id=event.file_id, only_one=f"records.conversions:{event.file_id}")


def work(file_id: int) -> None:
    """Convert what waits in a file, until nothing does or somebody stops it; what is done stays done."""
    while (conversion := conversion_queries.waiting_in(file_id).first()) is not None:
        _step(conversion)


def give_up(file_id: int, error: Exception) -> None:
    """A defect ended the job: the component it ended on says so, the others go on."""
    conversion = conversion_queries.waiting_in(file_id).first()
    if conversion is None:
        return
    reason = f"Převod skončil chybou programu ({type(error).__name__}). Zkuste to znovu, nebo ji oznamte správci."
    _fail(conversion, reason)
    if conversion_queries.waiting_in(file_id).exists():
        ask(events.ConversionAsked(file_id))


def _step(conversion: FormatConversion) -> None:
    """Raises only what may succeed later (a storage out of reach)."""
    try:
        made = _converted(conversion.version)
    except Retryable:
        raise
    except GatewayError as refusal:
        _fail(conversion, refusal.message)
    else:
        _store(conversion, made)


def _converted(version: ComponentVersion) -> Converted:
    name = version.component.name
    way = way_for(version.format_id, name)
    if way is None:
        raise NotConverted("Tento formát se nepřevádí.")
    if version.size > LARGEST_CONTENT:
        raise NotConverted(f"Soubor je větší než {LARGEST_CONTENT // 1024**2} MB, tak velké se nepřevádějí.")
    return convert(storage.read(version.digest), way, title=name)


def _store(conversion: FormatConversion, made: Converted) -> None:
    at = clock.now()
    version = conversion.version
    document = version.component.document
    blob = storage.put(made.content)
    output = NewFile(version.component.name, made.media_type, blob, form=ComponentForm.OUTPUT.value)
    clause = _clause(conversion, made, blob, at) if document.direction == Direction.RECEIVED else None
    operations.store_conversion(
        actor=Actor.system(current_tenant_id()),
        document=document,
        conversion=conversion,
        output=output,
        tool=made.tool,
        clause=clause,
        at=at,
    )


def _fail(conversion: FormatConversion, reason: str) -> None:
    operations.fail_conversion(
        actor=Actor.system(current_tenant_id()),
        document=conversion.version.component.document,
        conversion=conversion,
        reason=reason,
    )


def _clause(conversion: FormatConversion, made: Converted, blob: BlobRef, at: datetime) -> NewFile:
    """The clause on the change of format (doložka, vyhláška 259/2012 § 24 odst. 3), with the hash (NSESSS 2.5.2)."""
    version = conversion.version
    document, day = version.component.document, at.astimezone(PRAGUE).date()
    organisation = Tenant.objects.get(pk=current_tenant_id()).name
    sheet = Sheet(
        organisation=organisation,
        title="Doložka o změně datového formátu",
        subtitle=version.component.name,
        date=day,
        code=document.identifier,
        facts=[
            ("Změnu formátu provedl původce", organisation),
            ("Dokument", f"{document.reference_number}, {document.identifier}"),
            ("Komponenta", f"{version.component.name} ({version.component.identifier})"),
            ("Původní datový formát", f"{version.format_name or version.media_type} {version.format_id}".strip()),
            ("Otisk původní verze", f"{HASH}: {version.digest}"),
            ("Výstup změny", name_as(version.component.name, made.media_type, is_output=True)),
            ("Otisk výstupní verze", f"{HASH}: {blob.digest}"),
            ("Datum vyhotovení doložky", f"{day.day}. {day.month}. {day.year}"),
            ("Změnu formátu provedl(a)", _who(conversion)),
        ],
    )
    name = f"Doložka o změně datového formátu, {version.component.name}.pdf"
    stored = storage.put(render_sheet(sheet))
    role, form = ComponentRole.OTHER.value, ComponentForm.OWN.value
    return NewFile(name, "application/pdf", stored, role, form=form)


def _who(conversion: FormatConversion) -> str:
    return conversion.asked_by.name if conversion.asked_by else "automatizovaně systémem spisové služby"
