"""Reading XML that somebody else wrote: no DTD, no entities, no network, bounded size."""

from typing import Final
from xml.parsers import expat

from lxml import etree

from egon.gateways.isds.namespaces import XSI_NIL

_PIECE: Final = 64 * 1024


class UnsafeXml(ValueError):
    """The document is not well-formed, or uses a feature that untrusted XML must not use."""


def _parser() -> etree.XMLParser:
    # huge_tree: an attachment is one text node and may have tens of megabytes. What it switches off (limits against
    # entity bombs) is covered by refusing every DOCTYPE; depth stays bounded by our own check.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )


def parse_untrusted(data: bytes, *, max_depth: int = 64) -> etree._Element:
    """The root element of ``data``. Raises :class:`UnsafeXml` for a DTD, bad syntax or nesting over ``max_depth``."""
    refuse_doctype(data)
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsafeXml(str(error)) from error
    _check_depth(root, max_depth)
    return root


class _RootReached(Exception):
    pass


def refuse_doctype(data: bytes) -> None:
    """Raise :class:`UnsafeXml` when the prolog of ``data`` has a DOCTYPE or cannot be read.

    libxml2 expands entities in attribute values whatever its options say, so the document must be refused before
    it gets there. The prolog is read by a parser, not searched: the encoding may be any and comments may be long.
    """
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _stop_at_doctype
    parser.StartElementHandler = _stop_at_root
    view = memoryview(data)
    try:
        for offset in range(0, len(view), _PIECE):
            parser.Parse(bytes(view[offset : offset + _PIECE]), False)
        parser.Parse(b"", True)
    except _RootReached:
        return
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise UnsafeXml(str(error)) from error


def _stop_at_doctype(*_: object) -> None:
    raise UnsafeXml("DOCTYPE is not allowed")


def _stop_at_root(*_: object) -> None:
    raise _RootReached


def _check_depth(root: etree._Element, max_depth: int) -> None:
    level: list[etree._Element] = [root]
    for _ in range(max_depth):
        level = [child for parent in level for child in parent]
        if not level:
            return
    raise UnsafeXml(f"elements are nested deeper than {max_depth}")


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that local name, whatever its namespace (ISDS mixes four of them)."""
    return None if element is None else next(element.iterchildren(f"{{*}}{name}"), None)


def children(element: etree._Element | None, name: str) -> list[etree._Element]:
    """All children of that local name."""
    return [] if element is None else list(element.iterchildren(f"{{*}}{name}"))


def text_of(element: etree._Element | None, name: str) -> str:
    """Text of a child; an empty string when the child is missing, empty or nil."""
    found = child(element, name)
    if found is None or found.get(XSI_NIL) in {"true", "1"}:
        return ""
    return found.text or ""


def int_of(element: etree._Element | None, name: str) -> int | None:
    """A child as a whole number, ``None`` when missing or not a number."""
    return int_or_none(text_of(element, name))


def int_or_none(text: str | None) -> int | None:
    """A whole number, ``None`` for anything else."""
    try:
        return int(text.strip()) if text else None
    except ValueError:
        return None


def bool_of(element: etree._Element | None, name: str) -> bool | None:
    """A child as a truth value, ``None`` when missing or empty."""
    return bool_or_none(text_of(element, name))


def bool_or_none(text: str | None) -> bool | None:
    """``xs:boolean``; ``None`` for anything else."""
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").strip().lower())
