"""Components: their roles, forms and names."""

import re
import unicodedata

from egon.records.rules.labels import Labelled


class ComponentRole(Labelled):
    """What a component is within its document."""

    MAIN = "main", "hlavní"
    ATTACHMENT = "attachment", "příloha"
    MESSAGE = "message", "datová zpráva"
    RECEIPT = "receipt", "doručenka"
    HEADER = "header", "hlavička zprávy"
    OTHER = "other", "jiná"


class ComponentForm(Labelled):
    """How a version came to be: as delivered, as we made it, or converted into an output format."""

    ORIGINAL = "original", "jak došla"
    OWN = "own", "vlastní"
    OUTPUT = "output", "výstupní formát"


class TextState(Labelled):
    """What came of reading the text of a version."""

    READ = "read", "přečten"
    NONE = "none", "bez textu"
    FAILED = "failed", "nepřečten"


# The ZFO of a message or receipt is kept byte for byte, for its seal proves the delivery (§ 23 does not convert it).
KEPT_AS_THEY_ARE = frozenset({ComponentRole.MESSAGE, ComponentRole.RECEIPT})

LONGEST_NAME = 255
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')


def clean_name(name: str) -> str:
    """A file name safe to keep and to offer: no path, no control or direction characters, at most 255 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = _FORBIDDEN.sub("_", last).strip(" .")
    if len(cleaned) > LONGEST_NAME:
        stem, dot, extension = cleaned.rpartition(".")
        keep = LONGEST_NAME - len(extension) - 1
        cleaned = f"{stem[:keep]}.{extension}" if dot and keep > 0 else cleaned[:LONGEST_NAME]
    return cleaned or "bez názvu"
