"""Nothing delivers a message by accident: every operation is called while a message waits, one of them delivers it."""

import io
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.gateways.isds.running import PASSWORD, Running

from egon.gateways.isds import OPERATIONS, BoxQuery, IsdsClient, OutgoingFile, OutgoingMessage, Recipient, Source
from egon.gateways.isds.box_facts import BoxUserDraft
from egon.gateways.isds.codes import MessageState
from egon.kernel.errors import GatewayError

OLD_FORMS = {"FindDataBox", "ISDSSearch2", "GetOwnerInfoFromLogin", "GetUserInfoFromLogin"}
NOW = datetime.now(UTC)
DAY = date(2026, 1, 1)
USER = BoxUserDraft("Jan", "Nový", date(1990, 5, 5), privileges=3)


def _calls(office: IsdsClient, waiting: str, box: str, sender_box: str) -> dict[str, Callable[[], object]]:
    """A call of every operation, about the waiting message wherever it can be."""
    file = OutgoingFile("a.txt", b"text", "text/plain", "main")
    message = OutgoingMessage(sender_box, "Odpověď", (file,))
    sink = io.BytesIO
    return {
        "CreateMessage": lambda: office.create_message(message),
        "CreateMultipleMessage": lambda: office.create_messages(message, [Recipient(sender_box)]),
        "MessageDownload": lambda: office.download_unsigned(waiting),
        "SignedMessageDownload": lambda: office.download_signed(waiting),
        "SignedSentMessageDownload": lambda: office.download_sent_signed(waiting),
        "AuthenticateMessage": lambda: office.authenticate(b"nic"),
        "Re-signISDSDocument": lambda: office.resign(b"nic"),
        "DummyOperation": office.ping,
        "VerifyMessage": lambda: office.message_hash(waiting),
        "MessageEnvelopeDownload": lambda: office.envelope(waiting),
        "SentMessageEnvelopeDownload": lambda: office.sent_envelope(waiting),
        "MarkMessageAsDownloaded": lambda: office.mark_downloaded(waiting),
        "GetDeliveryInfo": lambda: office.delivery_info(waiting),
        "GetSignedDeliveryInfo": lambda: office.signed_delivery_info(waiting),
        "GetListOfSentMessages": office.list_sent,
        "GetMessageStateChanges": lambda: office.state_changes(None, None),
        "GetMessageAuthor": lambda: office.plain_author(waiting),
        "GetMessageAuthor2": lambda: office.author(waiting),
        "EraseMessage": lambda: office.erase_from_vault(waiting, received=True),
        "GetListOfErasedMessages": lambda: office.ask_for_erased(received=True, year=2026),
        "PickUpAsyncResponse": lambda: office.pick_up("1"),
        "RegisterForNotifications": office.register_for_notifications,
        "GetListForNotifications": lambda: office.notifications(NOW - timedelta(days=1)),
        "SuspMessageReport": lambda: office.report_suspicious(waiting, allow_complete=False),
        "UploadAttachment": lambda: office.upload_attachment(Source.of_bytes(b"%PDF-1.7"), "a.pdf", "application/pdf"),
        "DownloadAttachment": lambda: office.download_attachment_into(waiting, 0, sink()),
        "CreateBigMessage": lambda: office.create_big_message(message, []),
        "BigMessageDownload": lambda: office.download_big_unsigned(waiting, lambda _place: sink()),
        "SignedBigMessageDownload": lambda: office.download_big_signed_into(waiting, sink()),
        "SignedSentBigMessageDownload": lambda: office.download_big_sent_signed_into(waiting, sink()),
        "AuthenticateBigMessage": lambda: office.authenticate_big(Source.of_bytes(b"nic")),
        "ArchiveISDSDocument": lambda: office.archive(Source.of_bytes(b"nic"), sink()),
        "FindDataBox2": lambda: office.find_box(BoxQuery(box_id=box, box_type="OVM")),
        "ISDSSearch3": lambda: office.search_boxes("kraj"),
        "FindPersonalDataBox": lambda: office.find_personal_box(last_name="Řeháček"),
        "CheckDataBox": lambda: office.check_box(box),
        "GetDataBoxList": office.box_list,
        "PDZInfo": lambda: office.commercial_offers(box),
        "PDZSendInfo": lambda: office.may_send_commercial(box),
        "DataBoxCreditInfo": lambda: office.credit(box),
        "DTInfo": lambda: office.vault(box),
        "GetDataBoxActivityStatus": lambda: office.activity(box, NOW - timedelta(days=1), NOW),
        "GetConstants": lambda: office.constants(DAY),
        "GetDataBoxAddress": lambda: office.box_address(box),
        "GetOwnerInfoFromLogin2": office.owner,
        "GetUserInfoFromLogin2": office.user,
        "GetPasswordInfo": office.password_info,
        "ChangeISDSPassword": lambda: office.change_password("Jine-heslo-1", PASSWORD),
        "GetDataBoxUsers2": lambda: office.box_users(box),
        "AddDataBoxUser2": lambda: office.add_box_user(box, USER),
        "UpdateDataBoxUser2": lambda: office.update_box_user(box, "abcdefghijkl", USER),
        "DeleteDataBoxUser2": lambda: office.delete_box_user(box, "abcdefghijkl"),
        "GetListOfReceivedMessages": office.list_received,
    }


def test_only_the_list_of_received_messages_delivers(
    simulator: Running, office: IsdsClient, citizen: IsdsClient
) -> None:
    box, sender_box = office.owner().box_id, citizen.owner().box_id
    waiting = citizen.create_message(
        OutgoingMessage(box, "Čeká", (OutgoingFile("a.txt", b"text", "text/plain", "main"),))
    )
    assert simulator.state_of(waiting, box) == MessageState.DELIVERED_TO_BOX
    calls = _calls(office, waiting, box, sender_box)
    assert calls.keys() | OLD_FORMS == OPERATIONS.keys()
    for operation, call in calls.items():
        with suppress(GatewayError):
            call()
        delivered = simulator.state_of(waiting, box) != MessageState.DELIVERED_TO_BOX
        assert delivered == OPERATIONS[operation].delivers, operation


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_must_not_be_done_twice_is_marked(operation: str) -> None:
    creates = operation.startswith(("Create", "Add")) or operation in {"ChangeISDSPassword", "SuspMessageReport"}
    assert OPERATIONS[operation].repeatable != creates
