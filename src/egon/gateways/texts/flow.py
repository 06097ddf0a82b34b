"""Text of a tree of elements, with line breaks where the reader would see them."""

from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree


def parsed(content: bytes) -> Any:
    """The root of an XML part; entities and the network are left alone."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


def flowing(
    root: Any, *, breaks: Collection[str], only: Collection[str] = (), dropped: Collection[str] = ()
) -> Iterator[str]:
    """Pieces of text in their order, to be joined without anything between.

    A line ends after the elements ``breaks``; with ``only``, text outside of these elements is markup; nothing is taken
    from ``dropped``. Names are local.
    """
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = local_name(element)
        if event == "start":
            skipped += name in dropped
            if not skipped and element.text and name and (not only or name in only):
                yield element.text
            continue
        if name in breaks and not skipped:
            yield "\n"
        skipped -= name in dropped
        if not skipped and not only and element is not root and element.tail:
            yield element.tail


def local_name(element: Any) -> str:
    """The name without its namespace; empty for comments and instructions."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""
