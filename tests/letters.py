"""Approved letters that wait in dispatch, for tests of sending."""

from collections.abc import Sequence
from typing import Any

from egon import storage
from egon.kernel.actor import Actor
from egon.parties import operations as parties
from egon.parties.models import Party
from egon.records import operations as records
from egon.records.models import Addressee, Document
from egon.records.operations.drafting import NewAddressee
from egon.records.rules.states import Direction
from egon.world.outside import CITIZEN


def citizen_as_party(actor: Actor, *, databox_id: str = CITIZEN.box.box_id) -> Party:
    """The world's citizen in the register of parties."""
    details = parties.PartyDetails(
        kind="natural", given_name=CITIZEN.given_name, family_name=CITIZEN.family_name, databox_id=databox_id
    )
    return parties.register_party(actor=actor, details=details)


def approved_letter(
    world: Any,
    *,
    databox_id: str = CITIZEN.box.box_id,
    subject: str = "Odpověď na žádost",
    annex: bytes = b"priloha",
) -> Addressee:
    """A letter of the transport department, approved, with one annex; returns its addressee."""
    return approved_letter_to(world, [databox_id], subject=subject, annex=annex)[0]


def approved_letter_to(
    world: Any, boxes: Sequence[str], *, subject: str = "Odpověď na žádost", annex: bytes = b"priloha"
) -> list[Addressee]:
    """The same letter to several addressees, one a box; returns them in the order of ``boxes``."""
    system = Actor.system(world.region.pk)
    written = [citizen_as_party(system, databox_id=box) for box in boxes]
    document: Document = records.create_document(
        actor=system,
        direction=Direction.OUTGOING,
        subject=subject,
        unit=world.units["OD"],
        holder=world.officer,
        addressees=[NewAddressee.of(party) for party in written],
        files=[
            records.NewFile("odpoved.txt", "text/plain", storage.put(subject.encode()), role="main"),
            records.NewFile("priloha.txt", "text/plain", storage.put(annex)),
        ],
    )
    records.mark_in_approval(actor=system, document=document)
    records.mark_approved(actor=system, document=document)
    return list(document.addressees.order_by("pk"))
