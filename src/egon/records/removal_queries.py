"""Reads of what was withdrawn (NSESSS 7.2.13, 7.3.7)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from egon.kernel.clock import PRAGUE
from egon.records.models import CaseFile, Document, Withdrawal
from egon.records.rules.labels import Labelled
from egon.records.rules.states import DocumentState


class Fate(Labelled):
    """What became of something withdrawn."""

    WITHDRAWN = "withdrawn", "znepřístupněné"
    RESTORED = "restored", "zpřístupněné"
    DESTROYED = "destroyed", "zničené"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedWithdrawals:
    """Which withdrawals a list shows."""

    fate: str = ""
    text: str = ""
    by_subject: bool = True  # also by what it is about; never of restricted files, whose subject would be guessed so
    since: date | None = None
    until: date | None = None
    order: str = "-kdy"


_SORTS = {"kdy": "withdrawn_at", "kdo": "withdrawn_by"}


# The file is joined anyway; without one the condition is not true.
_OF_RESTRICTED = (Q(file__isnull=False) & ~Q(file__restricted_because="")) | (
    Q(from_file__isnull=False) & ~Q(from_file__restricted_because="")
)


def is_of_restricted(withdrawal: Withdrawal) -> bool:
    """Whether it was withdrawn from a restricted file, or is one; both are read with the list."""
    return any(file is not None and file.is_restricted() for file in (withdrawal.file, withdrawal.from_file))


def withdrawals(wanted: WantedWithdrawals = WantedWithdrawals()) -> QuerySet[Withdrawal]:
    """Withdrawals, the newest first unless sorted otherwise, with what was withdrawn."""
    found = Withdrawal.objects.select_related("document", "file", "from_file").filter(_within(wanted))
    destroyed = Q(document__state=DocumentState.DESTROYED.value) | Q(file__state=DocumentState.DESTROYED.value)
    match wanted.fate:
        case Fate.WITHDRAWN:
            found = found.filter(~destroyed, restored_at__isnull=True)
        case Fate.RESTORED:
            found = found.filter(restored_at__isnull=False)
        case Fate.DESTROYED:
            found = found.filter(destroyed, restored_at__isnull=True)
    for word in wanted.text.split():
        found = found.filter(_says(word, told=wanted.by_subject))
    column = _SORTS.get(wanted.order.lstrip("-"), "withdrawn_at")
    sign = "-" if wanted.order.startswith("-") else ""
    return found.order_by(f"{sign}{column}", f"{sign}pk")


def fate_of(withdrawal: Withdrawal) -> Fate:
    """What became of it."""
    if withdrawal.restored_at is not None:
        return Fate.RESTORED
    entity = withdrawal.document or withdrawal.file
    return Fate.DESTROYED if entity and entity.state == DocumentState.DESTROYED else Fate.WITHDRAWN


def held_by(entity: Document | CaseFile) -> Withdrawal | None:
    """The withdrawal that holds now, if it is withdrawn."""
    found: Withdrawal | None = entity.withdrawals.filter(restored_at__isnull=True).first()
    return found


def by_number(number: str) -> Document | CaseFile | None:
    """A document or a file by its identifier, reference number or file mark, written exactly."""
    number = number.strip()
    document = Document.objects.filter(Q(identifier=number) | Q(reference_number=number)).first()
    return document or CaseFile.objects.filter(Q(identifier=number) | Q(file_mark=number)).first()


def _within(wanted: WantedWithdrawals) -> Q:
    found = Q()
    if wanted.since:
        found &= Q(withdrawn_at__gte=datetime.combine(wanted.since, time(), PRAGUE))
    if wanted.until:
        found &= Q(withdrawn_at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), PRAGUE))
    return found


def _says(word: str, told: bool) -> Q:
    number = Q(document__reference_number__icontains=word) | Q(file__file_mark__icontains=word)
    found = number | Q(withdrawn_by__icontains=word)
    if not told:
        return found
    subject = Q(document__subject__icontains=word) | Q(file__subject__icontains=word) | Q(reason__icontains=word)
    return found | (subject & ~_OF_RESTRICTED)
