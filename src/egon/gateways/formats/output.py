"""Output data formats of components (výstupní datové formáty, vyhláška 259/2012 Sb. § 23)."""

_PDF_A = frozenset({"fmt/95", "fmt/354", "fmt/476", "fmt/477", "fmt/478"})
# PDF/A-3 and later only when what is embedded is an output format too (§ 23 odst. 2): decided by who looks inside.
_PDF_A_WITH_EMBEDDED = frozenset({"fmt/479", "fmt/480", "fmt/481", "fmt/1910", "fmt/1911", "fmt/1912"})
_STILL_IMAGES = frozenset(
    {"fmt/11", "fmt/12", "fmt/13", "fmt/935"}  # PNG
    | {"fmt/353"}  # TIFF
    | {"fmt/41", "fmt/42", "fmt/43", "fmt/44", "fmt/645", "fmt/1507", "x-fmt/390", "x-fmt/391"}  # JPEG, JFIF, Exif
)
_MOVING_IMAGES = frozenset({"fmt/3", "fmt/4", "x-fmt/385", "x-fmt/386", "fmt/640", "fmt/649", "fmt/199"})
_SOUND = frozenset({"fmt/134", "fmt/347", "fmt/6", "fmt/141", "fmt/142", "fmt/143", "fmt/1", "fmt/2", "fmt/703"})
_DATA = frozenset({"fmt/101"})  # XML; its schema must come along (§ 23 odst. 6)

_ALWAYS = _PDF_A | _STILL_IMAGES | _MOVING_IMAGES | _SOUND | _DATA


def is_output_format(pronom_id: str, *, embeds_only_output_formats: bool = False) -> bool:
    """Whether a component may leave the system in this format.

    ``embeds_only_output_formats`` tells what was found inside PDF/A-3 and later; unknown means no. Compression of a
    TIFF and the schema of an XML cannot be told from PRONOM, they are the caller's to check.
    """
    return pronom_id in _ALWAYS or (embeds_only_output_formats and pronom_id in _PDF_A_WITH_EMBEDDED)
