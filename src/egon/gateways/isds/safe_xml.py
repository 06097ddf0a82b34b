"""Reading XML that somebody else wrote: no DTD, no entities, no network, bounded size."""

import re
from typing import Final

from lxml import etree

from egon.gateways.isds.namespaces import XSI_NIL

_DOCTYPE_ZONE: Final = 4096
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE", re.IGNORECASE)


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
    if _DOCTYPE.search(data[:_DOCTYPE_ZONE]):
        raise UnsafeXml("DOCTYPE is not allowed")
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnsafeXml(str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeXml("DOCTYPE is not allowed")
    _check_depth(root, max_depth)
    return root


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
    if element is None:
        return None
    return next((item for item in element if local_name(item) == name), None)


def children(element: etree._Element | None, name: str) -> list[etree._Element]:
    """All children of that local name."""
    return [] if element is None else [item for item in element if local_name(item) == name]


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
