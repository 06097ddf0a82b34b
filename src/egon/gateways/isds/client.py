"""The client of ISDS: one object per box login, one method per operation."""

import io
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, Final, Self

from lxml import etree

from egon.gateways.isds import boxes, messages, namespaces
from egon.gateways.isds.boxes import BoxMatches, BoxOwner, BoxQuery, BoxUser, PasswordInfo, SearchPage
from egon.gateways.isds.codes import ALL_STATES_FILTER, BoxState
from egon.gateways.isds.environment import Environment, Login
from egon.gateways.isds.messages import (
    DeliveryInfo,
    MessageRecord,
    ReceivedRecord,
    ReturnedEnvelope,
    SentRecord,
    StateChange,
)
from egon.gateways.isds.outgoing import OutgoingMessage, create_message_body
from egon.gateways.isds.safe_xml import child, int_of, text_of
from egon.gateways.isds.signature_sink import SignatureSink
from egon.gateways.isds.soap import answer_of, element, empty_element, request
from egon.gateways.isds.times import format_time
from egon.gateways.isds.transport import RequestBody, Transport, broken_answer

PAGE_SIZE: Final = 100
"""The most results ISDSSearch3 gives on one page."""


class IsdsClient:
    """Speaks with ISDS for one login. Every method makes one request; nothing is repeated by itself.

    Errors common to all: ``Misconfigured`` (login refused, wrong address), ``Retryable`` (outage, broken answer),
    ``IsdsBusy`` and ``IsdsRefused`` (ISDS answered with a status code). Safe to share between threads.
    """

    def __init__(self, environment: Environment, login: Login) -> None:
        self.environment = environment
        self._transport = Transport(environment, login)

    def close(self) -> None:
        """Drop open connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the login -------------------------------------------------------------------------------------------------

    def ping(self) -> None:
        """DummyOperation: proves that address and credentials work; delivers nothing, is not logged by ISDS."""
        self._call(namespaces.SERVICE_OPERATIONS, "DummyOperation")

    def owner(self) -> BoxOwner:
        """GetOwnerInfoFromLogin2: the box this login belongs to."""
        answer = self._call(namespaces.SERVICE_ACCESS, "GetOwnerInfoFromLogin2", empty_element("dbDummy"))
        found = child(answer, "dbOwnerInfo")
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje údaje o schránce")
        return boxes.read_owner(found)

    def user(self) -> BoxUser:
        """GetUserInfoFromLogin2: the user of this login (2102 for logins by a system certificate)."""
        return boxes.read_user(self._call(namespaces.SERVICE_ACCESS, "GetUserInfoFromLogin2", empty_element("dbDummy")))

    def password_info(self) -> PasswordInfo:
        """GetPasswordInfo: until when the password is valid."""
        answer = self._call(namespaces.SERVICE_ACCESS, "GetPasswordInfo", empty_element("dbDummy"))
        return boxes.read_password_info(answer)

    # --- lists -----------------------------------------------------------------------------------------------------

    def list_received(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        *,
        states: int = ALL_STATES_FILTER,
        offset: int = 1,
        limit: int | None = None,
        unit_number: int | None = None,
    ) -> tuple[ReceivedRecord, ...]:
        """GetListOfReceivedMessages for a window of *dodání*. **Calling it causes legal delivery** of what it lists.

        ``states`` is a bit sum (see ``codes.status_filter``), ``offset`` counts from 1 and is slow on the server,
        ``limit`` ``None`` means the server's thousand. Take windows with a minute of overlap.
        """
        return self._list(
            "GetListOfReceivedMessages",
            ReceivedRecord,
            since,
            until,
            element("dmRecipientOrgUnitNum", unit_number),
            states=states,
            offset=offset,
            limit=limit,
        )

    def list_sent(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        *,
        states: int = ALL_STATES_FILTER,
        offset: int = 1,
        limit: int | None = None,
        unit_number: int | None = None,
    ) -> tuple[SentRecord, ...]:
        """GetListOfSentMessages for a window of *dodání*; the way to learn whether an unclear sending succeeded."""
        return self._list(
            "GetListOfSentMessages",
            SentRecord,
            since,
            until,
            element("dmSenderOrgUnitNum", unit_number),
            states=states,
            offset=offset,
            limit=limit,
        )

    def state_changes(self, since: datetime | None, until: datetime | None) -> tuple[StateChange, ...]:
        """GetMessageStateChanges of sent messages; ISDS keeps the last 15 days only."""
        answer = self._call(namespaces.SERVICE_INFO, "GetMessageStateChanges", *_window(since, until))
        return messages.read_state_changes(answer)

    # --- one message -----------------------------------------------------------------------------------------------

    def download_signed(self, dm_id: str) -> bytes:
        """SignedMessageDownload: the received message as a ZFO, byte for byte. Does not mark it as read."""
        return self._signed(namespaces.SERVICE_OPERATIONS, "SignedMessageDownload", dm_id)

    def download_signed_into(self, dm_id: str, target: BinaryIO) -> int:
        """As :meth:`download_signed`, written to ``target`` while it arrives; returns its size in bytes.

        After an error ``target`` may hold a part of the message and must be thrown away.
        """
        return self._signed_into(namespaces.SERVICE_OPERATIONS, "SignedMessageDownload", dm_id, target)

    def download_sent_signed(self, dm_id: str) -> bytes:
        """SignedSentMessageDownload: the sent message as a ZFO (from state 4 on, otherwise ``IsdsBusy`` 1229)."""
        return self._signed(namespaces.SERVICE_OPERATIONS, "SignedSentMessageDownload", dm_id)

    def download_sent_signed_into(self, dm_id: str, target: BinaryIO) -> int:
        """As :meth:`download_sent_signed`, written to ``target`` while it arrives; returns its size in bytes."""
        return self._signed_into(namespaces.SERVICE_OPERATIONS, "SignedSentMessageDownload", dm_id, target)

    def signed_delivery_info(self, dm_id: str) -> bytes:
        """GetSignedDeliveryInfo: the delivery receipt (doručenka) as a ZFO. Causes no delivery."""
        return self._signed(namespaces.SERVICE_INFO, "GetSignedDeliveryInfo", dm_id)

    def delivery_info(self, dm_id: str) -> DeliveryInfo:
        """GetDeliveryInfo: the delivery receipt without a seal. Causes no delivery."""
        found = messages.read_delivery_info(
            self._call(namespaces.SERVICE_INFO, "GetDeliveryInfo", element("dmID", dm_id))
        )
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje doručenku")
        return found

    def envelope(self, dm_id: str) -> ReturnedEnvelope:
        """MessageEnvelopeDownload of a received message; works also after its content was erased."""
        answer = self._call(namespaces.SERVICE_INFO, "MessageEnvelopeDownload", element("dmID", dm_id))
        found = messages.read_returned_envelope(answer)
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje obálku")
        return found

    def mark_downloaded(self, dm_id: str) -> None:
        """MarkMessageAsDownloaded: the message becomes read (state 7)."""
        self._call(namespaces.SERVICE_INFO, "MarkMessageAsDownloaded", element("dmID", dm_id))

    def create_message(self, message: OutgoingMessage) -> str:
        """CreateMessage: sends ``message`` and returns its ``dmID``.

        Raises ``SendingUnclear`` (an ``Ambiguous``) whenever ISDS may have accepted the message without telling: look
        for it by :meth:`list_sent` before sending again. Every other error means that it was not sent.
        """
        data = self._exchange(namespaces.SERVICE_OPERATIONS, create_message_body(message), sending=True)
        dm_id = text_of(answer_of(data, "CreateMessage", sending=True), "dmID").strip()
        if not dm_id:
            raise broken_answer(True, "odpověď nemá číslo zprávy")
        return dm_id

    # --- boxes -----------------------------------------------------------------------------------------------------

    def find_box(self, query: BoxQuery) -> BoxMatches:
        """FindDataBox2: boxes matching exact data of their owner; an empty result is not an error."""
        answer = self._call(namespaces.SERVICE_SEARCH, "FindDataBox2", boxes.query_element(query))
        return boxes.read_matches(answer)

    def search_boxes(
        self, text: str, kind: str = "GENERAL", scope: str = "ALL", page: int = 0, *, page_size: int = PAGE_SIZE
    ) -> SearchPage:
        """ISDSSearch3: full text over names and addresses.

        ``kind`` is GENERAL, ADDRESS, ICO, IDOVM or DBID, ``scope`` ALL or a type of box, ``page`` counts from 0.
        The index of ISDS may be three hours old: ask :meth:`check_box` before sending.
        """
        answer = self._call(
            namespaces.SERVICE_SEARCH,
            "ISDSSearch3",
            element("searchText", text) if text else empty_element("searchText"),
            element("searchType", kind),
            element("searchScope", scope),
            element("page", page),
            element("pageSize", page_size),
        )
        return boxes.read_search_page(answer)

    def check_box(self, box_id: str) -> BoxState:
        """CheckDataBox: the present state of a box; ``IsdsRefused`` 5001 when there is none of that id."""
        answer = self._call(namespaces.SERVICE_SEARCH, "CheckDataBox", element("dbID", box_id))
        return BoxState(int_of(answer, "dbState") or 0)

    # --- common ground ---------------------------------------------------------------------------------------------

    def _exchange(self, service: str, body: RequestBody, *, sending: bool = False) -> bytes:
        data = bytearray()
        self._transport.exchange(service, body, data.extend, sending=sending)
        return bytes(data)

    def _call(self, service: str, operation: str, *content: str) -> etree._Element:
        return answer_of(self._exchange(service, request(operation, *content)), operation)

    def _list[R: MessageRecord](
        self,
        operation: str,
        kind: type[R],
        since: datetime | None,
        until: datetime | None,
        unit: str,
        *,
        states: int,
        offset: int,
        limit: int | None,
    ) -> tuple[R, ...]:
        answer = self._call(
            namespaces.SERVICE_INFO,
            operation,
            *_window(since, until),
            unit,
            element("dmStatusFilter", states),
            element("dmOffset", offset),
            element("dmLimit", limit),
        )
        return messages.read_records(answer, kind)

    def _signed(self, service: str, operation: str, dm_id: str) -> bytes:
        target = io.BytesIO()
        self._signed_into(service, operation, dm_id, target)
        return target.getvalue()

    def _signed_into(self, service: str, operation: str, dm_id: str, target: BinaryIO) -> int:
        sink = SignatureSink(operation, target)
        self._transport.exchange(service, request(operation, element("dmID", dm_id)), sink.feed)
        return sink.finish()


def _window(since: datetime | None, until: datetime | None) -> tuple[str, str]:
    return (
        element("dmFromTime", format_time(since) if since else None),
        element("dmToTime", format_time(until) if until else None),
    )
