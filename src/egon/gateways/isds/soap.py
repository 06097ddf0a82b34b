"""SOAP envelopes (1.1, and 1.2 for ws2): building requests and finding the answer, its status and its errors."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from egon.gateways.isds.codes import StatusCode
from egon.gateways.isds.errors import status_error
from egon.gateways.isds.namespaces import ISDS, SOAP12_ENVELOPE, SOAP_ENVELOPE, XSI
from egon.gateways.isds.safe_xml import UnsafeXml, child, local_name, parse_untrusted, text_of
from egon.gateways.isds.transport import broken_answer

XML_TYPE: Final = "text/xml; charset=utf-8"
"""Content type of SOAP 1.1."""
SOAP12_TYPE: Final = 'application/soap+xml; charset=utf-8; action=""'
"""Content type of SOAP 1.2."""

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CLOSING: Final = "</s:Body></s:Envelope>"

type Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Body:
    """A request held in memory as a whole."""

    content: bytes
    content_type: str = XML_TYPE

    @property
    def length(self) -> int:
        return len(self.content)

    def __iter__(self) -> Iterator[bytes]:
        yield self.content


def element(name: str, value: Value, attributes: Mapping[str, str] | None = None) -> str:
    """One element of a request. ``None`` and an empty string become ``xsi:nil``, which every nillable field takes."""
    attrs = "".join(f" {key}={quoteattr(allowed_text(text))}" for key, text in (attributes or {}).items())
    if value is None or value == "":
        return f'<{name}{attrs} xsi:nil="true"/>'
    if isinstance(value, bool):
        return f"<{name}{attrs}>{'true' if value else 'false'}</{name}>"
    return f"<{name}{attrs}>{escape(allowed_text(str(value)))}</{name}>"


def empty_element(name: str) -> str:
    """An element that must be present, is not nillable and carries nothing (``dbDummy``)."""
    return f"<{name}></{name}>"


def allowed_text(text: str) -> str:
    """``text`` without characters XML 1.0 cannot carry; ISDS would drop control characters anyway (manual 1.3.4)."""
    return _NOT_IN_XML.sub("", text)


def opening(operation: str, *, soap12: bool = False, namespace: str = ISDS) -> str:
    """Everything before the content of a request."""
    envelope = SOAP12_ENVELOPE if soap12 else SOAP_ENVELOPE
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="{envelope}" xmlns:xsi="{XSI}"><s:Body>'
        f'<{operation} xmlns="{namespace}">'
    )


def closing(operation: str) -> str:
    """Everything after the content of a request."""
    return f"</{operation}>{_CLOSING}"


def request(operation: str, *content: str, soap12: bool = False, namespace: str = ISDS) -> Body:
    """A request of one operation from ready elements."""
    text = f"{opening(operation, soap12=soap12, namespace=namespace)}{''.join(content)}{closing(operation)}"
    return Body(text.encode(), SOAP12_TYPE if soap12 else XML_TYPE)


def answer_of(data: bytes, operation: str, *, sending: bool = False) -> etree._Element:
    """The ``<operation>Response`` element with a successful status.

    Raises ``Retryable`` (``SendingUnclear`` with ``sending``) when ``data`` is not such an answer, and the error of
    its status code when ISDS refused.
    """
    try:
        envelope = parse_untrusted(data)
    except UnsafeXml as error:
        raise broken_answer(sending, f"nečitelné XML: {error}") from error
    return answer_in(envelope, operation, sending=sending)


def answer_in(envelope: etree._Element, operation: str, *, sending: bool = False) -> etree._Element:
    """As :func:`answer_of`, in an envelope that was read already."""
    body = child(envelope, "Body")
    if local_name(envelope) != "Envelope" or body is None or len(body) == 0:
        raise broken_answer(sending, "odpověď není obálka SOAP")
    answer = body[0]
    if local_name(answer) == "Fault":
        raise broken_answer(sending, f"SOAP Fault: {fault_reason(answer)[:300]}")
    if local_name(answer) != f"{operation}Response":
        raise broken_answer(sending, f"nečekaná odpověď {local_name(answer)}")
    check_status(answer, sending=sending)
    return answer


def fault_reason(fault: etree._Element) -> str:
    """The sentence of a fault: ``faultstring`` of SOAP 1.1 or ``Reason/Text`` of SOAP 1.2."""
    return " ".join((text_of(fault, "faultstring") or text_of(child(fault, "Reason"), "Text")).split())


def check_status(answer: etree._Element, *, sending: bool = False) -> StatusCode:
    """The successful status of an answer; raises the error of an unsuccessful or missing one."""
    status = child(answer, "dmStatus")
    prefix = "dm"
    if status is None:
        status, prefix = child(answer, "dbStatus"), "db"
    code = StatusCode(text_of(status, f"{prefix}StatusCode").strip())
    if not code:
        raise broken_answer(sending, "odpověď nemá stav")
    if not code.is_success:
        raise status_error(code, text_of(status, f"{prefix}StatusMessage").strip(), sending=sending)
    return code
