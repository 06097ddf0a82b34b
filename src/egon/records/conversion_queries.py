"""Reads of changes of formats: what of a file is in no output format, and what became of it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from egon.kernel.actor import Actor, LimitKind
from egon.records import queries
from egon.records.models import CaseFile, ComponentVersion, Document, FormatConversion
from egon.records.rules.components import KEPT_AS_THEY_ARE, ComponentRole
from egon.records.rules.conversion import ConversionState, FormatFacts, needs_output_format
from egon.records.rules.states import GONE


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One component as a page shows it; ``document`` and ``name`` are empty where the reader may not see them."""

    facts: FormatFacts
    number: str
    name: str
    document: int | None
    format_name: str
    size: int
    message: str


def unconverted_in(file: CaseFile) -> list[FormatFacts]:
    """Newest versions in living documents of the file that are in no output format; one query."""
    columns = ("pk", "component__role", "format_id", "component__name", "conversions__state")
    return [
        FormatFacts(pk, format_id, name, ConversionState(state) if state else None)
        for pk, role, format_id, name, state in newest_in(file).values_list(*columns)
        if needs_output_format(ComponentRole(role), format_id)
    ]


def rows_of(reader: Actor, file: CaseFile) -> list[FormatRow]:
    """The same for a page, in the order of the file; what was converted comes along."""
    versions = list(newest_in(file).select_related("component__document"))
    documents = queries.visible_ids(reader, {one.component.document_id for one in versions})
    hidden = frozenset(map(int, reader.limits_on(LimitKind.COMPONENT, hiding=True)))
    wanted = [one for one in versions if needs_output_format(ComponentRole(one.component.role), one.format_id)]
    wanted.sort(key=lambda one: (one.component.document.order_in_file or 0, one.component.position))
    known = {one.version_id: one for one in FormatConversion.objects.filter(version__in=[one.pk for one in wanted])}
    return [_row(one, known.get(one.pk), documents, hidden) for one in wanted]


def done_in(file: CaseFile) -> int:
    """How many components of a file were converted."""
    done = FormatConversion.objects.filter(state=ConversionState.DONE.value)
    return done.filter(version__component__document__case_file=file).count()


def waiting_in(file_id: int) -> QuerySet[FormatConversion]:
    """Conversions of a file that wait, in the order in which they were asked for."""
    found = FormatConversion.objects.filter(state=ConversionState.WAITING.value)
    found = found.filter(version__component__document__case_file=file_id)
    return found.select_related("version__component__document__case_file", "asked_by").order_by("pk")


def newest_in(file: CaseFile) -> QuerySet[ComponentVersion]:
    """Newest versions of present components in living documents of a file that somebody may have to convert."""
    newer = ComponentVersion.objects.filter(component=OuterRef("component"), number__gt=OuterRef("number"))
    living = Document.objects.filter(case_file=file).exclude(state__in=GONE)
    found = ComponentVersion.objects.filter(
        ~Exists(newer), component__document__in=living, component__removed_at__isnull=True
    )
    return found.exclude(component__role__in=[role.value for role in KEPT_AS_THEY_ARE])


def _row(
    version: ComponentVersion, found: FormatConversion | None, documents: Collection[int], hidden: Collection[int]
) -> FormatRow:
    component = version.component
    seen = component.document_id in documents and component.pk not in hidden
    state = ConversionState(found.state) if found else None
    return FormatRow(
        facts=FormatFacts(version.pk, version.format_id, component.name, state),
        number=component.document.reference_number if component.document_id in documents else "",
        name=component.name if seen else "",
        document=component.document_id if seen else None,
        format_name=version.format_name or version.media_type,
        size=version.size,
        message=found.message if found and seen else "",
    )
