"""Handing a whole file over; taken over, returned and recalled as documents are (NSESSS 2.7.5)."""

from datetime import date, datetime
from typing import cast

from egon.audit.operation import operation
from egon.circulation import errors, file_handing, permissions
from egon.circulation.models import Handover
from egon.circulation.operations.handing import acting_person, node_of
from egon.circulation.rules import HandoverState
from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records.locking import lock_file
from egon.records.models import CaseFile
from egon.registry import queries as registry
from egon.registry.models import Person, Unit


@operation("circulation.file.hand", title="Předání spisu", requires=permissions.may_hand_file)
def hand_file(
    *,
    actor: Actor,
    file: CaseFile,
    at: datetime,
    unit: Unit | None = None,
    person: Person | None = None,
    deadline: date | None = None,
    note: str = "",
) -> Handover:
    """Hand a file with its documents to a unit or to a person, who see it and take it over or return it.

    Until they do, it stays with who has it. Raises FileNotHandable with every obstacle, NotInThisState when it is gone.
    """
    lock_file(file)
    obstacles = [*_against_addressee(file, unit, person, at), *_waits_already(file)]
    obstacles += file_handing.obstacles_to_moving(file)
    to_unit = _unit_of(file, person, at) if person is not None and not obstacles else unit
    if obstacles or to_unit is None:
        raise errors.FileNotHandable("Spis se nepředal, zůstal, kde byl.", obstacles)
    handover = Handover.objects.create(
        file=file,
        from_person=acting_person(actor),
        from_unit_id=file.unit_id,
        to_unit=to_unit,
        to_person=person,
        note=note.strip(),
        deadline=deadline,
        created_at=at,
    )
    file_handing.show_to_addressee(handover, file, at)
    return handover


@operation("circulation.handover.note", title="Vrácení spisu vzato na vědomí", requires=permissions.may_note_return)
def note_return(*, actor: Actor, handover: Handover, at: datetime) -> Handover:
    """The sender has read why the file came back: it leaves their desk. Raises HandoverDecided when it did not."""
    handover.refresh_from_db(from_queryset=Handover.objects.select_for_update(of=("self",)))
    if handover.file_id is None or handover.state != HandoverState.RETURNED:
        raise errors.HandoverDecided(handover)
    handover.noted_at = handover.noted_at or at
    handover.save(update_fields=["noted_at"])
    return handover


def _against_addressee(file: CaseFile, unit: Unit | None, person: Person | None, at: datetime) -> list[str]:
    if (unit is None) == (person is None):
        return ["Vyberte buď útvar, nebo osobu, které spis předáváte."]
    if person is not None:
        return _against_person(file, person, at)
    found = []
    if not registry.records_nodes(on=at.astimezone(PRAGUE).date()).filter(pk=unit.pk if unit else 0).exists():
        found.append(f"{unit} není spisový uzel, který by dnes přijímal spisy. Vyberte jiný útvar.")
    elif unit is not None and not registry.people_leading(unit).exists():
        found.append(f"Za útvar {unit} by spis neměl kdo převzít: nikdo ho nevede.")
    if file.is_restricted():
        found.append(f"Spis {file} je vyhrazený: předejte ho přímo člověku, který ho má zpracovat.")
    return found


def _against_person(file: CaseFile, person: Person, at: datetime) -> list[str]:
    found = []
    if not person.active:
        found.append(f"{person} v organizaci už nepracuje.")
    elif person.pk == file.processor_id:
        found.append(f"{person} spis už zpracovává.")
    elif _unit_of(file, person, at) is None:
        found.append(f"{person} nepracuje v žádném spisovém uzlu. Předejte spis útvaru.")
    return found


def _unit_of(file: CaseFile, person: Person, at: datetime) -> Unit | None:
    """The unit that has the file when the person works there, otherwise the nearest records node over them."""
    if registry.people_in(file.unit).filter(pk=person.pk).exists():
        return cast(Unit, file.unit)
    return node_of(person, at)


def _waits_already(file: CaseFile) -> list[str]:
    waiting = Handover.objects.filter(file=file, state=HandoverState.WAITING).select_related("to_person", "to_unit")
    return [f"Spis už čeká na převzetí: {one.addressee}. Předání nejdřív odvolejte." for one in waiting]
