"""Re-sorting files between classes: one, many, stopped, resumed, refused; open files moved to a new plan."""

import pytest
from tests.records_steps import acting, record_class
from tests.runs import go

from egon import search
from egon.audit import queries as audit
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import plan_queries, queries
from egon.records.errors import ClassHoldsNoFiles, FileNotResortable, InvalidInput
from egon.records.models import CaseFile, RecordClass, Resorting, ResortingItem


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def source(in_region):
    return record_class("80.20")


@pytest.fixture
def target(in_region):
    return record_class("80.14")


@pytest.fixture
def files(in_region, officer, source):
    """Three open files of class 80.20 (S/5) and one closed."""
    opened = [
        records.open_file(
            actor=officer,
            record_class=source,
            unit=in_region.office.units["OD"],
            processor=in_region.officer,
            subject=f"Odvolání {number}",
        )
        for number in range(4)
    ]
    CaseFile.objects.filter(pk=opened[3].pk).update(
        state="closed", settled_on=clock.today(), closed_on=clock.today(), disposal_year=clock.today().year + 6
    )
    return [CaseFile.objects.get(pk=file.pk) for file in opened]


def start(actor, source, target, **changes):
    return records.start_resorting(actor=actor, **{"moves": {source: target}, "reason": "Sloučení agend", **changes})


def run(resorting):
    go(resorting)
    return plan_queries.resortings().get(pk=resorting.pk)


def codes(files):
    return [CaseFile.objects.get(pk=file.pk).class_code for file in files]


@pytest.mark.norm("3.4.3", "3.4.4", "3.4.5")
def test_open_files_of_a_class_go_to_another_and_get_its_code(keeper, source, target, files):
    found = run(start(keeper, source, target))
    assert codes(files) == ["80.14", "80.14", "80.14", "80.20"]
    assert (found.state, found.total, found.done, found.refused) == ("finished", 3, 3, 0)
    assert found.finished_at is not None


@pytest.mark.norm("3.4.3", "3.2.14")
def test_only_marked_files_go(keeper, source, target, files):
    run(start(keeper, source, target, files=[files[1].pk]))
    assert codes(files) == ["80.20", "80.14", "80.20", "80.20"]


@pytest.mark.norm("6.1.12", "3.1.9", "3.4.5", "3.4.6b")
def test_closed_files_go_when_the_records_keeper_says_so_and_get_the_new_regime(keeper, source, target, files):
    RecordClass.objects.filter(pk=target.pk).update(valid_to=clock.today().replace(year=2025))
    target.refresh_from_db()
    found = run(start(keeper, source, target, include_closed=True))
    closed = CaseFile.objects.get(pk=files[3].pk)
    assert (closed.class_code, closed.regime) == ("80.14", "S/3")
    assert closed.disposal_year == clock.today().year + 4
    # An open file may not go into a closed class; the rest is finished and each refusal says why.
    assert (found.done, found.refused) == (1, 3)
    assert codes(files[:3]) == ["80.20"] * 3
    reasons = set(records.RESORTING.refused_in(found).values_list("message", flat=True))
    assert reasons == {"Skupina 80.14 je uzavřená, otevřený spis do ní nesmí (NSESSS 3.1.8)."}


@pytest.mark.norm("3.1.9", "3.4.5")
def test_closed_files_go_together_with_open_ones_also_out_of_a_closed_class(keeper, source, target, files):
    assert run(start(keeper, source, target, files=[files[0].pk, files[3].pk], include_closed=True)).done == 2
    assert codes(files) == ["80.14", "80.20", "80.20", "80.14"]
    RecordClass.objects.filter(pk=target.pk).update(valid_to=clock.today().replace(year=2025))
    target.refresh_from_db()
    back = run(start(keeper, target, source, include_closed=True))
    assert (back.done, back.refused) == (2, 0)
    assert codes(files) == ["80.20"] * 4


@pytest.mark.norm("3.1.9")
def test_closed_files_are_resorted_by_the_records_keeper_only(in_region, officer, source, target, files):
    administrator = acting(in_region.administrator)
    with pytest.raises(AccessDenied, match="posuzovatel"):
        start(administrator, source, target, include_closed=True)
    with pytest.raises(AccessDenied):
        start(officer, source, target)
    with pytest.raises(AccessDenied, match="posuzovatel"):
        records.resort_file(actor=officer, file=files[3], target=target, reason="Oprava")
    assert run(start(administrator, source, target)).done == 3


@pytest.mark.norm("3.4.9")
def test_the_way_documents_are_numbered_stays(keeper, source, target, files):
    RecordClass.objects.filter(pk=target.pk).update(numbers_by_file=True)
    run(start(keeper, source, target))
    assert {CaseFile.objects.get(pk=file.pk).numbers_by_file for file in files} == {False}


def test_each_moved_file_tells_of_it_and_is_found_by_its_new_code(keeper, source, target, files):
    run(start(keeper, source, target))
    last = audit.history_of(files[0]).last()
    assert last.operation == "records.resorting.batch"
    assert (last.parameters["started_by"], last.parameters["reason"]) == (keeper.name, "Sloučení agend")
    hits = search.find("80.14", entity_types=["records.casefile"]).hits
    assert files[0].pk in {hit.entity_id for hit in hits}


def test_files_changed_meanwhile_are_refused_and_the_rest_is_finished(keeper, officer, source, target, files):
    running = start(keeper, source, target)
    records.resort_file(actor=officer, file=files[0], target=record_class("80.1"), reason="Patří jinam")
    CaseFile.objects.filter(pk=files[1].pk).update(state="closed", closed_on=clock.today())
    found = run(running)
    assert (found.done, found.refused) == (1, 2)
    assert codes(files) == ["80.1", "80.20", "80.14", "80.20"]
    messages = [item.message for item in records.RESORTING.refused_in(found)]
    assert "mezitím" in messages[0]
    assert "uzavřený" in messages[1]


def test_a_run_with_nothing_to_do_is_refused_and_leaves_nothing(keeper, source, target):
    with pytest.raises(InvalidInput) as refused:
        start(keeper, source, plan_queries.class_by_code(source.plan, "80"), reason=" ")
    assert len(refused.value.obstacles) == 3
    assert not Resorting.objects.exists()
    assert not ResortingItem.objects.exists()


@pytest.mark.norm("3.4.4", "6.1.12")
def test_one_open_file_is_resorted_by_who_works_on_it(officer, target, files):
    with pytest.raises(InvalidInput, match="proč"):
        records.resort_file(actor=officer, file=files[0], target=target, reason="")
    moved = records.resort_file(actor=officer, file=files[0], target=target, reason="Patří sem")
    assert (moved.class_code, moved.regime) == ("80.14", "S/3")
    with pytest.raises(FileNotResortable, match="už"):
        records.resort_file(actor=officer, file=files[0], target=target, reason="Znovu")
    with pytest.raises(FileNotResortable, match="nevkládají"):
        group = plan_queries.class_by_code(target.plan, "80")
        records.resort_file(actor=officer, file=files[0], target=group, reason="Skupina")


@pytest.mark.norm("3.2.12", "3.4.6a")
def test_a_file_of_a_closed_class_is_reopened_in_an_open_one(keeper, source, target, files):
    RecordClass.objects.filter(pk=source.pk).update(valid_to=clock.today().replace(year=2025))
    closed = CaseFile.objects.get(pk=files[3].pk)
    with pytest.raises(ClassHoldsNoFiles, match="Vyberte platnou skupinu"):
        records.reopen_file(actor=keeper, file=closed, reason="Nové podání")
    closed = CaseFile.objects.get(pk=closed.pk)
    records.reopen_file(actor=keeper, file=closed, reason="Nové podání", record_class=target)
    closed.refresh_from_db()
    assert (closed.state, closed.class_code, closed.regime, closed.disposal_year) == ("open", "80.14", "S/3", None)


@pytest.mark.norm("3.2.14")
def test_open_files_move_to_the_new_plan_by_a_mapping(keeper, source, files):
    old = source.plan
    draft = records.copy_plan(actor=keeper, plan=old, name="Nový plán", valid_from=clock.today())
    records.describe_class(
        actor=keeper, record_class=plan_queries.class_by_code(draft, "80.14"), name="Přejmenovaná skupina"
    )
    records.delete_class(actor=keeper, record_class=plan_queries.class_by_code(draft, "80.20"))
    assert plan_queries.misplaced(on=clock.today()) == []
    records.put_plan_in_force(actor=keeper, plan=draft, on=clock.today(), today=clock.today())
    waiting = {one.record_class.code: one for one in plan_queries.misplaced(on=clock.today())}
    assert (waiting["80.20"].open_files, waiting["80.20"].proposed) == (3, "")
    assert waiting["80.1"].proposed == "80.1"
    new = plan_queries.class_by_code(draft, "80.14")
    run(records.start_resorting(actor=keeper, moves={source: new}, reason="Nový spisový plán"))
    moved = CaseFile.objects.get(pk=files[0].pk)
    assert (moved.record_class.plan, moved.class_code) == (draft, "80.14")
    assert CaseFile.objects.get(pk=files[3].pk).record_class == source
    assert "80.20" not in {one.record_class.code for one in plan_queries.misplaced(on=clock.today())}
    assert queries.current_plan(on=clock.today()) == draft


def test_a_run_of_the_region_is_not_seen_by_the_school(world):
    with world.office.scope():
        keeper, source = acting(world.records_keeper), record_class("80.1")
        assert CaseFile.objects.filter(record_class=source).exists()
        running = start(keeper, source, record_class("80.14"))
    with world.school.scope():
        assert not Resorting.objects.filter(pk=running.pk).exists()
        assert not ResortingItem.objects.exists()
