"""Who signed a PDF (ISO 32000-2, 12.8) or a CMS container, as the signatures say: names only, nothing is verified."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from asn1crypto import cms
from pikepdf import Dictionary, Object, PasswordError, Pdf, PdfError

_BROKEN: Final = (PdfError, PasswordError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError)


def signers_of(content: bytes) -> list[str]:
    """Names from the certificates of signatures, seals and time stamps, in the order of the file.

    What carries no signature, is locked or damaged has none that could be read.
    """
    try:
        names = _of_pdf(content) if b"%PDF-" in content[:1024] else _of_cms(content)
        return list(dict.fromkeys(names))
    except _BROKEN:
        return []


def _of_pdf(content: bytes) -> list[str]:
    with Pdf.open(BytesIO(content)) as pdf:
        signatures = [one for one in pdf.objects if _is_signature(one)]
        return [name for one in signatures for name in _names_in(one)]


def _of_cms(content: bytes) -> list[str]:
    """Of a sealed data message (ZFO) or another signed container."""
    return list(_names_of(cms.ContentInfo.load(content))) if content[:1] == b"\x30" else []


def _is_signature(found: Object) -> bool:
    return isinstance(found, Dictionary) and "/ByteRange" in found and "/Contents" in found


def _names_in(signature: Any) -> Iterator[str]:
    stamp = " (časové razítko)" if signature.get("/SubFilter") == "/ETSI.RFC3161" else ""
    try:
        # Contents are padded by zeroes to the place left for them.
        for name in _names_of(cms.ContentInfo.load(bytes(signature["/Contents"]))):
            yield f"{name}{stamp}"
    except _BROKEN:
        yield "podpis, který nejde přečíst"


def _names_of(container: cms.ContentInfo) -> Iterator[str]:
    signed = container["content"]
    for signer in signed["signer_infos"]:
        certificate = _certificate_of(signer, signed["certificates"])
        if certificate is not None:
            yield _name_of(certificate)


def _certificate_of(signer: Any, certificates: Any) -> Any:
    serial = signer["sid"].chosen["serial_number"].native
    found = (one.chosen for one in certificates if one.name == "certificate")
    return next((one for one in found if one.serial_number == serial), None)


def _name_of(certificate: Any) -> str:
    """``Jan Novák, Kraj Vysočina``: the common name, and whose it is when that says more."""
    subject = certificate.subject.native
    names = [subject.get("common_name"), subject.get("organization_name")]
    told = [one for one in names if isinstance(one, str) and one]
    return ", ".join(dict.fromkeys(told)) or certificate.subject.human_friendly
