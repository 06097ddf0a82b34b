"""Office documents, texts and web pages into PDF/A-2b by LibreOffice, with a profile of its own for each call.

No macros, no links: a document from outside must neither run anything nor ask for anything.
"""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from egon.gateways.conversion.kinds import Way
from egon.gateways.conversion.limits import NotConverted, ToolMissing
from egon.gateways.conversion.running import run

_FILTERS: Final = {Way.CALC: "calc_pdf_Export", Way.IMPRESS: "impress_pdf_Export"}
_LIBRARIES: Final = {Way.CALC: "sclo", Way.IMPRESS: "sdlo"}
_PARTS: Final = {Way.CALC: "Calc", Way.IMPRESS: "Impress"}
_OPTIONS: Final = (
    '{"SelectPdfVersion":{"type":"long","value":"2"},"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"ExportFormFields":{"type":"boolean","value":"false"}}'
)
_READ_AS: Final = {Way.TEXT: "Text (encoded):UTF8,LF,Liberation Mono,cs-CZ", Way.HTML: "HTML (StarWriter)"}
_PROGRAMS: Final = ("soffice", "libreoffice")
_PLACES: Final = ("/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice")

# What the profile says: path of the node, property, value.
_SETTINGS: Final = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableOLEAutomation", "true"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@cache
def office_program() -> str | None:
    """Where LibreOffice is, or None."""
    found = next((place for name in _PROGRAMS if (place := shutil.which(name))), None)
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def office_for(way: Way) -> str | None:
    """LibreOffice with the part that reads this kind, or None: distributions pack Writer, Calc and Impress apart."""
    program = office_program()
    if program is None:
        return None
    folder = Path(program).resolve().parent
    library = folder / f"lib{_LIBRARIES.get(way, 'swlo')}.so"
    # Where libraries lie elsewhere (other builds), the program itself says what it cannot read.
    packed_apart = (folder / "libsofficeapp.so").exists()
    return program if library.exists() or not packed_apart else None


def by_office(source: Path, way: Way, folder: Path) -> bytes:
    """PDF/A-2b of a file in ``folder``. Raises :class:`ToolMissing`, :class:`NotConverted`."""
    program = office_for(way)
    if program is None:
        raise ToolMissing(
            f"Tento soubor převádí LibreOffice {_PARTS.get(way, 'Writer')} a na serveru nainstalované není. "
            "Požádejte správce systému."
        )
    profile, results = folder / "profile", folder / "out"
    _write_profile(profile)
    results.mkdir()
    done = run(_command(program, way, source, profile, results), folder)
    written = list(results.glob("*.pdf"))
    if done.returncode != 0 or len(written) != 1 or written[0].stat().st_size == 0:
        raise NotConverted(
            "LibreOffice soubor nepřevedl: je poškozený, chráněný heslem, nebo příliš rozsáhlý.", detail=_told(done)
        )
    return written[0].read_bytes()


def _command(program: str, way: Way, source: Path, profile: Path, results: Path) -> list[str]:
    read_as = [f"--infilter={_READ_AS[way]}"] if way in _READ_AS else []
    return [
        program,
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        f"-env:UserInstallation={profile.as_uri()}",
        *read_as,
        "--convert-to",
        f"pdf:{_FILTERS.get(way, 'writer_pdf_Export')}:{_OPTIONS}",
        "--outdir",
        str(results),
        str(source),
    ]


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/{escape(path)}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    folder = profile / "user"
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{items}'
        "</oor:items>",
        encoding="utf-8",
    )


def _told(done: subprocess.CompletedProcess[bytes]) -> str:
    return f"{done.returncode} {done.stderr[-300:].decode(errors='replace')}".strip()
