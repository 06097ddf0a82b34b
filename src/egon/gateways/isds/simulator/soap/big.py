"""``/DS/vodz`` and ``/DS/arch``: large messages and archive time stamps (dm_VoDZ.wsdl, dm_arch.wsdl)."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from egon.gateways.isds.simulator import (
    archiving,
    attachments,
    authenticity,
    boxes,
    clock,
    documents,
    refusals,
    sending,
    zfo_parts,
)
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.envelopes import cleaned
from egon.gateways.isds.simulator.records import Message
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import messages, outgoing, wire
from egon.gateways.isds.simulator.soap.call import Call
from egon.gateways.isds.simulator.soap.outgoing import RawFile, StoredRegion, Streamed
from egon.gateways.isds.simulator.uploads import Upload

SMALLEST: Final = 18 * 1024 * 1024
"""Below 20 MB with a tolerance of 2 MB a message is no large one (1297)."""
MAX_INLINE: Final = 20 * 1024 * 1024
_ALGORITHMS: Final = ("SHA-256", "SHA3-256")


def upload(call: Call) -> bytes:
    """Keep an attachment for a message to come; its identifier and two digests."""
    call.require(boxes.CREATE_MESSAGES)
    given = wire.child(call.request, "dmFile")
    path = call.content(given, "dmEncodedContent")
    file = Attachment(
        name=cleaned("" if given is None else given.get("dmFileDescr", "")),
        mime_type=cleaned("" if given is None else given.get("dmMimeType", "")),
        content=b"",
        path=path,
    )
    if file.size > attachments.MAX_BIG_BYTES:
        raise refusals.attachment_refused(f"soubor „{file.name}“ je větší než 100 MB.")
    attachments.check_one(file)
    kept = call.simulator.uploads.take(call.user.box_id, file, path, now=call.now)
    content = wire.needed("dmAttID", kept.id)
    for number, (algorithm, value) in enumerate(zip(_ALGORITHMS, (kept.sha256, kept.sha3_256), strict=True), 1):
        content += f'<q:dmAttHash{number} AttHashAlg="{algorithm}">{value}</q:dmAttHash{number}>'
    return wire.answer("UploadAttachment", content)


def create_big_message(call: Call) -> bytes:
    """Send a large message made of uploads, and of small attachments in the request itself."""
    listed = wire.child(call.request, "dmFiles")
    given = [] if listed is None else [one for one in listed if isinstance(one.tag, str)]
    uploads: list[Upload] = []
    files: list[Attachment] = []
    inline = 0
    for one in given:
        if one.tag.endswith("}dmExtFile"):
            upload_, file = _uploaded(call, one)
            uploads.append(upload_)
        else:
            file = _inline(call, one)
            inline += file.size
        files.append(file)
    if not uploads:
        raise refusals.attachment_refused("velkoobjemová zpráva musí obsahovat alespoň jednu nahranou písemnost.")
    if inline > MAX_INLINE:
        raise Refusal(refusals.INLINE_TOO_BIG, "Písemnosti vložené přímo do zprávy přesahují 20 MB.")
    if sum(file.size for file in files) < SMALLEST:
        raise Refusal(refusals.TOO_SMALL, "Zpráva je příliš malá na velkoobjemovou, odešlete ji jako běžnou.")
    number = sending.send(
        call.simulator.directory,
        call.simulator.messages,
        author=call.user,
        envelope=messages.envelope_of(wire.child(call.request, "dmEnvelope"), None),
        files=files,
        now=call.now,
        credit=call.simulator.credit,
        big=True,
    )
    call.simulator.uploads.forget(uploads)
    return wire.answer("CreateBigMessage", wire.needed("dmID", str(number)))


def _uploaded(call: Call, given: wire.Request) -> tuple[Upload, Attachment]:
    found = call.simulator.uploads.find(given.get("dmAttID", "").strip())
    if found is None:
        raise Refusal(refusals.UNKNOWN_ATTACHMENT, "Nahraná písemnost neexistuje, nahrajte ji znovu.")
    if found.box_id != call.user.box_id:
        raise Refusal(refusals.FOREIGN_ATTACHMENT, "Nahraná písemnost patří jiné datové schránce.")
    codes = (refusals.HASH_1_DIFFERS, refusals.HASH_2_DIFFERS)
    for number, (algorithm, value) in enumerate(zip(_ALGORITHMS, (found.sha256, found.sha3_256), strict=True), 1):
        told = given.get(f"dmAttHash{number}", "").strip().lower()
        if told != value or given.get(f"dmAttHash{number}Alg", "").strip() != algorithm:
            raise Refusal(codes[number - 1], f"Otisk {algorithm} nahrané písemnosti „{found.name}“ nesouhlasí.")
    return found, Attachment(
        name=found.name,
        mime_type=found.mime_type,
        content=b"",
        path=call.simulator.uploads.file(found),
        infected=found.infected,
        meta_type=given.get("dmFileMetaType", "").strip(),
        guid=messages.attribute_of(given, "dmFileGuid"),
        upper_guid=messages.attribute_of(given, "dmUpFileGuid"),
    )


def _inline(call: Call, given: wire.Request) -> Attachment:
    path = call.content(given, "dmEncodedContent")
    if path.stat().st_size > MAX_INLINE:
        raise Refusal(refusals.INLINE_TOO_BIG, "Písemnosti vložené přímo do zprávy přesahují 20 MB.")
    return Attachment(
        name=cleaned(given.get("dmFileDescr", "")),
        mime_type=cleaned(given.get("dmMimeType", "")),
        content=path.read_bytes(),
        meta_type=given.get("dmFileMetaType", "").strip(),
        guid=messages.attribute_of(given, "dmFileGuid"),
        upper_guid=messages.attribute_of(given, "dmUpFileGuid"),
    )


def big_message_download(call: Call) -> Streamed:
    """A received large message without a seal."""
    start, content, end = documents.returned_big_message(call.simulator, call.downloadable(big=True))
    return Streamed("BigMessageDownload", [start, *outgoing.files_of(content), end])


def signed_big_message_download(call: Call) -> Streamed:
    """A received large message as a ZFO."""
    message = call.downloadable(big=True)
    return _sealed(call, "SignedBigMessageDownload", message, sent=False)


def signed_sent_big_message_download(call: Call) -> Streamed:
    """A sent large message as a ZFO."""
    return _sealed(call, "SignedSentBigMessageDownload", call.downloadable_sent(big=True), sent=True)


def _sealed(call: Call, operation: str, message: Message, *, sent: bool) -> Streamed:
    status = call.download_status(message)
    path = call.folder / secrets.token_hex(8)
    documents.big_zfo(call.simulator, message, path, sent=sent)
    if call.fault == "altered_zfo":
        _alter(path)
    return Streamed(operation, [b"<q:dmSignature>", RawFile(path), b"</q:dmSignature>"], status)


def _alter(path: Path) -> None:
    with path.open("r+b") as file:
        head = file.read(8192)
        changed = messages.altered(head)
        file.seek(0)
        file.write(changed)


def download_attachment(call: Call) -> Streamed:
    """One attachment of a large message, by its index from 0; of a received or a sent one."""
    message = call.own()
    is_sent = message.sender_box == call.user.box_id
    message = call.downloadable_sent(big=True) if is_sent else call.downloadable(big=True)
    content = call.simulator.messages.content(message)
    index = call.number("attNum", None)
    if index is None or not 0 <= index < len(content.regions):
        raise Refusal(refusals.NO_SUCH_INDEX, "Zpráva písemnost s tímto pořadovým číslem nemá.")
    region = content.regions[index]
    attributes = "".join(
        f" {name}={wire.quoteattr(value)}"
        for name, value in (
            ("dmFileMetaType", region.meta_type),
            ("dmMimeType", region.mime_type),
            ("dmFileDescr", region.name),
        )
    )
    start = f"<q:dmFile{attributes}><q:dmEncodedContent>".encode()
    return Streamed(
        "DownloadAttachment", [start, StoredRegion(content.path, region), b"</q:dmEncodedContent></q:dmFile>"]
    )


def authenticate_big_message(call: Call) -> bytes:
    """Whether the ZFO of a large message is one of ours and unaltered."""
    with _document(call) as document:
        genuine = authenticity.is_genuine(call.simulator, document)
        message = authenticity.message_of(call.simulator, document)
    if genuine and message is not None and not message.big:
        raise refusals.wrong_service(big=False)
    result = f"<q:dmAuthResult>{'true' if genuine else 'false'}</q:dmAuthResult>"
    return wire.answer("AuthenticateBigMessage", result)


@contextmanager
def _document(call: Call) -> Iterator[zfo_parts.Parts]:
    try:
        path = call.content(call.request, "dmMessage")
    except Refusal as missing:
        raise refusals.broken_document() from missing
    with ExitStack() as opened:
        try:
            document = opened.enter_context(zfo_parts.of_file(path))
        except ValueError as broken:
            raise refusals.broken_document() from broken
        yield document


def archive_document(call: Call) -> Streamed:
    """One more time stamp on a message or a delivery record (facts 1.9)."""
    with call.simulator.archiving.place(call.user.box_id), _document(call) as document:
        if not authenticity.is_genuine(call.simulator, document):
            raise refusals.not_authentic()
        call.require_time_stamps()
        pieces, expires = archiving.archived(
            call.simulator.sealer, document, now=clock.utc(call.now), every_day=call.simulator.archive_every_day
        )
        path = call.folder / secrets.token_hex(8)
        with path.open("wb") as target:
            target.writelines(pieces)
    following = f"</q:dmResultDoc><q:nextStampTo>{expires.astimezone(clock.PRAGUE).date()}</q:nextStampTo>"
    return Streamed("ArchiveISDSDocument", [b"<q:dmResultDoc>", RawFile(path), following.encode()])
