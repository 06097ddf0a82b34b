"""``dm_VoDZ.wsdl`` and ``dm_arch.wsdl`` on ws2: large messages and archive time stamps, streamed both ways."""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast
from xml.sax.saxutils import quoteattr

from egon.gateways.isds import reports
from egon.gateways.isds.mtom import Attached, mtom_request
from egon.gateways.isds.outgoing import OutgoingMessage, create_big_message_body
from egon.gateways.isds.reports import DownloadedMessage
from egon.gateways.isds.safe_xml import child, text_of
from egon.gateways.isds.services.calling import Caller
from egon.gateways.isds.soap import allowed_text, element, request
from egon.gateways.isds.sources import Digests, Source
from egon.gateways.isds.streamed import Place
from egon.gateways.isds.transport import broken_answer
from egon.gateways.isds.uploads import ExternalFile, UploadedAttachment
from egon.kernel import clock


@dataclass(frozen=True, slots=True)
class DownloadedAttachment:
    """Answer of DownloadAttachment, whose content went to a file. Hashes are of what was written."""

    name: str
    mime_type: str
    role: str
    size: int
    sha256: str
    sha3_256: str


@dataclass(frozen=True, slots=True)
class ArchivedDocument:
    """Answer of ArchiveISDSDocument: ``next_stamp_to`` is the last day for the next stamp; keep it with the ZFO."""

    size: int
    next_stamp_to: date | None


class BigMessages(Caller):
    """Operations of ``dm_VoDZ`` and ``dm_arch``. Contents are never held in memory as a whole."""

    def upload_attachment(self, source: Source, name: str, mime_type: str) -> UploadedAttachment:
        """UploadAttachment: one attachment of a large message; ISDS erases it after two hours when it is not used.

        Raises ``Retryable`` when what arrived at ISDS has another SHA-256 or SHA3-256 than what was read.
        """
        content = Attached(source)
        attributes = f"dmMimeType={quoteattr(allowed_text(mime_type))} dmFileDescr={quoteattr(allowed_text(name))}"
        file = f"<dmFile {attributes}>{content.reference('dmEncodedContent')}</dmFile>"
        answer = self.call_with("UploadAttachment", mtom_request("UploadAttachment", file, content))
        first, second = child(answer, "dmAttHash1"), child(answer, "dmAttHash2")
        uploaded = UploadedAttachment(
            att_id=text_of(answer, "dmAttID").strip(),
            hash1=text_of(answer, "dmAttHash1").strip(),
            hash1_algorithm=first.get("AttHashAlg", "") if first is not None else "",
            hash2=text_of(answer, "dmAttHash2").strip(),
            hash2_algorithm=second.get("AttHashAlg", "") if second is not None else "",
            sha256=content.digests.sha256,
            size=source.size,
            uploaded_at=clock.now(),
        )
        _check_upload(uploaded, content.digests)
        return uploaded

    def create_big_message(self, message: OutgoingMessage, uploaded: Sequence[ExternalFile]) -> str:
        """CreateBigMessage: sends attachments uploaded before, with those of ``message`` (up to 20 MB) beside them.

        Returns the ``dmID``; raises ``SendingUnclear`` as ``create_message`` does.
        """
        answer = self.call_with("CreateBigMessage", create_big_message_body(message, uploaded))
        dm_id = text_of(answer, "dmID").strip()
        if not dm_id:
            raise broken_answer(True, "odpověď nemá číslo zprávy")
        return dm_id

    def download_big_signed_into(self, dm_id: str, target: BinaryIO) -> int:
        """SignedBigMessageDownload: a received large message as a ZFO; its size in bytes."""
        return self.fetch_message("SignedBigMessageDownload", dm_id, target)

    def download_big_sent_signed_into(self, dm_id: str, target: BinaryIO) -> int:
        """SignedSentBigMessageDownload: a sent large message as a ZFO; its size in bytes."""
        return self.fetch_message("SignedSentBigMessageDownload", dm_id, target)

    def download_big_unsigned(self, dm_id: str, open_target: Callable[[Place], BinaryIO]) -> DownloadedMessage:
        """BigMessageDownload: a large message without a seal; ``open_target`` gives a file for each attachment.

        ``files`` of the answer have names and roles, their contents are in the targets.
        """
        body = request("BigMessageDownload", element("dmID", dm_id), soap12=True)
        answer, _ = self.fetch("BigMessageDownload", body, open_target)
        found = reports.read_downloaded(answer)
        if found is None:
            raise broken_answer(False, "odpověď neobsahuje zprávu")
        return found

    def download_attachment_into(self, dm_id: str, number: int, target: BinaryIO) -> DownloadedAttachment:
        """DownloadAttachment: one attachment of a large message, counted from 0 (1299 when there is none)."""
        writer = _DigestingWriter(target)
        body = request("DownloadAttachment", element("dmID", dm_id), element("attNum", number), soap12=True)
        answer, size = self.fetch_one("DownloadAttachment", body, cast(BinaryIO, writer))
        file = child(answer, "dmFile")
        return DownloadedAttachment(
            name=file.get("dmFileDescr", "") if file is not None else "",
            mime_type=file.get("dmMimeType", "") if file is not None else "",
            role=file.get("dmFileMetaType", "") if file is not None else "",
            size=size,
            sha256=writer.digests.sha256,
            sha3_256=writer.digests.sha3_256,
        )

    def authenticate_big(self, document: Source) -> bool:
        """AuthenticateBigMessage: whether ISDS gave out this ZFO of a large message."""
        content = Attached(document)
        body = mtom_request("AuthenticateBigMessage", content.reference("dmMessage"), content)
        return reports.truth_of(self.call_with("AuthenticateBigMessage", body), "dmAuthResult") or False

    def archive(self, document: Source, target: BinaryIO) -> ArchivedDocument:
        """ArchiveISDSDocument: the ZFO with one more time stamp, which keeps its seal verifiable for years.

        The first stamp is possible 24 hours after the download (2209), further ones shortly before the last one
        expires (2206); a stamp that already expired cannot be followed (2205). 2207 and 2210 ask to try later.
        """
        content = Attached(document)
        body = mtom_request("ArchiveISDSDocument", content.reference("dmMessage"), content)
        answer, size = self.fetch_one("ArchiveISDSDocument", body, target)
        return ArchivedDocument(size, reports.date_of(answer, "nextStampTo"))


class _DigestingWriter:
    """Writes on and digests what passes."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self.digests = Digests()

    def write(self, piece: bytes) -> int:
        self.digests.update(piece)
        return self._target.write(piece)


def _check_upload(uploaded: UploadedAttachment, sent: Digests) -> None:
    if not uploaded.att_id:
        raise broken_answer(False, "odpověď nemá číslo přílohy")
    pairs = (
        (uploaded.hash1, uploaded.hash1_algorithm, sent.sha256),
        (uploaded.hash2, uploaded.hash2_algorithm, sent.sha3_256),
    )
    known = {"SHA-256", "SHA3-256"}
    for stated, algorithm, computed in pairs:
        if algorithm.upper() in known and not hmac.compare_digest(stated.lower().encode(), computed.encode()):
            raise broken_answer(False, f"otisk nahrané přílohy ({algorithm}) nesouhlasí s odeslaným obsahem")
