"""Reads for destroying: what may be destroyed, and what was (NSESSS 7.2, 7.3.8)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from egon.kernel import clock
from egon.kernel.clock import PRAGUE
from egon.records.joined import group_of
from egon.records.models import (
    CaseFile,
    Destruction,
    DestructionItem,
    DestructionRun,
    Document,
    DoomedContent,
    Withdrawal,
)
from egon.records.plan_queries import holds_over
from egon.records.rules.destruction import REPORTED, DestructionFacts, Ground
from egon.records.rules.retention import DisposalMark
from egon.records.rules.states import GONE, DocumentState, FileState


def facts_of(entity: Document | CaseFile, run: DestructionRun) -> DestructionFacts:
    """Facts for the rules of destroying."""
    file = entity.case_file if isinstance(entity, Document) else entity
    held = holds_over(file).first() if file else None
    known = DestructionFacts(
        ground=Ground(run.ground),
        reference=run.reference,
        is_withdrawn=entity.state == DocumentState.WITHDRAWN,
        held=held.reason if held else None,
        present_year=clock.today().year,
    )
    if isinstance(entity, Document) or run.ground != Ground.CONSENT:
        return known
    return DestructionFacts(
        ground=known.ground,
        reference=known.reference,
        is_withdrawn=known.is_withdrawn,
        held=known.held,
        present_year=known.present_year,
        is_closed=entity.state == FileState.CLOSED,
        has_consent=entity.record_class.standing_consent,
        mark=entity.final_mark,
        disposal_year=entity.disposal_year,
        joined=[str(one) for one in group_of(entity)[1:] if not _is_ready(one, known.present_year)],
    )


def _is_ready(file: CaseFile, year: int) -> bool:
    if file.state in GONE:
        return True
    due = file.disposal_year is not None and file.disposal_year <= year
    return file.state == FileState.CLOSED and due and file.record_class.standing_consent


def under_consent(*, year: int, code: str = "", text: str = "") -> QuerySet[CaseFile]:
    """Closed files of classes under a standing consent whose year of disposal has come, by class and file mark."""
    marked = Q(resolved_mark=DisposalMark.SHRED.value) | Q(resolved_mark="", disposal_mark=DisposalMark.SHRED.value)
    found = CaseFile.objects.filter(
        marked, state=FileState.CLOSED.value, record_class__standing_consent=True, disposal_year__lte=year
    )
    if code:
        found = found.filter(class_code__startswith=code.strip())
    for word in text.split():
        found = found.filter(Q(subject__icontains=word) | Q(file_mark__icontains=word))
    return found.select_related("record_class", "unit").order_by("class_code", "pk")


def withdrawn_between(since: datetime | None, before: datetime) -> list[DestructionItem]:
    """Items for what was withdrawn in a period and is withdrawn still."""
    found = Withdrawal.objects.filter(restored_at__isnull=True, withdrawn_at__lt=before)
    if since is not None:
        found = found.filter(withdrawn_at__gte=since)
    state = DocumentState.WITHDRAWN.value
    still = found.filter(Q(document__state=state) | Q(file__state=state)).order_by("pk")
    return [DestructionItem(document_id=one.document_id, file_id=one.file_id) for one in still]


def runs() -> QuerySet[DestructionRun]:
    """Runs, the newest first."""
    return DestructionRun.objects.order_by("-started_at", "-pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDestructions:
    """Which destroyed records a list shows."""

    ground: str = ""
    text: str = ""
    by_subject: bool = True
    since: date | None = None
    until: date | None = None
    order: str = "-kdy"


def destroyed(wanted: WantedDestructions = WantedDestructions()) -> QuerySet[Destruction]:
    """Headers of what was destroyed; documents of a destroyed file are behind it, not beside it."""
    with_file = Destruction.objects.filter(file=OuterRef("document__case_file"))
    found = Destruction.objects.filter(~Exists(with_file)).select_related("document", "file", "run")
    if wanted.ground:
        found = found.filter(ground=wanted.ground)
    if wanted.since:
        found = found.filter(destroyed_at__gte=datetime.combine(wanted.since, time(), PRAGUE))
    if wanted.until:
        found = found.filter(destroyed_at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), PRAGUE))
    for word in wanted.text.split():
        number = Q(document__reference_number__icontains=word) | Q(file__file_mark__icontains=word)
        found = found.filter(number | Q(reference__icontains=word) | (_about(word) if wanted.by_subject else Q()))
    sign = "-" if wanted.order.startswith("-") else ""
    return found.order_by(f"{sign}destroyed_at", f"{sign}pk")


def _about(word: str) -> Q:
    """By what it was about; never of restricted files, whose subject would be guessed so."""
    left = Withdrawal.objects.filter(~Q(from_file__restricted_because=""), from_file__isnull=False)
    open_file = Q(document__case_file__isnull=True) | Q(document__case_file__restricted_because="")
    of_document = Q(document__subject__icontains=word) & open_file & ~Q(document__in=left.values("document"))
    return of_document | Q(file__subject__icontains=word, file__restricted_because="")


@dataclass(frozen=True, slots=True)
class Counted:
    """What one run destroyed in one class."""

    at: str
    appraiser: str
    reference: str
    ground: str
    class_code: str
    class_name: str
    files: int
    documents: int


def counted(since: date, until: date) -> list[Counted]:
    """Destroyed in a period on the grounds a) to d) of 7.2.1, by run and class, the oldest first (NSESSS 7.3.8)."""
    first = datetime.combine(since, time(), PRAGUE)
    after = datetime.combine(until + timedelta(days=1), time(), PRAGUE)
    found = Destruction.objects.filter(destroyed_at__gte=first, destroyed_at__lt=after, ground__in=REPORTED)
    by = ("run", "destroyed_by", "reference", "ground", "record_class__code", "record_class__name")
    rows = found.order_by().values_list(*by).annotate(Max("destroyed_at"), Count("file"), Count("document"))
    return [
        Counted(_written(at), who, reference, Ground(ground).label, code or "", name or "", files, documents)
        for _, who, reference, ground, code, name, at, files, documents in sorted(rows, key=lambda row: row[6])
    ]


def _written(moment: datetime) -> str:
    at = moment.astimezone(PRAGUE)
    return f"{at.day}. {at.month}. {at:%Y %H:%M:%S}"


def destruction_of(entity: Document | CaseFile) -> Destruction | None:
    """How and why it was destroyed."""
    found: Destruction | None = entity.destructions.first()
    return found


def doomed_contents() -> QuerySet[DoomedContent]:
    """Contents still to be removed from the storage."""
    return DoomedContent.objects.order_by("pk")
