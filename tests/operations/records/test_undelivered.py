"""A letter that did not reach its addressee waits to be sent again; nothing else gets approved that way."""

import pytest
from tests import traces
from tests.records_steps import acting
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records.errors import NotInThisState
from egon.records.models import Document
from egon.records.operations import NewAddressee
from egon.records.rules.states import Direction
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

OPERATION = "records.document.undelivered"


@pytest.fixture
def clerk(in_region):
    return acting(in_region.clerk)


@pytest.fixture
def letter(in_region):
    """A draft to two addressees."""
    return records.create_document(
        actor=acting(in_region.officer),
        direction=Direction.OUTGOING,
        subject="Dva adresáti",
        text="Dobrý den.",
        addressees=[NewAddressee("První"), NewAddressee("Druhý")],
    )


@pytest.fixture
def sent(in_region, letter, clerk):
    """The letter, sent to both."""
    approve(in_region, letter)
    return records.mark_dispatched(actor=clerk, document=letter)


def approve(world, letter):
    records.mark_in_approval(actor=acting(world.officer), document=letter)
    records.mark_approved(actor=acting(world.head), document=letter)


def picture(letter):
    fresh = Document.objects.get(pk=letter.pk)
    return fresh.state, list(fresh.addressees.order_by("pk").values_list("state", flat=True))


def test_one_addressee_is_not_reached_and_the_letter_waits_to_be_sent_again(sent, clerk):
    first, _ = sent.addressees.order_by("pk")
    records.mark_undelivered(actor=clerk, document=sent, addressee=first)
    assert picture(sent) == ("approved", ["failed", "dispatched"])
    record = traces.last(OPERATION)
    assert traces.speaks_of(record, sent) and traces.speaks_of(record, first)


def test_the_other_addressee_still_gets_it_and_after_sending_again_everybody_has_it(sent, clerk):
    first, second = sent.addressees.order_by("pk")
    records.mark_undelivered(actor=clerk, document=sent, addressee=first)
    records.mark_delivered(actor=clerk, document=sent, addressee=second, at=clock.now())
    assert picture(sent) == ("approved", ["failed", "delivered"])
    records.mark_dispatched(actor=clerk, document=sent, addressee=first)
    assert picture(sent) == ("dispatched", ["dispatched", "delivered"])
    records.mark_delivered(actor=clerk, document=sent, addressee=first, at=clock.now())
    assert picture(sent) == ("delivered", ["delivered", "delivered"])


def test_both_may_fail_one_after_another(sent, clerk):
    for addressee in sent.addressees.order_by("pk"):
        records.mark_undelivered(actor=clerk, document=sent, addressee=addressee)
    assert picture(sent) == ("approved", ["failed", "failed"])


def test_who_has_got_it_stays_delivered(sent, clerk):
    first, _ = sent.addressees.order_by("pk")
    records.mark_delivered(actor=clerk, document=sent, addressee=first, at=clock.now())
    with pytest.raises(NotInThisState):
        records.mark_undelivered(actor=clerk, document=sent, addressee=first)
    assert picture(sent) == ("dispatched", ["delivered", "dispatched"])
    records.mark_undelivered(actor=clerk, document=sent)
    assert picture(sent) == ("approved", ["delivered", "failed"])


def test_a_failure_told_twice_changes_nothing_the_second_time(sent, clerk):
    records.mark_undelivered(actor=clerk, document=sent)
    with pytest.raises(NotInThisState, match="Nic se nezměnilo"):
        records.mark_undelivered(actor=clerk, document=sent)
    assert picture(sent) == ("approved", ["failed", "failed"])
    assert traces.done(OPERATION) == 1


@pytest.mark.parametrize("state", ["draft", "in_approval", "approved"])
def test_the_mailroom_approves_nothing_by_saying_it_came_back(in_region, letter, clerk, state):
    if state == "approved":
        approve(in_region, letter)
    elif state == "in_approval":
        records.mark_in_approval(actor=acting(in_region.officer), document=letter)
    with pytest.raises(NotInThisState):
        records.mark_undelivered(actor=clerk, document=letter)
    assert picture(letter) == (state, ["", ""])


def test_a_letter_taken_back_to_be_rewritten_is_not_approved_by_a_late_failure(in_region, sent, clerk):
    first, second = sent.addressees.order_by("pk")
    records.mark_undelivered(actor=clerk, document=sent, addressee=first)
    records.return_to_draft(actor=acting(in_region.head), document=sent)
    records.mark_undelivered(actor=clerk, document=sent, addressee=second)
    assert picture(sent) == ("draft", ["failed", "failed"])


@pytest.mark.parametrize("who", ["officer", "head", "outsider", "auditor", "administrator"])
def test_only_the_mailroom_says_so(in_region, sent, who):
    with pytest.raises(AccessDenied):
        records.mark_undelivered(actor=acting(getattr(in_region, who)), document=sent)
    assert picture(sent) == ("dispatched", ["dispatched", "dispatched"])
    assert (traces.done(OPERATION), traces.denied(OPERATION)) == (0, 1)


def test_a_mailroom_of_another_organisation_does_not(in_region, sent, clerk):
    with pytest.raises(WrongTenant):
        records.mark_undelivered(actor=of_school(in_region, clerk), document=sent)
    assert picture(sent) == ("dispatched", ["dispatched", "dispatched"])
