"""From the bytes of a ZFO to what it holds."""

from typing import BinaryIO, Final

from lxml import etree

from egon.gateways.cms.facts import SubIndication
from egon.gateways.cms.signed_data import (
    NotSignedData,
    SignedDocument,
    Truncated,
    read_signed_data,
    verify_signed_data,
)
from egon.gateways.isds import messages
from egon.gateways.isds.errors import ZfoAltered, ZfoCutShort, ZfoNotCms, ZfoNotIsds, ZfoTooLarge
from egon.gateways.isds.namespaces import ISDS, ZFO_SENT
from egon.gateways.isds.safe_xml import bool_or_none, child, children, int_of, int_or_none, local_name, text_of
from egon.gateways.isds.times import parse_time
from egon.gateways.isds.zfo.model import Zfo, ZfoFile, ZfoKind, ZfoLimits
from egon.gateways.isds.zfo.scan import Scan

_MESSAGE_ROOT: Final = "MessageDownloadResponse"
_DELIVERY_ROOT: Final = "GetDeliveryInfoResponse"
_DEFAULT_LIMITS: Final = ZfoLimits()


def read_zfo(data: bytes | BinaryIO, limits: ZfoLimits = _DEFAULT_LIMITS) -> Zfo:
    """Read a ZFO; unknown fields, codes and namespaces of prefixes are kept, nothing is verified.

    Raises subclasses of ``BadContent``: ``ZfoTooLarge`` (before parsing), ``ZfoCutShort``, ``ZfoNotCms``,
    ``ZfoNotIsds`` and ``ZfoAltered``.
    """
    raw = data if isinstance(data, bytes) else data.read(limits.max_size + 1)
    if len(raw) > limits.max_size:
        raise ZfoTooLarge(
            f"Soubor je větší než {limits.max_size // 1024 // 1024} MB, což žádná datová zpráva být nemůže. "
            "Soubor nebyl zpracován."
        )
    signed = _signed_document(raw)
    try:
        return _zfo_of(signed, Scan(signed.content, limits))
    except ZfoNotIsds as error:
        if verify_signed_data(signed).content.sub_indication is not SubIndication.HASH_FAILURE:
            raise
        raise ZfoAltered(
            "Obsah souboru byl po zapečetění změněn nebo poškozen a nelze jej přečíst. Soubor nebyl zpracován; "
            "stáhněte jej z datové schránky znovu.",
            detail=error.detail,
        ) from error


def _signed_document(raw: bytes) -> SignedDocument:
    try:
        return read_signed_data(raw)
    except Truncated as error:
        raise ZfoCutShort(
            "Soubor datové zprávy je neúplný, chybí jeho konec. Nebyl zpracován; stáhněte jej z datové schránky znovu.",
            detail=str(error),
        ) from error
    except NotSignedData as error:
        raise ZfoNotCms(
            "Soubor není datová zpráva ani doručenka z datové schránky (není to podepsaný dokument ZFO). "
            "Příponu .zfo mají i formuláře 602XML; ty se zde nezpracovávají.",
            detail=str(error),
        ) from error


def _zfo_of(signed: SignedDocument, scan: Scan) -> Zfo:
    kind = _kind_of(scan.root)
    holder = child(scan.root, "dmDelivery" if kind is ZfoKind.DELIVERY else "dmReturnedMessage")
    dm = child(holder, "dmDm")
    if holder is None or dm is None or scan.dm_range is None or not text_of(dm, "dmID").strip():
        raise ZfoNotIsds("Zapečetěný soubor neobsahuje obálku datové zprávy. Nebyl zpracován.")
    return Zfo(
        kind=kind,
        envelope=messages.read_envelope(dm),
        files=_files_of(dm, scan),
        events=messages.read_events(holder),
        state=messages.state_of(holder),
        delivery_time=parse_time(text_of(holder, "dmDeliveryTime")),
        acceptance_time=parse_time(text_of(holder, "dmAcceptanceTime")),
        attachment_size=int_of(holder, "dmAttachmentSize"),
        message_type=holder.get("dmType", ""),
        is_big=bool_or_none(holder.get("dmVODZ")) or False,
        special_flag=int_or_none(holder.get("specMessFlag")),
        hash=messages.read_hash(holder),
        timestamp_token=messages.base64_or_empty(text_of(holder, "dmQTimestamp")),
        signed=signed,
        dm_range=scan.dm_range,
    )


def _kind_of(root: etree._Element) -> ZfoKind:
    name, namespace = local_name(root), str(root.tag).rpartition("}")[0].lstrip("{")
    if namespace.startswith(ISDS):
        if name == _DELIVERY_ROOT:
            return ZfoKind.DELIVERY
        if name == _MESSAGE_ROOT:
            return ZfoKind.SENT if namespace == ZFO_SENT else ZfoKind.RECEIVED
    raise ZfoNotIsds(
        "Soubor je podepsaný, ale není to datová zpráva ani doručenka z ISDS. Nebyl zpracován.", detail=name[:100]
    )


def _files_of(dm: etree._Element, scan: Scan) -> tuple[ZfoFile, ...]:
    found: list[ZfoFile] = []
    index = 0
    for item in children(child(dm, "dmFiles"), "dmFile"):
        contents = [part for part in item if local_name(part) in {"dmEncodedContent", "dmXMLContent"}]
        if not contents:
            continue  # an attachment without content has nothing to keep
        found.append(_file_of(item, scan.content_of(index), is_xml=local_name(contents[0]) == "dmXMLContent"))
        index += len(contents)
    return tuple(found)


def _file_of(item: etree._Element, content: bytes, *, is_xml: bool) -> ZfoFile:
    return ZfoFile(
        name=item.get("dmFileDescr", ""),
        mime_type=item.get("dmMimeType", ""),
        role=item.get("dmFileMetaType", ""),
        content=content,
        guid=item.get("dmFileGuid", ""),
        parent_guid=item.get("dmUpFileGuid", ""),
        is_xml=is_xml,
    )
