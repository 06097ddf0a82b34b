"""``/DS/dz``: sending and downloading messages (dm_operations.wsdl)."""

import base64
import binascii
from dataclasses import replace
from xml.sax.saxutils import escape

from lxml import etree

from egon.gateways.isds.simulator import (
    archiving,
    authenticity,
    boxes,
    clock,
    documents,
    refusals,
    sending,
    zfo_parts,
)
from egon.gateways.isds.simulator.attachments import Attachment
from egon.gateways.isds.simulator.envelopes import Envelope, cleaned
from egon.gateways.isds.simulator.records import Message
from egon.gateways.isds.simulator.refusals import Refusal
from egon.gateways.isds.simulator.soap import wire
from egon.gateways.isds.simulator.soap.call import Call


def dummy_operation(call: Call) -> bytes:
    """Does nothing and delivers nothing; clients use it to see whether they get in."""
    return wire.answer("DummyOperation", "")


def create_message(call: Call) -> bytes:
    """Send to one recipient (manual 2.67, 2.1)."""
    message_id = sending.send(
        call.simulator.directory,
        call.simulator.messages,
        author=call.user,
        envelope=envelope_of(wire.child(call.request, "dmEnvelope"), None),
        files=_files(call),
        now=call.now,
        credit=call.simulator.credit,
    )
    return wire.answer("CreateMessage", wire.needed("dmID", str(message_id)))


def create_multiple_message(call: Call) -> bytes:
    """Send the same to up to 50 recipients; each has its own outcome (manual 2.67, 2.2)."""
    operation = "CreateMultipleMessage"
    recipients = wire.child(call.request, "dmRecipients")
    listed = [] if recipients is None else [one for one in recipients if isinstance(one.tag, str)]
    if not 1 <= len(listed) <= sending.MAX_RECIPIENTS:
        raise Refusal(refusals.TOO_MANY_RECIPIENTS, f"Adresátů smí být 1 až {sending.MAX_RECIPIENTS}.")
    files = _files(call)
    shared = envelope_of(wire.child(call.request, "dmEnvelope"), None)
    sender = sending.sender_of(call.simulator.directory, call.user)
    outcomes: list[str] = []
    failed = False
    for one in listed:
        try:
            if len(listed) > 1:
                _refuse_commercial(call, sender, wire.text(one, "dbIDRecipient"))
            message_id = sending.send(
                call.simulator.directory,
                call.simulator.messages,
                author=call.user,
                envelope=envelope_of(one, shared),
                files=files,
                now=call.now,
                credit=call.simulator.credit,
            )
            outcome = wire.needed("dmID", str(message_id)) + wire.status_xml(wire.OK, wire.OK_TEXT)
        except Refusal as refusal:
            failed = True
            outcome = wire.status_xml(refusal.status, refusal.message)
        outcomes.append(f"<q:dmSingleStatus>{outcome}</q:dmSingleStatus>")
    content = f"<q:dmMultipleStatus>{''.join(outcomes)}</q:dmMultipleStatus>"
    if failed:
        return wire.answer(operation, content, status="0004", message="Některé datové zprávy nebyly úspěšně odeslány.")
    return wire.answer(operation, content)


def _refuse_commercial(call: Call, sender: boxes.Box, recipient_id: str) -> None:
    recipient = call.simulator.directory.find(recipient_id)
    if recipient is not None and not (sender.is_public_authority or recipient.is_public_authority):
        raise Refusal("1233", "Odesilatel ani příjemce datové zprávy není OVM a zpráva je označena jako nekomerční.")


def envelope_of(given: wire.Request | None, shared: Envelope | None) -> Envelope:
    """An envelope from its element, or from one recipient's element over what all recipients share."""

    def value(name: str) -> str:
        return cleaned(wire.text(given, name))

    addressed = {
        "recipient_box": value("dbIDRecipient"),
        "recipient_org_unit": value("dmRecipientOrgUnit"),
        "recipient_org_unit_num": value("dmRecipientOrgUnitNum"),
        "to_hands": value("dmToHands"),
    }
    if shared is not None:
        return replace(shared, **addressed)  # type: ignore[arg-type]
    publish = None if given is None else wire.child(given, "dmPublishOwnID")
    level = "" if publish is None else publish.get("IdLevel", "")
    return Envelope(
        **addressed,
        annotation=value("dmAnnotation"),
        sender_org_unit=value("dmSenderOrgUnit"),
        sender_org_unit_num=value("dmSenderOrgUnitNum"),
        recipient_ref_number=value("dmRecipientRefNumber"),
        sender_ref_number=value("dmSenderRefNumber"),
        recipient_ident=value("dmRecipientIdent"),
        sender_ident=value("dmSenderIdent"),
        legal_title_law=value("dmLegalTitleLaw"),
        legal_title_year=value("dmLegalTitleYear"),
        legal_title_sect=value("dmLegalTitleSect"),
        legal_title_par=value("dmLegalTitlePar"),
        legal_title_point=value("dmLegalTitlePoint"),
        personal_delivery=wire.flag(given, "dmPersonalDelivery", default=False),
        allow_subst_delivery=wire.flag(given, "dmAllowSubstDelivery", default=True),
        publish_own_id=wire.flag(given, "dmPublishOwnID", default=False),
        id_level=int(level) if level.isdecimal() else 0,
        kind="" if given is None else given.get("dmType", "").strip(),
    )


def _files(call: Call) -> list[Attachment]:
    listed = wire.child(call.request, "dmFiles")
    if listed is None:
        return []
    return [_file(one) for one in listed if isinstance(one.tag, str)]


def _file(given: wire.Request) -> Attachment:
    name = cleaned(given.get("dmFileDescr", ""))
    markup = wire.child(given, "dmXMLContent")
    content = b""
    if markup is None:
        # findtext of lxml would copy; the element is read once and dropped with the request.
        encoded = wire.child(given, "dmEncodedContent")
        try:
            packed = "" if encoded is None or encoded.text is None else "".join(encoded.text.split())
            content = base64.b64decode(packed, validate=True)
        except (binascii.Error, ValueError) as broken:
            raise refusals.attachment_refused(f"obsah souboru „{name}“ není správně zapsán v base64.") from broken
    return Attachment(
        name=name,
        mime_type=cleaned(given.get("dmMimeType", "")),
        content=content,
        meta_type=given.get("dmFileMetaType", "").strip(),
        guid=attribute_of(given, "dmFileGuid"),
        upper_guid=attribute_of(given, "dmUpFileGuid"),
        format=attribute_of(given, "dmFormat"),
        xml=None if markup is None else _inner_xml(markup),
    )


def attribute_of(given: wire.Request, name: str) -> str | None:
    value = given.get(name)
    return None if value is None else cleaned(value)


def _inner_xml(markup: wire.Request) -> str:
    text = markup.text or ""
    return escape(text) + "".join(etree.tostring(one, encoding="unicode") for one in markup)


def message_download(call: Call) -> bytes:
    """A received message without a seal."""
    message = call.downloadable(big=False)
    content = documents.returned_message(call.simulator, message).decode()
    return wire.answer("MessageDownload", content)


def signed_message_download(call: Call) -> bytes:
    """A received message as a ZFO; it must have been delivered by login (otherwise 1222)."""
    message = call.downloadable(big=False)
    return _signature(call, "SignedMessageDownload", message, sent=False)


def signed_sent_message_download(call: Call) -> bytes:
    """A sent message as a ZFO; it must have been put into the recipient's box (otherwise 1229)."""
    message = call.downloadable_sent(big=False)
    return _signature(call, "SignedSentMessageDownload", message, sent=True)


def _signature(call: Call, operation: str, message: Message, *, sent: bool) -> bytes:
    status, told = call.download_status(message)
    zfo = documents.message_zfo(call.simulator, message, sent=sent)
    if call.fault == "altered_zfo":
        zfo = altered(zfo)
    content = f"<q:dmSignature>{base64.b64encode(zfo).decode('ascii')}</q:dmSignature>"
    return wire.answer(operation, content, status=status, message=told)


def altered(zfo: bytes) -> bytes:
    """The same file with one character of the subject (or of the envelope) changed."""
    at = zfo.find(b"dmAnnotation>") + len(b"dmAnnotation>")
    return zfo[:at] + (b"X" if zfo[at : at + 1] != b"X" else b"Y") + zfo[at + 1 :]


def authenticate_message(call: Call) -> bytes:
    """Whether a ZFO is one of ours and unaltered (manual 2.67, 2.3.1); any box may ask about any message."""
    operation = "AuthenticateMessage"
    genuine = authenticity.is_genuine(call.simulator, document_of(call, "dmMessage"))
    return wire.answer(operation, f"<q:dmAuthResult>{'true' if genuine else 'false'}</q:dmAuthResult>")


def document_of(call: Call, name: str) -> zfo_parts.Parts:
    """The ZFO of a request, taken apart; refuses what is none (2200)."""
    try:
        return zfo_parts.of_bytes(base64.b64decode("".join(call.text(name).split()), validate=True))
    except (binascii.Error, ValueError) as broken:
        raise refusals.broken_document() from broken


def resign(call: Call) -> bytes:
    """A document whose seal has no time stamp gets a new seal with one (manual 2.67, 2.3.3)."""
    document = document_of(call, "dmDoc")
    if not authenticity.is_genuine(call.simulator, document):
        raise refusals.not_authentic()
    if archiving.is_stamped(document):
        raise Refusal("2204", "Dokument není třeba znovu podepsat, jeho značka už časové razítko má. Archivujte ho.")
    call.require_time_stamps()
    sealer = call.simulator.sealer
    resigned = sealer.seal(b"".join(document.content_chunks()), at=clock.utc(call.now))
    result = f"<q:dmResultDoc>{base64.b64encode(resigned).decode('ascii')}</q:dmResultDoc>"
    return wire.answer("Re-signISDSDocument", f"{result}<q:dmValidTo>{sealer.stamps_valid_to}</q:dmValidTo>")
