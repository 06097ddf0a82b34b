"""Hand-over lists: paper is listed once, and a unit takes over by the code of a list or of a document."""

from typing import Any

import pytest
from tests.letters import citizen_as_party

from egon.circulation import operations as circulation
from egon.circulation.models import Handover
from egon.kernel import clock
from egon.kernel.errors import AccessDenied, NotFound
from egon.mailroom import operations, queries
from egon.mailroom.errors import NothingToHandOver
from egon.mailroom.models import HandoverList
from egon.mailroom.rules import LIST_CODE, EnvelopeFacts
from egon.records.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters(in_region: Any) -> list[Document]:
    """Two paper letters handed to the transport department."""
    clerk, now = in_region.actor(in_region.clerk), clock.now()
    sender = citizen_as_party(clerk)
    return [
        operations.register_letter(
            actor=clerk,
            envelope=EnvelopeFacts(kind="ordinary", sheets=1),
            sender=sender,
            subject=subject,
            delivered_at=now,
            at=now,
            unit=in_region.units["OD"],
        )
        for subject in ("Silnice", "Most")
    ]


@pytest.fixture
def listing(in_region: Any, letters: list[Document]) -> HandoverList:
    return operations.make_handover_list(
        actor=in_region.actor(in_region.clerk), unit=in_region.units["OD"], at=clock.now()
    )


def documents_of(listing: HandoverList) -> list[Document]:
    return [item.handover.document for item in queries.items_of(listing)]


def test_paper_is_listed_once(in_region: Any, letters: list[Document]) -> None:
    clerk, unit = in_region.actor(in_region.clerk), in_region.units["OD"]
    assert queries.units_to_carry_to() == [(unit, 2)]
    listing = operations.make_handover_list(actor=clerk, unit=unit, at=clock.now())
    assert documents_of(listing) == letters
    with pytest.raises(NothingToHandOver):
        operations.make_handover_list(actor=clerk, unit=unit, at=clock.now())
    assert HandoverList.objects.count() == 1


def test_the_unit_takes_over_all_that_still_waits(
    in_region: Any, letters: list[Document], listing: HandoverList
) -> None:
    recalled = Handover.objects.get(document=letters[0])
    circulation.recall(actor=in_region.actor(in_region.clerk), handover=recalled, at=clock.now())
    head = in_region.actor(in_region.head)
    assert queries.list_of_code(head, f"{LIST_CODE}{listing.number}") == listing
    taken = operations.take_over_list(actor=head, listing=listing, at=clock.now())
    assert taken == [letters[1]]
    states = dict(Handover.objects.filter(document__in=letters).values_list("document", "state"))
    assert states == {letters[0].pk: "recalled", letters[1].pk: "taken"}
    assert operations.take_over_list(actor=head, listing=listing, at=clock.now()) == []


def test_a_single_label_leads_to_what_waits(in_region: Any, letters: list[Document]) -> None:
    head = in_region.actor(in_region.head)
    handover = queries.waiting_handover(head, letters[0].identifier)
    circulation.take_over(actor=head, handover=handover, at=clock.now())
    with pytest.raises(NotFound):
        queries.waiting_handover(head, letters[0].identifier)


def test_others_may_not_and_nothing_changes(in_region: Any, letters: list[Document]) -> None:
    unit = in_region.units["OD"]
    with pytest.raises(AccessDenied):
        operations.make_handover_list(actor=in_region.actor(in_region.head), unit=unit, at=clock.now())
    assert not HandoverList.objects.exists()
    listing = operations.make_handover_list(actor=in_region.actor(in_region.clerk), unit=unit, at=clock.now())
    for person in (in_region.clerk, in_region.outsider, in_region.officer):
        with pytest.raises(AccessDenied):
            operations.take_over_list(actor=in_region.actor(person), listing=listing, at=clock.now())
    with pytest.raises(NotFound):
        queries.handover_list_for(in_region.actor(in_region.outsider), listing.pk)
    assert set(Handover.objects.filter(document__in=letters).values_list("state", flat=True)) == {"waiting"}
