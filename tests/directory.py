"""A small real directory (OpenLDAP) on a free port, with TLS by an authority of its own; skipped where slapd is not."""

import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import ldap3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SLAPD = shutil.which("slapd") or ("/usr/sbin/slapd" if Path("/usr/sbin/slapd").exists() else "")
SCHEMAS = Path("/etc/ldap/schema")
BASE = "dc=kraj,dc=example"
ADMIN, PASSWORD = f"cn=admin,{BASE}", "tajne-heslo"
ATTRIBUTES = {
    "personal_number": "employeeNumber",
    "given_name": "givenName",
    "family_name": "sn",
    "email": "mail",
    "login": "uid",
    "unit": "departmentNumber",
    "position": "title",
}
_CONFIG = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
sizelimit size.soft=100 size.hard=100 size.pr=200 size.prtotal=unlimited
TLSCertificateFile {folder}/cert.pem
TLSCertificateKeyFile {folder}/key.pem
database mdb
suffix "{base}"
rootdn "{admin}"
rootpw {password}
directory {folder}/data
access to * by users read by anonymous auth
"""


@dataclass
class TestDirectory:
    """A running server and what its clients need."""

    __test__ = False

    plain_port: int
    tls_port: int
    authority: str

    def add(self, *people):
        """People as dictionaries of attributes of the directory; their name is made of the number."""
        with self._owner() as owner:
            for number, person in enumerate(people):
                name = f"cn={person.get('employeeNumber', number)} {person['sn']},{BASE}"
                owner.add(
                    name, ["inetOrgPerson"], {"cn": f"{person.get('employeeNumber', number)} {person['sn']}", **person}
                )

    def remove_all(self):
        """Leave nobody."""
        with self._owner() as owner:
            found = owner.extend.standard.paged_search(
                BASE, "(objectClass=inetOrgPerson)", paged_size=100, generator=False
            )
            for entry in found:
                owner.delete(entry["dn"])

    @contextmanager
    def _owner(self):
        server = ldap3.Server("127.0.0.1", port=self.plain_port, get_info=ldap3.NONE)
        with ldap3.Connection(server, ADMIN, PASSWORD, auto_bind=True, raise_exceptions=True) as owner:
            yield owner


@pytest.fixture(scope="session")
def slapd(tmp_path_factory):
    """The server; its end ends what it started."""
    if not SLAPD or not SCHEMAS.is_dir():
        pytest.skip("slapd (OpenLDAP) is not installed here; .ci/run installs it")
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "data").mkdir()
    authority = _certificate(folder)
    config = _CONFIG.format(schemas=SCHEMAS, folder=folder, base=BASE, admin=ADMIN, password=PASSWORD)
    (folder / "slapd.conf").write_text(config)
    plain, tls = _free_port(), _free_port()
    addresses = f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"
    server = subprocess.Popen([SLAPD, "-f", str(folder / "slapd.conf"), "-h", addresses, "-d", "0"])
    try:
        _wait_for(plain, server)
        directory = TestDirectory(plain, tls, authority)
        with directory._owner() as owner:
            owner.add(BASE, ["dcObject", "organization"], {"o": "Kraj"})
        yield directory
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.fixture
def people_server(slapd):
    """The server without anybody."""
    slapd.remove_all()
    return slapd


def _certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = built.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem)
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    return pem.decode()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port, server):
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("slapd did not start")
