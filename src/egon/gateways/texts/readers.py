"""Reading each kind. Runs only in the child process (:mod:`egon.gateways.texts.child`), which may be killed."""

import email
import email.policy
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from itertools import islice

import lxml.html
import pypdfium2
from striprtf.striprtf import rtf_to_text

from egon.gateways.texts import compound, packages
from egon.gateways.texts.flow import flowing
from egon.gateways.texts.kinds import Kind, kind_of
from egon.gateways.texts.limits import DEEPEST, MOST_CHARACTERS, MOST_PAGES, MOST_PARTS, NoText

_HTML_BREAKS = ("p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "title", "option", "pre")
_HTML_DROPPED = ("script", "style", "template")


def text_of(kind: Kind, content: bytes, depth: int = 1) -> str:
    """The text, at most :data:`MOST_CHARACTERS`. Raises :class:`NoText`, and whatever the libraries raise.

    ``depth`` tells in how many messages and archives the content lies.
    """
    kept, length = [], 0
    pieces = _HOLDING[kind](content, depth) if kind in _HOLDING else _READERS[kind](content)
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length >= MOST_CHARACTERS:
            break
    return "".join(kept)[:MOST_CHARACTERS].replace("\x00", "")


def _pdf(content: bytes) -> Iterator[str]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise NoText("PDF je chráněné heslem." if locked else "PDF je poškozené.", detail=str(error)) from error
    for number in range(min(len(document), MOST_PAGES)):
        yield document[number].get_textpage().get_text_range() + "\n"


def _html(content: bytes) -> Iterator[str]:
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
    yield rtf_to_text(content.decode("latin-1"), encoding="cp1250", errors="replace")


def _package(content: bytes, depth: int) -> Iterator[str]:
    """An office document, or an archive: names and texts of the files in it."""
    archive = packages.opened(content)
    if packages.is_office(archive):
        yield from packages.text_of_office(archive)
        return
    for name, inside in packages.files_in(archive):
        yield from _held(name, inside, "", depth)


def _compound(content: bytes, depth: int) -> Iterator[str]:
    """A document of Word, or a message of Outlook with its attachments."""
    opened = compound.opened(content)
    if compound.is_word(opened):
        yield from compound.text_of_word(opened)
    elif compound.is_message(opened):
        yield from compound.text_of_message(opened)
        yield from _html(compound.html_of_message(opened))
        for name, inside in compound.attachments_of(opened):
            yield from _held(name, inside, "", depth)


def _mail(content: bytes, depth: int) -> Iterator[str]:
    """Subject, people, texts and attachments; a part that cannot be read is passed over, the others are not."""
    message: EmailMessage = email.message_from_bytes(content, policy=email.policy.default)
    yield from (f"{message[name]}\n" for name in ("Subject", "From", "To", "Cc") if message[name])
    for part in islice(message.walk(), MOST_PARTS):
        if part.get_content_maintype() in ("multipart", "message"):
            continue
        name, body = part.get_filename() or "", part.get_payload(decode=True)
        if part.get_content_type() == "text/plain" and not name:
            yield f"{part.get_content()}\n"
        elif isinstance(body, bytes):
            yield from _held(name, body, part.get_content_type(), depth)


def _held(name: str, content: bytes, media_type: str, depth: int) -> Iterator[str]:
    """The name and the text of a file within another one; one that is damaged must not hide the others."""
    yield f"{name}\n" if name else ""
    kind = kind_of(content, name=name, media_type=media_type)
    if kind is None or (kind in _HOLDING and depth >= DEEPEST):
        return
    try:
        yield f"{text_of(kind, content, depth + 1)}\n"
    except Exception:  # whatever the libraries raise
        return


_READERS: Mapping[Kind, Callable[[bytes], Iterator[str]]] = {
    Kind.PDF: _pdf,
    Kind.HTML: _html,
    Kind.PLAIN: _plain,
    Kind.RTF: _rtf,
}
_HOLDING: Mapping[Kind, Callable[[bytes, int], Iterator[str]]] = {  # those that may have other files in them
    Kind.PACKAGE: _package,
    Kind.COMPOUND: _compound,
    Kind.MAIL: _mail,
}
