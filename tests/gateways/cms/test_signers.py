"""Names of those who signed are read from a PDF and from a container; what carries none tells none."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers as pyhanko_signers
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from egon.gateways.cms.signers import signers_of


def blank_pdf():
    pdf, written = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(written)
    return written.getvalue()


def signer(name, organisation):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)]
    )
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    certificate = built.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return pyhanko_signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def signed_pdf(*people):
    content = blank_pdf()
    for number, person in enumerate(people):
        field = PdfSignatureMetadata(field_name=f"podpis{number}")
        written = PdfSigner(field, signer(*person)).sign_pdf(IncrementalPdfFileWriter(BytesIO(content)))
        content = written.getvalue()
    return content


def test_everybody_who_signed_a_pdf_is_named():
    signed = signed_pdf(("Jana Dvořáková", "Kraj Ukázka"), ("Pečeť úřadu", "Pečeť úřadu"))
    assert sorted(signers_of(signed)) == ["Jana Dvořáková, Kraj Ukázka", "Pečeť úřadu"]


def test_a_signed_container_names_its_signer():
    signing = signer("Jan Malý", "Škola").async_sign_general_data(b"obsah", "sha256", detached=False)
    assert signers_of(asyncio.run(signing).dump()) == ["Jan Malý, Škola"]


@pytest.mark.parametrize("content", [b"", b"prosty text", b"%PDF-1.4 kus", b"\x30\x82\x01", blank_pdf()])
def test_what_carries_no_readable_signature_names_nobody(content):
    assert signers_of(content) == []


def test_a_damaged_signature_is_told():
    signed = signed_pdf(("Jana", "Kraj"))
    with pikepdf.open(BytesIO(signed)) as pdf:
        found = next(one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/ByteRange" in one)
        found["/Contents"] = pikepdf.String(b"\x30\x05abc")
        written = BytesIO()
        pdf.save(written)
    assert signers_of(written.getvalue()) == ["podpis, který nejde přečíst"]
