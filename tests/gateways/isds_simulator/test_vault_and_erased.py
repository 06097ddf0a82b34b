"""The vault instead of erasure, lists of erased messages, messages of the system, reports, commercial messages."""

import base64
import io
import zipfile

import pytest
from lxml import etree

from egon.gateways.isds.simulator import clock
from egon.gateways.isds.simulator.attachments import EICAR
from egon.gateways.isds.simulator.credit import PRICE

from .conftest import CITIZEN, COMPANY, LAWYER, OFFICE, Running, attachment

INFECTED = attachment("dopis.txt", b"text " + EICAR)


def open_vault(isds: Running, login: str, capacity: int = 10) -> None:
    now = isds.simulator.now()
    until = now + 3650 * clock.DAY_MS
    isds.simulator.vaults.open(isds.boxes[login], capacity=capacity, since=now, until=until)


def erase(isds: Running, number: str, login: str, incoming: str = "true") -> str:
    content = f"<dmID>{number}</dmID><dmIncoming>{incoming}</dmIncoming>"
    return isds.call("dx", "EraseMessage", content, login).status


def test_vault_keeps_what_would_be_erased_and_only_for_its_owner(isds: Running) -> None:
    open_vault(isds, OFFICE)
    number = isds.send()
    isds.deliver()
    assert erase(isds, number, OFFICE) == "1219"
    isds.advance(days=92)
    assert isds.deliver().texts("dmMessageStatus") == ["10"]
    wanted = f"<dmID>{number}</dmID>"
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "0000"
    assert isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN).status == "1219"
    assert isds.call("dx", "GetListOfSentMessages", "<dmStatusFilter>-1</dmStatusFilter>", CITIZEN).texts("dmID") == []
    assert isds.call("dx", "GetDeliveryInfo", wanted).text("dmMessageStatus") == "6"
    info = isds.call("df", "DTInfo", f"<dbId>{isds.boxes[OFFICE]}</dbId>")
    assert (info.text("ActDTType"), info.text("ActDTCapUsed")) == ("1", "1")
    assert erase(isds, number, "clerk") == "1218"
    assert erase(isds, number, COMPANY) == "1211"
    assert erase(isds, number, OFFICE, "false") == "1219"
    assert erase(isds, number, OFFICE) == "0000"
    assert erase(isds, number, OFFICE) == "1219"
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "1219"


def test_full_vault_takes_nothing_more(isds: Running) -> None:
    open_vault(isds, OFFICE, capacity=1)
    numbers = [isds.send(), isds.send()]
    isds.deliver()
    isds.advance(days=92)
    assert isds.deliver().texts("dmID") in [[numbers[0]], [numbers[1]]]


@pytest.mark.parametrize("written", ["XML", "CSV"])
def test_list_of_erased_messages_is_asked_for_and_picked_up(isds: Running, written: str) -> None:
    number = isds.send()
    isds.deliver()
    year = clock.moment(isds.simulator.now()).year
    isds.advance(days=92)
    asked = f"<dmYear>{year}</dmYear><dmMessageType>RECEIVED</dmMessageType><dmOutFormat>{written}</dmOutFormat>"
    answer = isds.call("dx", "GetListOfErasedMessages", asked)
    wanted = f"<asyncID>{answer.text('asyncID')}</asyncID><asyncReqType>LIST_ERASED</asyncReqType>"
    assert isds.call("dx", "PickUpAsyncResponse", wanted).status == "2352"
    assert isds.call("dx", "PickUpAsyncResponse", wanted, CITIZEN).status == "2351"
    isds.advance(seconds=3)
    picked = isds.call("dx", "PickUpAsyncResponse", wanted)
    with zipfile.ZipFile(io.BytesIO(picked.binary("asyncResponse"))) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    assert number in text
    if written == "XML":
        root = etree.fromstring(text.encode())
        assert [one.text for one in root.iter("{*}dmMessageStatus")] == ["6"]


def test_erased_messages_of_a_period_without_sense_are_refused(isds: Running) -> None:
    rest = "<dmMessageType>SENT</dmMessageType><dmOutFormat>XML</dmOutFormat>"
    for period in (
        "<dmFromDate>2026-02-30</dmFromDate><dmToDate>2026-03-01</dmToDate>",
        "<dmFromDate>2026-03-02</dmFromDate><dmToDate>2026-03-01</dmToDate>",
        "<dmYear>2026</dmYear><dmMonth>13</dmMonth>",
    ):
        assert isds.call("dx", "GetListOfErasedMessages", period + rest).status == "2017"


def test_sender_of_a_virus_gets_a_message_of_the_system(isds: Running) -> None:
    number = isds.send(CITIZEN, OFFICE, files=INFECTED)
    assert isds.deliver(OFFICE).texts("dmID") == []
    told = isds.deliver(CITIZEN)
    assert told.texts("dbIDSender") == ["aaaaaaa"]
    whole = isds.call("dz", "MessageDownload", f"<dmID>{told.text('dmID')}</dmID>", CITIZEN)
    xml = etree.fromstring(base64.b64decode(whole.texts("dmEncodedContent")[1]))
    assert (xml.get("type"), xml.findtext("dmID")) == ("1", number)
    assert isds.call("dx", "GetDeliveryInfo", f"<dmID>{number}</dmID>", CITIZEN).text("dmMessageStatus") == "3"


def test_message_of_the_system_cannot_be_reported(isds: Running) -> None:
    isds.send(files=INFECTED)
    number = isds.deliver(CITIZEN).text("dmID")
    content = f"<dmID>{number}</dmID><allowComplete>true</allowComplete>"
    assert isds.call("dx", "SuspMessageReport", content, CITIZEN).status == "1609"


def test_sender_of_an_undeliverable_message_gets_a_message_of_the_system(isds: Running) -> None:
    number = isds.send(OFFICE, CITIZEN, extra="<dmSenderRefNumber>KÚ &amp; 1</dmSenderRefNumber>")
    isds.http.post("/api/boxes", json={"id": isds.boxes[CITIZEN], "state": 2})
    told = isds.deliver(OFFICE)
    whole = isds.call("dz", "MessageDownload", f"<dmID>{told.text('dmID')}</dmID>")
    xml = etree.fromstring(base64.b64decode(whole.texts("dmEncodedContent")[1]))
    assert (xml.get("type"), xml.findtext("dmID")) == ("3", number)
    assert xml.findtext("dmSenderRefNumber") == "KÚ & 1"
    isds.advance(days=102)
    assert isds.call("dz", "MessageDownload", f"<dmID>{told.text('dmID')}</dmID>").status == "1219"


def test_report_of_a_suspicious_message(isds: Running) -> None:
    number = isds.send()
    isds.deliver()

    def report(extra: str = "<allowComplete>true</allowComplete>") -> str:
        return isds.call("dx", "SuspMessageReport", f"<dmID>{number}</dmID>{extra}").status

    assert report("") == "1615"
    assert report("<repMail>nesmysl</repMail><allowComplete>true</allowComplete>") == "1614"
    assert report(f"<repName>{'x' * 101}</repName><allowComplete>true</allowComplete>") == "1610"
    assert report(f"<repMail>{'x' * 101}@x.cz</repMail><allowComplete>true</allowComplete>") == "1611"
    assert report(f"<repTel>{'1' * 21}</repTel><allowComplete>true</allowComplete>") == "1612"
    assert report(f"<allowComplete>true</allowComplete><note>{'x' * 1001}</note>") == "1613"
    assert report() == "0000"
    assert report() == "1616"


def test_credit_pays_for_commercial_messages_until_it_is_spent(isds: Running) -> None:
    box = isds.boxes[CITIZEN]
    assert isds.try_send(CITIZEN, COMPANY).status == "1233"
    isds.simulator.credit.charge(box, 2 * PRICE, now=isds.simulator.now())
    can = f"<dbId>{isds.boxes[COMPANY]}</dbId><PDZType>Normal</PDZType>"
    assert isds.call("df", "PDZSendInfo", can, CITIZEN).text("PDZsiResult") == "true"
    number = isds.send(CITIZEN, COMPANY)
    assert isds.deliver(COMPANY).element.find(".//{*}dmRecord").get("dmType") == "E"  # type: ignore[union-attr]
    rules = isds.call("df", "PDZInfo", f"<PDZSender>{box}</PDZSender>", CITIZEN)
    assert (rules.texts("PDZType"), rules.texts("PDZCnt")) == (["E"], ["1"])
    isds.send(CITIZEN, COMPANY)
    assert isds.try_send(CITIZEN, COMPANY).status == "1233"
    today = clock.moment(isds.simulator.now()).date().isoformat()
    period = f"<dbID>{box}</dbID><ciFromDate>{today}</ciFromDate><ciTodate>{today}</ciTodate>"
    history = isds.call("df", "DataBoxCreditInfo", period, CITIZEN)
    assert history.text("currentCredit") == "0"
    assert history.texts("ciEventType") == ["1", "3", "3"]
    assert number in history.texts("ciPDZID")
    assert isds.call("df", "PDZSendInfo", can, CITIZEN).text("PDZsiResult") == "false"


def test_initiating_message_pays_for_one_reply_within_ninety_days(isds: Running) -> None:
    reference = "<dmSenderRefNumber>AK-7</dmSenderRefNumber>"
    isds.send(LAWYER, COMPANY, kind="I", extra=reference)
    rules = isds.call("df", "PDZInfo", f"<PDZSender>{isds.boxes[COMPANY]}</PDZSender>", COMPANY)
    assert (rules.texts("PDZType"), rules.texts("ODZIdent")) == (["O"], ["AK-7"])
    isds.advance(days=91)
    rules = isds.call("df", "PDZInfo", f"<PDZSender>{isds.boxes[COMPANY]}</PDZSender>", COMPANY)
    assert rules.texts("PDZType") == []
    answer = "<dmRecipientRefNumber>AK-7</dmRecipientRefNumber>"
    assert isds.try_send(COMPANY, LAWYER, kind="O", extra=answer).status == "1233"


def test_a_reply_names_the_initiating_message_as_the_senders_number(isds: Running) -> None:
    isds.send(LAWYER, COMPANY, kind="I", extra="<dmSenderRefNumber>AK-7</dmSenderRefNumber>")
    as_ours, as_theirs = (f"<{name}>AK-7</{name}>" for name in ("dmSenderRefNumber", "dmRecipientRefNumber"))
    answers = [
        isds.try_send(COMPANY, LAWYER, kind="O", extra=extra).status for extra in (as_ours, as_theirs, as_theirs)
    ]
    assert answers == ["1233", "0000", "1233"]


def test_users_of_a_box(isds: Running) -> None:
    box = f"<dbID>{isds.boxes[OFFICE]}</dbID>"
    new = (
        "<dbUserInfo><pnGivenNames>Hana</pnGivenNames><pnLastName>Bílá</pnLastName>"
        "<userType>ENTRUSTED_USER</userType><userPrivils>8</userPrivils></dbUserInfo>"
    )
    assert isds.call("DsManage", "GetDataBoxUsers2", box, "clerk").status == "1004"
    assert isds.call("DsManage", "GetDataBoxUsers2", f"<dbID>{isds.boxes[CITIZEN]}</dbID>").status == "1004"
    assert isds.call("DsManage", "AddDataBoxUser2", box + new.replace("ENTRUSTED", "PRIMARY")).status == "1004"
    assert isds.call("DsManage", "AddDataBoxUser2", box + new).status == "0000"
    users = isds.call("DsManage", "GetDataBoxUsers2", box)
    added = dict(zip(users.texts("pnLastName"), users.texts("isdsID"), strict=True))["Bílá"]
    changed = f"<isdsID>{added}</isdsID><dbNewUserInfo><userPrivils>12</userPrivils></dbNewUserInfo>"
    assert isds.call("DsManage", "UpdateDataBoxUser2", box + changed).status == "0000"
    assert "12" in isds.call("DsManage", "GetDataBoxUsers2", box).texts("userPrivils")
    assert isds.call("DsManage", "DeleteDataBoxUser2", f"{box}<isdsID>{added}</isdsID>").status == "0000"
    assert isds.call("DsManage", "DeleteDataBoxUser2", f"{box}<isdsID>{added}</isdsID>").status == "2103"
    assert "Bílá" not in isds.call("DsManage", "GetDataBoxUsers2", box).texts("pnLastName")


def test_document_that_needs_no_new_seal_gets_none(isds: Running) -> None:
    number = isds.send()
    isds.deliver()
    message = isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>").text("dmSignature")
    record = isds.call("dx", "GetSignedDeliveryInfo", f"<dmID>{number}</dmID>").text("dmSignature")

    def resign(document: str) -> str:
        return isds.call("dz", "Re-signISDSDocument", f"<dmDoc>{document}</dmDoc>").status

    assert resign(message) == "2204"
    assert resign(base64.b64encode(b"nic").decode()) == "2200"
    altered = base64.b64decode(record).replace(b"dmEventDescr>EV0", b"dmEventDescr>EV9")
    assert resign(base64.b64encode(altered).decode()) == "2201"
    assert resign(record) == "0000"


@pytest.mark.parametrize(
    ("operation", "content", "status"),
    [
        (
            "DataBoxCreditInfo",
            "<dbID>{box}</dbID><ciFromDate>2026-02-02</ciFromDate><ciTodate>2026-01-01</ciTodate>",
            "1137",
        ),
        (
            "DataBoxCreditInfo",
            "<dbID>{box}</dbID><ciFromDate>2010-01-01</ciFromDate><ciTodate>2010-02-01</ciTodate>",
            "1093",
        ),
        ("DataBoxCreditInfo", "<dbID>{box}</dbID><ciFromDate>vcera</ciFromDate><ciTodate>dnes</ciTodate>", "2017"),
        ("DataBoxCreditInfo", "<dbID>aydaadk</dbID>", "1004"),
        ("PDZInfo", "<PDZSender>aydaadk</PDZSender>", "1004"),
        ("PDZSendInfo", "<dbId>aydaada</dbId>", "2011"),
        ("DTInfo", "<dbId>aydaadk</dbId>", "1004"),
        ("GetConstants", "<constDate>vcera</constDate>", "2017"),
        ("GetDataBoxList", "<dblType>ALL2</dblType>", "1004"),
        ("GetDataBoxActivityStatus", "<dbID>{box}</dbID>", "1004"),
        ("GetDataBoxAddress", "<dbID>aydaada</dbID>", "2011"),
        ("GetDataBoxAddress", "<dbID>aydaadk</dbID>", "5001"),
        ("FindPersonalDataBox", "<dbOwnerInfo><pnLastName>x</pnLastName></dbOwnerInfo>", "1101"),
        ("FindPersonalDataBox", "<dbOwnerInfo><pnLastName>Nikdo</pnLastName></dbOwnerInfo>", "0002"),
    ],
)
def test_what_registers_and_commerce_refuse(isds: Running, operation: str, content: str, status: str) -> None:
    assert isds.call("df", operation, content.format(box=isds.boxes[OFFICE])).status == status


def test_closed_box_of_the_sender_and_rights_of_others(isds: Running) -> None:
    assert isds.call("df", "FindPersonalDataBox", "<dbOwnerInfo/>", CITIZEN).status == "1004"
    isds.http.post("/api/boxes", json={"id": isds.boxes[CITIZEN], "state": 2})
    assert isds.try_send(CITIZEN, OFFICE).status == "1201"
    assert isds.try_send(OFFICE, CITIZEN).status == "1202"


def test_search_that_finds_too_many_or_not_one_stranger(isds: Running) -> None:
    for number in range(101):
        box = {"type": "PO", "name": f"Řada {number}", "ic": f"{10000000 + number}", "open_addressing": True}
        isds.http.post("/api/boxes", json=box)
    asked = "<dbOwnerInfo><firmName>Řada</firmName></dbOwnerInfo>"
    many = isds.call("df", "FindDataBox2", asked)
    assert (many.status, len(many.texts("dbID"))) == ("0003", 100)
    assert isds.call("df", "FindDataBox2", asked, CITIZEN).status == "1109"
