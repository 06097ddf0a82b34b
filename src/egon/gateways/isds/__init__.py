"""Client library for ISDS (Czech data boxes) and reader of ZFO files. Needs no Django.

>>> with IsdsClient(Environment.at("http://127.0.0.1:8900"), PasswordLogin("user", "password")) as client:
...     for record in client.list_received(since, until):
...         zfo = read_zfo(client.download_signed(record.dm_id))
"""

from egon.gateways.cms.trust import TrustStore
from egon.gateways.isds.boxes import BoxMatches, BoxOwner, BoxQuery, BoxUser, FoundBox, PasswordInfo, SearchPage
from egon.gateways.isds.certificates import ClientCertificate
from egon.gateways.isds.client import IsdsClient
from egon.gateways.isds.environment import ENVIRONMENTS, Environment
from egon.gateways.isds.errors import (
    ChangeUnclear,
    IsdsBusy,
    IsdsRefused,
    LoginRefused,
    SendingUnclear,
    SessionExpired,
)
from egon.gateways.isds.limiter import Limiter
from egon.gateways.isds.logins import (
    HostedRecordsLogin,
    Login,
    PasswordLogin,
    SessionLogin,
    SystemCertificateLogin,
    UserCertificateLogin,
)
from egon.gateways.isds.messages import (
    DeliveryInfo,
    LegalTitle,
    MessageEnvelope,
    MessageEvent,
    MessageHash,
    MessageRecord,
    ReceivedRecord,
    ReturnedEnvelope,
    SentRecord,
    StateChange,
)
from egon.gateways.isds.operations import OPERATIONS, Operation
from egon.gateways.isds.outgoing import OutgoingFile, OutgoingMessage, Recipient
from egon.gateways.isds.password_change import PasswordChange
from egon.gateways.isds.reports import (
    AsyncResult,
    DownloadedMessage,
    MessageAuthor,
    Notification,
    Notifications,
    RecipientOutcome,
)
from egon.gateways.isds.sources import Source
from egon.gateways.isds.uploads import ExternalFile, FileLedger, MemoryLedger, UploadedAttachment
from egon.gateways.isds.zfo import Zfo, ZfoFile, ZfoKind, ZfoLimits, ZfoVerification, read_zfo, verify_zfo

__all__ = [
    "ENVIRONMENTS",
    "OPERATIONS",
    "AsyncResult",
    "BoxMatches",
    "BoxOwner",
    "BoxQuery",
    "BoxUser",
    "ChangeUnclear",
    "ClientCertificate",
    "DeliveryInfo",
    "DownloadedMessage",
    "Environment",
    "ExternalFile",
    "FileLedger",
    "FoundBox",
    "HostedRecordsLogin",
    "IsdsBusy",
    "IsdsClient",
    "IsdsRefused",
    "LegalTitle",
    "Limiter",
    "Login",
    "LoginRefused",
    "MemoryLedger",
    "MessageAuthor",
    "MessageEnvelope",
    "MessageEvent",
    "MessageHash",
    "MessageRecord",
    "Notification",
    "Notifications",
    "Operation",
    "OutgoingFile",
    "OutgoingMessage",
    "PasswordChange",
    "PasswordInfo",
    "PasswordLogin",
    "ReceivedRecord",
    "Recipient",
    "RecipientOutcome",
    "ReturnedEnvelope",
    "SearchPage",
    "SendingUnclear",
    "SentRecord",
    "SessionExpired",
    "SessionLogin",
    "Source",
    "StateChange",
    "SystemCertificateLogin",
    "TrustStore",
    "UploadedAttachment",
    "UserCertificateLogin",
    "Zfo",
    "ZfoFile",
    "ZfoKind",
    "ZfoLimits",
    "ZfoVerification",
    "read_zfo",
    "verify_zfo",
]
