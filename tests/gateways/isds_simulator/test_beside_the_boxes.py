"""Services beside the boxes: a password changed with a code, the public directory; no time stamps for a while."""

from pathlib import Path

import httpx
import pytest
from lxml import etree

from egon.gateways.isds import Environment, IsdsBusy, IsdsRefused, LoginRefused, PasswordChange, TrustStore
from egon.gateways.isds.public_directory import PublicDirectory
from egon.gateways.isds.sessions import SmsCodeLogin
from egon.gateways.isds.zfo import read_zfo, verify_zfo
from egon.kernel import clock

from .conftest import CITIZEN, COMPANY, OFFICE, PASSWORD, Running
from .test_big_messages import archive
from .test_big_messages import send as send_big

ASWS = "http://isds.czechpoint.cz/v20/asws"
NEW = "Nove-heslo7"


def with_codes(isds: Running) -> PasswordChange:
    isds.http.post("/api/logins", json={"login": CITIZEN, "sms": True})
    return PasswordChange(Environment.at(isds.url), CITIZEN, PASSWORD)


def code_of(isds: Running) -> str:
    return str(isds.http.get("/api/phones").json()["sms"][0]["code"])


def test_password_is_changed_with_a_code(isds: Running) -> None:
    change = with_codes(isds)
    change.request_code()
    with pytest.raises(IsdsBusy, match="30 sekund") as too_soon:
        change.request_code()
    assert too_soon.value.status == "2301"
    with pytest.raises(LoginRefused):
        change.change(NEW, "000000")
    change.change(NEW, code_of(isds))
    environment = Environment.at(isds.url)
    with SmsCodeLogin(environment, CITIZEN, PASSWORD) as old, pytest.raises(LoginRefused):
        old.request_code()
    isds.advance(seconds=31)
    with SmsCodeLogin(environment, CITIZEN, NEW) as login:
        login.request_code()
        assert login.confirm(code_of(isds)).user == CITIZEN


@pytest.mark.parametrize(
    ("password", "status"),
    [(PASSWORD, "1067"), ("Kr1", "1066"), ("Citizen-heslo7", "1082"), ("nove-heslo7", "1083"), ("Nové-heslo7", "1083")],
)
def test_rules_of_passwords_hold_with_a_code_too(isds: Running, password: str, status: str) -> None:
    change = with_codes(isds)
    change.request_code()
    with pytest.raises(IsdsRefused) as refused:
        change.change(password, code_of(isds))
    assert refused.value.status == status


def test_account_without_codes_cannot_ask_for_one(isds: Running) -> None:
    with pytest.raises(IsdsBusy) as refused:
        PasswordChange(Environment.at(isds.url), OFFICE, PASSWORD).request_code()
    assert refused.value.status == "2302"
    with pytest.raises(LoginRefused):
        PasswordChange(Environment.at(isds.url), OFFICE, "spatne").request_code()


def ask_for_change(isds: Running, operation: str, content: str = "", code: str = "") -> etree._Element:
    body = (
        '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>'
        f'<{operation} xmlns="{ASWS}">{content}</{operation}></Body></Envelope>'
    )
    response = isds.http.post("/asws/changePassword", content=body.encode(), auth=(CITIZEN, PASSWORD + code))
    assert response.status_code == 200
    return etree.fromstring(response.content)[0][0]


def test_answers_about_passwords_are_valid(isds: Running, standards: Path) -> None:
    schema = etree.XMLSchema(etree.parse(standards / "isds" / "wsdl-other" / "ChangePasswordTypes.xsd"))
    with_codes(isds)
    answers = [ask_for_change(isds, "SendSMSCode")]
    hotp = f"<dbOldPassword>{PASSWORD}</dbOldPassword><dbNewPassword>{NEW}</dbNewPassword><dbOTPType>HOTP</dbOTPType>"
    answers.append(ask_for_change(isds, "ChangePasswordOTP", hotp, code_of(isds)))
    assert [answer.findtext(f".//{{{ASWS}}}dbStatusCode") for answer in answers] == ["0000", "2300"]
    for answer in answers:
        schema.assertValid(etree.fromstring(etree.tostring(answer)))


def test_public_directory_shows_authorities_and_companies_to_anybody(isds: Running) -> None:
    with PublicDirectory(Environment.at(isds.url)) as directory:
        (office,) = directory.by_ico("70890001")
        assert (office.box_id, office.kind, office.city) == (isds.boxes[OFFICE], "OVM", "Lipník")
        (company,) = directory.by_name("stavby jih")
        assert (company.name, company.kind, company.takes_commercial) == ("Stavby <Jih> & syn, s.r.o.", "PO", True)
        assert directory.by_box(isds.boxes[COMPANY]) == company
        assert directory.by_box(isds.boxes[CITIZEN]) is None
        assert directory.by_name("Řeháček") == ()
        isds.http.post("/api/boxes", json={"id": isds.boxes[COMPANY], "state": 2})
        assert directory.by_box(isds.boxes[COMPANY]) is None


@pytest.mark.parametrize("body", ["", "<x/>", "<!DOCTYPE x><GetInfoRequest/>", "<GetInfoRequest xmlns='urn:x'/>"])
def test_what_the_public_directory_does_not_understand_it_refuses(isds: Running, body: str) -> None:
    assert httpx.post(f"{isds.url}/sds/ws/call", content=body).status_code == 400


def test_without_time_stamps_messages_come_sealed_only_and_not_too_often(isds: Running) -> None:
    number, large = isds.send(), send_big(isds)
    isds.deliver()
    isds.http.post("/api/switches", json={"stamping_down": True})
    wanted = f"<dmID>{number}</dmID>"
    bare = isds.call("dz", "SignedMessageDownload", wanted)
    assert bare.status == "0005"
    trust = TrustStore.from_pem_folder(isds.simulator.roots)
    assert verify_zfo(read_zfo(bare.binary("dmSignature")), trust, clock.now()).seal_timestamp == ()
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "0005"
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "3005"
    assert isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN).status == "0005"
    assert isds.call("vodz", "SignedBigMessageDownload", f"<dmID>{large}</dmID>").status == "0005"
    assert archive(isds, bare.text("dmSignature")).status == "2207"
    resigned = isds.call("dz", "Re-signISDSDocument", f"<dmDoc>{bare.text('dmSignature')}</dmDoc>")
    assert resigned.status == "2207"
    isds.advance(seconds=20 * 60 + 1)
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "0005"
    isds.http.post("/api/switches", json={"stamping_down": False})
    assert isds.call("dz", "SignedMessageDownload", wanted).status == "0000"
