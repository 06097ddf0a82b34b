"""How the formats met every day are called in Czech; others keep PRONOM's own name."""

_PDF_A = {
    "fmt/95": "PDF/A-1a",
    "fmt/354": "PDF/A-1b",
    "fmt/476": "PDF/A-2a",
    "fmt/477": "PDF/A-2b",
    "fmt/478": "PDF/A-2u",
    "fmt/479": "PDF/A-3a",
    "fmt/480": "PDF/A-3b",
    "fmt/481": "PDF/A-3u",
    "fmt/1910": "PDF/A-4",
    "fmt/1911": "PDF/A-4e",
    "fmt/1912": "PDF/A-4f",
}
_NAMES = {
    "x-fmt/111": "prostý text",
    "x-fmt/16": "prostý text",
    "x-fmt/18": "tabulka CSV",
    "fmt/96": "stránka HTML",
    "fmt/99": "stránka HTML",
    "fmt/100": "stránka HTML",
    "fmt/471": "stránka HTML",
    "fmt/101": "dokument XML",
    "fmt/40": "dokument Word (doc)",
    "fmt/412": "dokument Word (docx)",
    "fmt/61": "sešit Excel (xls)",
    "fmt/214": "sešit Excel (xlsx)",
    "fmt/126": "prezentace PowerPoint (ppt)",
    "fmt/215": "prezentace PowerPoint (pptx)",
    "fmt/136": "textový dokument ODF (odt)",
    "fmt/290": "textový dokument ODF (odt)",
    "fmt/291": "textový dokument ODF (odt)",
    "fmt/294": "tabulka ODF (ods)",
    "fmt/295": "tabulka ODF (ods)",
    "fmt/45": "dokument RTF",
    "fmt/53": "dokument RTF",
    "fmt/355": "dokument RTF",
    "x-fmt/263": "archiv ZIP",
    "x-fmt/266": "archiv GZIP",
    "fmt/484": "archiv 7z",
    "x-fmt/409": "program pro MS-DOS nebo Windows",
    "fmt/899": "program pro Windows",
    "fmt/900": "program pro Windows",
    "x-fmt/411": "program pro Windows",
    "fmt/689": "program pro Linux",
    "fmt/278": "zpráva elektronické pošty",
    "x-fmt/430": "zpráva Outlook (msg)",
}
_FAMILIES = (
    ("Acrobat PDF", "dokument PDF"),
    ("Portable Network Graphics", "obrázek PNG"),
    ("Tagged Image File Format", "obrázek TIFF"),
    ("TIFF", "obrázek TIFF"),
    ("JPEG File Interchange Format", "obrázek JPEG"),
    ("Exchangeable Image File Format (Compressed)", "obrázek JPEG"),
    ("Raw JPEG Stream", "obrázek JPEG"),
    ("Graphics Interchange Format", "obrázek GIF"),
    ("Extensible Markup Language", "dokument XML"),
    ("MPEG 1/2 Audio Layer 3", "zvuk MP3"),
    ("Waveform Audio", "zvuk WAV"),
    ("Broadcast WAVE", "zvuk WAV"),
    ("MPEG-1", "video MPEG-1"),
    ("MPEG-2", "video MPEG-2"),
    ("MPEG-4", "video MPEG-4"),
    ("Microsoft Word", "dokument Word"),
    ("Microsoft Excel", "sešit Excel"),
    ("Microsoft PowerPoint", "prezentace PowerPoint"),
    ("OpenDocument Text", "textový dokument ODF (odt)"),
    ("OpenDocument Spreadsheet", "tabulka ODF (ods)"),
)
_WITH_VERSION = ("dokument PDF",)


def describe(pronom_id: str, name: str, version: str) -> str:
    """A short Czech name of the format, as ``dokument PDF 1.7`` or ``PDF/A-2b``."""
    if pronom_id in _PDF_A:
        return _PDF_A[pronom_id]
    if pronom_id in _NAMES:
        return _NAMES[pronom_id]
    for beginning, czech in _FAMILIES:
        if name.startswith(beginning):
            return f"{czech} {version}".strip() if czech in _WITH_VERSION else czech
    return f"{name} {version}".strip() or "nerozpoznaný formát"
