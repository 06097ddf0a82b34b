"""Holds of disposal: placed and lifted by the appraiser (NSESSS 6.1.13 to 6.1.16). The period runs on meanwhile."""

from datetime import date
from typing import Any

from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, DisposalHold, RecordClass, TypedFile, TypedSection, Volume


@operation("records.hold.place", title="Pozastavení skartační operace", requires=permissions.may_appraise)
def place_hold(
    *,
    actor: Actor,
    on: date,
    reason: str,
    record_class: RecordClass | None = None,
    typed_file: TypedFile | None = None,
    section: TypedSection | None = None,
    volume: Volume | None = None,
    file: CaseFile | None = None,
) -> DisposalHold:
    """Hold the disposal of one thing with everything below it; say why (NSESSS 6.1.13)."""
    over: dict[str, Any] = {
        "record_class": record_class, "typed_file": typed_file, "section": section, "volume": volume, "file": file,
    }  # fmt: skip
    faults = [] if reason.strip() else ["Napište důvod pozastavení."]
    if sum(one is not None for one in over.values()) != 1:
        faults.append("Pozastavit jde právě jedna věcná skupina, typový spis, součást, díl nebo spis.")
    if faults:
        raise InvalidInput("Skartační operace se nepozastavila.", faults)
    return DisposalHold.objects.create(reason=reason.strip()[:250], placed_on=on, placed_by=actor.name[:200], **over)


@operation("records.hold.lift", title="Zrušení pozastavení skartační operace", requires=permissions.may_appraise)
def lift_hold(*, actor: Actor, hold: DisposalHold, on: date) -> DisposalHold:
    """End a hold; what it was and who placed it stays recorded (NSESSS 6.1.16)."""
    hold.refresh_from_db(from_queryset=DisposalHold.objects.select_for_update())
    if hold.lifted_on is not None:
        raise NotInThisState("Pozastavení už je zrušené.")
    hold.lifted_on, hold.lifted_by = on, actor.name[:200]
    hold.save(update_fields=["lifted_on", "lifted_by"])
    return hold
