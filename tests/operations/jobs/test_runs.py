"""Every kind of long runs is stopped, gone on with, killed and refused in the same way, and does each item once."""

import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from django.db import OperationalError
from tests.architecture.test_doors import import_everything
from tests.operations.jobs.run_makers import MAKERS
from tests.records_steps import acting
from tests.runs import go

from egon.jobs.runs import work
from egon.jobs.runs.errors import RunInOtherState
from egon.jobs.runs.kind import DEFECT, RunKind, kind_called, kinds
from egon.jobs.runs.states import COMES_FROM, TONES, ItemState, RunState
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied

pytestmark = pytest.mark.django_db


class Started:
    """A started run, its kind, who steers it, and how often each of its items was taken."""

    def __init__(self, code: str, world: Any, monkeypatch: Any) -> None:
        self.run, self.person = MAKERS[code](world)
        self.kind: RunKind[Any, Any] = kind_called(code)
        self.world, self.patch = world, monkeypatch
        self.system = Actor.system(world.region.pk)
        self.taken: Counter[int] = Counter()
        self.real = self.kind._take
        self.items = list(self.kind.waiting(self.run))
        assert len(self.items) >= 3
        monkeypatch.setattr(self.kind, "size", 1 if self.kind.size == 1 else 2)
        self.instead({})

    def instead(self, faults: dict[int, BaseException]) -> None:
        """Taking the item at this place does what it does, and then ends like this."""
        faulty = {self.items[place].pk: error for place, error in faults.items()}

        def take(step: Any, items: Any) -> Any:
            assert self.real
            changed = self.real(step, items)
            for item in items:
                self.taken[item.pk] += 1
                if item.pk in faulty:
                    raise faulty[item.pk]
            return changed

        self.patch.setattr(self.kind, "_take", take)

    def step(self) -> None:
        self.kind.step(self.run, actor=self.system)

    def counts(self) -> tuple[int, int, int]:
        """Done, refused and remaining by the run, which have to be those of its items."""
        self.run.refresh_from_db()
        found = Counter(self.kind.items._default_manager.filter(run=self.run).values_list("state", flat=True))
        counts = (self.run.done, self.run.refused, self.run.remaining)
        assert counts == (found[ItemState.DONE], found[ItemState.REFUSED], found[ItemState.WAITING])
        return counts


@pytest.fixture(params=sorted(MAKERS))
def started(request: Any, in_region: Any, monkeypatch: Any) -> Started:
    return Started(request.param, in_region, monkeypatch)


def test_every_kind_is_tested_here() -> None:
    import_everything()
    assert {kind.code for kind in kinds()} == set(MAKERS)


def test_all_items_are_done_and_the_run_ends(started: Started) -> None:
    total = len(started.items)
    go(started.run)
    assert started.counts() == (total, 0, 0)
    assert (started.run.state, started.run.total) == (RunState.FINISHED, total)
    assert started.run.started_by == started.person.name and started.run.finished_at and started.run.started_at
    assert set(started.taken.values()) == {1}
    go(started.run)
    assert set(started.taken.values()) == {1}


def test_a_stop_in_the_middle_loses_nothing_and_resuming_goes_on(started: Started) -> None:
    started.step()
    done = started.counts()[0]
    assert 0 < done < len(started.items)
    started.kind.stop(actor=started.person, run=started.run)
    assert started.run.stopped_by == started.person.name and started.run.stopped_at
    go(started.run)
    assert (started.run.state, started.counts()[0]) == (RunState.STOPPED, done)
    with pytest.raises(RunInOtherState, match="zastaveno"):
        started.kind.stop(actor=started.person, run=started.run)
    started.kind.resume(actor=started.person, run=started.run)
    with pytest.raises(RunInOtherState, match="probíhá"):
        started.kind.resume(actor=started.person, run=started.run)
    go(started.run)
    assert started.counts() == (len(started.items), 0, 0)
    assert set(started.taken.values()) == {1}
    for operation in (started.kind.stop, started.kind.resume):
        with pytest.raises(RunInOtherState, match="dokončeno"):
            operation(actor=started.person, run=started.run)


def test_a_stop_between_the_choice_of_a_batch_and_its_turn_holds(started: Started) -> None:
    started.kind.stop(actor=started.person, run=started.run)
    keys = [item.pk for item in started.items[:1]]
    started.kind.batch(actor=started.system, run=started.run, keys=keys, at=clock.now())
    assert started.counts() == (0, 0, len(started.items))


def test_a_defect_in_one_item_is_told_taken_back_and_the_rest_is_finished(started: Started, caplog: Any) -> None:
    started.instead({1: ValueError("defect")})
    go(started.run)
    assert started.run.state == RunState.FINISHED
    assert started.counts() == (len(started.items) - 1, 1, 0)
    (refused,) = started.kind.refused_in(started.run)
    assert (refused.pk, refused.message) == (started.items[1].pk, DEFECT)
    assert "defect" in caplog.text


def test_a_kill_in_the_middle_of_a_batch_does_no_item_twice(started: Started) -> None:
    last = len(started.items) - 1
    started.instead({last: KeyboardInterrupt()})
    with pytest.raises(KeyboardInterrupt):
        go(started.run)
    assert 0 < started.counts()[0] < len(started.items)
    waiting = {item.pk for item in started.kind.waiting(started.run)}
    started.instead({})
    go(started.run)
    assert started.counts() == (len(started.items), 0, 0)
    # What was taken again had been taken back with its batch.
    assert {key for key, count in started.taken.items() if count > 1} <= waiting


def test_a_second_worker_at_the_same_time_takes_nothing_twice(started: Started) -> None:
    whole = started.kind.batch
    overtaken = []

    def overtake(**arguments: Any) -> Any:
        """Before the first worker writes, a second one has done the very same batch."""
        if not overtaken:
            overtaken.append(1)
            started.step()
        return whole(**arguments)

    started.patch.setattr(started.kind, "batch", overtake)
    go(started.run)
    assert overtaken and started.run.state == RunState.FINISHED
    assert started.counts() == (len(started.items), 0, 0)
    assert set(started.taken.values()) == {1}


def test_an_outage_comes_back_later_and_in_the_end_it_is_said_and_may_be_gone_on_with(started: Started) -> None:
    started.instead({0: OperationalError("the database went away")})
    with pytest.raises(OperationalError):
        go(started.run)
    assert started.counts() == (0, 0, len(started.items))
    work._give_up(kind=started.kind.code, run_id=started.run.pk, error=OperationalError())
    started.run.refresh_from_db()
    assert started.run.state == RunState.FAILED and "Co je hotové, zůstává" in started.run.problem
    go(started.run)
    assert started.counts()[0] == 0
    started.instead({})
    started.kind.resume(actor=started.person, run=started.run)
    go(started.run)
    assert started.run.state == RunState.FINISHED and started.run.problem == ""
    assert started.counts() == (len(started.items), 0, 0)


def test_who_may_not_neither_stops_nor_resumes_nor_does_the_work_of_the_system(started: Started) -> None:
    outsider = acting(started.world.outsider)
    for operation in (started.kind.stop, started.kind.resume):
        with pytest.raises(AccessDenied):
            operation(actor=outsider, run=started.run)
    with pytest.raises(AccessDenied):
        started.kind.batch(actor=started.person, run=started.run, at=clock.now())
    with pytest.raises(AccessDenied):
        started.kind.finish(actor=started.person, run=started.run, at=clock.now())
    with pytest.raises(AccessDenied):
        started.kind.fail(actor=started.person, run=started.run, problem="")
    assert started.counts() == (0, 0, len(started.items))


def test_a_run_whose_job_got_lost_gets_another(started: Started, monkeypatch: Any) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "egon.jobs.runs.kind.defer", lambda spec, **about: asked.append((about["kind"], about["run_id"]))
    )
    work.look_for_left()
    assert asked == [(started.kind.code, started.run.pk)]


def test_the_worker_knows_every_kind() -> None:
    """The worker imports what it is told to import, and nothing else."""
    import_everything()
    told = "import django; django.setup()\nfrom django.conf import settings\nimport importlib\n"
    told += "[importlib.import_module(name) for name in settings.PROCRASTINATE_IMPORT_PATHS]\n"
    told += "from egon.jobs.runs.kind import kinds\nprint(*sorted(kind.code for kind in kinds()))"
    known = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    assert known == sorted(kind.code for kind in kinds())


def test_every_state_has_its_tone_and_what_it_comes_from() -> None:
    assert set(COMES_FROM) == set(TONES) == set(RunState)
    assert all(
        RunState.RUNNING in COMES_FROM[state] for state in (RunState.STOPPED, RunState.FINISHED, RunState.FAILED)
    )
