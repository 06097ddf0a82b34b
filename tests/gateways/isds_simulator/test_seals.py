"""What is downloaded is sealed and stamped the way ISDS does it, and others can verify it."""

import base64
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from .conftest import CITIZEN, Running, attachment

OPENSSL = shutil.which("openssl")
needs_openssl = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


@pytest.fixture
def documents(isds: Running) -> dict[str, bytes]:
    """All three kinds of ZFO of one message, with an attachment larger than one piece."""
    number = isds.send(files=attachment(content=b"0123456789" * 5000))
    isds.deliver()
    wanted = f"<dmID>{number}</dmID>"
    return {
        "message": isds.call("dz", "SignedMessageDownload", wanted).binary("dmSignature"),
        "SentMessage": isds.call("dz", "SignedSentMessageDownload", wanted, CITIZEN).binary("dmSignature"),
        "delivery": isds.call("dx", "GetSignedDeliveryInfo", wanted, CITIZEN).binary("dmSignature"),
    }


def content_of(zfo: bytes) -> bytes:
    content = cms.ContentInfo.load(zfo)["content"]["encap_content_info"]["content"].native
    assert isinstance(content, bytes)
    return content


def described(content: bytes) -> bytes:
    return content[content.index(b"<p:dmDm ") : content.index(b"</p:dmDm>") + len(b"</p:dmDm>")]


@needs_openssl
def test_openssl_verifies_seal_and_chain(isds: Running, documents: dict[str, bytes], tmp_path: Path) -> None:
    root = isds.simulator.roots / "root.pem"
    for name, zfo in documents.items():
        file = tmp_path / f"{name}.zfo"
        file.write_bytes(zfo)
        command = [str(OPENSSL), "cms", "-verify", "-inform", "DER", "-in", str(file), "-out", str(tmp_path / "out")]
        command += ["-CAfile", str(root), "-purpose", "any"]
        subprocess.run(command, check=True, capture_output=True)
        assert (tmp_path / "out").read_bytes() == content_of(zfo)


@needs_openssl
def test_openssl_verifies_the_time_stamp_of_the_message(
    isds: Running, documents: dict[str, bytes], tmp_path: Path
) -> None:
    content = content_of(documents["message"])
    document = etree.fromstring(content)
    token = tmp_path / "stamp.der"
    token.write_bytes(base64.b64decode(document.findtext(".//{*}dmQTimestamp") or ""))
    digest = hashlib.sha256(described(content)).hexdigest()
    command = [str(OPENSSL), "ts", "-verify", "-digest", digest, "-in", str(token), "-token_in"]
    subprocess.run([*command, "-CAfile", str(isds.simulator.roots / "root.pem")], check=True, capture_output=True)


def test_seal_is_pss_over_signed_attributes_with_time_stamp_of_the_signature(documents: dict[str, bytes]) -> None:
    for name, zfo in documents.items():
        signed = cms.ContentInfo.load(zfo)["content"]
        signer = signed["signer_infos"][0]
        assert signer["signature_algorithm"]["algorithm"].native == "rsassa_pss"
        attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
        assert set(attributes) == {"content_type", "signing_time", "message_digest", "signing_certificate_v2"}
        assert attributes["message_digest"].native == hashlib.sha256(content_of(zfo)).digest()
        key = x509.load_der_x509_certificate(signed["certificates"][0].chosen.dump()).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        to_verify = b"\x31" + signer["signed_attrs"].dump()[1:]
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        key.verify(signer["signature"].native, to_verify, pss, hashes.SHA256())
        stamped = {one["type"].native for one in signer["unsigned_attrs"]}
        assert stamped == (set() if name == "delivery" else {"signature_time_stamp_token"})


def test_time_stamp_of_the_signature_is_over_the_signature(documents: dict[str, bytes]) -> None:
    signer = cms.ContentInfo.load(documents["message"])["content"]["signer_infos"][0]
    token = signer["unsigned_attrs"][0]["values"][0]
    info = token["content"]["encap_content_info"]["content"].parsed
    assert isinstance(info, tsp.TSTInfo)
    assert info["message_imprint"]["hashed_message"].native == hashlib.sha256(signer["signature"].native).digest()


def test_roots_and_namespaces_are_those_of_real_files(documents: dict[str, bytes]) -> None:
    for name, zfo in documents.items():
        root = etree.QName(etree.fromstring(content_of(zfo)))
        assert root.namespace == f"http://isds.czechpoint.cz/v20/{name}"
        assert root.localname == ("GetDeliveryInfoResponse" if name == "delivery" else "MessageDownloadResponse")
        assert zfo[:2] == b"\x30\x80"  # indefinite length, as ISDS writes


def test_digest_is_over_the_bytes_of_the_message_and_the_same_on_both_sides(documents: dict[str, bytes]) -> None:
    received, sent = content_of(documents["message"]), content_of(documents["SentMessage"])
    assert described(received) == described(sent)
    stated = re.search(rb'<q:dmHash algorithm="SHA-256">([^<]+)</q:dmHash>', received)
    assert stated is not None
    assert base64.b64decode(stated.group(1)) == hashlib.sha256(described(received)).digest()


def test_sealed_content_without_its_suffix_is_valid_by_the_official_schema(
    documents: dict[str, bytes], standards: Path
) -> None:
    schema = etree.XMLSchema(etree.parse(standards / "isds" / "wsdl" / "dmBaseTypes.xsd"))
    for name, zfo in documents.items():
        schema.assertValid(etree.fromstring(content_of(zfo).replace(f"/v20/{name}".encode(), b"/v20", 1)))


def test_authenticity_of_own_altered_and_real_files(
    isds: Running, documents: dict[str, bytes], standards: Path
) -> None:
    def ask(zfo: bytes) -> str:
        encoded = base64.b64encode(zfo).decode()
        answer = isds.call("dz", "AuthenticateMessage", f"<dmMessage>{encoded}</dmMessage>", CITIZEN)
        return answer.text("dmAuthResult") if answer.status == "0000" else answer.status

    assert [ask(zfo) for zfo in documents.values()] == ["true"] * 3
    altered = documents["message"].replace("Řeháček".encode(), "Řeháčok".encode(), 1)
    assert ask(altered) == "false"
    assert ask(documents["message"][:2000]) == "2200"
    assert ask((standards / "isds" / "zfo" / "DDZ_3401761.zfo").read_bytes()) == "false"


def test_two_downloads_are_sealed_anew(isds: Running) -> None:
    number = isds.send()
    isds.deliver()
    first, second = (
        isds.call("dz", "SignedMessageDownload", f"<dmID>{number}</dmID>").binary("dmSignature") for _ in range(2)
    )
    assert first != second
    assert described(content_of(first)) == described(content_of(second))
