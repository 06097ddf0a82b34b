"""Client library for ISDS (Czech data boxes) and reader of ZFO files. Needs no Django.

>>> with IsdsClient(Environment.at("http://127.0.0.1:8900"), PasswordLogin("user", "password")) as client:
...     for record in client.list_received(since, until):
...         zfo = read_zfo(client.download_signed(record.dm_id))
"""

from egon.gateways.cms.trust import TrustStore
from egon.gateways.isds.boxes import BoxMatches, BoxOwner, BoxQuery, BoxUser, FoundBox, PasswordInfo, SearchPage
from egon.gateways.isds.client import IsdsClient
from egon.gateways.isds.environment import Environment, Login, PasswordLogin
from egon.gateways.isds.errors import IsdsBusy, IsdsRefused, LoginRefused, SendingUnclear
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
from egon.gateways.isds.outgoing import OutgoingFile, OutgoingMessage
from egon.gateways.isds.zfo import Zfo, ZfoFile, ZfoKind, ZfoLimits, ZfoVerification, read_zfo, verify_zfo

__all__ = [
    "BoxMatches",
    "BoxOwner",
    "BoxQuery",
    "BoxUser",
    "DeliveryInfo",
    "Environment",
    "FoundBox",
    "IsdsBusy",
    "IsdsClient",
    "IsdsRefused",
    "LegalTitle",
    "Login",
    "LoginRefused",
    "MessageEnvelope",
    "MessageEvent",
    "MessageHash",
    "MessageRecord",
    "OutgoingFile",
    "OutgoingMessage",
    "PasswordInfo",
    "PasswordLogin",
    "ReceivedRecord",
    "ReturnedEnvelope",
    "SearchPage",
    "SendingUnclear",
    "SentRecord",
    "StateChange",
    "TrustStore",
    "Zfo",
    "ZfoFile",
    "ZfoKind",
    "ZfoLimits",
    "ZfoVerification",
    "read_zfo",
    "verify_zfo",
]
