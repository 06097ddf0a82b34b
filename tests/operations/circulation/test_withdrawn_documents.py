"""What waits of a document that is withdrawn: hand-overs stop and come back, letters on their way stand in the way."""

import pytest
from tests import traces
from tests.letters import approved_letter
from tests.records_steps import acting

from egon.circulation import operations
from egon.circulation.errors import HandoverDecided
from egon.circulation.inbox import Step
from egon.circulation.models import Route
from egon.circulation.operations import PlannedStep, resume_handovers, stop_handovers
from egon.circulation.route_rules import RouteState, StepPurpose
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.mailroom import operations as mailroom
from egon.mailroom import queries as letters
from egon.mailroom.errors import NotDispatchable
from egon.records import operations as records
from egon.records.errors import InvalidInput
from egon.records.models import Document
from egon.records.rules.states import Direction

pytestmark = pytest.mark.django_db


@pytest.fixture
def circular(office):
    """Of the officer's own document: unit OS has not taken it over yet."""
    document = records.create_document(
        actor=office.acting("head"), direction=Direction.INTERNAL, subject="Pokyn", text="Text pokynu.", at=office.now
    )
    operations.distribute(
        actor=office.acting("head"), document=document, units=[office.world.units["OS"]], at=office.now
    )
    return document


def steps_of(office, code, document):
    return [item.step for item in office.inbox(code) if item.document.pk == document.pk]


@pytest.mark.norm("7.2.13", "7.2.15")
def test_a_waiting_hand_over_stops_with_the_document_and_waits_again_when_it_is_restored(office, circular):
    [handover] = circular.handovers.all()
    assert steps_of(office, "OS", circular) == [Step.TAKE_OVER]
    records.withdraw_document(actor=office.acting("head"), document=circular, reason="Omyl.")
    handover.refresh_from_db()
    assert (handover.state, handover.reason) == ("recalled", "Dokument je stornovaný.")
    assert steps_of(office, "OS", circular) == []
    assert traces.last("circulation.handover.stop").parameters["recalled"] == [handover.addressee]
    with pytest.raises(HandoverDecided):
        operations.take_over(actor=office.node_admin("OS"), handover=handover, at=office.now)
    records.restore_document(actor=office.acting("records_keeper"), document=circular, reason="Není to omyl.")
    assert steps_of(office, "OS", circular) == [Step.TAKE_OVER]
    assert traces.last("circulation.handover.resume").parameters["waits_again"] == [handover.addressee]


def test_only_the_product_stops_and_resumes_hand_overs(office, circular):
    for operation, more in ((stop_handovers, {"at": office.now}), (resume_handovers, {})):
        with pytest.raises(AccessDenied):
            operation(actor=office.acting("head"), document=circular, **more)
    [handover] = stop_handovers(actor=Actor.system(office.world.tenant.pk), document=circular, at=office.now)
    assert handover.state == "recalled"


def test_a_running_route_is_recalled_with_the_document(office):
    draft = office.draft()
    route = operations.start_route(
        actor=office.acting("officer"), document=draft, at=office.now,
        steps=[PlannedStep(1, StepPurpose.OPINION, person=office.world.head2)],
    )  # fmt: skip
    records.withdraw_document(actor=office.acting("officer"), document=draft, reason="Omyl.")
    assert Route.objects.get(pk=route.pk).state == RouteState.RECALLED
    assert steps_of(office, "head2", draft) == []


@pytest.fixture
def letter(in_region):
    """A letter of the officer, prepared to be given to the post."""
    addressee = approved_letter(in_region, databox_id="")
    document = Document.objects.get(pk=addressee.document_id)
    document.first_processor, document.handed_over = in_region.officer, False
    document.save(update_fields=["first_processor", "handed_over"])
    return mailroom.prepare_letter(
        actor=acting(in_region.clerk), document=document, addressee=addressee, at=document.registered_at,
        service="own_hands", envelope="C5", weight=40, address="Dlouhá 12",
    )  # fmt: skip


@pytest.mark.norm("7.2.12")
def test_a_letter_that_waits_or_left_stands_in_the_way_beside_all_else(in_region, letter):
    officer, clerk = acting(in_region.officer), acting(in_region.clerk)
    document = Document.objects.get(pk=letter.dispatch.document_id)
    with pytest.raises(InvalidInput) as refusal:
        records.withdraw_document(actor=officer, document=document, reason="")
    told = " ".join(refusal.value.obstacles)
    assert "čeká ve výpravně" in told and "Nejdřív vypravení zrušte" in told and "Napište důvod" in told
    assert Document.objects.get(pk=document.pk).state == "approved"
    mailroom.take_back_letter(actor=clerk, letter=letter, reason="Storno.", at=document.registered_at)
    assert not letters.dispatches_on_their_way(document.pk).exists()
    withdrawn = records.withdraw_document(actor=officer, document=Document.objects.get(pk=document.pk), reason="Omyl.")
    assert withdrawn.state == "withdrawn"
    with pytest.raises(NotDispatchable):
        mailroom.prepare_letter(
            actor=clerk, document=document, addressee=document.addressees.get(), at=document.registered_at,
            service="own_hands", envelope="C5", weight=40, address="Dlouhá 12",
        )  # fmt: skip
