"""The filing plan: codes, what makes a plan wrong, comparison, what may be re-sorted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egon.gateways.nsesss import ClassData, PlanData, RegimeData
from egon.records.rules.plan import (
    ClassLine,
    Separator,
    TargetFacts,
    compare,
    event_of,
    faults_of_code,
    faults_of_plan,
    faults_of_regime,
    obstacle_to_resorting,
    parent_code,
    simple_code,
    trigger_of,
)
from egon.records.rules.retention import Trigger
from egon.records.starting_plans import STARTING_PLANS

S5 = RegimeData("S", 5)
OPEN = TargetFacts("51.1", holds_files=True, is_open=True)


def plan(*classes, separator="."):
    return PlanData(name="Plán", separator=separator, classes=classes)


@pytest.mark.norm("3.1.12a", "3.1.12b", "3.1.12c", "3.1.12d")
@given(
    separator=st.sampled_from(Separator),
    parts=st.lists(st.text("0123456789AB", min_size=1, max_size=4), min_size=1, max_size=5),
)
def test_codes_are_chained_by_exactly_one_separator(separator, parts):
    code = separator.value.join(parts)
    assert faults_of_code(code, separator.value) == []
    assert simple_code(code, separator.value) == parts[-1]
    assert parent_code(code, separator.value) == separator.value.join(parts[:-1])
    for other in set(Separator) - {separator}:
        assert faults_of_code(f"{code}{other.value}1", separator.value)


@pytest.mark.parametrize("code", ["", "  ", "51..1", ".51", "51.", "1" * 31])
def test_a_code_without_its_parts_is_wrong(code):
    assert faults_of_code(code, ".")


def test_everything_wrong_with_a_plan_is_told_at_once_and_where():
    faults = faults_of_plan(
        plan(
            ClassData("1", "Správa", where="řádek 2"),
            ClassData("1.1", "", parent=0, where="řádek 3"),
            ClassData("1.1", "Znovu", parent=0, regime=RegimeData("V", 5), where="řádek 4"),
            ClassData("2-1", "Jinde", parent=0, regime=RegimeData("S", 101), where="řádek 5"),
            ClassData("3", "Skupina s režimem", regime=S5, where="řádek 6"),
            ClassData("3.1", "List", parent=4, regime=S5, for_typed_files=True, where="řádek 7"),
        )
    )
    text = "\n".join(faults)
    for expected in (
        "řádek 3: chybí obsah",
        "řádek 3: nejnižší skupina nemá skartační režim",
        "řádek 4: skartační znak „V“",
        "řádek 5: skartační lhůta",
        "řádek 5: spisový znak „2-1“ obsahuje i jiný oddělovač",
        "řádek 5: znak nevzniká z nadřazeného",
        "řádek 6: skartační režim má jen nejnižší skupina",
        "řádek 7: skartační režim má jen nejnižší skupina",
        "Spisový znak 1.1 je v plánu 2krát",
    ):
        assert expected in text


@pytest.mark.norm("3.1.6")
def test_a_class_for_typed_files_holds_no_other_class():
    faults = faults_of_plan(
        plan(ClassData("1", "Organizace", for_typed_files=True), ClassData("1.1", "List", parent=0, regime=S5))
    )
    assert len(faults) == 1
    assert "pro typové spisy nesmí obsahovat jinou skupinu" in faults[0]


@pytest.mark.norm("6.1.7a", "6.1.7b")
def test_only_keeping_and_destruction_are_disposal_operations():
    assert faults_of_regime(mark="A", years=10, trigger=Trigger.CLOSING, check_years=None) == []
    assert faults_of_regime(mark="S", years=0, trigger=Trigger.SETTLING, check_years=None) == []
    assert faults_of_regime(mark="V", years=5, trigger=Trigger.CLOSING, check_years=None)


@pytest.mark.norm("6.1.6a", "6.1.6b", "6.1.6c", "6.1.6d", "6.1.6e")
@pytest.mark.parametrize("trigger", list(Trigger))
def test_each_trigger_may_be_set_and_an_external_one_says_when_it_is_checked(trigger):
    external = trigger is Trigger.EXTERNAL
    assert not faults_of_regime(mark="S", years=5, trigger=trigger, check_years=3 if external else None)
    assert faults_of_regime(mark="S", years=5, trigger=trigger, check_years=None if external else 3)
    of_kind = faults_of_regime(mark="S", years=5, trigger=trigger, check_years=3 if external else None, for_kind=True)
    assert bool(of_kind) == (trigger in (Trigger.OPENING, Trigger.BIRTH))


@pytest.mark.parametrize(
    ("text", "trigger", "event"),
    [
        ("", Trigger.CLOSING, ""),
        ("rok uzavření spisu", Trigger.CLOSING, ""),
        ("Rok vyřízení  spisu", Trigger.SETTLING, ""),
        ("vnější událost", Trigger.EXTERNAL, ""),
        ("po skončení platnosti smlouvy", Trigger.EXTERNAL, "po skončení platnosti smlouvy"),
    ],
)
def test_a_written_trigger_is_understood(text, trigger, event):
    assert (trigger_of(text), event_of(text)) == (trigger, event)


def test_two_plans_are_compared_by_codes():
    changes = compare(
        [ClassLine("1", "Správa", ""), ClassLine("1.1", "Porady", "S/5"), ClassLine("1.2", "Zrušené", "S/5")],
        [ClassLine("1", "Řízení", ""), ClassLine("1.1", "Porady", "A/5"), ClassLine("1.3", "Nové", "S/3")],
    )
    assert changes.added == ["1.3 Nové S/3"]
    assert changes.removed == ["1.2 Zrušené S/5"]
    assert changes.renamed == ["1 Správa → Řízení"]
    assert changes.other_regime == ["1.1 Porady: S/5 → A/5"]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, ""),
        ({"is_closed": True, "allows_closed": True, "target": TargetFacts("51.1", True, False)}, ""),
        ({"is_closed": True}, "uzavřen"),
        ({"target": TargetFacts("51.1", True, False)}, "uzavřená"),
        ({"target": TargetFacts("51", False, True)}, "nevkládají"),
        ({"is_in_target": True}, "už"),
        ({"is_in_source": False}, "mezitím"),
    ],
)
def test_what_may_be_resorted(changes, refused):
    facts = {
        "target": OPEN,
        "is_closed": False,
        "is_in_source": True,
        "is_in_target": False,
        "allows_closed": False,
        **changes,
    }
    obstacle = obstacle_to_resorting(**facts)
    assert refused in obstacle
    assert bool(obstacle) == bool(refused)


@pytest.mark.parametrize(("key", "least"), [("kraj", 350), ("skola", 60), ("nemocnice", 90), ("silnice", 75)])
def test_plans_to_start_from_are_whole_and_right(key, least):
    data = STARTING_PLANS[key].read()
    assert faults_of_plan(data) == []
    assert sum(one.regime is not None for one in data.classes) >= least
