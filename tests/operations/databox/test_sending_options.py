"""How a message is sent: choices of the envelope, commercial messages only as people said, large ones by their size."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.letters import approved_letter

from egon.databox import fetching, sending, uploading
from egon.databox.models import Box, DataMessage, Direction, OutboxFile, OutboxItem, OutboxState, Payment, Progress
from egon.databox.options import IDENTITY_LEVELS, SendingOptions, is_commercial
from egon.gateways.isds import IsdsClient, LegalTitle
from egon.gateways.isds.rules import DescribedFile, obstacles_to_described
from egon.gateways.isds.simulator import seed
from egon.kernel import clock
from egon.mailroom import operations as mailroom
from egon.mailroom.models import Dispatch, DispatchState
from egon.parties.models import Party
from egon.world.organisations import REGION
from egon.world.outside import CITIZEN, COMPANY

pytestmark = pytest.mark.django_db

LARGE = b"velka priloha\n" * 1_600_000  # 22.4 MB
DENTIST = "zubar2a"


def dispatched(world: Any, *, to: str = CITIZEN.box.box_id, annex: bytes = b"priloha", **more: Any) -> OutboxItem:
    addressee = approved_letter(world, databox_id=to, annex=annex)
    dispatch = mailroom.dispatch_document(
        actor=world.actor(world.clerk),
        document=addressee.document,
        addressee=addressee,
        box=Box.objects.get(),
        recipient_box_id=to,
        at=clock.now(),
        **more,
    )
    item: OutboxItem = dispatch.outbox_item
    return item


def step(item: OutboxItem) -> OutboxItem:
    Box.objects.update(next_attempt_at=None, states_asked_at=None)
    OutboxItem.objects.update(next_attempt_at=None)
    sending.send(item.pk)
    item.refresh_from_db()
    return item


def fetch() -> None:
    Box.objects.update(next_attempt_at=None, states_asked_at=None)
    DataMessage.objects.update(next_attempt_at=None)
    fetching.fetch_box(Box.objects.get().pk)


# --- the envelope --------------------------------------------------------------------------------------------------


def test_every_choice_stands_in_the_envelope(in_region: Any, isds: Any) -> None:
    choices = SendingOptions(
        to_hands="Jan Novák",
        recipient_reference="C 1/2026",
        recipient_file_mark="S 2/2026",
        personal_delivery=True,
        allow_fiction=False,
        legal_title=LegalTitle(500, 2004, "47", "1", "a"),
        publish_level=1,
    )
    item = step(dispatched(in_region, options=choices))
    assert item.state == OutboxState.SENT
    with isds.client(REGION.box) as client:
        envelope = client.sent_envelope(item.dm_id).envelope
    assert (envelope.to_hands, envelope.personal_delivery, envelope.allow_fiction) == ("Jan Novák", True, False)
    assert (envelope.recipient_reference_number, envelope.recipient_file_mark) == ("C 1/2026", "S 2/2026")
    assert envelope.legal_title == choices.legal_title
    with isds.client(CITIZEN.box) as client:
        client.list_received()
        assert client.author(item.dm_id).name


def test_choices_isds_would_refuse_are_told_all_at_once() -> None:
    wrong = SendingOptions(
        to_hands="x" * 31,
        recipient_reference="x" * 51,
        allow_fiction=False,
        legal_title=LegalTitle(None, 2004, "47"),
        publish_level=128,
    )
    told = " ".join(wrong.obstacles("PO"))
    for expected in (
        "K rukám",
        "Číslo jednací adresáta",
        "Náhradní doručení",
        "patří k sobě",
        "číslo zákona",
        "Rozsah",
    ):
        assert expected in told
    assert SendingOptions(allow_fiction=False, publish_level=sum(IDENTITY_LEVELS)).obstacles("OVM_PO") == []


def test_the_chosen_box_is_remembered_with_the_person_when_somebody_says_so(in_region: Any, isds: Any) -> None:
    addressee = approved_letter(in_region)
    mailroom.dispatch_document(
        actor=in_region.actor(in_region.clerk),
        document=addressee.document,
        addressee=addressee,
        box=Box.objects.get(),
        recipient_box_id=COMPANY.box.box_id,
        recipient_type="PO",
        remember=True,
        at=clock.now(),
    )
    assert Party.objects.get(pk=addressee.party_id).databox_id == COMPANY.box.box_id
    addressee.refresh_from_db()
    assert addressee.databox_id == COMPANY.box.box_id


# --- the recipient just before sending -----------------------------------------------------------------------------


@pytest.mark.norm("2.3.2g")
def test_a_box_closed_meanwhile_comes_back_to_people(in_region: Any, isds: Any) -> None:
    item = dispatched(in_region)
    citizen = isds.simulator.directory.find(CITIZEN.box.box_id)
    isds.simulator.directory.save(type(citizen)(**{**_fields(citizen), "state": 2}))
    assert step(item).state == OutboxState.REFUSED
    assert "dočasně znepřístupněná" in item.problem
    assert "jiný způsob" in item.problem
    assert Dispatch.objects.get().state == DispatchState.FAILED


def _fields(box: Any) -> dict[str, Any]:
    return {name: getattr(box, name) for name in box.__dataclass_fields__}


@pytest.mark.parametrize(
    ("sender", "recipient", "commercial"),
    [("OVM", "FO", False), ("PO", "OVM_PFO", False), ("PO", "PFO", True), ("PO", "", None), ("OVM", "", False)],
)
def test_a_message_is_commercial_between_boxes_of_which_none_is_an_authority(
    sender: str, recipient: str, commercial: bool | None
) -> None:
    assert is_commercial(sender, recipient) is commercial


@pytest.fixture
def as_a_company(isds: Any) -> Any:
    """The region's box as that of a company, with credit for two messages; the recipient takes commercial ones."""
    ours = isds.simulator.directory.find(REGION.box.box_id)
    isds.simulator.directory.save(type(ours)(**{**_fields(ours), "type": 20}))
    theirs = isds.simulator.directory.find(COMPANY.box.box_id)
    isds.simulator.directory.save(type(theirs)(**{**_fields(theirs), "open_addressing": True}))
    isds.simulator.credit.charge(REGION.box.box_id, 3000, now=isds.simulator.now())
    Box.objects.update(box_type="")  # nobody wrote it: the product asks
    return isds


def test_nothing_is_paid_without_a_person_saying_so(in_region: Any, as_a_company: Any) -> None:
    item = step(dispatched(in_region, to=COMPANY.box.box_id))
    assert item.state == OutboxState.REFUSED
    assert "placenou poštovní datovou zprávu" in item.problem
    assert Box.objects.get().box_type == "PO"
    assert as_a_company.simulator.credit.balance(REGION.box.box_id) == 3000
    assert as_a_company.received_by(COMPANY.box) == []


def test_a_commercial_message_is_paid_as_was_said(in_region: Any, as_a_company: Any) -> None:
    paid = SendingOptions(payment=Payment.CREDIT)
    assert step(dispatched(in_region, to=COMPANY.box.box_id, options=paid)).state == OutboxState.SENT
    assert as_a_company.simulator.credit.balance(REGION.box.box_id) == 1500
    assert len(as_a_company.received_by(COMPANY.box)) == 1


def test_without_credit_the_message_comes_back_with_what_to_do(in_region: Any, as_a_company: Any) -> None:
    paid = SendingOptions(payment=Payment.CREDIT)
    for _ in range(2):
        step(dispatched(in_region, to=COMPANY.box.box_id, options=paid))
    item = step(dispatched(in_region, to=COMPANY.box.box_id, options=paid))
    assert item.state == OutboxState.REFUSED
    assert "doplňte kredit" in item.problem


@pytest.mark.parametrize("known_type", ["OVM", ""])
def test_to_an_authority_nothing_is_paid_whatever_was_chosen(
    in_region: Any, as_a_company: Any, known_type: str
) -> None:
    seed.create(as_a_company.simulator, {"id": "", "type": "OVM", "name": "Městys Zkouška", "ic": "00000001"})
    office = next(box for box in as_a_company.simulator.directory.every() if box.name == "Městys Zkouška")
    paid = SendingOptions(payment=Payment.CREDIT)
    item = step(dispatched(in_region, to=office.id, options=paid, recipient_type=known_type))
    assert (item.state, item.payment) == (OutboxState.SENT, "")
    assert as_a_company.simulator.credit.balance(REGION.box.box_id) == 3000


def test_a_reply_to_an_initiating_message_is_paid_by_its_sender(in_region: Any, as_a_company: Any) -> None:
    theirs = as_a_company.simulator.directory.find(COMPANY.box.box_id)
    as_a_company.simulator.directory.save(type(theirs)(**{**_fields(theirs), "commercial_sender": True}))
    ours = as_a_company.simulator.directory.find(REGION.box.box_id)
    as_a_company.simulator.directory.save(type(ours)(**{**_fields(ours), "open_addressing": True}))
    as_a_company.write(
        "Nabídka",
        to=REGION.box.box_id,
        sender=COMPANY.box,
        message_type="I",
        sender_reference_number="NAB-7/2026",
    )
    reply = SendingOptions(payment=Payment.REPLY, recipient_reference="NAB-7/2026")
    item = step(dispatched(in_region, to=COMPANY.box.box_id, options=reply))
    assert item.state == OutboxState.SENT, item.problem
    assert as_a_company.simulator.credit.balance(REGION.box.box_id) == 3000


# --- large messages ------------------------------------------------------------------------------------------------


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of attachments as they were uploaded."""
    made: list[str] = []
    real = IsdsClient.upload_attachment

    def noted(self: IsdsClient, source: Any, name: str, mime_type: str) -> Any:
        made.append(name)
        return real(self, source, name, mime_type)

    monkeypatch.setattr(IsdsClient, "upload_attachment", noted)
    return made


def test_over_twenty_megabytes_a_message_leaves_as_a_large_one_and_comes_back_whole(
    in_region: Any, isds: Any, uploads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    item = dispatched(in_region, annex=LARGE)
    assert item.is_big
    with monkeypatch.context() as patched:
        patched.setattr(sending, "storage", SimpleNamespace(read=_never))  # contents are streamed
        assert step(item).state == OutboxState.SENT, item.problem
    assert uploads == ["odpoved.txt", "priloha.txt"]
    fetch()
    copy = DataMessage.objects.get(direction=Direction.SENT)
    assert (copy.progress, copy.is_big) == (Progress.COMPLETE, True)
    assert copy.files.get(name="priloha.txt").size == len(LARGE)
    # Received large messages are told by the list, or else by ISDS itself (1281).
    DataMessage.objects.filter(pk=copy.pk).update(is_big=False)
    with isds.client(REGION.box) as client:
        assert fetching.fetch_content(DataMessage.objects.get(pk=copy.pk), client).files[1].size == len(LARGE)


def _never(digest: str) -> bytes:
    raise AssertionError("a large content was read into memory")


def test_a_large_message_accepted_without_an_answer_is_found_and_not_sent_again(in_region: Any, isds: Any) -> None:
    isds.break_("CreateBigMessage", "drop_after")
    item = dispatched(in_region, annex=LARGE)
    assert step(item).state == OutboxState.AMBIGUOUS
    OutboxItem.objects.update(last_attempt_at=clock.now() - timedelta(hours=1))
    assert step(item).state == OutboxState.SENT
    assert len(isds.received_by(CITIZEN.box)) == 1


def test_what_was_uploaded_is_not_uploaded_again_and_what_isds_lost_is(
    in_region: Any, isds: Any, uploads: list[str]
) -> None:
    item = dispatched(in_region, annex=LARGE)
    isds.break_("CreateBigMessage", "drop_before")
    assert step(item).state == OutboxState.AMBIGUOUS
    OutboxItem.objects.update(last_attempt_at=clock.now() - timedelta(hours=1))
    assert step(item).state == OutboxState.QUEUED
    isds.simulator.uploads.forget(isds.simulator.uploads.of_box(REGION.box.box_id))  # ISDS erased them after two hours
    assert step(item).state == OutboxState.QUEUED
    assert uploads == ["odpoved.txt", "priloha.txt"]
    assert not OutboxFile.objects.filter(item=item, upload__isnull=False).exists()
    assert step(item).state == OutboxState.SENT
    assert uploads == ["odpoved.txt", "priloha.txt"] * 2


def test_a_sending_cut_off_between_two_uploads_goes_on_with_the_next_one(
    in_region: Any, isds: Any, uploads: list[str]
) -> None:
    item = dispatched(in_region, annex=LARGE)
    first = item.files.order_by("position").first()
    with isds.client(REGION.box) as client:
        uploading._uploaded(first, client)  # then the worker was killed
    assert step(item).state == OutboxState.SENT
    assert uploads == ["odpoved.txt", "priloha.txt"]


def test_over_the_quota_of_uploads_the_message_waits_and_says_why(in_region: Any, isds: Any) -> None:
    isds.simulator.uploads.quota = 1000
    item = step(dispatched(in_region, annex=LARGE))
    assert item.state == OutboxState.QUEUED
    assert item.next_attempt_at > clock.now() + timedelta(minutes=20)
    assert "5 GB" in item.problem


def test_over_a_hundred_megabytes_nothing_can_be_sent() -> None:
    def told(size: int) -> list[str]:
        return obstacles_to_described([DescribedFile("plan.pdf", size, "application/pdf", "main")])

    assert told(100 * 1024 * 1024) == []
    assert "velkoobjemová zpráva smí mít nejvýše 100 MB" in told(100 * 1024 * 1024 + 1)[0]
