"""Who sees a message, and who its content as well, is told exactly as its page decides it."""

from typing import Any

import pytest
from tests.letters import citizen_as_party
from tests.records_steps import acting

from egon.databox import fetching, operations, queries, sight
from egon.databox.models import Box, DataMessage
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.mailroom import operations as mailroom
from egon.mailroom.models import IntakeItem
from egon.records import operations as records
from egon.registry.models import Person

pytestmark = pytest.mark.django_db


def told(message: DataMessage) -> tuple[set[int], set[int]]:
    found = sight.who_sees_message(message, on=clock.today())
    assert all(one.seer.reasons for one in found)
    return {one.seer.person.pk for one in found}, {one.seer.person.pk for one in found if one.content}


def decided(message: DataMessage) -> tuple[set[int], set[int]]:
    envelope, content = set(), set()
    for person in Person.objects.filter(active=True):
        actor = acting(person)
        if not queries.may_see_message(actor, message):
            continue
        envelope.add(person.pk)
        try:
            queries.require_content(actor, message)
        except AccessDenied:
            continue
        content.add(person.pk)
    return envelope, content


def fetched(isds: Any, **more: Any) -> DataMessage:
    box = Box.objects.get()
    isds.write("Rodinná věc", to=box.box_id, files=(("dopis.txt", b"Vazeni", "text/plain"),), **more)
    fetching.fetch_box(box.pk)
    return DataMessage.objects.get()


@pytest.mark.norm("5.2.15")
def test_a_message_to_own_hands_tells_its_content_to_one(in_region: Any, isds: Any) -> None:
    message = fetched(isds, personal_delivery=True, to_hands="Eva Novotná")
    operations.name_person(actor=acting(in_region.clerk), message=message, person=in_region.officer2)
    message.refresh_from_db()
    assert told(message) == decided(message)
    envelope, content = told(message)
    assert content == {in_region.officer2.pk} and in_region.clerk.pk in envelope


@pytest.mark.norm("5.2.15")
def test_a_registered_message_is_seen_by_who_sees_its_document(in_region: Any, isds: Any) -> None:
    message = fetched(isds)
    clerk = acting(in_region.clerk)
    document = mailroom.register_intake(
        actor=clerk, item=IntakeItem.objects.get(), sender=citizen_as_party(clerk), subject="Věc", at=clock.now(),
        person=in_region.officer, unit=in_region.units["OD"],
    )  # fmt: skip
    assert told(message) == decided(message)
    assert in_region.officer.pk in told(message)[1]
    records.withdraw_document(actor=acting(in_region.officer), document=document, reason="Omyl")
    assert told(message) == decided(message)
    assert in_region.clerk.pk not in told(message)[1]
