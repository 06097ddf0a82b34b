"""Requests are what the official schemas and the traffic of a real client say; answers are read whole."""

import base64
import email
import email.policy
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from egon.gateways.isds import (
    OPERATIONS,
    BoxQuery,
    ExternalFile,
    IsdsClient,
    LegalTitle,
    OutgoingFile,
    OutgoingMessage,
    ReceivedRecord,
    Recipient,
    Source,
    UploadedAttachment,
)
from egon.gateways.isds.box_facts import BoxUserDraft
from egon.gateways.isds.codes import BoxState, BoxType, EventKind, MessageState, status_filter
from egon.gateways.isds.messages import read_envelope
from egon.gateways.isds.outgoing import create_message_body
from egon.gateways.isds.safe_xml import parse_untrusted
from egon.gateways.isds.times import PRAGUE, format_time, parse_time

V20 = "{http://isds.czechpoint.cz/v20}"
MOMENT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

MESSAGE = OutgoingMessage(
    recipient_box="mw7dqvw",
    annotation="Odpověď na žádost <č. 5> & příloha",
    files=(
        OutgoingFile("odpověď.pdf", b"%PDF-1.7 x", "application/pdf", "main", guid="1"),
        OutgoingFile("podpis.p7s", b"\x00\x01", "application/pkcs7-signature", "signature", parent_guid="1"),
    ),
    sender_unit="Odbor kanceláře",
    sender_unit_number=42,
    to_hands="Jan Řeháček",
    sender_reference_number="KUSK 1/2026",
    sender_file_mark="SP 1/2026",
    legal_title=LegalTitle(300, 2008, "18", "2", "a"),
    publish_sender=3,
)

DAY = date(2026, 3, 1)
UPLOADED = UploadedAttachment("54520", "aa", "SHA-256", "bb", "SHA3-256", "aa", 5, MOMENT)
USER = BoxUserDraft("Eva", "Nováková", date(1980, 1, 1), privileges=13, city="Lipník", zip_code="41201")

CALLS: dict[str, Any] = {
    "DummyOperation": lambda c: c.ping(),
    "GetOwnerInfoFromLogin2": lambda c: c.owner(),
    "GetUserInfoFromLogin2": lambda c: c.user(),
    "GetPasswordInfo": lambda c: c.password_info(),
    "GetListOfReceivedMessages": lambda c: c.list_received(MOMENT, None, states=status_filter(4, 6), limit=50),
    "GetListOfSentMessages": lambda c: c.list_sent(None, MOMENT, unit_number=3),
    "GetMessageStateChanges": lambda c: c.state_changes(MOMENT, MOMENT),
    "CreateMultipleMessage": lambda c: c.create_messages(MESSAGE, [Recipient("mw7dqvw"), Recipient("b" * 7)]),
    "MessageDownload": lambda c: c.download_unsigned("123"),
    "AuthenticateMessage": lambda c: c.authenticate(b"zfo"),
    "Re-signISDSDocument": lambda c: c.resign(b"zfo"),
    "VerifyMessage": lambda c: c.message_hash("123"),
    "SentMessageEnvelopeDownload": lambda c: c.sent_envelope("123"),
    "GetMessageAuthor": lambda c: c.plain_author("123"),
    "GetMessageAuthor2": lambda c: c.author("123"),
    "EraseMessage": lambda c: c.erase_from_vault("123", received=True),
    "GetListOfErasedMessages": lambda c: c.ask_for_erased(received=False, since=DAY, until=DAY),
    "PickUpAsyncResponse": lambda c: c.pick_up("abc"),
    "RegisterForNotifications": lambda c: c.register_for_notifications(),
    "GetListForNotifications": lambda c: c.notifications(MOMENT),
    "SuspMessageReport": lambda c: c.report_suspicious("123", allow_complete=True, name="Eva", note="vir"),
    "UploadAttachment": lambda c: c.upload_attachment(Source.of_bytes(b"%PDF"), "příloha & 1.pdf", "application/pdf"),
    "CreateBigMessage": lambda c: c.create_big_message(MESSAGE, [ExternalFile(UPLOADED, "main", guid="7")]),
    "BigMessageDownload": lambda c: c.download_big_unsigned("123", lambda _place: io.BytesIO()),
    "SignedBigMessageDownload": lambda c: c.download_big_signed_into("123", io.BytesIO()),
    "SignedSentBigMessageDownload": lambda c: c.download_big_sent_signed_into("123", io.BytesIO()),
    "DownloadAttachment": lambda c: c.download_attachment_into("123", 0, io.BytesIO()),
    "AuthenticateBigMessage": lambda c: c.authenticate_big(Source.of_bytes(b"zfo")),
    "ArchiveISDSDocument": lambda c: c.archive(Source.of_bytes(b"zfo"), io.BytesIO()),
    "FindPersonalDataBox": lambda c: c.find_personal_box(last_name="Novák", birth_date=DAY),
    "GetDataBoxList": lambda c: c.box_list(),
    "PDZInfo": lambda c: c.commercial_offers("mw7dqvw"),
    "PDZSendInfo": lambda c: c.may_send_commercial("mw7dqvw"),
    "DataBoxCreditInfo": lambda c: c.credit("mw7dqvw", DAY),
    "DTInfo": lambda c: c.vault("mw7dqvw"),
    "GetDataBoxActivityStatus": lambda c: c.activity("mw7dqvw", MOMENT, MOMENT),
    "GetConstants": lambda c: c.constants(),
    "GetDataBoxAddress": lambda c: c.box_address("mw7dqvw"),
    "ChangeISDSPassword": lambda c: c.change_password("Stare-1", "Nove-1"),
    "GetDataBoxUsers2": lambda c: c.box_users("mw7dqvw"),
    "AddDataBoxUser2": lambda c: c.add_box_user("mw7dqvw", USER, mail="a@example.cz"),
    "UpdateDataBoxUser2": lambda c: c.update_box_user("mw7dqvw", "abcdefghijkl", USER),
    "DeleteDataBoxUser2": lambda c: c.delete_box_user("mw7dqvw", "abcdefghijkl"),
    "SignedMessageDownload": lambda c: c.download_signed("123"),
    "SignedSentMessageDownload": lambda c: c.download_sent_signed("123"),
    "GetSignedDeliveryInfo": lambda c: c.signed_delivery_info("123"),
    "GetDeliveryInfo": lambda c: c.delivery_info("123"),
    "MessageEnvelopeDownload": lambda c: c.envelope("123"),
    "MarkMessageAsDownloaded": lambda c: c.mark_downloaded("123"),
    "CreateMessage": lambda c: c.create_message(MESSAGE),
    "FindDataBox2": lambda c: c.find_box(BoxQuery(box_type="FO", last_name="Novák", birth_date=date(1980, 2, 29))),
    "ISDSSearch3": lambda c: c.search_boxes("krajský úřad", scope="OVM"),
    "CheckDataBox": lambda c: c.check_box("mw7dqvw"),
}

OLD = {"FindDataBox", "ISDSSearch2", "GetOwnerInfoFromLogin", "GetUserInfoFromLogin"}
"""Operations that have a newer form, which the client uses instead."""


def _sent_request(operation: str, client: IsdsClient, script: Any) -> etree._Element:
    script.answer("<neni-soap/>")
    with pytest.raises(Exception, match="ISDS"):
        CALLS[operation](client)
    head, _, body = script.requests[0].partition(b"\r\n\r\n")
    assert f"/DS/{OPERATIONS[operation].service} ".encode() in head
    assert b"Authorization: Basic dXJlZG5pazp0YWpuZS1oZXNsbw==" in head
    envelope, contents = _without_attachments(body) if b"Content-Type: multipart/related" in head else (body, {})
    sent = parse_untrusted(envelope)[0][0]
    for reference in sent.iter("{http://www.w3.org/2004/08/xop/include}Include"):
        holder = reference.getparent()
        assert holder is not None
        content = contents[reference.get("href", "").removeprefix("cid:")]
        holder.remove(reference)
        holder.text = base64.b64encode(content).decode()
    return sent


def _without_attachments(body: bytes) -> tuple[bytes, dict[str, bytes]]:
    """The XML and the contents of a multipart request, read by the standard library."""
    boundary = body.partition(b"\r\n")[0].removeprefix(b"--")
    head = b'Content-Type: multipart/related; boundary="' + boundary + b'"\r\n\r\n'
    root, *rest = email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts()
    contents = {str(part["Content-ID"]).strip("<>"): part.get_payload(decode=True) for part in rest}
    return root.get_payload(decode=True), contents


def test_every_operation_of_the_table_can_be_called() -> None:
    assert CALLS.keys() | OLD == OPERATIONS.keys()


@pytest.mark.parametrize("operation", CALLS)
def test_every_request_is_valid_by_the_official_schema(
    operation: str, client: IsdsClient, script: Any, isds_standards: Path
) -> None:
    sent = _sent_request(operation, client, script)
    assert sent.tag == V20 + operation
    schemas = [
        etree.XMLSchema(etree.parse(isds_standards / "wsdl" / name)) for name in ("dmBaseTypes.xsd", "dbTypes.xsd")
    ]
    alone = etree.fromstring(etree.tostring(sent))
    problems = [[error.message for error in schema.error_log] for schema in schemas if not schema.validate(alone)]
    assert len(problems) == 1, problems  # exactly one of the two schemas knows the operation


@pytest.mark.parametrize(
    "operation", ["CreateMessage", "FindDataBox2", "GetListOfReceivedMessages", "SignedMessageDownload"]
)
def test_elements_stand_in_the_order_a_real_client_uses(
    operation: str, client: IsdsClient, script: Any, isds_standards: Path
) -> None:
    recorded = (isds_standards / "requests" / f"{operation}.txt").read_bytes().partition(b"<?xml")
    theirs = etree.fromstring(b"<?xml" + recorded[2])[0][0]
    ours = _sent_request(operation, client, script)
    optional = {"dmOVM", "dmPublishOwnID", "aifoIsds", "dmFile", "dmEncodedContent"}
    names = [[etree.QName(item).localname for item in root.iter()] for root in (theirs, ours)]
    assert [name for name in names[0] if name not in optional] == [name for name in names[1] if name not in optional]


def test_a_list_of_received_messages_is_read_whole(client: IsdsClient, script: Any) -> None:
    script.answer_operation(
        "GetListOfReceivedMessages",
        '<p:dmRecords><p:dmRecord dmType="X" dmVODZ="true" specMessFlag="7"><p:dmOrdinal>1</p:dmOrdinal>'
        "<p:dmID>1446014</p:dmID><p:dbIDSender>vqbab52</p:dbIDSender><p:dmSender>Úřad</p:dmSender>"
        "<p:dmSenderType>77</p:dmSenderType><p:dmAnnotation>Věc</p:dmAnnotation><p:dmNovinka>nové</p:dmNovinka>"
        '<p:dmToHands xsi:nil="true"/><p:dmMessageStatus>42</p:dmMessageStatus>'
        "<p:dmAttachmentSize>12</p:dmAttachmentSize>"
        "<p:dmDeliveryTime>2026-07-01T10:00:00.123+02:00</p:dmDeliveryTime></p:dmRecord></p:dmRecords>",
    )
    (record,) = client.list_received()
    assert isinstance(record, ReceivedRecord)
    assert record.dm_id == "1446014"
    assert record.state == 42
    assert record.state.label == "neznámý stav 42"
    assert record.envelope.sender_type.label == "schránka typu 77"
    assert record.envelope.extra == {"dmNovinka": "nové"}
    assert record.is_big
    assert record.message_type == "X"
    assert record.delivery_time == datetime(2026, 7, 1, 8, 0, 0, 123000, tzinfo=UTC)
    assert record.acceptance_time is None


def test_real_answers_of_the_system_are_read(client: IsdsClient, script: Any, isds_standards: Path) -> None:
    answers = isds_standards / "responses"
    text = (answers / "GetOwnerInfoFromLogin-0000.xml").read_text().replace("FromLoginResponse", "FromLogin2Response")
    script.answer(text)
    owner = client.owner()
    assert (owner.box_id, owner.box_type, owner.ico, owner.state) == (
        "mw7dqvw",
        BoxType.PFO,
        "66361630",
        BoxState.ACCESSIBLE,
    )
    assert owner.display_name == "Tester Testovič"
    delivery = (answers / "delivery_info-316590.xml").read_bytes().partition(b"?>")[2]
    script.answer(
        b'<s:Envelope xmlns:s="%s"><s:Body>' % b"http://schemas.xmlsoap.org/soap/envelope/"
        + delivery
        + b"</s:Body></s:Envelope>"
    )
    info = client.delivery_info("316590")
    assert info.state == MessageState.READ
    assert info.events[0].kind == EventKind.LOGIN_OLD
    assert info.events[0].kind.is_login
    assert info.hash is not None
    assert len(info.hash.value) == 20
    assert info.timestamp_token[:1] == b"\x30"


def test_a_download_is_written_while_it_arrives(client: IsdsClient, script: Any) -> None:
    content = bytes(range(256)) * 300
    wrapped = "\n".join(_base64_lines(content))
    script.answer_operation("SignedMessageDownload", f"<p:dmSignature>{wrapped}</p:dmSignature>")
    target = io.BytesIO()
    assert client.download_signed_into("1", target) == len(content)
    assert target.getvalue() == content
    assert client.download_signed("1") == content


def _base64_lines(content: bytes) -> list[str]:
    return base64.encodebytes(content).decode().splitlines()


def test_searching_tells_when_the_list_was_cut_and_when_nothing_was_found(client: IsdsClient, script: Any) -> None:
    found = "<p:dbResults><p:dbOwnerInfo><p:dbID>mw7dqvw</p:dbID><p:dbType>FO</p:dbType></p:dbOwnerInfo></p:dbResults>"
    script.answer_operation("FindDataBox2", found, code="0003", prefix="db")
    script.answer_operation("FindDataBox2", "", code="0002", prefix="db")
    many, none = client.find_box(BoxQuery(last_name="Novák")), client.find_box(BoxQuery(last_name="Xyz"))
    assert many.more
    assert [box.box_id for box in many.boxes] == ["mw7dqvw"]
    assert (none.boxes, none.more) == ((), False)


@given(st.integers(0, 4_000_000_000))
def test_a_time_survives_being_written_and_read(seconds: int) -> None:
    aware = datetime.fromtimestamp(seconds, UTC)
    assert parse_time(format_time(aware)) == aware


def test_a_time_without_a_zone_is_czech() -> None:
    assert parse_time("2026-07-01T12:00:00") == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert parse_time("2026-01-01T12:00:00.5") == datetime(2026, 1, 1, 12, 0, 0, 500000, tzinfo=PRAGUE)
    assert parse_time("nesmysl") is None
    aware = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="time zone"):
        format_time(aware.replace(tzinfo=None))


# Characters that XML carries unchanged; a carriage return is turned into a line feed by every XML parser.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="￾￿"), max_size=40)
NUMBER = st.none() | st.integers(0, 10**9)


@given(
    message=st.builds(
        OutgoingMessage,
        recipient_box=st.just("mw7dqvw"),
        annotation=TEXT,
        files=st.lists(
            st.builds(OutgoingFile, name=TEXT, content=st.binary(max_size=50), mime_type=TEXT, role=st.just("main")),
            max_size=3,
        ).map(tuple),
        sender_unit=TEXT,
        sender_unit_number=NUMBER,
        to_hands=TEXT,
        sender_reference_number=TEXT,
        recipient_file_mark=TEXT,
        legal_title=st.builds(LegalTitle, law=NUMBER, year=NUMBER, section=TEXT, paragraph=TEXT, point=TEXT),
        personal_delivery=st.booleans(),
        allow_fiction=st.booleans(),
    )
)
def test_an_envelope_survives_being_written_and_read(message: OutgoingMessage) -> None:
    body = create_message_body(message)
    written = b"".join(body)
    assert len(written) == body.length
    request = parse_untrusted(written)[0][0]
    read = read_envelope(request[0])
    assert read.annotation == message.annotation
    assert (read.sender_unit, read.sender_unit_number) == (message.sender_unit, message.sender_unit_number)
    assert read.to_hands == message.to_hands
    assert read.sender_reference_number == message.sender_reference_number
    assert read.recipient_file_mark == message.recipient_file_mark
    assert read.legal_title == message.legal_title
    assert (read.personal_delivery, read.allow_fiction) == (message.personal_delivery, message.allow_fiction)
    assert [file.get("dmFileDescr") for file in request[1]] == [file.name for file in message.files]
