"""One pass over the XML of a ZFO: the small tree of its envelope, its attachments decoded, and where ``dmDm`` lies.

Attachments never become text as a whole: they are decoded while the parser runs, so that memory holds the sealed
bytes and the decoded files only. Byte positions come from the parser, hence no content of an XML attachment can
pretend to be ``dmDm``.
"""

import binascii
import re
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from lxml import etree

from egon.gateways.isds.errors import ZfoAltered, ZfoNotIsds
from egon.gateways.isds.safe_xml import UnsafeXml, local_name, parse_untrusted
from egon.gateways.isds.zfo.model import ZfoLimits

_PIECE: Final = 256 * 1024
_TEXT_BUFFER: Final = 1024 * 1024
_FILE_PATH: Final = ("dmDm", "dmFiles", "dmFile")
_DM_DEPTH: Final = 3
_CONTENT_DEPTH: Final = 6
_AWAITED: Final = -1
_ENCODED_TAG: Final = b"dmEncodedContent>"
_WORTH_SKIPPING: Final = 4096
_SPACES: Final = b" \t\r\n"
_START_TAG: Final = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")


class Scan:
    """Result of reading: ``root`` without attachments, ``contents`` of attachments in order, ``dm_range``."""

    def __init__(self, content: bytes, limits: ZfoLimits) -> None:
        self._content = content
        self._limits = limits
        self._builder = etree.TreeBuilder()
        self._path: list[str] = []
        self._elements = 0
        self._encoded_start: int | None = None
        self._ready: tuple[int, bytes] | None = None
        self._skipped: list[tuple[int, int]] = []
        self._skipped_size = 0
        self._xml_start: int | None = None
        self._dm_start = 0
        self.dm_range: tuple[int, int] | None = None
        self.contents: list[bytes] = []
        self.xml_ranges: dict[int, tuple[int, int]] = {}
        self.root = self._run()

    def _run(self) -> etree._Element:
        if self._content[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in self._content[:4]:
            raise ZfoNotIsds("Obsah zapečetěného souboru není v kódování UTF-8, nejde o datovou zprávu.")
        parser = self._parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.buffer_size = _TEXT_BUFFER
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.XmlDeclHandler = _refuse_encoding
        try:
            self._feed(parser)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise ZfoNotIsds(
                "Uvnitř zapečetěného souboru není čitelná datová zpráva. Soubor nebyl zpracován; "
                "stáhněte jej z datové schránky znovu.",
                detail=str(error),
            ) from error
        return self._builder.close()

    def _feed(self, parser: expat.XMLParserType) -> None:
        """Everything but the base64 of attachments, which is decoded beside the parser and never shown to it."""
        content, position = self._content, 0
        while position < len(content):
            stop = min(position + _PIECE, len(content))
            mark = content.find(_ENCODED_TAG, position, stop)
            stop = mark + len(_ENCODED_TAG) if mark >= 0 else stop
            parser.Parse(content[position:stop], False)
            position = self._after_encoded(stop) if self._encoded_start == stop else stop

    def _after_encoded(self, start: int) -> int:
        """Decode the text that begins at ``start``; the position the parser goes on from (``start``: it reads it)."""
        end = self._content.find(b"<", start)
        if end - start < _WORTH_SKIPPING:
            return start
        ready = _decoded_at_once(self._content, start, end)
        if ready is None:
            return start
        self._ready = (end, ready)
        self._skipped.append((start - self._skipped_size, end - start))
        self._skipped_size += end - start
        return end

    def _position(self) -> int:
        """Where in the sealed bytes the parser stands, with all it was not shown."""
        index = self._parser.CurrentByteIndex
        unseen = self._skipped_size
        for before, size in reversed(self._skipped):
            if before <= index:
                break
            unseen -= size
        return index + unseen

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition("}")
        self._path.append(local)
        if self._xml_start is not None:
            self._enter_xml()
            return
        depth = len(self._path)
        self._elements += 1
        if depth > self._limits.max_depth or self._elements > self._limits.max_elements:
            raise ZfoAltered("Datová zpráva má nepřípustně složitou obálku, soubor nebyl zpracován.")
        self._builder.start(_qualified(namespace, local), {_attribute(key): text for key, text in attributes.items()})
        if depth == _DM_DEPTH and local == "dmDm" and self.dm_range is None:
            self._dm_start = self._position()
        elif self._in_file() and local == "dmEncodedContent":
            self._open_encoded()
        elif self._in_file() and local == "dmXMLContent":
            self._open_xml()

    def _open_encoded(self) -> None:
        """The text of an attachment is cut out of the sealed bytes; the parser only looks for its end."""
        found = _START_TAG.match(self._content, self._position())
        self._encoded_start = found.end() if found else self._position()
        self._parser.CharacterDataHandler = None

    def _close_encoded(self, start: int) -> None:
        end = self._position()
        if self._ready is not None and self._ready[0] == end:
            self.contents.append(self._ready[1])
        else:
            self.contents.append(_decoded(memoryview(self._content)[start:end]) if end > start else b"")
        self._encoded_start = self._ready = None
        self._parser.CharacterDataHandler = self._text

    def _enter_xml(self) -> None:
        if len(self._path) > self._limits.max_xml_depth:
            raise ZfoAltered("Příloha ve formátu XML je nepřípustně vnořená, soubor nebyl zpracován.")
        self._mark_xml_start()

    def _open_xml(self) -> None:
        """From now on wait for whatever comes first inside; unbuffered text tells where it lies."""
        self._xml_start = _AWAITED
        self._parser.buffer_text = False
        self._parser.CommentHandler = self._mark_xml_start
        self._parser.ProcessingInstructionHandler = self._mark_xml_start
        self._parser.StartCdataSectionHandler = self._mark_xml_start

    def _mark_xml_start(self, *_: object) -> None:
        if self._xml_start == _AWAITED:
            self._xml_start = self._position()
            self._parser.CharacterDataHandler = None

    def _close_xml(self) -> None:
        end = self._position()
        start = end if self._xml_start in {None, _AWAITED} else self._xml_start
        self.xml_ranges[len(self.contents)] = (start or 0, end)
        self.contents.append(b"")
        self._xml_start = None
        self._parser.buffer_text = True
        self._parser.CharacterDataHandler = self._text
        self._parser.CommentHandler = None
        self._parser.ProcessingInstructionHandler = None
        self._parser.StartCdataSectionHandler = None

    def _in_file(self) -> bool:
        return len(self._path) == _CONTENT_DEPTH and tuple(self._path[2:5]) == _FILE_PATH

    def _end(self, name: str) -> None:
        namespace, _, local = name.rpartition("}")
        if self._xml_start is not None and not (self._in_file() and local == "dmXMLContent"):
            self._path.pop()
            return
        if self._in_file():
            self._close_content(local)
        if len(self._path) == _DM_DEPTH and local == "dmDm" and self.dm_range is None:
            self.dm_range = (self._dm_start, self._tag_end())
        self._path.pop()
        self._builder.end(_qualified(namespace, local))

    def _close_content(self, local: str) -> None:
        if local == "dmEncodedContent" and self._encoded_start is not None:
            self._close_encoded(self._encoded_start)
        elif local == "dmXMLContent" and self._xml_start is not None:
            self._close_xml()

    def _tag_end(self) -> int:
        """The position after the end tag that is being read (it holds no attribute, so ``>`` ends it)."""
        return self._content.index(b">", self._position()) + 1

    def _text(self, text: str) -> None:
        if self._xml_start is not None:
            self._mark_xml_start()
        else:
            self._builder.data(text)

    def content_of(self, index: int) -> bytes:
        """Bytes of the ``index``-th attachment; XML content exactly as it stands, where it stands on its own.

        XML content need not be one element: fragments and bare text were seen in real messages.
        """
        if index not in self.xml_ranges:
            return self.contents[index]
        start, end = self.xml_ranges[index]
        raw = self._content[start:end]
        try:
            parse_untrusted(b"<fragment>" + raw + b"</fragment>", max_depth=self._limits.max_xml_depth)
        except UnsafeXml:
            return self._with_outer_namespaces(index)
        return raw

    def _with_outer_namespaces(self, index: int) -> bytes:
        """XML content that leans on prefixes declared around it, written out with its own declarations."""
        try:
            root = parse_untrusted(self._content, max_depth=self._limits.max_xml_depth)
        except UnsafeXml as error:
            raise ZfoAltered("Příloha ve formátu XML je poškozená.", detail=str(error)) from error
        position = sorted(self.xml_ranges).index(index)
        holders = [item for item in root.iter() if local_name(item) == "dmXMLContent" and _is_file_content(item)]
        holder = holders[position]
        parts = [etree.tostring(item, encoding="utf-8", xml_declaration=False, with_tail=True) for item in holder]
        return escape(holder.text or "").encode() + b"".join(parts)


def _decoded_at_once(content: bytes, start: int, end: int) -> bytes | None:
    """Base64 with line ends in one pass; ``None`` when it is not clean (the decoder leaves out what it does not know).

    Whatever it left out makes the result shorter than the text promises.
    """
    try:
        decoded = binascii.a2b_base64(memoryview(content)[start:end])
    except binascii.Error:
        return None
    length = end - start - content.count(b"\n", start, end) - content.count(b"\r", start, end)
    padding = content[max(start, end - 8) : end].count(b"=")
    return decoded if length % 4 == 0 and len(decoded) == length // 4 * 3 - padding else None


def _decoded(encoded: memoryview) -> bytes:
    """Bytes of an attachment from its base64, with line ends or without, with references to characters or without."""
    try:
        return binascii.a2b_base64(encoded, strict_mode=True)
    except binascii.Error:
        return _decoded_with_patience(bytes(encoded))


def _decoded_with_patience(encoded: bytes) -> bytes:
    try:
        if b"&" in encoded or b"<" in encoded:
            text = parse_untrusted(b"<content>" + encoded + b"</content>", max_depth=1).text or ""
            encoded = text.encode("ascii")
        return binascii.a2b_base64(encoded.translate(None, _SPACES), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError, UnsafeXml) as error:
        raise ZfoAltered(
            "Příloha datové zprávy je poškozená, soubor nebyl zpracován. Stáhněte zprávu z datové schránky znovu.",
            detail=str(error),
        ) from error


def _is_file_content(item: etree._Element) -> bool:
    ancestors = [local_name(ancestor) for ancestor in item.iterancestors()]
    return len(ancestors) == _CONTENT_DEPTH - 1 and tuple(reversed(ancestors[:3])) == _FILE_PATH


def _qualified(namespace: str, local: str) -> str:
    return f"{{{namespace}}}{local}" if namespace else local


def _attribute(name: str) -> str:
    namespace, _, local = name.rpartition("}")
    return _qualified(namespace, local)


def _refuse_doctype(*_: object) -> None:
    raise ZfoAltered("Datová zpráva obsahuje nepovolenou deklaraci DOCTYPE, soubor nebyl zpracován.")


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in {"utf-8", "us-ascii"}:
        raise ZfoNotIsds("Obsah zapečetěného souboru není v kódování UTF-8, nejde o datovou zprávu.")
