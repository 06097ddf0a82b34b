"""Converting one file: its way, the tool, and the check of what came out."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from egon.gateways.conversion.child import REFUSED
from egon.gateways.conversion.cleaning import clean_html, clean_text, require_whole
from egon.gateways.conversion.kinds import Way
from egon.gateways.conversion.limits import LARGEST_CONTENT, NotConverted
from egon.gateways.conversion.office import by_office, office_for
from egon.gateways.conversion.running import run
from egon.gateways.conversion.signatures import is_signed

_OWN: Final = "eGON Centrum"


@dataclass(frozen=True, slots=True)
class Converted:
    """The output: its bytes, type and suffix (with the dot), and what made it."""

    content: bytes
    media_type: str
    suffix: str
    tool: str


def tool_for(way: Way) -> str | None:
    """What converts by this way here; None when it is not installed."""
    if not way.needs_office:
        return _OWN
    return "LibreOffice" if office_for(way) else None


def convert(content: bytes, way: Way, *, title: str) -> Converted:
    """A file as PDF/A-2b, a bitmap as PNG; what came out was checked.

    Raises :class:`NotConverted` with the reason, :class:`ToolMissing`.
    """
    if len(content) > LARGEST_CONTENT:
        raise NotConverted(f"Soubor je větší než {LARGEST_CONTENT // 1024**2} MB, tak velké se nepřevádějí.")
    if is_signed(content):
        raise NotConverted(
            "Soubor nese elektronický podpis, pečeť nebo časové razítko. Převést ho jde až po jejich ověření "
            "(zákon č. 499/2004 Sb., § 69a odst. 3)."
        )
    with tempfile.TemporaryDirectory(prefix="egon-conversion-", ignore_cleanup_errors=True) as name:
        return _convert_in(Path(name), content, way, title)


def _convert_in(folder: Path, content: bytes, way: Way, title: str) -> Converted:
    source = folder / f"source.{way.suffix}"
    source.write_bytes(_cleaned(content, way))
    if way is Way.BITMAP:
        return Converted(_by_child("bitmap", folder, source, title), "image/png", ".png", _OWN)
    if way is Way.PDF:
        return Converted(_by_child("pdf", folder, source, title), "application/pdf", ".pdf", _OWN)
    written = by_office(source, way, folder)
    made = folder / "made.pdf"
    made.write_bytes(written)
    _by_child("check", folder, made, title)
    return Converted(written, "application/pdf", ".pdf", "LibreOffice")


def _cleaned(content: bytes, way: Way) -> bytes:
    if way is Way.TEXT:
        return clean_text(content)
    if way is Way.HTML:
        return clean_html(content)
    if way in (Way.WRITER, Way.CALC, Way.IMPRESS):
        require_whole(content)
    return content


def _by_child(what: str, folder: Path, source: Path, title: str) -> bytes:
    target = folder / f"{what}.out"
    command = [sys.executable, "-m", "egon.gateways.conversion.child", what, str(source), str(target), title]
    done = run(command, folder)
    if done.returncode == REFUSED:
        raise NotConverted(done.stdout.decode(errors="replace"), detail=done.stderr.decode(errors="replace")[-200:])
    if done.returncode != 0:
        trouble = done.stderr.decode(errors="replace")[-300:]
        raise NotConverted("Soubor se nepodařilo převést, nejspíš je poškozený.", detail=f"{done.returncode} {trouble}")
    return target.read_bytes() if target.exists() else b""
