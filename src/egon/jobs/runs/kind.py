"""A kind of long runs: its tables, its operations, and what is done with one item."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models import QuerySet

from egon.audit import log
from egon.audit.operation import Permission, only_system, operation
from egon.jobs.job import defer
from egon.jobs.runs.errors import RunInOtherState
from egon.jobs.runs.models import Run, RunItem
from egon.jobs.runs.states import COMES_FROM, RESUMABLE, ItemState, RunState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import DomainError, GatewayError, Retryable

logger = logging.getLogger(__name__)

OUTAGES = (Retryable, OperationalError, InterfaceError, OSError, MemoryError)
"""What says nothing of the item: the job fails and comes back later."""
DEFECT = "Neprovedlo se kvůli chybě aplikace, tato položka zůstala beze změny. Předejte to správci systému."

type Entities = models.Model | Iterable[models.Model] | None


@dataclass(frozen=True, slots=True)
class Step[R: Run]:
    """One batch under way: of which run, who does it and when; ``prepared`` is what was made before it."""

    actor: Actor
    run: R
    at: datetime
    prepared: Any = None

    @property
    def on(self) -> date:
        """The day, in Prague."""
        return self.at.astimezone(PRAGUE).date()


class RunKind[R: Run, I: RunItem]:
    """What a domain says of its runs, and the operations it gets for it: ``stop``, ``resume``, ``batch`` and so on.

    ``of`` names the kind in the genitive case („ničení“), ``requires`` says who may stop a run and go on with it,
    ``batch`` is the number of items in one transaction (or says it of a run), ``related`` what is read with the items.
    """

    def __init__(
        self,
        code: str,
        run: type[R],
        item: type[I],
        *,
        of: str,
        requires: Permission,
        batch: int | Callable[[R], int] = 1,
        related: Sequence[str] = (),
    ) -> None:
        self.code, self.runs, self.items = code, run, item
        self.size, self.related = batch, related
        self._prepare: Callable[[R, Sequence[I], datetime], Any] | None = None
        self._take: Callable[[Step[R], Sequence[I]], Entities] | None = None
        self._conclude: Callable[[R], Callable[[], object] | None] | None = None
        self._allow: Callable[[R], object] = lambda run: None
        self.takes_many = False
        self.stop = operation(f"{code}.stop", title=f"Zastavení {of}", requires=requires)(self._stop_operation())
        self.resume = operation(f"{code}.resume", title=f"Pokračování {of}", requires=requires)(
            self._resume_operation()
        )
        self.batch = operation(
            f"{code}.batch", title=f"Dávka {of}", requires=only_system, unlogged=("keys", "prepared", "at")
        )(self._batch_operation())
        self.finish = operation(
            f"{code}.finish", title=f"Dokončení {of}", requires=only_system, unlogged=("at", "last")
        )(self._finish_operation())
        self.fail = operation(f"{code}.fail", title=f"Přerušení {of} chybou", requires=only_system)(
            self._fail_operation()
        )
        _kinds[code] = self

    # --- What a domain says ---

    def takes[F: Callable[..., Entities]](self, function: F) -> F:
        """``function(step, item)`` does one item in a savepoint of its own.

        It raises a ``DomainError`` (or calls ``item.refuse``) when it must not be done, and returns what was changed,
        whose history then tells of it.
        """
        self._take = lambda step, items: function(step, items[0])
        return function

    def takes_all[F: Callable[..., Entities]](self, function: F) -> F:
        """``function(step, items)`` does a whole batch at once; when that fails, it is called for each item alone."""
        self._take, self.takes_many = function, True
        return function

    def prepares[F: Callable[..., Any]](self, function: F) -> F:
        """``function(run, items, at)`` makes what takes long, outside of the transaction: ``step.prepared``."""
        self._prepare = function
        return function

    def concludes[F: Callable[..., Any]](self, function: F) -> F:
        """``function(run)`` does what comes after the last item, outside of any transaction.

        What it returns is called in the transaction in which the run ends; a refusal or an outage fails the run.
        """
        self._conclude = function
        return function

    def resumes[F: Callable[..., object]](self, function: F) -> F:
        """``function(run)`` refuses to go on with a run by raising a ``DomainError``."""
        self._allow = function
        return function

    # --- What its operations call ---

    def create(self, run: R, items: Iterable[I]) -> R:
        """Write down a run that nobody has started yet, with its items in their order."""
        run.save()
        chosen = list(items)
        for item in chosen:
            item.run = run
        self.items._default_manager.bulk_create(chosen, batch_size=2000)
        run.total = len(chosen)
        run.refused = sum(item.state == ItemState.REFUSED for item in chosen)
        run.save(update_fields=["total", "refused"])
        return run

    def start(self, run: R, *, actor: Actor, at: datetime | None = None) -> R:
        """Have it done once this transaction commits. Raises :class:`RunInOtherState`."""
        self.change(run, RunState.RUNNING, only_from={RunState.DRAFT})
        run.started_at, run.started_by = at or clock.now(), actor.name[:200]
        run.save(update_fields=["started_at", "started_by"])
        self.ask(run)
        return run

    def launch(self, run: R, items: Iterable[I], *, actor: Actor, at: datetime | None = None) -> R:
        """Both at once."""
        return self.start(self.create(run, items), actor=actor, at=at)

    def change(self, run: R, wanted: RunState, *, only_from: Collection[RunState] | None = None) -> R:
        """Lock the row and bring it to this state. Raises :class:`RunInOtherState`: of two at once the second one."""
        self.lock(run)
        if run.state not in (COMES_FROM[wanted] if only_from is None else only_from):
            raise RunInOtherState(run)
        run.state = wanted
        run.save(update_fields=["state"])
        return run

    def lock(self, run: R) -> R:
        """The row locked and up to date."""
        run.refresh_from_db(from_queryset=self.runs._default_manager.select_for_update(of=("self",)))
        return run

    def ask(self, run: R) -> None:
        """Have the worker go on with it."""
        from egon.jobs.runs import work

        defer(work.go_on, kind=self.code, run_id=run.pk, only_one=f"{self.code}:{run.pk}")

    def waiting(self, run: R) -> QuerySet[I]:
        """What it has not come to yet."""
        return self._in_state(run, ItemState.WAITING)

    def refused_in(self, run: R) -> QuerySet[I]:
        """What was not done, with the reasons."""
        return self._in_state(run, ItemState.REFUSED)

    def _size(self, run: R) -> int:
        return self.size if isinstance(self.size, int) else self.size(run)

    def _in_state(self, run: R, state: ItemState) -> QuerySet[I]:
        found = self.items._default_manager.filter(run=run, state=state).order_by("pk")
        return found.select_related(*self.related) if self.related else found

    # --- What the job calls ---

    def step(self, run: R, *, actor: Actor) -> None:
        """The next batch, or the end when nothing waits."""
        items = list(self.waiting(run)[: self._size(run)])
        if not items:
            self._end(run, actor)
            return
        at = clock.now()
        prepared = self._prepare(run, items, at) if self._prepare else None
        self.batch(actor=actor, run=run, keys=[item.pk for item in items], prepared=prepared, at=at)

    def _end(self, run: R, actor: Actor) -> None:
        try:
            last = self._conclude(run) if self._conclude else None
        except (DomainError, GatewayError) as refusal:
            self.fail(actor=actor, run=run, problem=refusal.message)
        else:
            self.finish(actor=actor, run=run, at=clock.now(), last=last)

    # --- Its operations ---

    def _stop_operation(self) -> Callable[..., R]:
        def stop(*, actor: Actor, run: R) -> R:
            """Stop after the batch under way; what was done stays done. Raises :class:`RunInOtherState`."""
            self.change(run, RunState.STOPPED)
            run.stopped_at, run.stopped_by = clock.now(), actor.name[:200]
            run.save(update_fields=["stopped_at", "stopped_by"])
            return run

        return stop

    def _resume_operation(self) -> Callable[..., R]:
        def resume(*, actor: Actor, run: R) -> R:
            """Go on from the first item that waits. Raises :class:`RunInOtherState`."""
            if self.lock(run).is_resumable:
                self._allow(run)
            self.change(run, RunState.RUNNING, only_from=RESUMABLE)
            run.problem = ""
            run.save(update_fields=["problem"])
            self.ask(run)
            return run

        return resume

    def _batch_operation(self) -> Callable[..., list[models.Model]]:
        def batch(
            *, actor: Actor, run: R, at: datetime, keys: Sequence[int] | None = None, prepared: Any = None
        ) -> list[models.Model]:
            """Do the items that were chosen and still wait; returns what was changed, so that its history tells of it.

            The row of the run is locked, so two workers never hold the same item, and a stop comes between batches.
            """
            self.lock(run)
            # What took long to prepare is kept even when somebody has stopped the run meanwhile.
            if not run.is_running and not (prepared is not None and run.is_resumable):
                return []
            waiting = self.waiting(run)
            items = list(waiting.filter(pk__in=keys) if keys is not None else waiting[: self._size(run)])
            changed = self._settle(Step(actor, run, at, prepared), items)
            self._note(run, items)
            return changed

        return batch

    def _finish_operation(self) -> Callable[..., R]:
        def finish(*, actor: Actor, run: R, at: datetime, last: Callable[[], object] | None = None) -> R:
            """End a run in which nothing waits any more."""
            self.lock(run)
            if run.is_running and not self.waiting(run).exists():
                if last is not None:
                    last()
                run.state, run.finished_at = RunState.FINISHED, at
                run.save(update_fields=["state", "finished_at"])
            return run

        return finish

    def _fail_operation(self) -> Callable[..., R]:
        def fail(*, actor: Actor, run: R, problem: str) -> R:
            """Say why it could not go on; what is done stays done, and it may be gone on with."""
            self.lock(run)
            if run.is_running:
                run.state, run.problem = RunState.FAILED, problem
                run.save(update_fields=["state", "problem"])
            return run

        return fail

    # --- How items are done ---

    def _settle(self, step: Step[R], items: Sequence[I]) -> list[models.Model]:
        """Do them all; none of them stops the others."""
        changed = None if not self.takes_many or len(items) == 1 else self._attempt(step, items)
        if changed is None:
            changed = []
            for item in items:
                changed += self._attempt(step, [item]) or []
        save_alike(items, ("state", "message"))
        return changed

    def _attempt(self, step: Step[R], items: Sequence[I]) -> list[models.Model] | None:
        """What was changed, or None when it was taken back: one item alone then says why."""
        assert self._take, f"nobody said how {self.code} takes an item"  # noqa: S101 - a defect of the product
        try:
            with transaction.atomic():
                changed = self._take(step, items)
        except OUTAGES:
            raise
        except Exception as error:
            for item in items:
                item.state = ItemState.WAITING
            if len(items) == 1:
                items[0].refuse(reason_of(error))
            return None
        for item in items:
            if item.state == ItemState.WAITING:
                item.state = ItemState.DONE
        return list(_flat(changed))

    def _note(self, run: R, items: Sequence[I]) -> None:
        refused = sum(item.state == ItemState.REFUSED for item in items)
        done = len(items) - refused
        run.done, run.refused = run.done + done, run.refused + refused
        run.save(update_fields=["done", "refused"])
        reason = getattr(run, "reason", "")
        log.note(started_by=run.started_by, done=done, refused=refused, **({"reason": reason} if reason else {}))


_kinds: dict[str, RunKind[Any, Any]] = {}


def kinds() -> Iterator[RunKind[Any, Any]]:
    """Every kind of the modules imported so far."""
    yield from _kinds.values()


def kind_called(code: str) -> RunKind[Any, Any]:
    """The kind of this code."""
    return _kinds[code]


def kind_of(run: Run) -> RunKind[Any, Any]:
    """The kind this run is of."""
    return next(kind for kind in _kinds.values() if isinstance(run, kind.runs))


def reason_of(error: Exception) -> str:
    """Why an item was not done, in Czech; a defect is logged."""
    if isinstance(error, DomainError | GatewayError):
        return " ".join(getattr(error, "obstacles", None) or [error.message])
    logger.error("an item of a run failed by a defect", exc_info=error)
    return DEFECT


def save_alike[M: models.Model](rows: Sequence[M], names: Sequence[str]) -> None:
    """Save the named columns, one statement for all rows that are to hold the same (most of a batch does)."""
    alike: dict[tuple[object, ...], list[int]] = {}
    columns = [field.attname for field in rows[0]._meta.concrete_fields if field.name in names] if rows else []
    for row in rows:
        alike.setdefault(tuple(getattr(row, column) for column in columns), []).append(row.pk)
    for values, keys in alike.items():
        type(rows[0])._default_manager.filter(pk__in=keys).update(**dict(zip(columns, values, strict=True)))


def _flat(changed: Entities) -> Iterator[models.Model]:
    if isinstance(changed, models.Model):
        yield changed
    elif changed is not None:
        yield from changed
