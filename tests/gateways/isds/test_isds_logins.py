"""Every way in: hosts and paths as data, certificates over real TLS with rotation, SMS code, mobile key, sessions."""

import base64
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from egon.gateways.isds import (
    ENVIRONMENTS,
    ClientCertificate,
    Environment,
    HostedRecordsLogin,
    IsdsClient,
    Limiter,
    LoginRefused,
    PasswordLogin,
    SessionExpired,
    SessionLogin,
    SystemCertificateLogin,
    UserCertificateLogin,
)
from egon.gateways.isds.limiter import TooBusyHere
from egon.gateways.isds.public_directory import PublicDirectory
from egon.gateways.isds.sessions import MobileKeyLogin, MobileKeyState, SmsCodeLogin, log_out
from egon.kernel.errors import Misconfigured, Refused, Retryable

NOW = datetime.now(UTC)


def _issue(
    name: str, signer: tuple[x509.Name, ec.EllipticCurvePrivateKey] | None = None, *, days: tuple[int, int] = (-1, 30)
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = signer or (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(_usage(ca=signer is None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    return builder.sign(signing, hashes.SHA256()), key


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass
class Server:
    """What came and what is answered; ``registered`` are names of certificates the box knows."""

    url: str = ""
    seen: list[tuple[str, str, str, str]] = field(default_factory=list)
    registered: set[str] = field(default_factory=set)
    states: list[str] = field(default_factory=list)
    session_over: bool = False


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        credentials = self.headers.get("Authorization", "").removeprefix("Basic ")
        said = base64.b64decode(credentials).decode()
        owner = self._certificate_name()
        plan: Server = self.server.plan
        plan.seen.append((self.path, said, owner, self.headers.get("Cookie", "")))
        if "/as/" in self.path:
            self._log_in(plan, said)
        elif self.path == "/sds/ws/call":
            self._answer(200, _DIRECTORY)
        elif plan.session_over:
            self._answer(302, "", {"Location": "https://x/as/login"})
        elif owner and owner not in plan.registered:
            self._answer(401, "<html>Authentication required!</html>")
        else:
            self._answer(200, _DUMMY)

    def _certificate_name(self) -> str:
        peer = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        return peer["subject"][0][0][1] if peer else ""

    def _log_in(self, plan: Server, said: str) -> None:
        if "mepWsStateUpdate2" in self.path:
            self._answer(200, plan.states.pop(0))
        elif "processLogout" in self.path:
            self._answer(200, "")
        elif "sendSms" in self.path:
            headers = {"X-Response-message-code": "authentication.info.totpSended"}
            self._answer(302, "", headers) if said == "eva:heslo" else self._answer(
                401, "", {"X-Response-message-code": "authentication.info.cannotSendQuickly"}
            )
        elif "type=totp" in self.path and said != "eva:heslo123456":
            headers = {"X-Response-message-code": "authentication.error.intruderDetected"}
            self._answer(401, "", headers)
        elif "mep-ws" in self.path and "S-COOKIE" not in self.headers.get("Cookie", ""):
            self._answer(302, "", {"Set-Cookie": "S-COOKIE=cekam; secure; HttpOnly"})
        else:
            self._answer(302, "", {"Set-Cookie": "IPCZ-X-COOKIE=01-abc; Domain=.x.cz; secure; HttpOnly"})

    def _answer(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body.encode())))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())


_DUMMY = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><DummyOperationResponse '
    'xmlns="http://isds.czechpoint.cz/v20"><dmStatus><dmStatusCode>0000</dmStatusCode><dmStatusMessage>ok'
    "</dmStatusMessage></dmStatus></DummyOperationResponse></s:Body></s:Envelope>"
)
_DIRECTORY = (
    '<GetInfoResponse xmlns="http://seznam.gov.cz/ovm/ws/v1"><Osoba><Ico>70891095</Ico><NazevOsoby>Středočeský kraj'
    "</NazevOsoby><ISDS>keebyyf</ISDS><PDZ>false</PDZ><TypSubjektu>OVM</TypSubjektu><AdresaSidla><AdresaTextem>"
    "Zborovská 81/11</AdresaTextem><ObecNazev>Praha</ObecNazev></AdresaSidla></Osoba></GetInfoResponse>"
)


def _start(context: ssl.SSLContext | None) -> tuple[Any, Server]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    scheme = "http"
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        scheme = "https"
    server.plan = Server(url=f"{scheme}://localhost:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server, server.plan


@pytest.fixture
def portal() -> Iterator[Server]:
    """The portal's login address and services, without TLS."""
    server, plan = _start(None)
    yield plan
    server.shutdown()
    server.server_close()


@dataclass
class Secured:
    """A server that demands certificates of one authority."""

    plan: Server
    environment: Environment
    authority: tuple[x509.Name, ec.EllipticCurvePrivateKey]

    def certificate(self, name: str, *, days: tuple[int, int] = (-1, 30)) -> ClientCertificate:
        certificate, key = _issue(name, self.authority, days=days)
        return ClientCertificate.from_pem(_pem(certificate), _key_pem(key))


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["TLS 1.2", "TLS 1.3"])
def secured(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Secured]:
    root, root_key = _issue("Zkušební autorita")
    certificate, key = _issue("localhost", (root.subject, root_key))
    (tmp_path / "ca.pem").write_bytes(_pem(root))
    (tmp_path / "server.pem").write_bytes(_pem(certificate) + _key_pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    context.load_verify_locations(tmp_path / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = request.param
    server, plan = _start(context)
    yield Secured(plan, Environment.at(plan.url, ca_file=tmp_path / "ca.pem"), (root.subject, root_key))
    server.shutdown()
    server.server_close()


def test_hosts_and_paths_follow_the_login() -> None:
    certificates: tuple[ClientCertificate, ...] = ()
    production, kivs = ENVIRONMENTS["production"], ENVIRONMENTS["production-kivs"]
    system, hosted = SystemCertificateLogin(certificates), HostedRecordsLogin("mw7dqvw", certificates)
    user = UserCertificateLogin("eva", "heslo", certificates)
    assert production.url("dz", PasswordLogin("a", "b")) == "https://ws1.datovka.gov.cz/DS/dz"
    assert production.url("vodz", PasswordLogin("a", "b")) == "https://ws2.datovka.gov.cz/DS/vodz"
    assert production.url("dx", system) == "https://ws1c.datovka.gov.cz/cert/DS/dx"
    assert production.url("arch", system) == "https://ws2c.datovka.gov.cz/cert/DS/arch"
    assert production.url("df", user) == "https://ws1c.datovka.gov.cz/certds/DS/df"
    assert kivs.url("vodz", hosted) == "https://ws2c.datovka.cms2.cz/hspis/DS/vodz"
    assert production.url("vodz", SessionLogin("eva", "x")) == "https://www.datovka.gov.cz/apps/DS/vodz"
    assert ENVIRONMENTS["test-legacy"].url("dz", PasswordLogin("a", "b")) == "https://ws1.czebox.cz/DS/dz"


@pytest.mark.parametrize(
    ("environment", "domain"),
    [
        ("production", "datovka.gov.cz"),
        ("test", "datovka-test.gov.cz"),
        ("production-legacy", "mojedatovaschranka.cz"),
        ("test-legacy", "czebox.cz"),
        ("production-kivs", "datovka.cms2.cz"),
        ("test-kivs", "datovka-test.cms2.cz"),
    ],
)
def test_every_environment_has_every_way_in(environment: str, domain: str) -> None:
    ways = {
        ("ws1", "ws2", "DS"): PasswordLogin("eva", "heslo"),
        ("ws1c", "ws2c", "cert/DS"): SystemCertificateLogin(()),
        ("ws1c", "ws2c", "certds/DS"): UserCertificateLogin("eva", "heslo", ()),
        ("ws1c", "ws2c", "hspis/DS"): HostedRecordsLogin("mw7dqvw", ()),
        ("www", "www", "apps/DS"): SessionLogin("eva", "x"),
    }
    for (first, second, path), login in ways.items():
        for service in ("dz", "dx", "df", "DsManage", "vodz", "arch"):
            host = second if service in {"vodz", "arch"} else first
            assert ENVIRONMENTS[environment].url(service, login) == f"https://{host}.{domain}/{path}/{service}"
    assert ENVIRONMENTS[environment].portal("asws/changePassword") == f"https://www.{domain}/asws/changePassword"
    assert ENVIRONMENTS[environment].directory() == f"https://{domain}/sds/ws/call"


def test_a_system_certificate_is_enough_and_a_hosted_service_says_for_whom(secured: Secured) -> None:
    own = secured.certificate("eGON")
    secured.plan.registered = {"eGON"}
    for login in (SystemCertificateLogin((own,)), HostedRecordsLogin("mw7dqvw", (own,))):
        with IsdsClient(secured.environment, login) as client:
            client.ping()
    assert secured.plan.seen == [("/cert/DS/dz", "", "eGON", ""), ("/hspis/DS/dz", "mw7dqvw:", "eGON", "")]


def test_the_newer_of_two_certificates_is_tried_and_the_older_still_works(secured: Secured) -> None:
    old, new = secured.certificate("starý", days=(-300, 20)), secured.certificate("nový", days=(-1, 700))
    secured.plan.registered = {"starý"}
    with IsdsClient(secured.environment, SystemCertificateLogin((old, new))) as client:
        client.ping()
        client.ping()
        assert [seen[2] for seen in secured.plan.seen] == ["nový", "starý", "starý"]
        secured.plan.registered = {"nový"}
        client.ping()
    assert secured.plan.seen[-1][2] == "nový"


def test_a_certificate_of_a_foreign_authority_is_a_matter_of_settings(secured: Secured) -> None:
    foreign, key = _issue("cizí")
    login = SystemCertificateLogin((ClientCertificate.from_pem(_pem(foreign), _key_pem(key)),))
    with IsdsClient(secured.environment, login) as client, pytest.raises(LoginRefused, match="certifikát"):
        client.ping()
    good = secured.certificate("eGON", days=(-10, 10))
    secured.plan.registered = {"eGON"}
    with IsdsClient(secured.environment, SystemCertificateLogin((*login.certificates, good))) as client:
        client.ping()


def test_an_unknown_root_of_the_server_ends_the_connection(secured: Secured) -> None:
    login = SystemCertificateLogin((secured.certificate("eGON"),))
    with IsdsClient(Environment.at(secured.plan.url), login) as client, pytest.raises(Misconfigured, match="Totožnost"):
        client.ping()
    assert secured.plan.seen == []


def test_an_expired_certificate_is_told_before_anything_is_sent(secured: Secured) -> None:
    with pytest.raises(Misconfigured, match="platil do"):
        IsdsClient(secured.environment, SystemCertificateLogin((secured.certificate("x", days=(-20, -2)),)))


def test_certificates_come_from_pkcs12_and_pem(tmp_path: Path) -> None:
    certificate, key = _issue("eGON")
    packed = pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, BestAvailableEncryption(b"tajne"))
    (tmp_path / "a.p12").write_bytes(packed)
    (tmp_path / "a.pem").write_bytes(_key_pem(key) + _pem(certificate))
    one = ClientCertificate.from_file(tmp_path / "a.p12", "tajne")
    two = ClientCertificate.from_file(tmp_path / "a.pem")
    assert one.fingerprint == two.fingerprint == certificate.fingerprint(hashes.SHA256()).hex()
    assert "key" not in repr(one)
    with pytest.raises(Misconfigured, match="chybné heslo"):
        ClientCertificate.from_file(tmp_path / "a.p12", "jine")
    other, _ = _issue("jiný")
    with pytest.raises(Misconfigured, match="nepatří"):
        ClientCertificate.from_pem(_pem(other), _key_pem(key))


def test_an_sms_code_opens_a_session_and_logging_out_ends_it(portal: Server) -> None:
    environment = Environment.at(portal.url)
    with SmsCodeLogin(environment, "eva", "heslo") as flow:
        flow.request_code()
        with pytest.raises(LoginRefused, match="60 minut"):
            flow.confirm("000000")
        session = flow.confirm(" 123456 ")
    assert portal.seen[0][0] == f"/as/processLogin?type=totp&sendSms=true&uri={portal.url}/apps/DS/dz"
    with IsdsClient(environment, session) as client:
        client.ping()
        assert portal.seen[-1] == ("/apps/DS/dz", "", "", "IPCZ-X-COOKIE=01-abc")
        portal.session_over = True
        with pytest.raises(SessionExpired, match="přihlaste se znovu"):
            client.ping()
    log_out(environment, session)
    assert portal.seen[-1][0].startswith("/as/processLogout")
    assert portal.seen[-1][3] == "IPCZ-X-COOKIE=01-abc"
    assert "01-abc" not in repr(session)


def test_a_code_sent_too_soon_is_asked_for_later(portal: Server) -> None:
    with SmsCodeLogin(Environment.at(portal.url), "eva", "jine") as flow, pytest.raises(Retryable, match="30 sekund"):
        flow.request_code()


def test_the_mobile_key_is_waited_for(portal: Server) -> None:
    portal.states = ['{"status":11,"description":"odesláno"}', "1", '{"status":2}']
    with MobileKeyLogin(Environment.at(portal.url), "eva", "kod") as flow:
        flow.start()
        assert flow.state() is MobileKeyState.WAITING
        session = flow.wait(sleep=lambda _seconds: None)
    assert session.headers() == {"Cookie": "IPCZ-X-COOKIE=01-abc"}
    assert [seen[3] for seen in portal.seen] == ["", *["S-COOKIE=cekam"] * 4]


def test_a_refused_mobile_key_is_final(portal: Server) -> None:
    portal.states = ['{"status":3}']
    with MobileKeyLogin(Environment.at(portal.url), "eva", "kod") as flow:
        flow.start()
        with pytest.raises(Refused, match="zamítnuto"):
            flow.wait(sleep=lambda _seconds: None)


def test_the_public_directory_needs_no_login(portal: Server) -> None:
    with PublicDirectory(Environment.at(portal.url)) as directory:
        (entry,) = directory.by_ico("70891095")
    assert (entry.box_id, entry.name, entry.kind, entry.city) == ("keebyyf", "Středočeský kraj", "OVM", "Praha")
    assert portal.seen == [("/sds/ws/call", "", "", "")]


def test_a_box_and_the_installation_have_their_limits() -> None:
    now = [0.0]
    limiter = Limiter(per_box=1, total=2, patience=0.0, clock=lambda: now[0])
    with limiter.turn("a"), limiter.turn("b"):
        assert (limiter.running(), limiter.running("a")) == (2, 1)
        for box in ("a", "c"):
            with pytest.raises(TooBusyHere), limiter.turn(box):
                pass
    assert limiter.running() == 0
    limiter.pause("a", 3.0)
    with pytest.raises(TooBusyHere), limiter.turn("a"):
        pass
    with limiter.turn("b"):
        pass
    now[0] = 3.5
    with limiter.turn("a"):
        pass


def test_waiting_for_a_turn_ends_when_another_call_ends() -> None:
    limiter, order = Limiter(per_box=1), []

    def second() -> None:
        with limiter.turn("a"):
            order.append("second")

    thread = threading.Thread(target=second)
    with limiter.turn("a"):
        thread.start()
        thread.join(0.1)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]
