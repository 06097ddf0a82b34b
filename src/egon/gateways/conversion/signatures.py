"""Whether a file carries an electronic signature inside: its change of format has to wait until that is verified.

Zákon 499/2004 § 69a odst. 3; only looked for, nothing is verified here.
"""

import io
import re
import zipfile
from typing import Final

_IN_PACKAGE: Final = re.compile(r"(_xmlsignatures/.+|META-INF/(documentsignatures|.*signature.*)\.(xml|p7s|p7m))", re.I)
_PDF_SIGNATURE: Final = re.compile(rb"/Type\s*/Sig\b|/ByteRange\s*\[|/FT\s*/Sig\b|/Type\s*/DocTimeStamp\b")
_MOST_NAMES: Final = 10_000


def is_signed(content: bytes) -> bool:
    """Whether a PDF, an OOXML or an ODF document is signed, sealed or time-stamped. Never raises."""
    if b"%PDF-" in content[:1024]:
        return _PDF_SIGNATURE.search(content) is not None
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return any(_IN_PACKAGE.fullmatch(name) for name in package.namelist()[:_MOST_NAMES])
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
