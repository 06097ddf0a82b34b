"""Reading requests tolerantly and writing answers strictly.

Clients leave out what they may leave out (SOAPAction, charset, prefixes) and write nil in three ways; all of it is
accepted (facts 1.10, manual 2.67, 1.3.1). Answers follow the XSD to the letter.
"""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from egon.gateways.isds.namespaces import ISDS, XSI
from egon.gateways.isds.simulator.envelopes import element
from egon.kernel.errors import BadContent

__all__ = ["OK", "OK_TEXT", "Request", "answer", "child", "envelope", "fault", "flag", "in_soap12", "needed", "parse"]
__all__ += ["q", "quoteattr", "read", "refused", "response_name", "status_xml", "text"]

OK: Final = "0000"
OK_TEXT: Final = "Provedeno úspěšně."
_ENVELOPES: Final = frozenset({"http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"})

_DEMANDED: Final[dict[str, tuple[str, ...]]] = {
    "Re-signISDSDocument": ("dmResultDoc",),
    "ArchiveISDSDocument": ("dmResultDoc", "nextStampTo"),
    "GetDataBoxAddress": (
        *("adCode", "adCity", "adDistrict", "adStreet", "adNumberInStreet", "adNumberInMunicipality", "adZipCode"),
        *("adState", "adRegistrationNumber", "adFullAddress1", "adFullAddress2"),
    ),
}
"""Elements that stand also in a refusal, nil."""
_OWNERS: Final[dict[str, tuple[str, ...]]] = {
    "GetOwnerInfoFromLogin": (
        *("dbID", "dbType", "ic", "pnFirstName", "pnMiddleName", "pnLastName", "pnLastNameAtBirth", "firmName"),
        *("biDate", "biCity", "biCounty", "biState", "adCity", "adStreet", "adNumberInStreet"),
        *("adNumberInMunicipality", "adZipCode", "adState", "nationality", "identifier", "registryCode", "dbState"),
        *("dbEffectiveOVM", "dbOpenAddressing"),
    ),
    "GetOwnerInfoFromLogin2": (
        *("dbID", "aifoIsds", "dbType", "ic", "pnGivenNames", "pnLastName", "firmName", "biDate", "biCity"),
        *("biCounty", "biState", "adCode", "adCity", "adDistrict", "adStreet", "adNumberInStreet"),
        *("adNumberInMunicipality", "adZipCode", "adState", "nationality", "dbIdOVM", "dbState"),
        *("dbOpenAddressing", "dbUpperID"),
    ),
}
"""The owner has to be there and may not be nil; all that is known of it may."""

_ENVELOPE_11: Final = b'xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"'
_ENVELOPE_12: Final = b'xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"'

Request = etree._Element


def read(body: bytes) -> Request:
    """The operation element of a SOAP request (1.1 or 1.2); raises :class:`BadContent` when it is not one."""
    root = parse(body)
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in _ENVELOPES:
        raise BadContent("Požadavek není obálka SOAP.")
    soap_body = root.find(f"{{{name.namespace}}}Body")
    if soap_body is None or len(soap_body) == 0:
        raise BadContent("Požadavek nemá žádný obsah (soap:Body je prázdné).")
    return soap_body[0]


def parse(body: bytes) -> Request:
    """The root of an XML request; raises :class:`BadContent` for broken XML and for any document type."""
    # A document type is looked for in the bytes: the parser is told to take them as UTF-8 whatever they declare.
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadContent("Požadavek obsahuje definici typu dokumentu, která není povolena.")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as broken:
        raise BadContent("Požadavek není správně utvořené XML.", detail=str(broken)[:200]) from broken


def child(parent: Request, name: str) -> Request | None:
    """The first child of a local name, whatever namespace a client put it in."""
    for one in parent:
        if isinstance(one.tag, str) and etree.QName(one).localname == name:
            return one
    return None


def text(parent: Request | None, name: str) -> str:
    """Text of a child without surrounding spaces; empty for a missing, empty or nil element."""
    found = None if parent is None else child(parent, name)
    return "" if found is None or found.text is None else found.text.strip()


def flag(parent: Request | None, name: str, *, default: bool) -> bool:
    """An ``xs:boolean``; ``default`` for a missing or empty element."""
    value = text(parent, name).lower()
    return default if not value else value in {"true", "1"}


def in_soap12(body: bytes) -> bytes:
    """An answer or a fault written as SOAP 1.1, as an answer in SOAP 1.2."""
    return body.replace(_ENVELOPE_11, _ENVELOPE_12, 1)


def answer(
    operation: str,
    content: str,
    *,
    status: str = OK,
    message: str = OK_TEXT,
    kind: str = "dm",
    namespace: str = ISDS,
) -> bytes:
    """A whole SOAP answer. ``content`` is ready markup with prefix ``q``; ``kind`` is ``dm`` or ``db``."""
    return envelope(response_name(operation), content + status_xml(status, message, kind=kind), namespace)


def refused(operation: str, status: str, message: str, *, kind: str = "dm") -> bytes:
    """An answer that nothing was done; what the XSD demands in it all the same is nil."""
    content = "".join(q(name, "") for name in _DEMANDED.get(operation, ()))
    if operation in _OWNERS:
        content = f"<q:dbOwnerInfo>{''.join(q(name, '') for name in _OWNERS[operation])}</q:dbOwnerInfo>"
    return answer(operation, content, status=status, message=message, kind=kind)


def response_name(operation: str) -> str:
    return f"{operation}Response"


def status_xml(status: str, message: str, *, kind: str = "dm") -> str:
    """``dmStatus`` or ``dbStatus``."""
    return (
        f"<q:{kind}Status><q:{kind}StatusCode>{escape(status)}</q:{kind}StatusCode>"
        f"<q:{kind}StatusMessage>{escape(message)}</q:{kind}StatusMessage></q:{kind}Status>"
    )


def envelope(name: str, content: str, namespace: str = ISDS) -> bytes:
    """A SOAP envelope around one element."""
    return (
        "<?xml version='1.0' encoding='utf-8'?>"
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"><SOAP-ENV:Body>'
        f'<q:{name} xmlns:q="{namespace}" xmlns:p="{ISDS}" xmlns:xsi="{XSI}">{content}</q:{name}>'
        "</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    ).encode()


def fault(code: str, message: str) -> bytes:
    """A SOAP 1.1 Fault, as ISDS sends it with 503 and for requests that are no SOAP at all."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body><SOAP-ENV:Fault>'
        f"<faultcode>{escape(code)}</faultcode><faultstring>{escape(message)}</faultstring>"
        "</SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>"
    ).encode()


def q(name: str, value: str) -> str:
    """One element with prefix ``q``; nil when empty."""
    return element("q", name, value)


def needed(name: str, value: str) -> str:
    """One element with prefix ``q`` that may be empty but not nil."""
    return f"<q:{name}>{escape(value)}</q:{name}>"
