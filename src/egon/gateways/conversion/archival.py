"""What makes a PDF a PDF/A-2b (ISO 19005-2), as far as can be told without a validator, and bringing one to it.

Checked: no encryption, marks in XMP, a colour profile, embedded fonts, no scripts, no attachments, no CMYK without a
profile, no forbidden annotations. Not checked: widths of glyphs and details of encodings, which veraPDF would see.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Object, PasswordError, Pdf, PdfError, Stream, parse_content_stream
from PIL import ImageCms

from egon.gateways.conversion.limits import MOST_PAGES, NotConverted

_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
_MARK: Final = b"http://www.aiim.org/pdfa/ns/id/"
_FORBIDDEN_ANNOTATIONS: Final = ("/3D", "/Sound", "/Screen", "/Movie", "/RichMedia", "/FileAttachment")
_PRINTED: Final = 4  # the flag of annotations
_HIDDEN_FLAGS: Final = 1 | 2 | 32
_CMYK_OPERATORS: Final = ("k", "K")
_DEEPEST: Final = 12  # forms within forms


def faults_of_archival(content: bytes) -> list[str]:
    """Why this is no PDF/A-2b, in Czech; empty when nothing was found."""
    try:
        with Pdf.open(BytesIO(content)) as pdf:
            return [*_missing_marks(pdf), *_faults_of_content(pdf)]
    except PasswordError:
        return ["je chráněný heslem"]
    except (PdfError, ValueError, TypeError, RuntimeError, RecursionError) as error:
        return [f"je poškozený ({type(error).__name__})"]


def make_archival(content: bytes, *, title: str) -> bytes:
    """The same PDF as PDF/A-2b: scripts are taken out, the profile and the marks put in. Raises :class:`NotConverted`
    for what cannot be mended without changing how it looks.
    """
    try:
        with Pdf.open(BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise NotConverted("PDF je zašifrované. Odesílatele požádejte o nezašifrované.")
            faults = _faults_of_content(pdf, scripts=False)
            if faults:
                raise NotConverted(f"PDF nejde převést na PDF/A, aby vypadalo stejně: {'; '.join(faults)}.")
            _strip_behaviour(pdf)
            _mark(pdf, title)
            written = BytesIO()
            pdf.save(written, min_version="1.7", deterministic_id=True)
            return written.getvalue()
    except PasswordError as error:
        raise NotConverted("PDF je chráněné heslem. Odesílatele požádejte o PDF bez hesla.") from error
    except (PdfError, ValueError, TypeError, RuntimeError, RecursionError) as error:
        raise NotConverted("PDF je poškozené, nejde převést.", detail=str(error)[:200]) from error


def _missing_marks(pdf: Pdf) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "je zašifrovaný"
    if "/Metadata" not in pdf.Root or _MARK not in pdf.Root.Metadata.read_bytes():
        yield "nehlásí se k PDF/A"
    if not any(intent.get("/S") == Name.GTS_PDFA1 for intent in pdf.Root.get("/OutputIntents", [])):
        yield "nemá barevný profil"


def _faults_of_content(pdf: Pdf, *, scripts: bool = True) -> list[str]:
    found = dict[str, None]()
    if len(pdf.pages) > MOST_PAGES:
        return [f"má víc než {MOST_PAGES} stran"]
    if "/XFA" in pdf.Root.get("/AcroForm", Dictionary()):
        found["obsahuje dynamický formulář XFA"] = None
    if "/EmbeddedFiles" in pdf.Root.get("/Names", Dictionary()) or "/AF" in pdf.Root:
        found["nese v sobě vložené soubory"] = None
    if scripts and _has_behaviour(pdf):
        found["obsahuje skripty nebo akce při otevření"] = None
    seen = set[tuple[int, int]]()
    for page in pdf.pages:
        found |= dict.fromkeys(_faults_of_annotations(page.obj, seen))
        found |= dict.fromkeys(_faults_of_resources(page.obj, page.obj, seen))
        found |= dict.fromkeys(_colours_without_profile(page.obj))
    return list(found)


def _has_behaviour(pdf: Pdf) -> bool:
    names = pdf.Root.get("/Names", Dictionary())
    opens = pdf.Root.get("/OpenAction")
    acts = isinstance(opens, Dictionary) and opens.get("/S") not in (None, Name.GoTo)
    return acts or "/AA" in pdf.Root or "/JavaScript" in names or any("/AA" in page.obj for page in pdf.pages)


def _faults_of_annotations(page: Object, seen: set[tuple[int, int]]) -> Iterator[str]:
    for annotation in page.get("/Annots", []):
        kind = str(annotation.get("/Subtype", ""))
        if kind in _FORBIDDEN_ANNOTATIONS:
            yield "obsahuje zvuk, video, prostorový model nebo přiložený soubor"
        shown = annotation.get("/AP", Dictionary()).get("/N")
        if isinstance(shown, Stream):
            yield from _faults_of_resources(shown, shown, seen)


def _faults_of_resources(owner: Object, holder: Object, seen: set[tuple[int, int]], depth: int = 0) -> Iterator[str]:
    """Fonts, pictures and forms of a page or a form; a page may inherit its resources."""
    resources = holder.get("/Resources") or _inherited(owner)
    if resources is None or depth > _DEEPEST:
        return
    for font in resources.get("/Font", Dictionary()).values():
        if not _is_embedded(font):
            yield f"nemá vložené písmo {str(font.get('/BaseFont', '(bez názvu)')).lstrip('/')}"
    for drawn in resources.get("/XObject", Dictionary()).values():
        if drawn.objgen != (0, 0) and drawn.objgen in seen:
            continue
        seen.add(drawn.objgen)
        yield from _faults_of_drawn(drawn, seen, depth)


def _faults_of_drawn(drawn: Object, seen: set[tuple[int, int]], depth: int) -> Iterator[str]:
    if drawn.get("/Subtype") == Name.Form:
        yield from _faults_of_resources(drawn, drawn, seen, depth + 1)
        yield from _colours_without_profile(drawn)
    elif drawn.get("/ColorSpace") == Name.DeviceCMYK:
        yield "má barvy CMYK bez profilu"


def _inherited(page: Object) -> Any:
    above = page
    for _ in range(_DEEPEST):
        if "/Resources" in above:
            return above.Resources
        if "/Parent" not in above:
            return None
        above = above.Parent
    return None


def _is_embedded(font: Object) -> bool:
    kind = font.get("/Subtype")
    if kind == Name.Type3:
        return True  # its glyphs are drawn in the file itself
    described = font
    if kind == Name.Type0:
        descendants = font.get("/DescendantFonts", Array())
        if len(descendants) == 0:
            return False
        described = descendants[0]
    descriptor = described.get("/FontDescriptor", Dictionary())
    return any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def _colours_without_profile(drawn: Object) -> Iterator[str]:
    for instruction in parse_content_stream(drawn):
        name, operands = str(instruction.operator), instruction.operands
        chosen = name in ("cs", "CS") and len(operands) > 0 and operands[0] == Name.DeviceCMYK
        if name in _CMYK_OPERATORS or chosen:
            yield "má barvy CMYK bez profilu"
            return


def _strip_behaviour(pdf: Pdf) -> None:
    """What would happen by itself goes; what is seen stays."""
    for name in ("/AA", "/OpenAction"):
        if name in pdf.Root:
            del pdf.Root[name]
    names = pdf.Root.get("/Names", Dictionary())
    if "/JavaScript" in names:
        del names["/JavaScript"]
    for page in pdf.pages:
        if "/AA" in page.obj:
            del page.obj["/AA"]
        for annotation in page.obj.get("/Annots", []):
            _tame(annotation)


def _tame(annotation: Object) -> None:
    if "/AA" in annotation:
        del annotation["/AA"]
    action = annotation.get("/A")
    if isinstance(action, Dictionary) and action.get("/S") not in (Name.GoTo, Name.URI, Name.GoToR):
        del annotation["/A"]
    if annotation.get("/Subtype") != Name.Popup:
        annotation.F = (int(annotation.get("/F", 0)) & ~_HIDDEN_FLAGS) | _PRINTED


def _mark(pdf: Pdf, title: str) -> None:
    if not any(intent.get("/S") == Name.GTS_PDFA1 for intent in pdf.Root.get("/OutputIntents", [])):
        profile = pdf.make_stream(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), N=3)
        intent = Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier="sRGB IEC61966-2.1",
            Info="sRGB IEC61966-2.1",
            DestOutputProfile=profile,
        )
        pdf.Root.OutputIntents = Array([intent])
    # Written out, because programs that tell formats look for these very bytes, not for any XML that means the same.
    metadata = pdf.make_stream(_XMP.format(title=escape(title)).encode())
    metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = metadata
    for name in list(pdf.docinfo.keys()):  # they would have to say the same as the metadata; the original keeps them
        del pdf.docinfo[name]
    pdf.docinfo["/Title"] = title
