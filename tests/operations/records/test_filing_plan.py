"""The filing plan through its operations: versions, classes, regimes, import and export."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from lxml import etree
from tests.records_steps import acting, record_class, register
from tests.runs import go

from egon.audit import queries as audit
from egon.gateways.nsesss import ClassData, PlanData, RegimeData, read_plan, write_plan
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import plan_queries, queries
from egon.records.errors import (
    ClassHoldsNoFiles,
    ClassNotClosable,
    InvalidInput,
    NotInThisState,
    PlanNotUsable,
)
from egon.records.models import DisposalRegime, FilingPlan, RecordClass, Resorting
from egon.records.plan_table import read_table, write_table
from egon.records.rules.plan import Separator
from egon.records.rules.retention import DisposalMark, Trigger


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def plan(in_region):
    return queries.current_plan(on=clock.today())


@pytest.fixture
def s5(keeper):
    return records.save_regime(actor=keeper, mark=DisposalMark.SHRED, years=5, trigger=Trigger.SETTLING)


@pytest.fixture
def draft(keeper, plan):
    return records.copy_plan(actor=keeper, plan=plan, name="Plán od příštího roku", valid_from=in_days(30))


def in_days(days):
    return clock.today() + timedelta(days=days)


def open_file(actor, world, entry, subject="Věc"):
    unit = world.office.units["OD"]
    return records.open_file(actor=actor, record_class=entry, unit=unit, processor=world.officer, subject=subject)


def run(resorting):
    go(resorting)
    return plan_queries.resortings().get(pk=resorting.pk)


# Classes


@pytest.mark.norm("3.1.4a", "3.1.4c", "3.1.2a", "3.1.2b", "3.1.2c", "3.1.2d", "2.7.1b")
def test_a_class_is_added_and_opens_on_its_own_day(in_region, keeper, officer, plan, s5):
    group = plan_queries.class_by_code(plan, "80")
    entry = records.save_class(
        actor=keeper, plan=plan, parent=group, code="80.90", name="Nová skupina", regime=s5, valid_from=in_days(5)
    )
    entry.refresh_from_db()
    assert (entry.code, entry.name, entry.valid_from, entry.valid_to) == ("80.90", "Nová skupina", in_days(5), None)
    assert len(entry.identifier) == 36
    with pytest.raises(ClassHoldsNoFiles, match="uzavřená"):
        open_file(officer, in_region, entry)
    RecordClass.objects.filter(pk=entry.pk).update(valid_from=clock.today())
    entry.refresh_from_db()
    assert open_file(officer, in_region, entry).class_code == "80.90"


@pytest.mark.norm("3.1.2f", "3.1.2h", "3.1.2i", "6.1.4", "6.1.1a")
def test_a_leaf_keeps_its_regime_numbering_and_standing_consent(keeper, plan, s5):
    entry = records.save_class(
        actor=keeper,
        plan=plan,
        code="99",
        name="S trvalým souhlasem",
        regime=s5,
        numbers_by_file=True,
        standing_consent=True,
        converts_formats=False,
        valid_from=clock.today(),
    )
    entry = RecordClass.objects.get(pk=entry.pk)
    assert (entry.disposal_regime, entry.holds_files) == (s5, True)
    assert (entry.numbers_by_file, entry.standing_consent, entry.converts_formats) == (True, True, False)
    records.set_class_flags(actor=keeper, record_class=entry, numbers_by_file=False, standing_consent=False)
    entry.refresh_from_db()
    assert (entry.numbers_by_file, entry.standing_consent, entry.converts_formats) == (False, False, True)


@pytest.mark.norm("3.1.6", "3.1.2g")
def test_a_class_for_typed_files_takes_no_class_and_no_file(in_region, keeper, officer, plan, s5):
    typed = records.save_class(
        actor=keeper, plan=plan, code="99", name="Zřízené", for_typed_files=True, valid_from=clock.today()
    )
    assert RecordClass.objects.get(pk=typed.pk).for_typed_files
    with pytest.raises(InvalidInput, match="typové spisy"):
        records.save_class(
            actor=keeper, plan=plan, parent=typed, code="99.1", name="X", regime=s5, valid_from=clock.today()
        )
    with pytest.raises(ClassHoldsNoFiles, match="typové spisy"):
        open_file(officer, in_region, typed)
    with pytest.raises(InvalidInput, match="součásti"):
        records.save_class(
            actor=keeper, plan=plan, code="98X", name="X", for_typed_files=True, regime=s5, valid_from=clock.today()
        )


@pytest.mark.norm("3.1.5")
def test_words_of_a_class_change_and_the_class_stays(keeper):
    entry = record_class("80.1")
    before = entry.name
    records.describe_class(actor=keeper, record_class=entry, name="Veřejná doprava", note="I jízdní řády.")
    again = RecordClass.objects.get(pk=entry.pk)
    assert (again.name, again.code, again.identifier) == ("Veřejná doprava", "80.1", entry.identifier)
    assert audit.history_of(entry).last().parameters["previous_name"] == before
    with pytest.raises(InvalidInput):
        records.describe_class(actor=keeper, record_class=entry, name="  ")


@pytest.mark.norm("3.1.4b", "3.1.2e", "3.4.2")
def test_a_class_closes_only_without_open_files_and_classes(in_region, keeper, officer, plan):
    entry, group = record_class("80.3"), plan_queries.class_by_code(plan, "80")
    open_file(officer, in_region, entry)
    for one, expected in ((entry, "otevřené spisy"), (group, "podřízené skupiny")):
        with pytest.raises(ClassNotClosable, match=expected):
            records.close_class(actor=keeper, record_class=one, on=clock.today())
    empty = record_class("80.14")
    records.close_class(actor=keeper, record_class=empty, on=in_days(-1))
    empty.refresh_from_db()
    assert empty.valid_to == in_days(-1)
    with pytest.raises(ClassHoldsNoFiles, match="uzavřená"):
        open_file(officer, in_region, empty)


def test_merged_classes_leave_their_open_files_to_the_successor(in_region, keeper, officer):
    entry, target = record_class("80.3"), record_class("80.14")
    file = open_file(officer, in_region, entry)
    records.close_class(actor=keeper, record_class=entry, on=in_days(-1), move_files_to=target)
    found = run(Resorting.objects.get())
    file.refresh_from_db()
    assert (file.class_code, file.regime) == ("80.14", "S/3")
    assert (found.state, found.refused) == ("finished", 0)
    assert RecordClass.objects.get(pk=entry.pk).successor == target


def test_a_class_leaves_only_a_draft(keeper, draft):
    with pytest.raises(NotInThisState, match="jen uzavřít"):
        records.delete_class(actor=keeper, record_class=record_class("80.14"))
    entry, group = plan_queries.class_by_code(draft, "80.14"), plan_queries.class_by_code(draft, "80")
    with pytest.raises(NotInThisState, match="podřízené"):
        records.delete_class(actor=keeper, record_class=group)
    records.delete_class(actor=keeper, record_class=entry)
    assert plan_queries.class_by_code(draft, "80.14") is None


@pytest.mark.norm("3.1.11")
def test_the_database_itself_refuses_the_same_code_twice(plan):
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordClass.objects.create(plan=plan, code="80.1", name="Znovu", sort_key="x", valid_from=clock.today())


# Regimes


@pytest.mark.norm("6.1.5a", "6.1.5b", "6.1.5c", "6.1.5d", "2.7.1i")
def test_a_regime_has_its_identifier_period_mark_and_trigger(keeper):
    regime = records.save_regime(
        actor=keeper,
        mark=DisposalMark.ARCHIVE,
        years=10,
        trigger=Trigger.EXTERNAL,
        event="po skončení smlouvy",
        check_years=5,
    )
    regime.refresh_from_db()
    assert len(regime.identifier) == 36
    assert (regime.written, regime.trigger, regime.runs_from) == ("A/10", "external", "po skončení smlouvy")
    assert regime.check_years == 5


def test_a_wrong_regime_is_refused_with_every_fault(keeper):
    with pytest.raises(InvalidInput) as refused:
        records.save_regime(actor=keeper, mark="V", years=101, trigger=Trigger.EXTERNAL)
    assert len(refused.value.obstacles) == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalRegime.objects.create(name="X", mark="S", years=5, trigger="external")


@pytest.mark.norm("6.1.1a", "6.1.1b", "6.1.1d", "7.1.11d")
def test_only_those_who_keep_the_plan_make_and_give_regimes(in_region, keeper, officer, plan, s5):
    with pytest.raises(AccessDenied):
        records.save_regime(actor=officer, mark=DisposalMark.SHRED, years=5)
    with pytest.raises(AccessDenied):
        records.change_regime(actor=officer, record_class=record_class("80.1"), regime=s5, on=clock.today())
    with pytest.raises(AccessDenied):
        records.save_kind(actor=officer, name="Nový druh", valid_from=clock.today(), regime=s5)
    assert records.save_kind(actor=keeper, name="Nový druh", valid_from=clock.today(), regime=s5).disposal_regime == s5
    withdrawn = records.withdraw_regime(actor=keeper, regime=s5, on=clock.today())
    with pytest.raises(InvalidInput, match="znepřístupněný"):
        records.save_class(actor=keeper, plan=plan, code="99", name="X", regime=withdrawn, valid_from=clock.today())
    with pytest.raises(InvalidInput, match="znepřístupněný"):
        records.change_regime(actor=keeper, record_class=record_class("80.1"), regime=withdrawn, on=clock.today())
    with pytest.raises(InvalidInput, match="znepřístupněný"):
        records.save_kind(actor=keeper, name="Jiný druh", valid_from=clock.today(), regime=withdrawn)
    assert withdrawn not in plan_queries.regimes()
    assert withdrawn in plan_queries.regimes(also_withdrawn=True)


@pytest.mark.norm("6.1.6a", "6.1.6b", "6.1.6e")
def test_a_kind_of_document_has_no_regime_from_opening_or_birth(keeper):
    for trigger in (Trigger.OPENING, Trigger.BIRTH):
        regime = records.save_regime(actor=keeper, mark=DisposalMark.SHRED, years=5, trigger=trigger)
        with pytest.raises(InvalidInput, match=r"6\.1\.6"):
            records.save_kind(actor=keeper, name="Druh", valid_from=clock.today(), regime=regime)


@pytest.mark.norm("6.1.2a")
def test_a_used_regime_is_neither_removed_nor_changed(keeper, s5):
    used = record_class("80.1").disposal_regime
    with pytest.raises(NotInThisState, match="se používá"):
        records.delete_regime(actor=keeper, regime=used)
    with pytest.raises(InvalidInput, match="už používá"):
        records.save_regime(actor=keeper, regime=used, mark=DisposalMark.ARCHIVE, years=used.years)
    renamed = records.save_regime(
        actor=keeper,
        regime=used,
        mark=DisposalMark(used.mark),
        years=used.years,
        trigger=Trigger(used.trigger),
        name="Běžný",
    )
    assert renamed.name == "Běžný"
    records.delete_regime(actor=keeper, regime=s5)
    assert not DisposalRegime.objects.filter(pk=s5.pk).exists()


@pytest.mark.norm("6.1.1b", "6.1.2b")
def test_another_regime_means_a_new_class_with_the_open_files(in_region, keeper, officer, s5):
    entry = record_class("80.2")
    file = open_file(officer, in_region, entry)
    closed = open_file(officer, in_region, entry, "Uzavřený")
    type(closed).objects.filter(pk=closed.pk).update(state="closed", closed_on=clock.today())
    successor = records.change_regime(actor=keeper, record_class=entry, regime=s5, on=clock.today())
    run(Resorting.objects.get())
    old = RecordClass.objects.get(pk=entry.pk)
    assert (successor.code, successor.name, successor.regime) == (entry.code, entry.name, "S/5")
    assert (old.regime, old.valid_to, old.successor) == ("A/10", in_days(-1), successor)
    file.refresh_from_db()
    closed.refresh_from_db()
    assert (file.record_class, file.regime, file.trigger) == (successor, "S/5", "settling")
    assert (closed.record_class, closed.regime) == (old, "A/10")
    assert record_class("80.2") == successor


def test_in_a_draft_the_regime_simply_changes(keeper, draft, s5):
    entry = plan_queries.class_by_code(draft, "80.2")
    records.change_regime(actor=keeper, record_class=entry, regime=s5, on=clock.today())
    assert plan_queries.class_by_code(draft, "80.2").pk == entry.pk
    assert plan_queries.class_by_code(draft, "80.2").regime == "S/5"


# Versions


@pytest.mark.norm("3.1.7a", "3.1.7b", "3.1.7c", "3.1.7d", "3.1.7e", "3.1.7f", "2.7.1a")
def test_a_plan_is_drafted_put_in_force_and_ends_the_one_before(keeper, plan, draft):
    assert queries.current_plan(on=draft.valid_from) == plan
    records.put_plan_in_force(actor=keeper, plan=draft, on=in_days(10), today=clock.today())
    old, new = FilingPlan.objects.get(pk=plan.pk), FilingPlan.objects.get(pk=draft.pk)
    assert (old.valid_to, new.valid_from, new.valid_to) == (in_days(9), in_days(10), None)
    assert (new.name, new.description, len(new.identifier)) == ("Plán od příštího roku", plan.description, 36)
    assert new.identifier != old.identifier
    assert queries.current_plan(on=in_days(9)) == plan
    assert queries.current_plan(on=in_days(10)) == draft
    assert set(new.classes.values_list("valid_from", flat=True)) == {in_days(10)}
    assert new.classes.count() == old.classes.count() > 400


@pytest.mark.norm("3.1.8")
def test_files_are_opened_only_in_classes_of_the_plan_in_force(in_region, keeper, officer, draft):
    with pytest.raises(ClassHoldsNoFiles):
        open_file(officer, in_region, plan_queries.class_by_code(draft, "80.1"))
    old = record_class("80.1")
    records.put_plan_in_force(actor=keeper, plan=draft, on=clock.today(), today=clock.today())
    old.refresh_from_db()
    with pytest.raises(ClassHoldsNoFiles):
        open_file(officer, in_region, RecordClass.objects.get(pk=old.pk))
    assert open_file(officer, in_region, record_class("80.1")).record_class.plan_id == draft.pk


def test_what_stands_in_the_way_of_a_plan_is_told_at_once(keeper, plan):
    empty = records.save_plan(actor=keeper, name="Prázdný", valid_from=clock.today())
    records.save_class(actor=keeper, plan=empty, code="1", name="Bez režimu", valid_from=clock.today())
    with pytest.raises(PlanNotUsable) as refused:
        records.put_plan_in_force(actor=keeper, plan=empty, on=plan.valid_from, today=clock.today())
    assert len(refused.value.obstacles) == 5  # also that the typed file of the demo world would have nowhere to go
    assert queries.current_plan(on=clock.today()) == plan
    with pytest.raises(IntegrityError), transaction.atomic():
        FilingPlan.objects.filter(pk=empty.pk).update(draft=False)


def test_a_draft_is_thrown_away_and_a_plan_in_force_is_not(keeper, plan, draft):
    records.discard_plan(actor=keeper, plan=draft)
    assert not FilingPlan.objects.filter(pk=draft.pk).exists()
    assert not RecordClass.objects.filter(plan=draft.pk).exists()
    with pytest.raises(NotInThisState):
        records.discard_plan(actor=keeper, plan=plan)


@pytest.mark.norm("3.1.12a", "3.1.12b", "3.1.12c", "3.1.12d")
@pytest.mark.parametrize("separator", list(Separator))
def test_the_separator_of_a_plan_is_chosen_once(keeper, s5, separator):
    plan = records.save_plan(actor=keeper, name="Plán", valid_from=in_days(30), separator=separator)
    group = records.save_class(actor=keeper, plan=plan, code="1", name="A", valid_from=in_days(30))
    code = f"1{separator.value}1"
    records.save_class(actor=keeper, plan=plan, parent=group, code=code, name="B", regime=s5, valid_from=in_days(30))
    other = next(one for one in Separator if one is not separator)
    with pytest.raises(InvalidInput, match="oddělovač"):
        records.save_plan(actor=keeper, plan=plan, name="Plán", valid_from=in_days(30), separator=other)
    with pytest.raises(InvalidInput, match="oddělovač"):
        records.save_class(
            actor=keeper, plan=plan, parent=group, code=f"1{other.value}2", name="C", regime=s5, valid_from=in_days(30)
        )


@pytest.mark.norm("7.1.11c")
def test_an_officer_keeps_no_plan(officer, plan, draft):
    entry = record_class("80.14")
    for attempt in (
        lambda: records.save_class(actor=officer, plan=plan, code="99", name="X", valid_from=clock.today()),
        lambda: records.close_class(actor=officer, record_class=entry, on=clock.today()),
        lambda: records.describe_class(actor=officer, record_class=entry, name="X"),
        lambda: records.delete_class(actor=officer, record_class=entry),
        lambda: records.copy_plan(actor=officer, plan=plan, name="X", valid_from=clock.today()),
        lambda: records.put_plan_in_force(actor=officer, plan=draft, on=in_days(9), today=clock.today()),
        lambda: records.discard_plan(actor=officer, plan=draft),
        lambda: records.import_plan(actor=officer, data=plan_queries.plan_data(plan), valid_from=clock.today()),
        lambda: records.withdraw_regime(actor=officer, regime=entry.disposal_regime, on=clock.today()),
        lambda: records.delete_regime(actor=officer, regime=entry.disposal_regime),
        lambda: records.set_class_flags(actor=officer, record_class=entry, numbers_by_file=True, standing_consent=True),
    ):
        with pytest.raises(AccessDenied):
            attempt()


# Import and export


def test_the_plan_in_force_passes_the_official_schema(plan, standards):
    schema = etree.XMLSchema(file=str(standards / "nsesss" / "xsd" / "nsesss-plan.xsd"))
    data = plan_queries.plan_data(plan, also_closed=True)
    content = write_plan(data, source="eGON Centrum")
    schema.assertValid(etree.fromstring(content))
    read = read_plan(content).classes
    assert sum(not one.is_section for one in read) == plan.classes.count()
    # Templates of typed files go along, with the period that příloha 5 has no element for.
    written = {one.code: (one.name, one.period, one.numbers_by_file) for one in data.classes if one.is_section}
    assert len(written) > 10
    assert {one.code: (one.name, one.period, one.numbers_by_file) for one in read if one.is_section} == written


@pytest.mark.parametrize("form", ["xml", "csv"])
def test_an_exported_plan_is_imported_whole_as_a_draft(keeper, plan, form):
    data = plan_queries.plan_data(plan)
    back = (
        read_plan(write_plan(data, source="eGON Centrum"))
        if form == "xml"
        else read_table(write_table(data), name=plan.name)
    )
    regimes = DisposalRegime.objects.count()
    imported = records.import_plan(actor=keeper, data=back, valid_from=in_days(30))
    assert imported.draft
    changes = plan_queries.changes_to(imported, on=clock.today())
    assert (changes.added, changes.removed, changes.renamed, changes.other_regime) == ([], [], [], [])
    assert DisposalRegime.objects.count() == regimes
    assert queries.current_plan(on=clock.today()) == plan


def test_an_imported_class_keeps_its_identifier_unless_it_is_taken(keeper):
    regime = RegimeData("S", 7, "po zániku mostu", None, identifier="cizi-rezim")
    classes = [ClassData("1", "Cizí skupina", regime=regime, identifier="cizi-1")]
    data = PlanData(name="Cizí plán", separator=".", classes=classes, identifier="cizi-plan")
    first = records.import_plan(actor=keeper, data=data, valid_from=in_days(30))
    second = records.import_plan(actor=keeper, data=data, valid_from=in_days(30))
    assert (first.identifier, first.classes.get().identifier) == ("cizi-plan", "cizi-1")
    assert second.identifier != "cizi-plan"
    assert second.classes.get().identifier != "cizi-1"
    made = first.classes.get().disposal_regime
    assert (made.identifier, made.event, made.check_years) == ("cizi-rezim", "po zániku mostu", 5)
    assert second.classes.get().disposal_regime == made


def test_a_wrong_plan_is_refused_whole_with_all_faults(keeper):
    classes = [ClassData("1", "Bez režimu"), ClassData("2", "", regime=RegimeData("X", 5))]
    plans, regimes = FilingPlan.objects.count(), DisposalRegime.objects.count()
    with pytest.raises(PlanNotUsable) as refused:
        records.import_plan(
            actor=keeper, data=PlanData(name="Plán", separator=".", classes=classes), valid_from=clock.today()
        )
    assert len(refused.value.obstacles) == 3
    assert (FilingPlan.objects.count(), DisposalRegime.objects.count()) == (plans, regimes)


def test_plans_of_others_are_not_seen(world):
    with world.school.scope():
        mine = set(FilingPlan.objects.values_list("pk", flat=True))
        assert len(mine) == 1
        assert RecordClass.objects.exclude(plan__in=mine).count() == 0
        assert not DisposalRegime.objects.exclude(classes__plan__in=mine).exists()


@pytest.mark.norm("6.1.3a", "6.1.3b", "3.2.2")
def test_a_file_inherits_the_regime_of_its_class(in_region, officer):
    entry = record_class("63.3")
    document = register(in_region)
    records.place_in_unit(
        actor=acting(in_region.clerk), document=document, unit=in_region.office.units["OD"], holder=in_region.officer
    )
    file = records.open_file(
        actor=officer, record_class=entry, unit=document.unit, processor=in_region.officer, document=document
    )
    assert (file.regime, file.trigger, file.check_years) == ("S/10", "external", 5)
    assert document.case_file.regime == "S/10"
