"""Reads of circulation: who has a document, how far a distribution is, what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from egon.circulation.inbox import (
    MOST_OF_ONE_KIND,
    SHOWN_OF_ITS_DOCUMENT,
    InboxItem,
    Shown,
    Step,
    count_waiting,
    inbox_of,
    urgency,
    waiting_handovers,
    waiting_steps,
)
from egon.circulation.models import Approval, Distribution, Handover
from egon.circulation.permissions import LEADING
from egon.circulation.rules import (
    PROGRESS_NAMES,
    ApprovalState,
    HandoverState,
    Purpose,
    UnitProgress,
    days_late,
    progress_of,
)
from egon.kernel.actor import Actor, Role
from egon.kernel.errors import NotFound
from egon.records import queries as records
from egon.records.models import CaseFile, Document
from egon.registry import queries as registry
from egon.registry.models import Person, Unit

__all__ = [
    "MOST_OF_ONE_KIND",
    "SHOWN_OF_ITS_DOCUMENT",
    "InboxItem",
    "Shown",
    "Step",
    "count_waiting",
    "inbox_of",
    "urgency",
    "waiting_handovers",
    "waiting_steps",
]


@dataclass(frozen=True)
class Whereabouts:
    """Who has a document and since when; ``waiting`` is a hand-over nobody has accepted yet."""

    unit: Unit | None
    person: Person | None
    since: datetime
    waiting: Handover | None


@dataclass(frozen=True)
class UnitRow:
    """How far one unit is with a distributed document."""

    handover: Handover
    progress: UnitProgress
    since: datetime
    who: tuple[Person, ...]
    days_late: int

    @property
    def label(self) -> str:
        """The progress in Czech."""
        return PROGRESS_NAMES[self.progress]


def who_has(document: Document) -> Whereabouts:
    """Who has the document now (NSESSS 2.7.6: every hand-over with place, person and time)."""
    return whereabouts(document, list(_handovers(document).filter(purpose=Purpose.PROCESSING)))


def whereabouts(document: Document, handovers: Sequence[Handover]) -> Whereabouts:
    """The same from hand-overs for processing already read, oldest first."""
    last = handovers[-1] if handovers else None
    waiting = last if last and last.state == HandoverState.WAITING else None
    since = (last.decided_at or last.created_at) if last else document.registered_at
    return Whereabouts(document.unit, document.holder, since, waiting)


def handovers_of(document: Document) -> QuerySet[Handover]:
    """Every hand-over of a document, oldest first."""
    return _handovers(document)


def handovers_of_file(file: CaseFile) -> QuerySet[Handover]:
    """Every hand-over of a whole file, oldest first (NSESSS 2.7.5)."""
    return _with_people(Handover.objects.filter(file=file)).order_by("created_at", "pk")


def approvals_of(document: Document) -> QuerySet[Approval]:
    """Every round of approval, oldest first."""
    rows = Approval.objects.filter(document=document).order_by("round")
    return rows.select_related("requested_by", "approver", "decided_by")


def approvers() -> QuerySet[Person]:
    """Who may be asked to approve: everyone who leads a unit. The head of the document's own unit: head_of."""
    leads = Q(positions__is_head=True) | Q(pk__in=registry.people_with(Role.HEAD).values("pk"))
    return registry.people().filter(leads).distinct()


def usual_approver(document: Document) -> Person | None:
    """The head of the unit that has the document."""
    return registry.head_of(document.unit) if document.unit else None


def waiting_approval(document: Document) -> Approval | None:
    """The approval that waits for a decision, if any."""
    return approvals_of(document).filter(state=ApprovalState.WAITING).first()


def handover_for(actor: Actor, pk: int) -> Handover:
    """A hand-over whose document or file the actor may see, or which waits for them. Raises NotFound."""
    handover = _with_people(Handover.objects.filter(pk=pk)).first()
    if handover is None:
        raise NotFound("Toto předání neexistuje.")
    if waiting_handovers(actor).filter(pk=pk).exists():
        return handover
    if handover.document_id is not None:
        records.document_for(actor, handover.document_id)
    else:
        records.file_for(actor, handover.file_id or 0)
    return handover


def approval_for(actor: Actor, pk: int) -> Approval:
    """An approval of a document the actor may see or has to decide on. Raises NotFound."""
    approval = Approval.objects.filter(pk=pk).select_related("document", "requested_by", "approver").first()
    if approval is None:
        raise NotFound("Toto schválení neexistuje.")
    if not actor.is_one_of([approval.approver_id]):
        records.document_for(actor, approval.document_id)
    return approval


def distributions_visible_to(actor: Actor) -> QuerySet[Distribution]:
    """Distributions the actor made, or those of the secretariat they work in; newest first."""
    secretariat = actor.units_with(Role.SECRETARIAT, Role.HEAD)
    rows = Distribution.objects.filter(Q(created_by__in=actor.person_ids) | Q(document__unit__in=secretariat))
    if actor.has(Role.AUDITOR, Role.RECORDS_KEEPER):
        rows = Distribution.objects.all()
    return rows.select_related("document", "created_by").order_by("-created_at")


def distribution_for(actor: Actor, pk: int) -> Distribution:
    """One of the distributions visible to the actor. Raises NotFound."""
    distribution = distributions_visible_to(actor).filter(pk=pk).first()
    if distribution is None:
        raise NotFound("Tento oběžník neexistuje, nebo k němu nemáte přístup.")
    return distribution


def progress_in_units(distribution: Distribution, *, on: date) -> list[UnitRow]:
    """Per unit: who has the document, since when, who is late. The latest first, of equally late who did least."""
    children = _with_people(Handover.objects.order_by("created_at"))
    rows = _with_people(distribution.handovers.all()).prefetch_related(Prefetch("passed_on", queryset=children))
    found = [_unit_row(handover, on) for handover in rows]
    order = list(UnitProgress)
    return sorted(found, key=lambda row: (-row.days_late, order.index(row.progress), str(row.handover.to_unit)))


def progress_of_many(distributions: Sequence[Distribution], *, on: date) -> dict[int, dict[str, int]]:
    """For a list: how many units of each distribution have it, are done and are late; two queries for all of them."""
    rows = Handover.objects.filter(distribution__in=distributions).prefetch_related("passed_on")
    found = {one.pk: {"units": 0, "done": 0, "waiting": 0, "late": 0} for one in distributions}
    for handover in rows:
        counts = found[handover.distribution_id or 0]
        progress = progress_of(
            HandoverState(handover.state), [HandoverState(child.state) for child in handover.passed_on.all()]
        )
        is_done = progress is UnitProgress.DONE
        counts["units"] += 1
        counts["done"] += is_done
        counts["waiting"] += progress is UnitProgress.WAITING
        counts["late"] += not is_done and days_late(handover.deadline, on=on) > 0
    return found


def people_waited_for(rows: Iterable[UnitRow]) -> int:
    """How many units are not done yet."""
    return sum(row.progress is not UnitProgress.DONE for row in rows)


def _unit_row(handover: Handover, on: date) -> UnitRow:
    passed = list(handover.passed_on.all())
    progress = progress_of(HandoverState(handover.state), [HandoverState(child.state) for child in passed])
    waiting = [child for child in passed if child.state == HandoverState.WAITING]
    have = [child.to_person for child in (waiting or passed)] or [handover.decided_by]
    last_change = max(
        [handover.decided_at or handover.created_at, *(child.decided_at or child.created_at for child in passed)]
    )
    late = 0 if progress is UnitProgress.DONE else days_late(handover.deadline, on=on)
    return UnitRow(handover, progress, last_change, tuple(person for person in have if person), late)


def _handovers(document: Document) -> QuerySet[Handover]:
    return _with_people(Handover.objects.filter(document=document)).order_by("created_at", "pk")


def _with_people(rows: QuerySet[Handover]) -> QuerySet[Handover]:
    return rows.select_related("document", "file", "from_person", "from_unit", "to_person", "to_unit", "decided_by")


def led_units(actor: Actor) -> QuerySet[Unit]:
    """Units on whose behalf the actor takes over."""
    if any(grant.role in LEADING and grant.unit_id is None for grant in actor.grants):
        return Unit.objects.all()
    return Unit.objects.filter(pk__in=actor.units_with(*LEADING))
