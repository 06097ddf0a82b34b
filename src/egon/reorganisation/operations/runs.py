"""Planning a reorganisation, starting it on its day, and doing it in the background."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.jobs.runs.kind import RunKind, Step
from egon.jobs.runs.states import RunState
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.registry import operations as registry
from egon.registry.models import Position, Unit
from egon.registry.permissions import may_administer
from egon.reorganisation import queries, rules
from egon.reorganisation.errors import NotHeld, NotStartable
from egon.reorganisation.links import LINKS
from egon.reorganisation.models import Reorganisation, ReorganisationItem
from egon.reorganisation.operations.moving import move_entity
from egon.reorganisation.rules import Kind

REORGANISING = RunKind(
    "reorganisation.run",
    Reorganisation,
    ReorganisationItem,
    of="reorganizace",
    requires=may_administer,
    batch=20,
)
stop_reorganisation, resume_reorganisation = REORGANISING.stop, REORGANISING.resume


@operation("reorganisation.start", title="Reorganizace", requires=may_administer)
def start_reorganisation(
    *,
    actor: Actor,
    unit: Unit,
    successor: Unit,
    kind: Kind,
    positions: Collection[Position] = (),
    on: date,
    reason: str,
    at: datetime,
) -> Reorganisation:
    """Let what a unit holds pass to another one from a day on; a day to come is waited for.

    Raises :class:`NotStartable` with every obstacle.
    """
    _lock(unit, successor)
    run = Reorganisation(
        unit=unit,
        successor=successor,
        kind=kind.value,
        positions=sorted(one.pk for one in positions) if kind is Kind.SPLIT else [],
        on=on,
        reason=reason.strip()[:250],
        planned_at=at,
        planned_by=actor.name[:200],
    )
    today = at.astimezone(PRAGUE).date()
    if found := obstacles_to(run, today=today):
        raise NotStartable(found)
    REORGANISING.create(run, [])
    if on <= today:
        _begin(run, actor, at)
    return run


@operation("reorganisation.begin", title="Zahájení plánované reorganizace", requires=only_system)
def begin_reorganisation(*, actor: Actor, run: Reorganisation, at: datetime) -> Reorganisation:
    """Start a planned one whose day has come; what hinders it now is written down for the administrator."""
    _lock(run.unit, run.successor)
    REORGANISING.lock(run)
    today = at.astimezone(PRAGUE).date()
    if not run.is_planned or run.on > today:
        return run
    found = obstacles_to(run, today=today)
    run.problem = " ".join(["Reorganizace se v den účinnosti nespustila.", *found]) if found else ""
    run.save(update_fields=["problem"])
    if not found:
        _begin(run, actor, at)
    return run


@operation("reorganisation.cancel", title="Zrušení plánované reorganizace", requires=may_administer)
def cancel_reorganisation(*, actor: Actor, run: Reorganisation) -> Reorganisation:
    """Give up one that has not begun. Raises ``RunInOtherState``."""
    return REORGANISING.change(run, RunState.DROPPED)


@REORGANISING.takes
def pass_one(step: Step[Reorganisation], item: ReorganisationItem) -> None:
    """One thing; its own history tells of it."""
    run = step.run
    entity = LINKS[item.kind].model._default_manager.filter(pk=item.entity_id).first()
    if entity is None:
        raise NotHeld
    move_entity(actor=step.actor, kind=item.kind, entity=entity, former=run.unit, unit=run.successor, reason=run.reason)


@REORGANISING.concludes
def take_latecomers(run: Reorganisation) -> None:
    """What came to the unit while the run was under way passes, too; the run then goes on with it."""
    with transaction.atomic():
        REORGANISING.lock(run)
        if run.is_running and (late := queries.passing(run)):
            ReorganisationItem.objects.bulk_create(late, batch_size=2000)
            run.total += len(late)
            run.save(update_fields=["total"])


def obstacles_to(run: Reorganisation, *, today: date) -> list[str]:
    """Everything that speaks against a reorganisation, in Czech."""
    other = queries.under_way(run.unit, run.successor)
    return rules.obstacles(
        rules.Facts(
            kind=Kind(run.kind),
            on=run.on,
            today=today,
            reason=run.reason,
            same_unit=run.unit == run.successor,
            begins=run.unit.valid_from,
            has_successor=run.unit.successor_id is not None,
            holds_records=queries.holds_records(run),
            successor_is_node=run.successor.is_records_node,
            successor_begins=run.successor.valid_from,
            successor_ends=run.successor.valid_to,
            positions=queries.positions_of(run.unit).filter(pk__in=run.positions).count(),
            under_way="" if other is None or other.pk == run.pk else str(other),
        )
    )


def _begin(run: Reorganisation, actor: Actor, at: datetime) -> None:
    """The unit ends at once, so that nobody sends it anything more; what it holds passes in the background."""
    REORGANISING.create(run, queries.passing(run))
    log.note(count=run.total)
    if run.kind == Kind.MERGE:
        registry.succeed_unit(actor=actor, unit=run.unit, successor=run.successor, last_day=rules.last_day(run.on))
    REORGANISING.start(run, actor=actor, at=at)


def _lock(unit: Unit, successor: Unit) -> None:
    """Of two reorganisations of the same units started at once the second learns of the first."""
    list(Unit.objects.select_for_update(of=("self",)).filter(pk__in={unit.pk, successor.pk}).order_by("pk"))
