"""Whatever the gateway is asked for, its request is valid against the official schema; values are drawn."""

import base64
import email
import email.policy
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from egon.gateways.isds import (
    OPERATIONS,
    BoxQuery,
    Environment,
    ExternalFile,
    IsdsClient,
    LegalTitle,
    OutgoingFile,
    OutgoingMessage,
    PasswordChange,
    PasswordLogin,
    Recipient,
    Source,
    UploadedAttachment,
    password_change,
)
from egon.gateways.isds.box_facts import BoxUserDraft
from egon.gateways.isds.safe_xml import parse_untrusted
from egon.gateways.isds.transport import RequestBody

V20 = "{http://isds.czechpoint.cz/v20}"
XOP = "{http://www.w3.org/2004/08/xop/include}Include"
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def text(limit: int, least: int = 0) -> st.SearchStrategy[str]:
    """Any text whatever, control characters and markup included: ISDS gets what XML can carry of it."""
    word, dangerous = st.text(st.characters(exclude_categories=("Cs",)), max_size=20), st.sampled_from(DANGEROUS)
    return st.lists(word | dangerous, max_size=20).map(lambda parts: ("x" * least + "".join(parts))[:limit])


DANGEROUS = ["\x00", "\x1f", "\ufffe", "\uffff", "\r\n", "<", ">", "&", "]]>", '"', "'", " "]
BOX = st.text(ALPHABET, min_size=7, max_size=7)
NUMBER = st.text("0123456789", min_size=1, max_size=20)
INTEGER = st.none() | st.integers(-(2**31), 2**31)
DAY = st.dates(date(1900, 1, 1), date(2100, 1, 1))
MOMENT = st.integers(-(10**9), 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
MAYBE = st.none() | MOMENT
ROLE = st.sampled_from(["main", "enclosure", "signature", "meta"])
CONTENT = st.binary(max_size=40)
TITLE = st.builds(LegalTitle, law=INTEGER, year=INTEGER, section=text(20), paragraph=text(20), point=text(20))
FILE = st.builds(
    OutgoingFile,
    name=text(255),
    content=CONTENT,
    mime_type=text(40),
    role=ROLE,
    guid=text(20),
    parent_guid=text(20),
)
MESSAGE = st.builds(
    OutgoingMessage,
    recipient_box=BOX,
    annotation=text(255, 1),
    files=st.lists(FILE, min_size=1, max_size=3).map(tuple),
    sender_unit=text(40),
    sender_unit_number=INTEGER,
    recipient_unit=text(40),
    recipient_unit_number=INTEGER,
    to_hands=text(30),
    recipient_reference_number=text(50),
    sender_reference_number=text(50),
    recipient_file_mark=text(50),
    sender_file_mark=text(50),
    legal_title=TITLE,
    personal_delivery=st.booleans(),
    allow_fiction=st.booleans(),
    publish_sender=st.none() | st.integers(0, 127),
    message_type=st.sampled_from(["", "V", "K", "I", "O", "E"]),
)
RECIPIENTS = st.lists(
    st.builds(Recipient, box_id=BOX, unit=text(30), unit_number=INTEGER, to_hands=text(30)), min_size=1, max_size=50
)
UPLOADED = st.builds(
    UploadedAttachment,
    att_id=NUMBER,
    hash1=text(64),
    hash1_algorithm=st.just("SHA-256"),
    hash2=text(64),
    hash2_algorithm=st.just("SHA3-256"),
    sha256=st.just("aa"),
    size=st.just(5),
    uploaded_at=MOMENT,
)
EXTERNAL = st.lists(
    st.builds(ExternalFile, UPLOADED, ROLE, guid=text(20), parent_guid=text(20)), min_size=1, max_size=3
)
QUERY = st.builds(
    BoxQuery,
    box_id=st.just("") | BOX,
    box_type=st.sampled_from(["", "FO", "OVM", "PFO_BASE", "PO", "OVM_MAIN"]),
    ico=text(8),
    given_names=text(30),
    last_name=text(30),
    firm_name=text(60),
    birth_date=st.none() | DAY,
    city=text(30),
    street=text(30),
    number_in_street=text(8),
    number_in_municipality=text(8),
    zip_code=text(6),
    ovm_id=text(10),
)
USER = st.builds(
    BoxUserDraft,
    given_names=text(30),
    last_name=text(30, 1),
    birth_date=DAY,
    privileges=st.integers(0, 255),
    user_type=st.sampled_from(["ENTRUSTED_USER", "ADMINISTRATOR"]),
    city=text(30),
    street=text(30),
    ico=text(8),
    firm_name=text(30),
    contact_city=text(30),
    in_population_register=st.booleans(),
)
PAGE = st.fixed_dictionaries(
    {
        "states": st.integers(-1, 2046),
        "offset": st.integers(1, 10**6),
        "limit": st.none() | st.integers(1, 10**5),
        "unit_number": INTEGER,
    }
)
REPORT = st.fixed_dictionaries(
    {"allow_complete": st.booleans(), "name": text(40), "mail": text(40), "phone": text(20), "note": text(200)}
)
PERIOD = st.one_of(
    st.fixed_dictionaries({"since": DAY, "until": DAY}),
    st.fixed_dictionaries({"year": st.integers(2009, 2100), "month": st.none() | st.integers(1, 12)}),
)
ISDS_ID = st.text("DS_abcdef0123456789", min_size=12, max_size=12)

type Ask = Callable[[IsdsClient], object]


def asking(call: Callable[..., object], *drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[Ask]:
    """Calls of one method with drawn arguments."""
    return st.tuples(*drawn).map(lambda values: lambda client: call(client, *values))


CALLS: dict[str, st.SearchStrategy[Ask]] = {
    "DummyOperation": asking(lambda c: c.ping()),
    "CreateMessage": asking(lambda c, message: c.create_message(message), MESSAGE),
    "CreateMultipleMessage": asking(lambda c, message, to: c.create_messages(message, to), MESSAGE, RECIPIENTS),
    "MessageDownload": asking(lambda c, number: c.download_unsigned(number), NUMBER),
    "SignedMessageDownload": asking(lambda c, number: c.download_signed(number), NUMBER),
    "SignedSentMessageDownload": asking(lambda c, number: c.download_sent_signed(number), NUMBER),
    "AuthenticateMessage": asking(lambda c, content: c.authenticate(content), CONTENT),
    "Re-signISDSDocument": asking(lambda c, content: c.resign(content), CONTENT),
    "VerifyMessage": asking(lambda c, number: c.message_hash(number), NUMBER),
    "MessageEnvelopeDownload": asking(lambda c, number: c.envelope(number), NUMBER),
    "SentMessageEnvelopeDownload": asking(lambda c, number: c.sent_envelope(number), NUMBER),
    "MarkMessageAsDownloaded": asking(lambda c, number: c.mark_downloaded(number), NUMBER),
    "GetDeliveryInfo": asking(lambda c, number: c.delivery_info(number), NUMBER),
    "GetSignedDeliveryInfo": asking(lambda c, number: c.signed_delivery_info(number), NUMBER),
    "GetListOfReceivedMessages": asking(
        lambda c, since, until, page: c.list_received(since, until, **page),
        st.none() | MOMENT,
        st.none() | MOMENT,
        PAGE,
    ),
    "GetListOfSentMessages": asking(
        lambda c, since, until, page: c.list_sent(since, until, **page), MAYBE, MAYBE, PAGE
    ),
    "GetMessageStateChanges": asking(lambda c, since, until: c.state_changes(since, until), MAYBE, MAYBE),
    "GetMessageAuthor": asking(lambda c, number: c.plain_author(number), NUMBER),
    "GetMessageAuthor2": asking(lambda c, number: c.author(number), NUMBER),
    "EraseMessage": asking(lambda c, number, side: c.erase_from_vault(number, received=side), NUMBER, st.booleans()),
    "GetListOfErasedMessages": asking(
        lambda c, side, period, form: c.ask_for_erased(received=side, out_format=form, **period),
        st.booleans(),
        PERIOD,
        st.sampled_from(["XML", "CSV"]),
    ),
    "PickUpAsyncResponse": asking(lambda c, number: c.pick_up(number), NUMBER),
    "RegisterForNotifications": asking(lambda c, action: c.register_for_notifications(action), st.integers(0, 1)),
    "GetListForNotifications": asking(lambda c, since: c.notifications(since), MOMENT),
    "SuspMessageReport": asking(lambda c, number, report: c.report_suspicious(number, **report), NUMBER, REPORT),
    "UploadAttachment": asking(
        lambda c, content, name, kind: c.upload_attachment(Source.of_bytes(content), name, kind),
        CONTENT,
        text(255),
        text(40),
    ),
    "CreateBigMessage": asking(lambda c, message, files: c.create_big_message(message, files), MESSAGE, EXTERNAL),
    "BigMessageDownload": asking(lambda c, number: c.download_big_unsigned(number, lambda _: io.BytesIO()), NUMBER),
    "SignedBigMessageDownload": asking(lambda c, number: c.download_big_signed_into(number, io.BytesIO()), NUMBER),
    "SignedSentBigMessageDownload": asking(
        lambda c, number: c.download_big_sent_signed_into(number, io.BytesIO()), NUMBER
    ),
    "DownloadAttachment": asking(
        lambda c, number, index: c.download_attachment_into(number, index, io.BytesIO()), NUMBER, st.integers(0, 99)
    ),
    "AuthenticateBigMessage": asking(lambda c, content: c.authenticate_big(Source.of_bytes(content)), CONTENT),
    "ArchiveISDSDocument": asking(lambda c, content: c.archive(Source.of_bytes(content), io.BytesIO()), CONTENT),
    "FindDataBox2": asking(lambda c, query: c.find_box(query), QUERY),
    "ISDSSearch3": asking(
        lambda c, phrase, kind, scope, page: c.search_boxes(phrase, kind, scope, page),
        text(60),
        st.sampled_from(["GENERAL", "ADDRESS", "ICO", "IDOVM", "DBID"]),
        st.sampled_from(["ALL", "OVM", "PO", "PFO", "FO", "PFO_BASE", "PO_BASE", "OVM_MAIN"]),
        st.integers(0, 99),
    ),
    "CheckDataBox": asking(lambda c, box: c.check_box(box), BOX),
    "FindPersonalDataBox": asking(
        lambda c, last, first, born: c.find_personal_box(last_name=last, first_name=first, birth_date=born),
        text(40, 1),
        text(40),
        st.none() | DAY,
    ),
    "GetDataBoxList": asking(lambda c, kind: c.box_list(kind), st.sampled_from(["ALL2", "POA"])),
    "PDZInfo": asking(lambda c, box: c.commercial_offers(box), BOX),
    "PDZSendInfo": asking(
        lambda c, box, kind: c.may_send_commercial(box, kind), BOX, st.sampled_from(["Normal", "Init", "VoDZ"])
    ),
    "DataBoxCreditInfo": asking(lambda c, box, since, until: c.credit(box, since, until), BOX, DAY, DAY),
    "DTInfo": asking(lambda c, box: c.vault(box), BOX),
    "GetDataBoxActivityStatus": asking(lambda c, box, since, until: c.activity(box, since, until), BOX, MOMENT, MOMENT),
    "GetConstants": asking(lambda c, day: c.constants(day), st.none() | DAY),
    "GetDataBoxAddress": asking(lambda c, box: c.box_address(box), BOX),
    "GetOwnerInfoFromLogin2": asking(lambda c: c.owner()),
    "GetUserInfoFromLogin2": asking(lambda c: c.user()),
    "GetPasswordInfo": asking(lambda c: c.password_info()),
    "ChangeISDSPassword": asking(lambda c, old, new: c.change_password(old, new), text(32, 1), text(32, 1)),
    "GetDataBoxUsers2": asking(lambda c, box: c.box_users(box), BOX),
    "AddDataBoxUser2": asking(lambda c, box, user, mail: c.add_box_user(box, user, mail=mail), BOX, USER, text(40)),
    "UpdateDataBoxUser2": asking(lambda c, box, who, user: c.update_box_user(box, who, user), BOX, ISDS_ID, USER),
    "DeleteDataBoxUser2": asking(lambda c, box, who: c.delete_box_user(box, who), BOX, ISDS_ID),
}
OLD = {"FindDataBox", "ISDSSearch2", "GetOwnerInfoFromLogin", "GetUserInfoFromLogin"}


class _Written(Exception):
    """A request instead of its sending."""

    def __init__(self, content_type: str, body: bytes) -> None:
        super().__init__(content_type)
        self.content_type, self.body = content_type, body


class _Paper:
    """A transport that sends nothing."""

    def exchange(self, service: str, body: RequestBody, *_: object, **more: object) -> None:
        written = b"".join(body)
        assert len(written) == body.length
        raise _Written(body.content_type, written)

    def close(self) -> None:
        """Nothing is open."""


@cache
def _client() -> IsdsClient:
    client = IsdsClient(Environment.at("http://127.0.0.1:9"), PasswordLogin("eva", "heslo"))
    client.close()
    client._transport = _Paper()  # type: ignore[assignment]
    return client


@cache
def _schemas(folder: Path) -> list[etree.XMLSchema]:
    return [etree.XMLSchema(etree.parse(folder / name)) for name in ("dmBaseTypes.xsd", "dbTypes.xsd")]


def _request_of(written: _Written) -> etree._Element:
    """The element of the operation, with attached contents put where they belong."""
    if not written.content_type.startswith("multipart/related"):
        return parse_untrusted(written.body)[0][0]
    head = f"Content-Type: {written.content_type}\r\n\r\n".encode()
    root, *parts = email.message_from_bytes(head + written.body, policy=email.policy.HTTP).iter_parts()
    contents = {str(part["Content-ID"]).strip("<>"): part.get_payload(decode=True) for part in parts}
    found = parse_untrusted(root.get_payload(decode=True))[0][0]
    for reference, holder in _references(found):
        holder.remove(reference)
        holder.text = base64.b64encode(contents[reference.get("href", "").removeprefix("cid:")]).decode()
    return found


def _references(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    for reference in list(root.iter(XOP)):
        holder = reference.getparent()
        assert holder is not None
        yield reference, holder


def test_every_operation_is_drawn() -> None:
    assert CALLS.keys() | OLD == OPERATIONS.keys()


@pytest.mark.parametrize("operation", CALLS)
def test_every_request_the_gateway_can_build_is_valid(operation: str, isds_standards: Path) -> None:
    schemas = _schemas(isds_standards / "wsdl")

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(ask=CALLS[operation])
    def check(ask: Ask) -> None:
        with pytest.raises(_Written) as caught:
            ask(_client())
        sent = etree.fromstring(etree.tostring(_request_of(caught.value)))
        assert sent.tag == V20 + operation
        problems = [[error.message for error in one.error_log] for one in schemas if not one.validate(sent)]
        assert len(problems) == 1, problems  # exactly one of the two schemas knows the operation

    check()


def test_requests_about_passwords_are_valid(monkeypatch: pytest.MonkeyPatch, isds_standards: Path) -> None:
    schema = etree.XMLSchema(etree.parse(isds_standards / "wsdl-other" / "ChangePasswordTypes.xsd"))
    monkeypatch.setattr(password_change, "Transport", lambda *_: _Paper())
    change = PasswordChange(Environment.at("http://127.0.0.1:9"), "eva", "heslo <1> & dál")
    for ask in (change.request_code, lambda: change.change("Nové heslo", " 123456 ")):
        with pytest.raises(_Written) as caught:
            ask()
        schema.assertValid(etree.fromstring(etree.tostring(_request_of(caught.value))))
