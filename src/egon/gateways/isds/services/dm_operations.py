"""``dm_operations.wsdl``: sending and downloading ordinary messages."""

import io
from collections.abc import Sequence
from typing import BinaryIO, Final

from egon.gateways.isds import reports
from egon.gateways.isds.outgoing import (
    OutgoingMessage,
    Recipient,
    create_message_body,
    create_multiple_message_body,
)
from egon.gateways.isds.reports import DownloadedMessage, RecipientOutcome, ResignedDocument
from egon.gateways.isds.safe_xml import text_of
from egon.gateways.isds.services.calling import Caller, document_body
from egon.gateways.isds.soap import element
from egon.gateways.isds.transport import broken_answer

MAX_RECIPIENTS: Final = 50
"""The most recipients of one CreateMultipleMessage."""


class MessageOperations(Caller):
    """Operations of ``dm_operations``."""

    def ping(self) -> None:
        """DummyOperation: proves that address and credentials work; delivers nothing, is not logged by ISDS."""
        self.call("DummyOperation")

    def create_message(self, message: OutgoingMessage) -> str:
        """CreateMessage: sends ``message`` and returns its ``dmID``.

        Raises ``SendingUnclear`` (an ``Ambiguous``) whenever ISDS may have accepted the message without telling: look
        for it by ``list_sent`` before sending again. Every other error means that it was not sent.
        """
        answer = self.call_with("CreateMessage", create_message_body(message))
        dm_id = text_of(answer, "dmID").strip()
        if not dm_id:
            raise broken_answer(True, "odpověď nemá číslo zprávy")
        return dm_id

    def create_messages(
        self, message: OutgoingMessage, recipients: Sequence[Recipient]
    ) -> tuple[RecipientOutcome, ...]:
        """CreateMultipleMessage: the same message to up to 50 recipients, each a message of its own.

        Outcomes stand in the order of ``recipients``; some may have failed (0004). Raises ``SendingUnclear`` as
        :meth:`create_message` does, and ``ValueError`` for no or too many recipients.
        """
        if not 1 <= len(recipients) <= MAX_RECIPIENTS:
            raise ValueError(f"1 to {MAX_RECIPIENTS} recipients, not {len(recipients)}")
        answer = self.call_with("CreateMultipleMessage", create_multiple_message_body(message, recipients))
        outcomes = reports.read_outcomes(answer, tuple(item.box_id for item in recipients))
        if outcomes is None:
            raise broken_answer(True, "počet výsledků nesouhlasí s počtem příjemců")
        return outcomes

    def download_signed(self, dm_id: str) -> bytes:
        """SignedMessageDownload: the received message as a ZFO, byte for byte. Does not mark it as read."""
        return self.message_bytes("SignedMessageDownload", dm_id)

    def download_signed_into(self, dm_id: str, target: BinaryIO) -> int:
        """As :meth:`download_signed`, written to ``target`` while it arrives; returns its size in bytes.

        After an error ``target`` may hold a part of the message and must be thrown away.
        """
        return self.fetch_message("SignedMessageDownload", dm_id, target)

    def download_sent_signed(self, dm_id: str) -> bytes:
        """SignedSentMessageDownload: the sent message as a ZFO (from state 4 on, otherwise ``IsdsBusy`` 1229)."""
        return self.message_bytes("SignedSentMessageDownload", dm_id)

    def download_sent_signed_into(self, dm_id: str, target: BinaryIO) -> int:
        """As :meth:`download_sent_signed`, written to ``target`` while it arrives; returns its size in bytes."""
        return self.fetch_message("SignedSentMessageDownload", dm_id, target)

    def download_unsigned(self, dm_id: str) -> DownloadedMessage:
        """MessageDownload: the received message without a seal."""
        found = reports.read_downloaded(self.call("MessageDownload", element("dmID", dm_id)))
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje zprávu")
        return found

    def authenticate(self, document: bytes) -> bool:
        """AuthenticateMessage: whether ISDS gave out this ZFO (message or delivery receipt); works after erasure."""
        answer = self.call_with("AuthenticateMessage", document_body("AuthenticateMessage", "dmMessage", document))
        return reports.truth_of(answer, "dmAuthResult") or False

    def resign(self, document: bytes) -> ResignedDocument:
        """Re-signISDSDocument: a new seal for a ZFO downloaded before 16 April 2011; others are refused."""
        operation, target = "Re-signISDSDocument", io.BytesIO()
        answer, _ = self.fetch_one(operation, document_body(operation, "dmDoc", document), target)
        return ResignedDocument(target.getvalue(), reports.date_of(answer, "dmValidTo"))
