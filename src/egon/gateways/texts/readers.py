"""Reading each kind. Runs only in the child process (:mod:`egon.gateways.texts.child`), which may be killed."""

import email
import email.policy
from collections.abc import Callable, Iterator, Mapping
from email.message import EmailMessage
from itertools import islice

import lxml.html
import pypdfium2

from egon.gateways.texts.flow import flowing
from egon.gateways.texts.kinds import Kind, kind_of
from egon.gateways.texts.limits import DEEPEST_MAIL, MOST_CHARACTERS, MOST_PAGES, MOST_PARTS, NoText
from egon.gateways.texts.packages import text_of_package

_HTML_BREAKS = ("p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "title", "option", "pre")
_HTML_DROPPED = ("script", "style", "template")


def text_of(kind: Kind, content: bytes) -> str:
    """The text, at most :data:`MOST_CHARACTERS`. Raises :class:`NoText`, and whatever the libraries raise."""
    kept, length = [], 0
    for piece in _READERS[kind](content):
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


def _mail(content: bytes) -> Iterator[str]:
    message = email.message_from_bytes(content, policy=email.policy.default)
    yield from _message(message, depth=1)


def _message(message: EmailMessage, depth: int) -> Iterator[str]:
    """Subject, people, texts and attachments; a part that cannot be read is passed over, the others are not."""
    yield from (f"{message[name]}\n" for name in ("Subject", "From", "To", "Cc") if message[name])
    for part in islice(message.walk(), MOST_PARTS):
        if part.get_content_maintype() in ("multipart", "message"):
            continue
        name, body = part.get_filename() or "", part.get_payload(decode=True)
        yield f"{name}\n" if name else ""
        if isinstance(body, bytes):
            yield from _part(part, name, body, depth)
            yield "\n"


def _part(part: EmailMessage, name: str, body: bytes, depth: int) -> Iterator[str]:
    if part.get_content_type() == "text/plain" and not name:
        yield str(part.get_content())
        return
    kind = kind_of(body, name=name, media_type=part.get_content_type())
    if kind is None or (kind is Kind.MAIL and depth >= DEEPEST_MAIL):
        return
    try:
        yield text_of(kind, body)
    except Exception:  # a damaged attachment must not hide the message around it
        return


_READERS: Mapping[Kind, Callable[[bytes], Iterator[str]]] = {
    Kind.PDF: _pdf,
    Kind.PACKAGE: text_of_package,
    Kind.MAIL: _mail,
    Kind.HTML: _html,
    Kind.PLAIN: _plain,
}
