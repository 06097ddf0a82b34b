"""Reading foreign PDFs and pictures by our own libraries, in a process that may be killed.

``python -m egon.gateways.conversion.child (pdf|bitmap|check) SOURCE TARGET TITLE``: the exit code is 0, :data:`REFUSED`
with the reason in Czech on the output, or anything else for a crash.
"""

import sys
from pathlib import Path
from typing import Final

from egon.gateways.conversion.limits import MOST_PIXELS, NotConverted

REFUSED: Final = 3


def main() -> int:
    """Do what the arguments say."""
    what, source, target, title = sys.argv[1:5]
    try:
        if what == "bitmap":
            _png(Path(source), Path(target))
        else:
            _pdf(what, Path(source), Path(target), title)
    except NotConverted as refusal:
        sys.stdout.buffer.write(refusal.message.encode())
        sys.stderr.write(refusal.detail)
        return REFUSED
    return 0


def _pdf(what: str, source: Path, target: Path, title: str) -> None:
    from egon.gateways.conversion.archival import faults_of_archival, make_archival

    content = source.read_bytes()
    if what == "pdf":
        content = make_archival(content, title=title)
        target.write_bytes(content)
    faults = faults_of_archival(content)
    if faults:
        raise NotConverted(f"Výsledek převodu není PDF/A: soubor {', '.join(faults)}.")


def _png(source: Path, target: Path) -> None:
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # the library refuses from its double on
    try:
        with Image.open(source, formats=["BMP", "DIB"]) as picture:
            picture.load()
            picture.save(target, "PNG", optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotConverted("Obrázek je poškozený nebo příliš velký.", detail=str(error)[:200]) from error


if __name__ == "__main__":
    sys.exit(main())
