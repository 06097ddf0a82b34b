"""WebDAV in XML (RFC 4918): properties that are asked for, and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.http import http_date
from lxml import etree

from egon.gateways.isds.safe_xml import UnsafeXml, parse_untrusted
from egon.kernel.errors import DomainError

DAV = "DAV:"
LARGEST_QUESTION = 64 * 1024


class BadQuestion(DomainError):
    """The program's XML cannot be read."""

    code = "dav.bad_request"


@dataclass(frozen=True, slots=True)
class Resource:
    """What programs learn of the file, or of the folder with it (``is_folder``)."""

    href: str
    name: str
    changed_at: datetime
    is_folder: bool = False
    size: int = 0
    tag: str = ""
    lock: str = ""
    lock_seconds: int = 0


def wanted_properties(body: bytes) -> list[str] | None:
    """Names a PROPFIND asks for, ``{namespace}name``; None for all of them. Raises :class:`BadQuestion`."""
    if not body:
        return None
    root = _parsed(body)
    if root.tag != _dav("propfind"):
        raise BadQuestion("Dotaz na vlastnosti nemá očekávaný tvar.")
    asked = root.find(_dav("prop"))
    return None if asked is None else [str(one.tag) for one in asked]


def is_exclusive_write(body: bytes) -> bool:
    """Whether a LOCK asks for the only kind of lock there is here. Raises :class:`BadQuestion`."""
    root = _parsed(body)
    exclusive = root.find(f"{_dav('lockscope')}/{_dav('exclusive')}")
    return root.tag == _dav("lockinfo") and exclusive is not None


def multistatus(resources: Sequence[Resource], wanted: Sequence[str] | None) -> bytes:
    """The answer to PROPFIND: what is known with 200, what is not with 404."""
    root = etree.Element(_dav("multistatus"), nsmap={"D": DAV})
    for resource in resources:
        response = _add(root, "response")
        _add(response, "href", resource.href)
        known = {one.tag: one for one in _properties(resource)}
        names = list(known) if wanted is None else wanted
        _propstat(response, [known[name] for name in names if name in known], "HTTP/1.1 200 OK")
        _propstat(response, [etree.Element(name) for name in names if name not in known], "HTTP/1.1 404 Not Found")
    return _written(root)


def lock_answer(resource: Resource) -> bytes:
    """The answer to LOCK."""
    root = etree.Element(_dav("prop"), nsmap={"D": DAV})
    root.append(_lock_discovery(resource))
    return _written(root)


def _properties(resource: Resource) -> list[etree._Element]:
    kind = etree.Element(_dav("resourcetype"))
    found = [
        _text("displayname", resource.name),
        kind,
        _text("getlastmodified", http_date(resource.changed_at.timestamp())),
    ]
    if resource.is_folder:
        _add(kind, "collection")
        return found
    supported = etree.Element(_dav("supportedlock"))
    _describe_lock(_add(supported, "lockentry"))
    return [
        *found,
        _text("getcontentlength", str(resource.size)),
        _text("getcontenttype", "application/octet-stream"),
        _text("getetag", resource.tag),
        supported,
        _lock_discovery(resource),
    ]


def _lock_discovery(resource: Resource) -> etree._Element:
    discovery = etree.Element(_dav("lockdiscovery"))
    if resource.lock:
        active = _add(discovery, "activelock")
        _describe_lock(active)
        _add(active, "depth", "0")
        _add(active, "timeout", f"Second-{resource.lock_seconds}")
        _add(_add(active, "locktoken"), "href", resource.lock)
        _add(_add(active, "lockroot"), "href", resource.href)
    return discovery


def _describe_lock(parent: etree._Element) -> None:
    _add(_add(parent, "lockscope"), "exclusive")
    _add(_add(parent, "locktype"), "write")


def _propstat(response: etree._Element, properties: Sequence[etree._Element], status: str) -> None:
    if properties:
        propstat = _add(response, "propstat")
        _add(propstat, "prop").extend(properties)
        _add(propstat, "status", status)


def _parsed(body: bytes) -> etree._Element:
    try:
        return parse_untrusted(body)
    except UnsafeXml:
        raise BadQuestion("Dotaz programu není platné XML.") from None


def _text(name: str, text: str) -> etree._Element:
    element = etree.Element(_dav(name))
    element.text = text
    return element


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, _dav(name))
    child.text = text
    return child


def _dav(name: str) -> str:
    return f"{{{DAV}}}{name}"


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
