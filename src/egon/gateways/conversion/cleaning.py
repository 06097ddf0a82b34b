"""Making texts and web pages safe and readable for an office program, before it sees them."""

import codecs
import io
import re
import zipfile
from typing import Any, Final

import lxml.html
from lxml import etree

from egon.gateways.conversion.limits import NotConverted

_ENCODINGS: Final = ("utf-8-sig", "cp1250")
_DROPPED: Final = (
    "script", "style", "link", "meta", "base", "iframe", "frame", "frameset", "object", "embed", "applet", "audio",
    "video", "source", "template",
)  # fmt: skip
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9._-]{2,30})""", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNWRAPPED: Final = ("form", "noscript")  # what stands in them is text as any other
_ASKS: Final = ("src", "background", "data", "srcset", "poster", "style", "longdesc", "usemap", "cite", "action")


def clean_text(content: bytes) -> bytes:
    """A text in UTF-8. Raises :class:`NotConverted` for what is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16").encode()
    if b"\x00" in content:
        raise NotConverted("Soubor se tváří jako text, ale text to není.")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return content.decode("cp1250", errors="replace").encode()


def clean_html(content: bytes) -> bytes:
    """A page without scripts and without anything it would ask the network or the disk for; pictures in it stay."""
    try:
        page = lxml.html.fromstring(_page(content), parser=lxml.html.HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, ValueError) as error:
        raise NotConverted("Stránka HTML je prázdná nebo poškozená.", detail=str(error)[:200]) from error
    etree.strip_elements(page, *_DROPPED, with_tail=False)
    etree.strip_tags(page, *_UNWRAPPED)
    for element in page.iter(etree.Element):
        _without_requests(element)
    body = etree.tostring(page, encoding="unicode", method="html")
    return f'<!DOCTYPE html><meta http-equiv="Content-Type" content="text/html; charset=utf-8">{body}'.encode()


def _page(content: bytes) -> str:
    """The page in characters: as it says of itself, otherwise as texts are read."""
    said = _CHARSET.search(content[:4096])
    if said is not None and not content.startswith(_MARKS):
        try:
            encoding = codecs.lookup(said[1].decode()).name
        except LookupError:
            encoding = "cp1250"
        page = content.decode(encoding, errors="replace")
    else:
        page = clean_text(content).decode()
    return _DECLARATION.sub("", page)  # characters have no encoding any more


def _without_requests(element: Any) -> None:
    for name in list(element.attrib):
        value = element.attrib[name].strip().lower()
        if name.startswith("on") or (name in _ASKS and not (name == "src" and value.startswith("data:image/"))):
            del element.attrib[name]


def require_whole(content: bytes) -> None:
    """Raise :class:`NotConverted` unless this is a whole package or compound: an office program would show the bytes of
    a damaged one as a text, and nobody would notice.
    """
    if content.startswith(_COMPOUND):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            damaged = not package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        damaged = True
    if damaged:
        raise NotConverted("Soubor je poškozený nebo není tím, zač se vydává. Odesílatele požádejte o nový.")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotConverted("Soubor se tváří jako text, ale text to není.") from error
