"""Reading each kind. Runs only in the child process (:mod:`egon.gateways.texts.child`), which may be killed.

Libraries are imported where they are used: the process reads one file, and to import all of them takes as long as that.
"""

import email
import email.policy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from egon.gateways.texts.kinds import Kind, kind_of
from egon.gateways.texts.limits import DEEPEST, MOST_CHARACTERS, MOST_PAGES, MOST_PARTS, NO_MEMORY, NoText

_HTML_BREAKS = ("p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "title", "option", "pre")
_HTML_DROPPED = ("script", "style", "template")
_TOO_DEEP: Final = "je příliš hluboko"


@dataclass(frozen=True, slots=True)
class Within:
    """In how many messages and archives a file lies, and what in them could not be read, with the reason."""

    depth: int = 1
    unread: list[str] = field(default_factory=list)

    @property
    def deeper(self) -> "Within":
        """The same of a file inside this one."""
        return replace(self, depth=self.depth + 1)

    def leave(self, name: str, reason: str) -> None:
        """Remember what was not read."""
        if len(self.unread) < MOST_PARTS:
            self.unread.append(f"{name or 'soubor bez názvu'}: {reason.rstrip('.')}")


def text_of(kind: Kind, content: bytes, within: Within | None = None) -> str:
    """The text, at most :data:`MOST_CHARACTERS`. Raises :class:`NoText`, and whatever the libraries raise."""
    kept, length = [], 0
    pieces = _HOLDING[kind](content, within or Within()) if kind in _HOLDING else _READERS[kind](content)
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length >= MOST_CHARACTERS:
            break
    return "".join(kept)[:MOST_CHARACTERS].replace("\x00", "")


def _pdf(content: bytes) -> Iterator[str]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise NoText("PDF je chráněné heslem." if locked else "PDF je poškozené.", detail=str(error)) from error
    for number in range(min(len(document), MOST_PAGES)):
        yield document[number].get_textpage().get_text_range() + "\n"


def _html(content: bytes) -> Iterator[str]:
    import lxml.html

    from egon.gateways.texts.flow import flowing

    # The encoding is told to the parser when we know it; otherwise the page says it itself.
    parser = lxml.html.HTMLParser(encoding=_utf8_or_unknown(content), no_network=True)
    if content.strip():
        yield from flowing(lxml.html.document_fromstring(content, parser), breaks=_HTML_BREAKS, dropped=_HTML_DROPPED)


def _utf8_or_unknown(content: bytes) -> str | None:
    try:
        content.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _plain(content: bytes) -> Iterator[str]:
    """Czech text files come in UTF-8 or UTF-16, the older ones in Windows-1250."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield content.decode("utf-16", errors="replace")
        return
    try:
        yield content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield content.decode("cp1250", errors="replace")


def _rtf(content: bytes) -> Iterator[str]:
    from striprtf.striprtf import rtf_to_text

    yield rtf_to_text(content.decode("latin-1"), encoding="cp1250", errors="replace")


def _package(content: bytes, within: Within) -> Iterator[str]:
    """An office document, or an archive: names and texts of the files in it."""
    from egon.gateways.texts import packages

    package = packages.opened(content)
    if packages.is_office(package):
        yield from packages.text_of_office(package)
    else:
        yield from _files(packages.files_in(package), within)


def _archive(content: bytes, within: Within) -> Iterator[str]:
    """Names and texts of the files in an archive."""
    from egon.gateways.texts import archives

    yield from _files(archives.files_in(content), within)


def _files(files: Iterator[tuple[str, bytes]], within: Within) -> Iterator[str]:
    """Those that were read count, though the rest of the archive cannot be."""
    count = 0
    try:
        for name, inside in files:
            yield from _held(name, inside, "", within)
            count += 1
    except NoText as error:
        if not count:
            raise
        within.leave("zbytek archivu", error.message)


def _compound(content: bytes, within: Within) -> Iterator[str]:
    """An older office document, or a message of Outlook with its attachments. Others have no text."""
    from egon.gateways.texts import compound, excel, powerpoint

    opened = compound.opened(content)
    if compound.is_word(opened):
        yield from compound.text_of_word(opened)
    elif compound.is_excel(opened):
        yield from excel.text_of_sheets(content)
    elif compound.is_powerpoint(opened):
        yield from powerpoint.text_of_slides(*compound.streams_of_powerpoint(opened))
    elif compound.is_locked_package(opened):
        raise NoText("Soubor je chráněný heslem.")
    elif compound.is_message(opened):
        yield from _outlook(opened, "", within)


def _outlook(opened: Any, folder: str, within: Within) -> Iterator[str]:
    """A message of a compound, then its attachments, then messages attached to it."""
    from egon.gateways.texts import compound

    yield from compound.text_of_message(opened, folder)
    yield from _html(compound.html_of_message(opened, folder))
    for name, inside in compound.attachments_of(opened, folder):
        yield from _held(name, inside, "", within)
    for place in compound.messages_in(opened, folder):
        if within.depth >= DEEPEST:
            within.leave("zpráva v příloze", _TOO_DEEP)
        else:
            yield from _outlook(opened, place, within.deeper)


def _mail(content: bytes, within: Within) -> Iterator[str]:
    yield from _letter(email.message_from_bytes(content, policy=email.policy.default), within)


def _letter(message: Any, within: Within) -> Iterator[str]:
    """Subject, people, texts and attachments; a part that cannot be read is passed over, the others are not."""
    yield from (f"{message[name]}\n" for name in ("Subject", "From", "To", "Cc") if message[name])
    for part in islice(_parts_of(message), MOST_PARTS):
        name = part.get_filename() or ""
        if part.get_content_type() == "message/rfc822":
            yield from _forwarded(part, within)
        elif part.get_content_type() == "text/plain" and not name:
            yield _written(part)
        elif isinstance(body := part.get_payload(decode=True), bytes):
            yield from _held(name, body, part.get_content_type(), within)


def _parts_of(message: Any) -> Iterator[Any]:
    """Parts that hold something, from the first; messages attached to the message as they are."""
    if message.get_content_maintype() != "multipart":
        yield message
        return
    for part in message.get_payload() if message.is_multipart() else ():
        yield from _parts_of(part)


def _forwarded(part: Any, within: Within) -> Iterator[str]:
    if within.depth >= DEEPEST:
        within.leave("zpráva v příloze", _TOO_DEEP)
    elif part.is_multipart():
        yield from _letter(part.get_payload(0), within.deeper)


def _written(part: Any) -> str:
    """The text of a part; one that names an unknown encoding is read as Czech files without any are."""
    try:
        return f"{part.get_content()}\n"
    except (LookupError, UnicodeError):
        return "".join(_plain(part.get_payload(decode=True)))


def _held(name: str, content: bytes, media_type: str, within: Within) -> Iterator[str]:
    """The name and the text of a file within another one; one that is damaged must not hide the others."""
    yield f"{name}\n" if name else ""
    kind = kind_of(content, name=name, media_type=media_type)
    if kind is None:
        return
    if kind in _HOLDING and within.depth >= DEEPEST:
        within.leave(name, _TOO_DEEP)
        return
    try:
        yield f"{text_of(kind, content, within.deeper)}\n"
    except NoText as error:
        within.leave(name, error.message)
    except MemoryError:
        within.leave(name, NO_MEMORY)
    except Exception:  # whatever the libraries raise
        within.leave(name, "nepodařilo se přečíst")


_READERS: Mapping[Kind, Callable[[bytes], Iterator[str]]] = {
    Kind.PDF: _pdf,
    Kind.HTML: _html,
    Kind.PLAIN: _plain,
    Kind.RTF: _rtf,
}
_HOLDING: Mapping[Kind, Callable[[bytes, Within], Iterator[str]]] = {  # those that may have other files in them
    Kind.PACKAGE: _package,
    Kind.ARCHIVE: _archive,
    Kind.COMPOUND: _compound,
    Kind.MAIL: _mail,
}
