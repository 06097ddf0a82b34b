"""From a path and a request to an answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lxml import etree

from egon.gateways.isds.codes import StatusCode
from egon.gateways.isds.namespaces import SERVICE_ACCESS, SERVICE_INFO, SERVICE_OPERATIONS, SERVICE_SEARCH
from egon.gateways.isds.simulator.boxes import User
from egon.gateways.isds.simulator.core import Simulator
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import (
    access,
    afterwards,
    big,
    commerce,
    info,
    messages,
    notifications,
    registers,
    search,
    users,
    wire,
)
from egon.gateways.isds.simulator.soap.call import Call
from egon.gateways.isds.simulator.soap.incoming import Incoming
from egon.gateways.isds.simulator.soap.outgoing import Streamed

Operation = Callable[[Call], bytes | Streamed]

VODZ, ARCH = "vodz", "arch"
BIG_SERVICES: Final = frozenset({VODZ, ARCH})
"""Services on ws2: SOAP 1.1 and 1.2, MTOM, read and answered from disk."""

SERVICES: Final[dict[str, dict[str, Operation]]] = {
    SERVICE_OPERATIONS: {
        "DummyOperation": messages.dummy_operation,
        "CreateMessage": messages.create_message,
        "CreateMultipleMessage": messages.create_multiple_message,
        "MessageDownload": messages.message_download,
        "SignedMessageDownload": messages.signed_message_download,
        "SignedSentMessageDownload": messages.signed_sent_message_download,
        "AuthenticateMessage": messages.authenticate_message,
        "Re-signISDSDocument": messages.resign,
    },
    SERVICE_INFO: {
        "GetListOfReceivedMessages": info.list_received,
        "GetListOfSentMessages": info.list_sent,
        "GetMessageStateChanges": info.state_changes,
        "MessageEnvelopeDownload": info.envelope_download,
        "SentMessageEnvelopeDownload": info.sent_envelope_download,
        "GetDeliveryInfo": info.delivery_info,
        "GetSignedDeliveryInfo": info.signed_delivery_info,
        "MarkMessageAsDownloaded": info.mark_downloaded,
        "VerifyMessage": info.verify_message,
        "GetMessageAuthor": info.message_author,
        "GetMessageAuthor2": info.message_author_2,
        "EraseMessage": afterwards.erase_message,
        "GetListOfErasedMessages": afterwards.list_erased,
        "PickUpAsyncResponse": afterwards.pick_up,
        "RegisterForNotifications": notifications.register,
        "GetListForNotifications": notifications.list_new,
        "SuspMessageReport": afterwards.report_suspicious,
    },
    VODZ: {
        "UploadAttachment": big.upload,
        "DownloadAttachment": big.download_attachment,
        "CreateBigMessage": big.create_big_message,
        "BigMessageDownload": big.big_message_download,
        "SignedBigMessageDownload": big.signed_big_message_download,
        "SignedSentBigMessageDownload": big.signed_sent_big_message_download,
        "AuthenticateBigMessage": big.authenticate_big_message,
        "DummyOperation": messages.dummy_operation,
    },
    ARCH: {"ArchiveISDSDocument": big.archive_document, "DummyOperation": messages.dummy_operation},
    SERVICE_SEARCH: {
        "CheckDataBox": search.check_data_box,
        "FindDataBox": search.find_data_box,
        "FindDataBox2": search.find_data_box_2,
        "ISDSSearch2": search.isds_search_2,
        "ISDSSearch3": search.isds_search_3,
        "FindPersonalDataBox": registers.find_personal,
        "GetDataBoxList": registers.box_list,
        "GetDataBoxActivityStatus": registers.activity,
        "GetDataBoxAddress": registers.address,
        "GetConstants": commerce.constants,
        "PDZInfo": commerce.pdz_info,
        "PDZSendInfo": commerce.pdz_send_info,
        "DataBoxCreditInfo": commerce.credit_info,
        "DTInfo": commerce.vault_info,
    },
    SERVICE_ACCESS: {
        "GetOwnerInfoFromLogin": access.owner_info,
        "GetOwnerInfoFromLogin2": access.owner_info_2,
        "GetUserInfoFromLogin": access.user_info,
        "GetUserInfoFromLogin2": access.user_info_2,
        "GetPasswordInfo": access.password_info,
        "ChangeISDSPassword": access.change_password,
        "GetDataBoxUsers2": users.list_users,
        "AddDataBoxUser2": users.add_user,
        "UpdateDataBoxUser2": users.update_user,
        "DeleteDataBoxUser2": users.delete_user,
    },
}
"""What the simulator can do, by service and operation."""


def operation_of(request: wire.Request) -> str:
    """Name of the operation a request asks for."""
    return etree.QName(request).localname


def answer(
    simulator: Simulator,
    service: str,
    request: wire.Request,
    user: User,
    *,
    fault: str = "",
    incoming: Incoming | None = None,
    folder: Path = Path(),
) -> bytes | Streamed:
    """Perform an operation; a refusal and an unknown operation are answers too."""
    name = operation_of(request)
    kind = kind_of(service)
    operation = SERVICES[service].get(name)
    if operation is None:
        return wire.refused(name, StatusCode.UNKNOWN_OPERATION, f"Unknown operation: {name}", kind=kind)
    now = simulator.now()
    if simulator.switches.too_soon(user.box_id, now):
        code = simulator.switches.throttle
        return wire.refused(name, code, "Provoz je omezen, opakujte požadavek za 3 s.", kind=kind)
    call = Call(simulator=simulator, user=user, now=now, request=request, fault=fault, incoming=incoming, folder=folder)
    try:
        return operation(call)
    except Refusal as refusal:
        return wire.refused(name, refusal.status, refusal.message, kind=kind)


def kind_of(service: str) -> str:
    """Whether the status of a service is ``dmStatus`` or ``dbStatus``."""
    return "db" if service in {SERVICE_SEARCH, SERVICE_ACCESS} else "dm"
