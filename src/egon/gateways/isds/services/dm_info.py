"""``dm_info.wsdl``: lists, envelopes, delivery records, notifications, erased messages."""

from datetime import date, datetime
from typing import BinaryIO

from egon.gateways.isds import messages, reports
from egon.gateways.isds.codes import ALL_STATES_FILTER
from egon.gateways.isds.messages import (
    DeliveryInfo,
    MessageHash,
    MessageRecord,
    ReceivedRecord,
    ReturnedEnvelope,
    SentRecord,
    StateChange,
)
from egon.gateways.isds.reports import LIST_ERASED, AsyncResult, MessageAuthor, Notifications, PlainAuthor
from egon.gateways.isds.safe_xml import text_of
from egon.gateways.isds.services.calling import Caller
from egon.gateways.isds.soap import element
from egon.gateways.isds.times import format_time
from egon.gateways.isds.transport import broken_answer


class MessageInformation(Caller):
    """Operations of ``dm_info``. Only :meth:`list_received` delivers."""

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
        unit = element("dmRecipientOrgUnitNum", unit_number)
        page = (states, offset, limit)
        return self._list("GetListOfReceivedMessages", ReceivedRecord, _window(since, until), unit, page)

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
        unit = element("dmSenderOrgUnitNum", unit_number)
        return self._list("GetListOfSentMessages", SentRecord, _window(since, until), unit, (states, offset, limit))

    def state_changes(self, since: datetime | None, until: datetime | None) -> tuple[StateChange, ...]:
        """GetMessageStateChanges of sent messages; ISDS keeps the last 15 days only."""
        return messages.read_state_changes(self.call("GetMessageStateChanges", *_window(since, until)))

    def signed_delivery_info(self, dm_id: str) -> bytes:
        """GetSignedDeliveryInfo: the delivery receipt (doručenka) as a ZFO. Causes no delivery."""
        return self.message_bytes("GetSignedDeliveryInfo", dm_id)

    def signed_delivery_info_into(self, dm_id: str, target: BinaryIO) -> int:
        """As :meth:`signed_delivery_info`, written to ``target`` while it arrives; returns its size in bytes."""
        return self.fetch_message("GetSignedDeliveryInfo", dm_id, target)

    def delivery_info(self, dm_id: str) -> DeliveryInfo:
        """GetDeliveryInfo: the delivery receipt without a seal. Causes no delivery."""
        found = messages.read_delivery_info(self.call("GetDeliveryInfo", element("dmID", dm_id)))
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje doručenku")
        return found

    def envelope(self, dm_id: str) -> ReturnedEnvelope:
        """MessageEnvelopeDownload of a received message; works also after its content was erased."""
        return self._envelope("MessageEnvelopeDownload", dm_id)

    def sent_envelope(self, dm_id: str) -> ReturnedEnvelope:
        """SentMessageEnvelopeDownload: the same for a sent message."""
        return self._envelope("SentMessageEnvelopeDownload", dm_id)

    def mark_downloaded(self, dm_id: str) -> None:
        """MarkMessageAsDownloaded: the message becomes read (state 7)."""
        self.call("MarkMessageAsDownloaded", element("dmID", dm_id))

    def message_hash(self, dm_id: str) -> MessageHash:
        """VerifyMessage: the digest ISDS keeps of a message, also after its erasure (an old operation)."""
        found = messages.read_hash(self.call("VerifyMessage", element("dmID", dm_id)))
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje otisk")
        return found

    def author(self, dm_id: str) -> MessageAuthor:
        """GetMessageAuthor2: who submitted a message, as far as that person allowed it to be told."""
        return reports.read_author(self.call("GetMessageAuthor2", element("dmID", dm_id)))

    def plain_author(self, dm_id: str) -> PlainAuthor:
        """GetMessageAuthor: the older form of :meth:`author`."""
        return reports.read_plain_author(self.call("GetMessageAuthor", element("dmID", dm_id)))

    def erase_from_vault(self, dm_id: str, *, received: bool) -> None:
        """EraseMessage: erases a message in the data vault (state 10) for good."""
        self.call("EraseMessage", element("dmID", dm_id), element("dmIncoming", received))

    def ask_for_erased(
        self,
        *,
        received: bool,
        since: date | None = None,
        until: date | None = None,
        year: int | None = None,
        month: int | None = None,
        out_format: str = "XML",
    ) -> str:
        """GetListOfErasedMessages: starts making the list; returns the number for :meth:`pick_up`.

        Either both days, or a year with or without a month (``ValueError`` otherwise); ``out_format`` XML or CSV.
        """
        if since and until and year is None and month is None:
            span = [element("dmFromDate", since.isoformat()), element("dmToDate", until.isoformat())]
        elif year is not None and since is None and until is None:
            span = [element("dmYear", year), *([element("dmMonth", month)] if month is not None else [])]
        else:
            raise ValueError("either both days or a year")
        kind = element("dmMessageType", "RECEIVED" if received else "SENT")
        answer = self.call("GetListOfErasedMessages", *span, kind, element("dmOutFormat", out_format))
        number = text_of(answer, "asyncID").strip()
        if not number:
            raise broken_answer(False, "odpověď nemá číslo požadavku")
        return number

    def pick_up(self, number: str, kind: str = LIST_ERASED) -> AsyncResult:
        """PickUpAsyncResponse: the ZIP made meanwhile; ``IsdsBusy`` 2352 while it is not ready."""
        answer = self.call("PickUpAsyncResponse", element("asyncID", number), element("asyncReqType", kind))
        content = messages.base64_or_empty(text_of(answer, "asyncResponse"))
        if not content:
            raise broken_answer(False, "odpověď neobsahuje seznam")
        return AsyncResult(text_of(answer, "asyncReqType").strip() or kind, content)

    def register_for_notifications(self, action: int = 1) -> None:
        """RegisterForNotifications: let this box be told about by :meth:`notifications` (certificate logins only).

        ``action`` goes through as it is: 1 registers, 0 ends the registration.
        """
        self.call("RegisterForNotifications", element("action", action))

    def notifications(self, since: datetime, scope: str = "ALL") -> Notifications:
        """GetListForNotifications: messages put into the box since then, told **without delivering** them."""
        answer = self.call(
            "GetListForNotifications", element("ntfFromTime", format_time(since)), element("ntfScope", scope)
        )
        return reports.read_notifications(answer)

    def report_suspicious(
        self,
        dm_id: str,
        *,
        allow_complete: bool,
        name: str = "",
        mail: str = "",
        phone: str = "",
        note: str = "",
    ) -> None:
        """SuspMessageReport: tells the operator about a harmful message; ``allow_complete`` lets them read it whole."""
        optional = {"repName": name, "repMail": mail, "repTel": phone}
        self.call(
            "SuspMessageReport",
            element("dmID", dm_id),
            *(element(key, text) for key, text in optional.items() if text),
            element("allowComplete", allow_complete),
            *([element("note", note)] if note else []),
        )

    def _envelope(self, operation: str, dm_id: str) -> ReturnedEnvelope:
        found = messages.read_returned_envelope(self.call(operation, element("dmID", dm_id)))
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje obálku")
        return found

    def _list[R: MessageRecord](
        self, operation: str, kind: type[R], window: tuple[str, str], unit: str, page: tuple[int, int, int | None]
    ) -> tuple[R, ...]:
        states, offset, limit = page
        answer = self.call(
            operation,
            *window,
            unit,
            element("dmStatusFilter", states),
            element("dmOffset", offset),
            element("dmLimit", limit),
        )
        return messages.read_records(answer, kind)


def _window(since: datetime | None, until: datetime | None) -> tuple[str, str]:
    return (
        element("dmFromTime", format_time(since) if since else None),
        element("dmToTime", format_time(until) if until else None),
    )
