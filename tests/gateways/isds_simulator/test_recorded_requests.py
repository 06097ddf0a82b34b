"""Requests recorded from a real client are answered rightly, and every answer is valid by the official XSD."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from egon.gateways.isds.namespaces import XSI
from egon.gateways.isds.simulator import clock
from egon.gateways.isds.simulator.soap import router, wire

from .conftest import (
    CITIZEN,
    COMPANY,
    LAWYER,
    OFFICE,
    PASSWORD,
    V20,
    Answer,
    Official,
    Running,
    attachment,
    envelope,
    read_answer,
)
from .test_big_messages import external, upload

RECORDED = {
    "BigMessageDownload": "1211",
    "CheckDataBox": "5001",
    "CreateBigMessage": "1294",
    "DummyOperation": "0000",
    "FindDataBox": "0002",
    "FindDataBox2": "0002",
    "GetDataBoxUsers": "2006",
    "GetDataBoxUsers2": "1004",
    "GetListOfErasedMessages": "0000",
    "GetListOfReceivedMessages": "0000",
    "GetListOfSentMessages": "0000",
    "GetMessageStateChanges": "0000",
    "GetOwnerInfoFromLogin": "0000",
    "GetOwnerInfoFromLogin2": "0000",
    "GetPasswordInfo": "0000",
    "GetSignedDeliveryInfo": "1211",
    "GetUserInfoFromLogin": "0000",
    "GetUserInfoFromLogin2": "0000",
    "MarkMessageAsDownloaded": "1211",
    "MessageDownload": "1211",
    "PickUpAsyncResponse": "2351",
    "SignedBigMessageDownload": "1211",
    "SignedMessageDownload": "1211",
    "SignedSentMessageDownload": "1211",
    "X-BogusOperation": "2006",
}


def recorded(standards: Path, name: str) -> tuple[str, bytes]:
    """Service and body of a recorded request."""
    head, _, body = (standards / "isds" / "requests" / f"{name}.txt").read_bytes().partition(b"\n\n")
    return head.split(b"\n")[0].decode().rpartition("/")[2].strip(), body.strip()


SENT_HEADERS = {"Accept", "Content-Type", "User-Agent"}


def recorded_headers(standards: Path, name: str) -> dict[str, str]:
    """The head of a recorded request; its client names no SOAPAction and no charset."""
    head, _, _ = (standards / "isds" / "requests" / f"{name}.txt").read_text("latin-1").partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)


@pytest.mark.parametrize("nil", ["<{0}/>", "<{0}></{0}>", '<{0} xmlns:x="{1}" x:nil="true"/>', ""])
@pytest.mark.parametrize("kind", ["text/xml", 'text/xml; charset="UTF-8"', "application/soap+xml", None])
def test_empty_elements_and_content_types_are_taken_however_they_are_written(
    isds: Running, nil: str, kind: str | None
) -> None:
    number = isds.send()
    left_out = "".join(nil.format(name, XSI) for name in ("dmFromTime", "dmToTime", "dmRecipientOrgUnitNum", "dmLimit"))
    body = (
        '<?xml version="1.0"?>\n<!-- klient --><a:Envelope xmlns:a="http://schemas.xmlsoap.org/soap/envelope/"><a:Header/>'
        f'<a:Body><b:GetListOfReceivedMessages xmlns:b="{V20}" xmlns="{V20}">{left_out}'
        "<dmStatusFilter> -1 </dmStatusFilter></b:GetListOfReceivedMessages></a:Body></a:Envelope>"
    )
    headers = {} if kind is None else {"Content-Type": kind}
    response = isds.http.post("/DS/dx", content=body.encode(), headers=headers, auth=(OFFICE, PASSWORD))
    assert read_answer(response).texts("dmID") == [number]


@pytest.mark.parametrize(("name", "status"), RECORDED.items())
def test_recorded_request(isds: Running, standards: Path, official: Official, name: str, status: str) -> None:
    service, body = recorded(standards, name)
    headers = {key: value for key, value in recorded_headers(standards, name).items() if key in SENT_HEADERS}
    assert "SOAPAction" not in headers
    response = isds.http.post(f"/DS/{service}", content=body, headers=headers, auth=(OFFICE, PASSWORD))
    assert response.status_code == 200
    answer = read_answer(response)
    assert etree.QName(answer.element).localname == f"{name}Response"
    assert answer.status == status
    if status != "2006":
        official.check(answer.element)


@pytest.mark.parametrize(
    ("name", "element"),
    [
        ("ArchiveISDSDocument", "dmMessage"),
        ("AuthenticateBigMessage", "dmMessage"),
        ("AuthenticateMessage", "dmMessage"),
    ],
)
def test_recorded_request_with_a_document_of_another_isds(
    isds: Running, standards: Path, official: Official, name: str, element: str
) -> None:
    """The recordings are cut off, so a whole document of the same origin takes the place of theirs."""
    service, body = recorded(standards, name)
    foreign = (standards / "isds" / "zfo" / "DDZ_3401761.zfo").read_bytes()
    head = body[: body.index(f"<{element}>".encode())]
    whole = f"<{element}>{base64.encodebytes(foreign).decode()}</{element}></{name}></Body></Envelope>"
    answer = read_answer(isds.post(service, head + whole.encode()))
    if name == "ArchiveISDSDocument":
        assert answer.status == "2201"
    else:
        assert (answer.status, answer.text("dmAuthResult")) == ("0000", "false")
        official.check(answer.element)


def test_recorded_upload_is_taken(isds: Running, standards: Path, official: Official) -> None:
    head, _, body = (standards / "isds" / "requests" / "UploadAttachment.txt").read_bytes().partition(b"\n\n")
    kind = next(line for line in head.decode().splitlines() if line.startswith("Content-Type:")).partition(":")[2]
    boundary = kind.rpartition("boundary=")[2].encode()
    cut = body.strip(b"\n").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    headers = {"Content-Type": kind.strip(), "Expect": "100-continue"}
    whole = cut + b"\r\n--" + boundary + b"--\r\n"
    answer = read_answer(isds.http.post("/DS/vodz", content=whole, headers=headers, auth=(OFFICE, PASSWORD)))
    assert answer.status == "0000"
    official.check(answer.element)


def answers_about_a_large_message(isds: Running) -> Iterator[Answer]:
    uploaded = upload(isds)
    yield uploaded
    created = isds.call("vodz", "CreateBigMessage", envelope(isds.boxes[OFFICE], files=external(uploaded)), CITIZEN)
    yield created
    yield isds.deliver(OFFICE)
    wanted = f"<dmID>{created.text('dmID')}</dmID>"
    for operation in ("BigMessageDownload", "SignedBigMessageDownload"):
        yield isds.call("vodz", operation, wanted)
    yield isds.call("vodz", "SignedSentBigMessageDownload", wanted, CITIZEN)
    yield isds.call("vodz", "DownloadAttachment", f"{wanted}<attNum>0</attNum>")
    yield isds.call("dx", "MessageEnvelopeDownload", wanted)
    record = isds.call("dx", "GetSignedDeliveryInfo", wanted).text("dmSignature")
    yield isds.call("arch", "ArchiveISDSDocument", f"<dmMessage>{record}</dmMessage>")
    yield isds.call("dz", "Re-signISDSDocument", f"<dmDoc>{record}</dmDoc>")
    report = f"{wanted}<allowComplete>false</allowComplete>"
    yield isds.call("dx", "SuspMessageReport", report)
    asked = "<dmYear>2026</dmYear><dmMessageType>SENT</dmMessageType><dmOutFormat>XML</dmOutFormat>"
    waiting = isds.call("dx", "GetListOfErasedMessages", asked)
    yield waiting
    isds.advance(seconds=3)
    number = f"<asyncID>{waiting.text('asyncID')}</asyncID><asyncReqType>LIST_ERASED</asyncReqType>"
    yield isds.call("dx", "PickUpAsyncResponse", number)


def test_answers_about_a_large_message_are_valid(isds: Running, official: Official) -> None:
    for answer in answers_about_a_large_message(isds):
        assert answer.status == "0000", etree.QName(answer.element).localname
        official.check(answer.element)


def answers_about_commerce_and_users(isds: Running) -> Iterator[Answer]:
    office, company = isds.boxes[OFFICE], isds.boxes[COMPANY]
    isds.simulator.credit.charge(company, 100_000, now=isds.simulator.now())
    today = isds.simulator.now()
    isds.simulator.vaults.open(company, capacity=5, since=today, until=today * 2)
    isds.send(LAWYER, COMPANY, kind="I", extra="<dmSenderRefNumber>AK-7</dmSenderRefNumber>")
    yield isds.call("df", "PDZInfo", f"<PDZSender>{company}</PDZSender>", COMPANY)
    yield isds.call("df", "PDZSendInfo", f"<dbId>{company}</dbId><PDZType>Init</PDZType>")
    day = clock.moment(today).date().isoformat()
    period = f"<ciFromDate>{day}</ciFromDate><ciTodate>{day}</ciTodate>"
    yield isds.call("df", "DataBoxCreditInfo", f"<dbID>{company}</dbID>{period}", COMPANY)
    yield isds.call("df", "DTInfo", f"<dbId>{company}</dbId>", COMPANY)
    yield isds.call("df", "DTInfo", f"<dbId>{office}</dbId>")
    yield isds.call("df", "GetConstants", "<constDate/>")
    yield isds.call("df", "GetDataBoxList", "<dblType>POA</dblType>")
    yield isds.call("df", "FindPersonalDataBox", "<dbOwnerInfo><pnLastName>Řeháček</pnLastName></dbOwnerInfo>")
    yield isds.call("DsManage", "GetDataBoxUsers2", f"<dbID>{office}</dbID>")
    new = "<dbUserInfo><pnLastName>Nová</pnLastName><userType>ADMINISTRATOR</userType></dbUserInfo>"
    yield isds.call("DsManage", "AddDataBoxUser2", f"<dbID>{office}</dbID>{new}")


def test_answers_about_commerce_and_users_are_valid(isds: Running, official: Official) -> None:
    for answer in answers_about_commerce_and_users(isds):
        assert answer.status == "0000", etree.QName(answer.element).localname
        official.check(answer.element)
    address = isds.call("df", "GetDataBoxAddress", f"<dbID>{isds.boxes[OFFICE]}</dbID>")
    assert (address.status, address.text("adFullAddress2").count("~")) == ("0000", 3)
    official.check(address.element)


def test_recorded_create_message_is_accepted_by_a_box_of_its_recipient(
    isds: Running, standards: Path, official: Official
) -> None:
    service, body = recorded(standards, "CreateMessage")
    assert read_answer(isds.post(service, body)).status == "5001"  # the box of the recording is not here
    known = body.replace(b"csy2btu", isds.boxes[CITIZEN].encode())
    answer = read_answer(isds.post(service, known))
    assert answer.status == "0000"
    official.check(answer.element)
    isds.deliver(CITIZEN)
    whole = isds.call("dz", "MessageDownload", f"<dmID>{answer.text('dmID')}</dmID>", CITIZEN)
    assert whole.texts("dmEncodedContent") == ["SGVsbG8gV29ybGQh\n", "aGVsbG8gd29ybGQ/\n"]
    assert whole.text("dmSenderOrgUnitNum") == "42"
    official.check(whole.element)


def test_unknown_operation_is_answered_like_the_recorded_answer(isds: Running, standards: Path) -> None:
    service, body = recorded(standards, "X-BogusOperation")
    ours = isds.post(service, body)
    theirs = (standards / "isds" / "responses" / "X-BogusOperationResponse-2006.xml").read_bytes()
    our_status = etree.fromstring(ours.content).iter(f"{{{V20}}}dmStatus")
    their_status = etree.fromstring(theirs).iter(f"{{{V20}}}dmStatus")
    assert [one.text for one in next(our_status)] == [one.text for one in next(their_status)]


def answers_about_a_message(isds: Running) -> Iterator[Answer]:
    number = isds.send(files=attachment() + attachment("příloha & <1>.txt", meta="enclosure"))
    wanted = f"<dmID>{number}</dmID>"
    yield isds.call("dx", "GetDeliveryInfo", wanted, CITIZEN)
    yield isds.deliver(OFFICE)
    for operation in (
        "MessageEnvelopeDownload",
        "GetDeliveryInfo",
        "GetSignedDeliveryInfo",
        "VerifyMessage",
        "GetMessageAuthor",
        "GetMessageAuthor2",
        "MarkMessageAsDownloaded",
    ):
        yield isds.call("dx", operation, wanted)
    yield isds.call("dx", "SentMessageEnvelopeDownload", wanted, CITIZEN)
    yield isds.call("dx", "GetListOfSentMessages", "<dmStatusFilter>-1</dmStatusFilter>", CITIZEN)
    yield isds.call("dx", "GetMessageStateChanges", "", CITIZEN)
    yield isds.call("dz", "MessageDownload", wanted)
    signed = isds.call("dz", "SignedMessageDownload", wanted)
    yield signed
    yield isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN)
    yield isds.call("dz", "AuthenticateMessage", f"<dmMessage>{signed.text('dmSignature')}</dmMessage>")


def answers_about_boxes(isds: Running) -> Iterator[Answer]:
    box = isds.boxes[COMPANY]
    yield isds.call("df", "CheckDataBox", f"<dbID>{box}</dbID>")
    yield isds.call("df", "ISDSSearch3", "<searchText>Stavby</searchText><highlighting>1</highlighting>")
    yield isds.call("df", "ISDSSearch2", "<searchText>praha</searchText>")
    for version in ("", "2"):
        asked = f"<dbOwnerInfo><dbID>{box}</dbID></dbOwnerInfo>"
        yield isds.call("df", f"FindDataBox{version}", asked)
        for operation in ("GetOwnerInfoFromLogin", "GetUserInfoFromLogin"):
            yield isds.call("DsManage", operation + version, "<dbDummy/>", CITIZEN)
    yield isds.call("DsManage", "GetPasswordInfo", "<dbDummy/>")
    new = "<dbOldPassword>Heslo-12345x</dbOldPassword><dbNewPassword>Nove-heslo7</dbNewPassword>"
    yield isds.call("DsManage", "ChangeISDSPassword", new)


def test_answers_about_a_message_are_valid(isds: Running, official: Official) -> None:
    for answer in answers_about_a_message(isds):
        assert answer.status == "0000", etree.QName(answer.element).localname
        official.check(answer.element)


def test_answers_about_boxes_are_valid(isds: Running, official: Official) -> None:
    for answer in answers_about_boxes(isds):
        assert answer.status == "0000", etree.QName(answer.element).localname
        official.check(answer.element)


def test_multiple_message_tells_the_outcome_of_each_recipient(isds: Running, official: Official) -> None:
    recipients = "".join(
        f"<dmRecipient><dbIDRecipient>{box}</dbIDRecipient><dmToHands/></dmRecipient>"
        for box in (isds.boxes[CITIZEN], "aydaadk", isds.boxes[COMPANY])
    )
    body = (
        f"<dmRecipients>{recipients}</dmRecipients><dmEnvelope><dmAnnotation>Oznámení</dmAnnotation></dmEnvelope>"
        f"<dmFiles>{attachment()}</dmFiles>"
    )
    answer = isds.call("dz", "CreateMultipleMessage", body)
    official.check(answer.element)
    assert answer.status == "0004"
    assert answer.texts("dmStatusCode") == ["0000", "5001", "0000", "0004"]
    assert len(set(answer.texts("dmID"))) == 2


OPERATIONS = [(service, name) for service, operations in router.SERVICES.items() for name in operations]


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_every_refusal_is_valid_too(official: Official, service: str, operation: str) -> None:
    answer = wire.refused(operation, "1004", "Nemáte právo <provést> & tuto akci.", kind=router.kind_of(service))
    official.check(etree.fromstring(answer)[0][0])
