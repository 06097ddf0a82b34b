"""Several PDFs bound into one, with bookmarks and attached files: plain PDF, for foreign parts may be anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

from pikepdf import AttachedFileSpec, Name, OutlineItem, PasswordError, Pdf, PdfError

_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the bound PDF."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Part:
    """Pages under one bookmark; ``parts`` come after them, one level lower."""

    label: str
    pdfs: Sequence[bytes] = ()
    attachment: Attachment | None = None
    parts: Sequence["Part"] = field(default=())


def is_bindable(content: bytes) -> bool:
    """Whether the pages of a PDF can be bound: it is not damaged, locked by a password, or empty."""
    try:
        with Pdf.open(BytesIO(content)) as pdf:
            Pdf.new().pages.extend(pdf.pages)  # a broken page shows itself only when it is taken over
            return len(pdf.pages) > 0
    except (PdfError, PasswordError, ValueError, TypeError, RuntimeError):
        return False


def bind(parts: Sequence[Part], *, title: str) -> bytes:
    """One PDF of all the parts in their order. Every ``Part.pdfs`` must be :func:`is_bindable`."""
    bound = Pdf.new()
    with bound.open_outline() as outline:
        outline.root.extend(_bound(bound, part) for part in parts)
    with bound.open_metadata() as metadata:
        metadata["dc:title"] = title
    bound.docinfo["/Title"] = title
    written = BytesIO()
    bound.save(written)
    return written.getvalue()


def bind_archival(parts: Sequence[Part], *, title: str) -> bytes:
    """The same of PDF/A-2 made by ourselves only, as PDF/A-2b (ISO 19005-2): its marks and colours are kept.

    The structure for readers' programs (conformance A) does not survive binding.
    """
    bound = Pdf.new()
    with bound.open_outline() as outline:
        outline.root.extend(_bound(bound, part) for part in parts)
    with Pdf.open(BytesIO(parts[0].pdfs[0])) as first:
        if "/OutputIntents" in first.Root:
            bound.Root.OutputIntents = bound.copy_foreign(first.Root.OutputIntents)
    # Written out, because programs that tell formats look for these very bytes, not for any XML that means the same.
    metadata = bound.make_stream(_XMP.format(title=escape(title)).encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    bound.Root.Metadata = metadata
    bound.docinfo["/Title"] = title
    written = BytesIO()
    bound.save(written, min_version="1.7", deterministic_id=True)
    return written.getvalue()


def _bound(bound: Pdf, part: Part) -> OutlineItem:
    item = OutlineItem(part.label, len(bound.pages))
    for content in part.pdfs:
        with Pdf.open(BytesIO(content)) as pdf:
            for page in pdf.pages:
                if "/AA" in page:  # what a foreign page would do when opened
                    del page["/AA"]
            bound.pages.extend(pdf.pages)
    if part.attachment:
        carried = AttachedFileSpec(
            bound,
            part.attachment.content,
            filename=part.attachment.name,
            description=part.label,
            mime_type=part.attachment.media_type,
            creation_date="",
            mod_date="",
        )
        bound.attachments[part.attachment.name] = carried
    item.children.extend(_bound(bound, below) for below in part.parts)
    return item
