"""What ISDS refuses, the simulator refuses, with the same codes, and nothing is kept."""

import base64
import io
import zipfile

import httpx
import pytest
from lxml import etree

from .conftest import CITIZEN, COMPANY, OFFICE, PASSWORD, V20, Running, attachment


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


def encrypted(data: bytes) -> bytes:
    """The same archive with the mark of encryption in both headers of its first file."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def split(data: bytes) -> bytes:
    """The same archive that says it is the second of two parts."""
    end = data.index(b"PK\x05\x06")
    return data[: end + 4] + b"\x01\x00\x01\x00" + data[end + 8 :]


def zipped(content: bytes, name: str = "a.zip") -> str:
    kinds = {"zip": "application/zip", "asice": "application/vnd.etsi.asic-e+zip"}
    return attachment(name, content, kinds[name.rpartition(".")[2]])


BAD_FILES = {
    "none": "",
    "forbidden extension": attachment("program.exe"),
    "no extension": attachment("soubor"),
    "wrong type": attachment("a.pdf", b"%PDF-1.7", "text/plain"),
    "wrong content": attachment("a.pdf", b"toto neni pdf", "application/pdf"),
    "program in disguise": attachment("a.txt", b"MZ\x90\x00"),
    "empty": attachment("a.txt", b""),
    "too many": "".join(attachment(f"{order}.txt") for order in range(101)),
    "too many containers": "".join(
        attachment(f"{order}.zip", archive("a.txt"), "application/zip") for order in range(11)
    ),
    "too big": attachment("a.txt", b"x" * (20 * 1024 * 1024 + 1)),
    "bad base64": attachment("a.txt").replace("</dmEncodedContent>", "***</dmEncodedContent>"),
    "bad role": attachment("a.txt", meta="hlavni"),
    "archive with a program": zipped(archive("a.exe")),
    "archive in an archive": zipped(archive("b.zip")),
    "ASiC in ASiC": zipped(archive("mimetype", "a.asics"), "a.asice"),
    "broken archive": zipped(b"PK nic"),
    "encrypted archive": zipped(encrypted(archive("a.txt"))),
    "a part of a split archive": zipped(split(archive("a.txt"))),
    "archive with 1001 files": zipped(archive(*(f"{order}.txt" for order in range(1001)))),
    "archive five folders deep": zipped(archive("1/2/3/4/5/a.txt")),
    "archive with a file without extension": zipped(archive("soubor")),
}
GOOD_ARCHIVES = {
    "1000 files": zipped(archive(*(f"{order}.txt" for order in range(1000)))),
    "four folders deep": zipped(archive("1/", "1/2/3/4/a.txt")),
    "ASiC with its signature": zipped(archive("mimetype", "META-INF/signatures.p7s", "a.pdf"), "a.asice"),
}


@pytest.mark.parametrize("name", GOOD_ARCHIVES)
def test_archive_within_limits_is_taken(isds: Running, name: str) -> None:
    assert isds.try_send(files=GOOD_ARCHIVES[name]).status == "0000"


@pytest.mark.parametrize("name", BAD_FILES)
def test_attachment_is_refused(isds: Running, name: str) -> None:
    assert isds.try_send(files=BAD_FILES[name]).status == "1214"
    assert isds.deliver().texts("dmID") == []


def test_attachment_without_type_is_refused(isds: Running) -> None:
    assert isds.try_send(files=attachment("a.txt", mime="")).status == "2035"


def test_bare_extension_as_type_is_accepted(isds: Running) -> None:
    assert isds.try_send(files=attachment("a.pdf", b"%PDF-1.7", "pdf")).status == "0000"


@pytest.mark.parametrize(
    ("recipient", "status"), [("aydaadk", "5001"), ("aydaada", "1007"), ("", "1007"), (CITIZEN, "1203")]
)
def test_recipient_is_refused(isds: Running, recipient: str, status: str) -> None:
    assert isds.try_send(CITIZEN, recipient).status == status


def test_envelope_is_refused(isds: Running) -> None:
    assert isds.try_send(annotation="").status == "2001"
    assert isds.try_send(annotation="x" * 256).status == "2001"
    assert isds.try_send(extra=f"<dmSenderRefNumber>{'x' * 51}</dmSenderRefNumber>").status == "2001"
    assert isds.try_send(extra="<dmLegalTitleLaw>zákon</dmLegalTitleLaw>").status == "2001"


def test_foreign_and_unknown_messages(isds: Running) -> None:
    number = isds.send(CITIZEN, OFFICE)
    isds.deliver()
    for wanted, login in ((number, COMPANY), ("1", OFFICE), ("x", OFFICE), ("9" * 30, OFFICE)):
        for service, operation in (("dz", "SignedMessageDownload"), ("dx", "GetSignedDeliveryInfo")):
            assert isds.call(service, operation, f"<dmID>{wanted}</dmID>", login).status == "1211"
    assert isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>", CITIZEN).status == "1211"
    assert isds.call("dz", "SignedSentMessageDownload", f"<dmID>{number}</dmID>", OFFICE).status == "1211"


def test_rights_of_users(isds: Running) -> None:
    number = isds.send()
    assert isds.try_send("viewer", CITIZEN).status == "1004"
    assert isds.deliver("viewer").text("dmMessageStatus") == "4"
    assert isds.call("df", "CheckDataBox", f"<dbID>{isds.boxes[CITIZEN]}</dbID>", "viewer").status == "1004"
    isds.deliver()
    assert isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>", "viewer").status == "1004"


def test_search_rules(isds: Running) -> None:
    def search(content: str, login: str = OFFICE) -> str:
        return isds.call("df", "ISDSSearch3", content, login).status

    assert search("<searchText/>") == "1152"
    assert search("<searchText>aaaaaab</searchText><searchType>DBID</searchType>") == "1153"
    assert search("<searchText>12a</searchText><searchType>ICO</searchType>") == "1154"
    assert search("<searchText>x</searchText><page>-1</page>") == "1155"
    assert search("<searchText>x</searchText><pageSize>101</pageSize>") == "1156"
    assert search("<searchText>x</searchText><page>100</page>") == "1189"
    found = isds.call("df", "ISDSSearch3", "<searchText>rehacek jan</searchText>")
    assert (found.texts("dbID"), found.texts("dbSendOptions")) == ([isds.boxes[CITIZEN]], ["DZ"])
    by_ic = isds.call("df", "ISDSSearch3", "<searchText>70890001</searchText>", CITIZEN)
    assert by_ic.texts("dbID") == [isds.boxes[OFFICE]]
    named = "<dbOwnerInfo><dbType>FO</dbType><pnLastName>Řeháček</pnLastName></dbOwnerInfo>"
    assert isds.call("df", "FindDataBox2", named).texts("dbID") == [isds.boxes[CITIZEN]]
    assert isds.call("df", "FindDataBox2", named, COMPANY).status == "0009"
    assert isds.call("df", "FindDataBox2", "<dbOwnerInfo><firmName>x</firmName></dbOwnerInfo>").status == "1101"
    assert isds.call("df", "CheckDataBox", "<dbID>aydaada</dbID>").status == "2011"


def test_password_rules_and_change(isds: Running) -> None:
    def change(old: str, new: str, password: str = PASSWORD) -> str:
        body = (
            '<E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/"><E:Body>'
            f'<ChangeISDSPassword xmlns="{V20}">'
            f"<dbOldPassword>{old}</dbOldPassword><dbNewPassword>{new}</dbNewPassword></ChangeISDSPassword></E:Body>"
            "</E:Envelope>"
        )
        response = isds.post("DsManage", body.encode(), CITIZEN, password)
        return etree.fromstring(response.content).findtext(".//{*}dbStatusCode") or ""

    assert change("jine", "Nove-heslo7") == "1090"
    assert change(PASSWORD, PASSWORD) == "1067"
    assert change(PASSWORD, "Kr1") == "1066"
    assert change(PASSWORD, "Nové-heslo7") == "1079"
    assert change(PASSWORD, "nove-heslo7") == "1080"
    assert change(PASSWORD, "Nove-heslo777") == "1081"
    assert change(PASSWORD, "Citizen-heslo7") == "1082"
    assert change(PASSWORD, "Qwert-heslo7") == "1083"
    assert change(PASSWORD, "Nove-heslo7") == "0000"
    assert isds.post("dz", b"<x/>", CITIZEN, PASSWORD).status_code in {400, 401}
    assert change("Nove-heslo7", PASSWORD, "Nove-heslo7") == "1091"


def test_bad_login_gets_html_and_five_of_them_a_block(isds: Running) -> None:
    body = envelope_of("DummyOperation")
    for _ in range(4):
        refused = isds.post("dz", body, OFFICE, "spatne")
        assert (refused.status_code, "blocked" in refused.text) == (401, False)
    assert refused.headers["Content-Type"].startswith("text/html")
    assert refused.headers["WWW-Authenticate"].startswith("Basic")
    assert "Login blocked until:" in isds.post("dz", body, OFFICE, "spatne").text
    assert "Login blocked until:" in isds.post("dz", body, OFFICE, PASSWORD).text
    isds.advance(seconds=601)
    assert isds.post("dz", body, OFFICE, PASSWORD).status_code == 200
    assert httpx.post(f"{isds.url}/DS/dz", content=body).status_code == 401


def envelope_of(operation: str) -> bytes:
    return (
        '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>'
        f'<{operation} xmlns="{V20}"/></Body></Envelope>'
    ).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nesmysl",
        b"<x/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + envelope_of("DummyOperation"),
        "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x><x/>".encode("utf-16"),
        b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body/></Envelope>',
    ],
)
def test_what_is_no_soap_is_refused_with_a_fault(isds: Running, body: bytes) -> None:
    response = isds.post("dz", body)
    assert response.status_code == 400
    assert etree.fromstring(response.content).find(".//{*}Fault") is not None


def test_control_characters_are_replaced(isds: Running) -> None:
    isds.send(annotation="Věc&#10;na&#9;dva\u200b řádky", files=attachment("soubor\u00a0jedna.txt"))
    listed = isds.deliver()
    assert listed.text("dmAnnotation") == "Věc na dva řádky"
    whole = isds.call("dz", "MessageDownload", f"<dmID>{listed.text('dmID')}</dmID>")
    assert next(whole.element.iter("{*}dmFile")).get("dmFileDescr") == "soubor jedna.txt"


def test_large_message_passes_and_keeps_its_bytes(isds: Running) -> None:
    content = bytes(range(256)) * 70_000
    number = isds.send(files=attachment("velký.csv", content, "text/csv"))
    isds.deliver()
    whole = isds.call("dz", "MessageDownload", f"<dmID>{number}</dmID>")
    parser = etree.XMLParser(huge_tree=True)
    found = etree.fromstring(whole.response.content, parser).findtext(".//{*}dmEncodedContent")
    assert base64.b64decode(found or "") == content
