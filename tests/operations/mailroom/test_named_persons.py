"""What is meant for one person goes to them at once: from paper and from the data box (NSESSS 2.1.6)."""

from typing import Any

import pytest
from tests.letters import citizen_as_party

from egon.circulation import operations as circulation
from egon.circulation.errors import CannotHandOver
from egon.circulation.models import Handover
from egon.databox import fetching
from egon.databox.models import Box
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.mailroom import operations, queries
from egon.mailroom.errors import NotRegistrable
from egon.mailroom.models import IntakeItem
from egon.mailroom.rules import EnvelopeFacts, person_meant
from egon.records import storing_queries
from egon.records.models import Document
from egon.registry.models import Position

pytestmark = pytest.mark.django_db


def register(world: Any, envelope: EnvelopeFacts, **more: Any) -> Document:
    clerk, now = world.actor(world.clerk), clock.now()
    facts = {"sender": citizen_as_party(clerk), "subject": "Osobní dopis", "delivered_at": now, "at": now}
    return operations.register_letter(actor=clerk, envelope=envelope, **(facts | more))


@pytest.mark.norm("2.1.6")
def test_an_unopened_letter_goes_to_the_person_on_its_envelope(in_region: Any) -> None:
    envelope = EnvelopeFacts(kind="recorded", sheets=0, to_hands="Ing. Petr Dvořák", unopened=True)
    document = register(in_region, envelope, person=in_region.officer)
    assert (document.holder, document.unit.code, document.state) == (in_region.officer, "OD", "processing")
    handover = Handover.objects.get(document=document)
    assert (handover.to_person, handover.state) == (in_region.officer, "waiting")
    kept = queries.envelope_of(document)
    assert kept is not None and kept.unopened
    assert storing_queries.paper_part_of(document).facts.is_uncounted
    circulation.take_over(actor=in_region.actor(in_region.officer), handover=handover, at=clock.now())


def test_an_unopened_letter_needs_to_be_somebodys_and_everything_is_told_at_once(in_region: Any) -> None:
    count = Document.objects.count()
    with pytest.raises(NotRegistrable) as refusal:
        register(in_region, EnvelopeFacts(kind="ordinary", sheets=0, unopened=True))
    assert len(refusal.value.obstacles) == 2
    assert Document.objects.count() == count


@pytest.mark.norm("2.1.6")
def test_a_message_to_the_hands_of_somebody_is_handed_to_them(in_region: Any, isds: Any) -> None:
    box = Box.objects.get()
    isds.write("Osobní věc", to=box.box_id, to_hands="Petr Dvořák")
    fetching.fetch_box(box.pk)
    clerk = in_region.actor(in_region.clerk)
    item = IntakeItem.objects.get()
    document = operations.register_intake(
        actor=clerk,
        item=item,
        sender=citizen_as_party(clerk),
        subject="Osobní věc",
        at=clock.now(),
        person=in_region.officer,
        unit=in_region.units["OZP"],
    )
    assert (document.holder, document.unit.code) == (in_region.officer, "OD")


def test_only_the_mailroom_hands_past_the_head_and_only_once(in_region: Any) -> None:
    document = register(in_region, EnvelopeFacts(kind="ordinary", sheets=1))
    step = {"document": document, "person": in_region.officer, "at": clock.now()}
    for who in ("officer", "head", "auditor", "outsider"):
        with pytest.raises(AccessDenied):
            circulation.hand_to_named(actor=in_region.actor(getattr(in_region, who)), **step)
    circulation.hand_to_named(actor=in_region.actor(in_region.clerk), **step)
    with pytest.raises(AccessDenied):
        circulation.hand_to_named(actor=in_region.actor(in_region.clerk), **step)


def test_who_works_nowhere_gets_nothing_and_nothing_is_registered(in_region: Any) -> None:
    Position.objects.filter(person=in_region.officer).update(person=None)
    count = Document.objects.count()
    with pytest.raises(CannotHandOver, match="nepracuje"):
        register(in_region, EnvelopeFacts(kind="ordinary", sheets=1), person=in_region.officer)
    assert Document.objects.count() == count


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Ing. Petr Dvořák, referent", 1), ("DVOŘÁK PETR", 1), ("Dvořák", None), ("Petr Dvořáček", None), ("", None)],
)
def test_a_name_on_an_envelope_means_one_person_or_nobody(written: str, meant: int | None) -> None:
    people = [(1, "Petr", "Dvořák"), (2, "Jana", "Malá"), (3, "Jan", "Novák"), (4, "Jan", "Novák")]
    assert person_meant(written, people) == meant
    assert person_meant("Jan Novák", people) is None
