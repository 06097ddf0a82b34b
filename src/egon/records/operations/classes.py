"""Classes of the filing plan: added, described, closed, given another regime (NSESSS 3.1, 6.1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from egon.audit import log
from egon.audit.operation import operation
from egon.kernel import czech
from egon.kernel.actor import Actor
from egon.records import indexing, own_metadata, permissions, typed_queries
from egon.records.errors import ClassNotClosable, InvalidInput, NotInThisState
from egon.records.locking import require_seen
from egon.records.models import CaseFile, DisposalRegime, FilingPlan, RecordClass
from egon.records.operations.resorting import start_resorting
from egon.records.operations.successors import replace_class
from egon.records.operations.typed.templates import remove_sections
from egon.records.plan_queries import files_in_class
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.plan import LONGEST_NAME, faults_of_code, parent_code


@operation("records.class.save", title="Věcná skupina", requires=permissions.may_configure, unlogged=("own",))
def save_class(
    *,
    actor: Actor,
    plan: FilingPlan,
    code: str,
    name: str,
    valid_from: date,
    parent: RecordClass | None = None,
    regime: DisposalRegime | None = None,
    for_typed_files: bool = False,
    numbers_by_file: bool = False,
    standing_consent: bool = False,
    converts_formats: bool = True,
    note: str = "",
    own: Mapping[str, Any] | None = None,
) -> RecordClass:
    """Add a class that opens on a day of its own (NSESSS 3.1.4); with a regime it is a leaf and holds files (3.1.1).

    ``own`` are own metadata (9.1.1). Raises :class:`InvalidInput` with every fault.
    """
    FilingPlan.objects.select_for_update().get(pk=plan.pk)
    faults = [*_faults_of_new(plan, parent, code, name), *_faults_of_content(regime, for_typed_files)]
    if faults:
        raise InvalidInput("Věcná skupina se neuložila.", [fault[0].upper() + fault[1:] for fault in faults])
    values = own_metadata.accepted(OwnEntity.CLASS, own, refusal="Věcná skupina se neuložila.")
    saved = RecordClass.objects.create(
        plan=plan,
        parent=parent,
        code=code,
        name=name.strip(),
        note=note.strip(),
        sort_key=czech.sort_key(code)[:300],
        disposal_regime=regime,
        holds_files=regime is not None,
        for_typed_files=for_typed_files,
        numbers_by_file=numbers_by_file,
        standing_consent=standing_consent,
        converts_formats=converts_formats,
        valid_from=valid_from,
    )
    own_metadata.keep(saved, values, is_new=True)
    indexing.index_classes([saved])
    return saved


@operation(
    "records.class.describe",
    title="Úprava popisu věcné skupiny",
    requires=permissions.may_configure,
    unlogged=("own", "seen"),
)
def describe_class(
    *,
    actor: Actor,
    record_class: RecordClass,
    name: str,
    note: str = "",
    own: Mapping[str, Any] | None = None,
    seen: Mapping[str, Any] | None = None,
) -> RecordClass:
    """Change the words and own metadata of a class; it stays the same class (NSESSS 3.1.5, 9.1.1).

    ``seen`` are columns as the person saw them; when one is not so any more, :class:`Conflict` is raised.
    """
    record_class.refresh_from_db(from_queryset=RecordClass.objects.select_for_update())
    require_seen(record_class, seen)
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidInput("Popis se nezměnil.", [f"Obsah skupiny musí mít 1 až {LONGEST_NAME} znaků."])
    values = own_metadata.accepted(OwnEntity.CLASS, own, present=record_class.own_values, refusal="Popis se nezměnil.")
    log.note(previous_name=record_class.name)
    record_class.name, record_class.note = name.strip(), note.strip()
    record_class.save(update_fields=["name", "note"])
    own_metadata.keep(record_class, values)
    indexing.index_classes([record_class])
    return record_class


@operation("records.class.flags", title="Nastavení věcné skupiny", requires=permissions.may_configure)
def set_class_flags(
    *,
    actor: Actor,
    record_class: RecordClass,
    numbers_by_file: bool,
    standing_consent: bool,
    converts_formats: bool = True,
) -> RecordClass:
    """Change how numbers of new files are made, and the archive's standing consent (NSESSS 3.1.2, 2.7.4).

    Files opened before keep what they had.
    """
    if not record_class.holds_files:
        raise NotInThisState(f"Do skupiny {record_class} se spisy nevkládají, tato nastavení nemá.")
    record_class.numbers_by_file = numbers_by_file
    record_class.standing_consent, record_class.converts_formats = standing_consent, converts_formats
    record_class.save(update_fields=["numbers_by_file", "standing_consent", "converts_formats"])
    return record_class


@operation("records.class.close", title="Uzavření věcné skupiny", requires=permissions.may_configure)
def close_class(
    *, actor: Actor, record_class: RecordClass, on: date, move_files_to: RecordClass | None = None
) -> RecordClass:
    """Close a class for new files after a day (NSESSS 3.1.4); its open files first need another class (3.4.2, 3.2.14).

    With ``move_files_to`` the two are merged: open files are re-sorted there in the background, and the class names
    its successor. Open typed files need a class to which the template is mapped; they go there the day after (3.3.4).
    Raises :class:`ClassNotClosable` with every obstacle.
    """
    record_class.refresh_from_db(from_queryset=RecordClass.objects.select_for_update())
    open_files = files_in_class(record_class, also_closed=False).filter(volume__isnull=True).count()
    open_typed = typed_queries.open_typed_files_in(record_class).count()
    obstacles = [f"Skupina je uzavřená už od {record_class.valid_to:%-d. %-m. %Y}."] if record_class.valid_to else []
    if children := record_class.children.filter(valid_to__isnull=True).count():
        obstacles.append(f"Jsou v ní neuzavřené podřízené skupiny ({children}). Nejdřív uzavřete je (NSESSS 3.4.2).")
    if open_files and move_files_to is None:
        obstacles.append(f"Jsou v ní otevřené spisy ({open_files}). Vyberte, kam se mají přetřídit (NSESSS 3.2.14).")
    if open_typed and move_files_to is None:
        obstacles.append(f"Jsou v ní otevřené typové spisy ({open_typed}). Vyberte, kam se přetřídí (NSESSS 3.3.4).")
    if move_files_to is not None and record_class.for_typed_files:
        obstacles += typed_queries.faults_between(record_class, move_files_to)
    elif move_files_to is not None:
        obstacles += _obstacles_to_successor(record_class, move_files_to, on)
    if obstacles:
        raise ClassNotClosable(f"Skupina {record_class} se neuzavřela.", obstacles)
    record_class.valid_to, record_class.successor = on, move_files_to
    record_class.save(update_fields=["valid_to", "successor"])
    if move_files_to is not None and open_files:
        reason = f"Sloučení skupiny {record_class.code} do {move_files_to.code}"
        start_resorting(actor=actor, moves={record_class: move_files_to}, reason=reason)
    return record_class


@operation("records.class.regime", title="Změna skartačního režimu věcné skupiny", requires=permissions.may_configure)
def change_regime(*, actor: Actor, record_class: RecordClass, regime: DisposalRegime, on: date) -> RecordClass:
    """Give a class another regime from a day on (NSESSS 6.1.1 písm. b).

    A new class with the same code and words opens on that day, the old one closes the day before, and its open files
    are re-sorted in the background. A class of a draft is simply changed. Returns the class with the new regime.
    """
    record_class.refresh_from_db(from_queryset=RecordClass.objects.select_for_update())
    faults = list(_faults_of_content(regime, record_class.for_typed_files))
    if not record_class.holds_files or record_class.valid_to is not None:
        faults.append("režim se mění jen u otevřené skupiny, do které se vkládají spisy.")
    if regime.pk == record_class.disposal_regime_id:
        faults.append(f"skupina už režim {regime} má.")
    if faults:
        raise InvalidInput("Skartační režim se nezměnil.", [fault[0].upper() + fault[1:] for fault in faults])
    if record_class.plan.draft:
        record_class.disposal_regime = regime
        record_class.save(update_fields=["disposal_regime"])
        indexing.index_classes([record_class])
        return record_class
    successor = _replace(record_class, regime, on)
    if files_in_class(record_class, also_closed=False).exists():
        reason = f"Změna skartačního režimu skupiny {record_class.code}"
        start_resorting(actor=actor, moves={record_class: successor}, reason=reason)
    return successor


@operation("records.class.delete", title="Odstranění věcné skupiny z návrhu", requires=permissions.may_configure)
def delete_class(*, actor: Actor, record_class: RecordClass) -> None:
    """Remove a class from a draft. Raises :class:`NotInThisState` when its plan was in force or it holds something."""
    if not record_class.plan.draft:
        raise NotInThisState(f"Plán skupiny {record_class} už platil; skupinu jde jen uzavřít.")
    if record_class.children.exists():
        raise NotInThisState(f"Skupina {record_class} má podřízené skupiny. Nejdřív odstraňte je.")
    indexing.forget_class(record_class)
    remove_sections(list(typed_queries.template_of(record_class)))
    RecordClass.objects.filter(pk=record_class.pk).delete()


def _faults_of_new(plan: FilingPlan, parent: RecordClass | None, code: str, name: str) -> list[str]:
    faults = faults_of_code(code, plan.separator)
    if RecordClass.objects.filter(plan=plan, code=code, valid_to__isnull=True).exists():
        faults.append(f"spisový znak {code} už v plánu je (NSESSS 3.1.11).")
    above = parent.code if parent else ""
    if parent_code(code, plan.separator) != above:
        expected = f"{above}{plan.separator}…" if parent else "jednoduchý znak"
        faults.append(f"spisový znak „{code}“ sem nepatří, očekává se {expected} (NSESSS 3.1.12).")
    if not name.strip() or len(name) > LONGEST_NAME:
        faults.append(f"obsah skupiny musí mít 1 až {LONGEST_NAME} znaků.")
    if parent is not None and parent.plan_id != plan.pk:
        faults.append(f"skupina {parent} je v jiném plánu, skupina má nadřazenou jen ve svém (NSESSS 3.4.1).")
    if parent is not None and (parent.holds_files or CaseFile.objects.filter(record_class=parent).exists()):
        faults.append(f"ve skupině {parent} jsou spisy, jinou skupinu do ní vložit nejde (NSESSS 3.1.1).")
    if parent is not None and parent.for_typed_files:
        faults.append(f"skupina {parent} je určena pro typové spisy, jinou skupinu do ní vložit nejde (NSESSS 3.1.6).")
    if parent is not None and parent.valid_to is not None:
        faults.append(f"skupina {parent} je uzavřená (NSESSS 3.4.6).")
    return faults


def _faults_of_content(regime: DisposalRegime | None, for_typed_files: bool) -> list[str]:
    faults = []
    if regime is not None and regime.withdrawn_on is not None:
        faults.append(f"režim {regime} je znepřístupněný, přiřadit ho nejde (NSESSS 6.1.1).")
    if regime is not None and for_typed_files:
        faults.append("skupina pro typové spisy režim nemá, určí ho součásti jejich šablony (NSESSS 3.1.2).")
    return faults


def _obstacles_to_successor(record_class: RecordClass, target: RecordClass, on: date) -> list[str]:
    if target.pk == record_class.pk:
        return ["Spisy nejde přetřídit do téže skupiny."]
    if not target.holds_files or not target.is_open(on):
        return [f"Skupina {target} není otevřená pro spisy, přetřídit je do ní nejde (NSESSS 3.1.8)."]
    return []


def _replace(record_class: RecordClass, regime: DisposalRegime, on: date) -> RecordClass:
    successor = replace_class(
        record_class,
        on,
        disposal_regime=regime,
        holds_files=True,
        numbers_by_file=record_class.numbers_by_file,
        standing_consent=record_class.standing_consent,
        converts_formats=record_class.converts_formats,
    )
    log.note(previous_regime=str(record_class.disposal_regime), successor=str(successor))
    return successor
