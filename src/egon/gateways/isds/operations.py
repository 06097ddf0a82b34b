"""What can be asked of ISDS: one table of operations with what each of them may cause.

Sources: WSDL 3.11; operating rules II.4 and II.8 (only the list of received messages delivers in the legal sense).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from egon.gateways.isds import namespaces


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the web services.

    ``delivers``: calling it causes legal delivery of messages waiting in the box. ``repeatable``: when the answer is
    lost, the same call may be made again without doing something twice.
    """

    name: str
    service: str
    wsdl: str
    delivers: bool = False
    repeatable: bool = True


_TABLE: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("dm_operations", namespaces.SERVICE_OPERATIONS): (
        "CreateMessage",
        "CreateMultipleMessage",
        "MessageDownload",
        "SignedMessageDownload",
        "SignedSentMessageDownload",
        "AuthenticateMessage",
        "Re-signISDSDocument",
        "DummyOperation",
    ),
    ("dm_info", namespaces.SERVICE_INFO): (
        "VerifyMessage",
        "MessageEnvelopeDownload",
        "SentMessageEnvelopeDownload",
        "MarkMessageAsDownloaded",
        "GetDeliveryInfo",
        "GetSignedDeliveryInfo",
        "GetListOfReceivedMessages",
        "GetListOfSentMessages",
        "GetMessageStateChanges",
        "GetMessageAuthor",
        "GetMessageAuthor2",
        "EraseMessage",
        "GetListOfErasedMessages",
        "PickUpAsyncResponse",
        "RegisterForNotifications",
        "GetListForNotifications",
        "SuspMessageReport",
    ),
    ("dm_VoDZ", namespaces.SERVICE_BIG): (
        "UploadAttachment",
        "DownloadAttachment",
        "CreateBigMessage",
        "BigMessageDownload",
        "SignedBigMessageDownload",
        "SignedSentBigMessageDownload",
        "AuthenticateBigMessage",
    ),
    ("dm_arch", namespaces.SERVICE_ARCHIVE): ("ArchiveISDSDocument",),
    ("db_search", namespaces.SERVICE_SEARCH): (
        "FindDataBox",
        "FindDataBox2",
        "ISDSSearch2",
        "ISDSSearch3",
        "FindPersonalDataBox",
        "CheckDataBox",
        "GetDataBoxList",
        "PDZInfo",
        "PDZSendInfo",
        "DataBoxCreditInfo",
        "DTInfo",
        "GetDataBoxActivityStatus",
        "GetConstants",
        "GetDataBoxAddress",
    ),
    ("db_access", namespaces.SERVICE_ACCESS): (
        "GetOwnerInfoFromLogin",
        "GetOwnerInfoFromLogin2",
        "GetUserInfoFromLogin",
        "GetUserInfoFromLogin2",
        "GetPasswordInfo",
        "ChangeISDSPassword",
    ),
    ("db_manipulations", namespaces.SERVICE_ACCESS): (
        "GetDataBoxUsers2",
        "AddDataBoxUser2",
        "UpdateDataBoxUser2",
        "DeleteDataBoxUser2",
    ),
}

_DELIVERING: Final = frozenset({"GetListOfReceivedMessages"})

SENDING: Final = frozenset({"CreateMessage", "CreateMultipleMessage", "CreateBigMessage"})
"""Operations that submit a data message; after a lost answer the list of sent messages tells."""

_DONE_ONCE: Final = SENDING | {"AddDataBoxUser2", "ChangeISDSPassword", "SuspMessageReport"}

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        name: Operation(name, service, wsdl, name in _DELIVERING, name not in _DONE_ONCE)
        for (wsdl, service), names in _TABLE.items()
        for name in names
    }
)
"""Every operation the client knows, by its name in the WSDL. Nothing outside this table can be called."""
