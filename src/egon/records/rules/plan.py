"""The filing plan: codes, what makes a plan wrong, how two plans differ, what may be re-sorted (NSESSS 3.1, 6.1)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from egon.gateways.nsesss import ClassData, PlanData, RegimeData
from egon.records.rules.labels import Labelled
from egon.records.rules.retention import LONGEST_RETENTION, DisposalMark, Trigger

LONGEST_CODE: Final = 30
LONGEST_NAME: Final = 250
CHECKED_AFTER: Final = 5  # let; when a plan from outside does not say after how many years an event is asked about


class Separator(Labelled):
    """What stands between the parts of a code; one for the whole plan (NSESSS 3.1.12)."""

    DOT = ".", "tečka (51.1)"
    DASH = "-", "pomlčka (51-1)"
    SLASH = "/", "lomítko (51/1)"
    SPACE = " ", "mezera (51 1)"


def is_within(code: str, above: str) -> bool:
    """Whether a class code is another one or stands below it, whatever separator its plan has."""
    return code == above or any(code.startswith(f"{above}{separator.value}") for separator in Separator)


def simple_code(code: str, separator: str) -> str:
    """The last part of a code: ``3`` of ``51.3``."""
    return code.rpartition(separator)[2]


def parent_code(code: str, separator: str) -> str:
    """The code of the class above: ``51`` of ``51.3``; empty for a root."""
    return code.rpartition(separator)[0]


def faults_of_code(code: str, separator: str) -> list[str]:
    """What is wrong with a code by itself, in Czech (NSESSS 3.1.12)."""
    if not code.strip():
        return ["chybí spisový znak."]
    faults = []
    if len(code) > LONGEST_CODE:
        faults.append(f"spisový znak je delší než {LONGEST_CODE} znaků.")
    parts = code.split(separator)
    if not all(part and part == part.strip() for part in parts):
        faults.append(f"spisový znak „{code}“ má mezi oddělovači „{separator}“ prázdnou část.")
    if any(other.value in code for other in Separator if other.value != separator):
        faults.append(f"spisový znak „{code}“ obsahuje i jiný oddělovač než „{separator}“.")
    return faults


def trigger_of(text: str) -> Trigger:
    """The trigger that a text names; what is not one of the known years is an external event (NSESSS 6.1.6)."""
    wanted = " ".join(text.split()).casefold()
    for trigger in Trigger:
        if wanted in (trigger.label.casefold(), trigger.value):
            return trigger
    return Trigger.EXTERNAL if wanted else Trigger.CLOSING


def event_of(text: str) -> str:
    """The external event that a text names; empty when it names none."""
    named = trigger_of(text) is Trigger.EXTERNAL and text.casefold() not in (Trigger.EXTERNAL.label, Trigger.EXTERNAL)
    return " ".join(text.split()) if named else ""


def faults_of_regime(
    *, mark: str, years: int | None, trigger: Trigger, check_years: int | None, for_kind: bool = False
) -> list[str]:
    """What is wrong with a disposal regime, in Czech (NSESSS 6.1.5 to 6.1.7)."""
    faults = []
    if mark not in set(DisposalMark):
        faults.append(f"skartační znak „{mark}“ neexistuje, platí jen A a S (NSESSS 6.1.5).")
    if years is None or not 0 <= years <= LONGEST_RETENTION:
        faults.append(f"skartační lhůta je 0 až {LONGEST_RETENTION} let (zákon č. 499/2004 Sb., § 66 odst. 5).")
    if trigger is Trigger.EXTERNAL and not check_years:
        faults.append("u vnější události chybí, po kolika letech se má kontrolovat, zda nastala (NSESSS 6.1.6).")
    if trigger is not Trigger.EXTERNAL and check_years is not None:
        faults.append("lhůta kontroly patří jen k vnější události (NSESSS 6.1.6).")
    if for_kind and trigger not in (Trigger.SETTLING, Trigger.CLOSING, Trigger.EXTERNAL):
        faults.append(
            "druh dokumentu smí mít jen režim od vyřízení, od uzavření nebo od vnější události (NSESSS 6.1.6)."
        )
    return faults


def faults_of_plan(plan: PlanData) -> list[str]:
    """Everything that keeps a plan from outside from being taken in, in Czech, class by class."""
    faults = [] if plan.name.strip() else ["Plán nemá název."]
    if plan.separator not in set(Separator):
        faults.append(f"Oddělovač „{plan.separator}“ není dovolený; smí být tečka, pomlčka, lomítko nebo mezera.")
    if plan.valid_from and plan.valid_to and plan.valid_to < plan.valid_from:
        faults.append("Platnost plánu končí dřív, než začíná.")
    with_children = {one.parent for one in plan.classes if not one.is_section or _is_section(plan, one.parent)}
    for position, one in enumerate(plan.classes):
        found = _faults_of_class(one, plan, is_leaf=position not in with_children)
        faults.extend(f"{one.where or one.code}: {fault}" for fault in found)
    codes = Counter(one.code for one in plan.classes if one.closed_on is None)
    faults.extend(
        f"Spisový znak {code} je v plánu {count}krát (NSESSS 3.1.11)." for code, count in codes.items() if count > 1
    )
    return faults


def _is_section(plan: PlanData, position: int | None) -> bool:
    return position is not None and plan.classes[position].is_section


def _may_hold_sections(plan: PlanData, position: int | None) -> bool:
    return position is not None and (plan.classes[position].for_typed_files or plan.classes[position].is_section)


def _faults_of_class(one: ClassData, plan: PlanData, *, is_leaf: bool) -> Iterator[str]:
    yield from faults_of_code(one.code, plan.separator)
    above = "" if one.parent is None else plan.classes[one.parent].code
    if parent_code(one.code, plan.separator) != above:
        yield f"znak nevzniká z nadřazeného „{above}“ a oddělovače „{plan.separator}“ (NSESSS 3.1.12)."
    if not one.name.strip():
        yield "chybí obsah (slovní popis) skupiny."
    if len(one.name) > LONGEST_NAME:
        yield f"obsah je delší než {LONGEST_NAME} znaků; podrobnosti patří do poznámky."
    if one.opened_on and one.closed_on and one.closed_on < one.opened_on:
        yield "datum uzavření předchází datu otevření."
    if one.is_section and not _may_hold_sections(plan, one.parent):
        yield "součást patří jen do skupiny určené pro typové spisy, nebo do jiné součásti (NSESSS 3.3.6)."
    yield from _faults_of_place(one, is_leaf=is_leaf)


def _faults_of_place(one: ClassData, *, is_leaf: bool) -> Iterator[str]:
    if one.for_typed_files and not is_leaf:
        yield "skupina určená pro typové spisy nesmí obsahovat jinou skupinu (NSESSS 3.1.6)."
    if one.regime is None:
        if is_leaf and not one.for_typed_files:
            yield f"nejnižší {'součást' if one.is_section else 'skupina'} nemá skartační režim (NSESSS 6.1.4)."
        return
    if not is_leaf or one.for_typed_files:
        yield "skartační režim má jen nejnižší skupina nebo součást, do níž se vkládají spisy (NSESSS 3.1.2, 3.3.18)."
    trigger = trigger_of(one.regime.trigger)
    yield from faults_of_regime(
        mark=one.regime.mark, years=one.regime.years, trigger=trigger, check_years=checked_after(one.regime)
    )


def checked_after(regime: RegimeData) -> int | None:
    """Years after which an external event is asked about; a plan from outside often does not say it."""
    if trigger_of(regime.trigger) is not Trigger.EXTERNAL:
        return None
    return regime.check_years or CHECKED_AFTER


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """How a new plan differs from the one in force; each entry is written as people read it."""

    added: list[str]
    removed: list[str]
    renamed: list[str]
    other_regime: list[str]


@dataclass(frozen=True, slots=True)
class ClassLine:
    """What two plans are compared by."""

    code: str
    name: str
    regime: str


def compare(old: Sequence[ClassLine], new: Sequence[ClassLine]) -> PlanChanges:
    """The changes from one plan to another, by codes."""
    before, after = {one.code: one for one in old}, {one.code: one for one in new}
    both = [(before[code], after[code]) for code in after if code in before]
    return PlanChanges(
        added=[f"{one.code} {one.name} {one.regime}".rstrip() for one in new if one.code not in before],
        removed=[f"{one.code} {one.name} {one.regime}".rstrip() for one in old if one.code not in after],
        renamed=[f"{a.code} {a.name} → {b.name}" for a, b in both if a.name != b.name],
        other_regime=[
            f"{a.code} {b.name}: {a.regime or '–'} → {b.regime or '–'}" for a, b in both if a.regime != b.regime
        ],
    )


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """The class into which a file is to be re-sorted."""

    code: str
    holds_files: bool
    is_open: bool


def obstacle_to_resorting(
    *, target: TargetFacts, is_closed: bool, is_in_source: bool, is_in_target: bool, allows_closed: bool
) -> str:
    """Why a file cannot be re-sorted, in Czech; empty when it can.

    An open file goes into an open class only (NSESSS 3.1.8), a closed one also into a closed class, when the records
    keeper chose so (3.1.9, 3.4.5).
    """
    if not target.holds_files:
        return f"Do skupiny {target.code} se spisy nevkládají (NSESSS 3.1.1)."
    if is_in_target:
        return f"Spis už ve skupině {target.code} je."
    if not is_in_source:
        return "Spis mezitím někdo přetřídil jinam."
    if is_closed and not allows_closed:
        return "Spis je uzavřený a uzavřené se přetřídit neměly (NSESSS 3.4.5)."
    if not is_closed and not target.is_open:
        return f"Skupina {target.code} je uzavřená, otevřený spis do ní nesmí (NSESSS 3.1.8)."
    return ""
