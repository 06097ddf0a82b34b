"""LibreOffice itself opens a component taken out, writes into it and saves it in place; then it becomes a version."""

import re
import shutil
import subprocess
import zipfile
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import expect

OFFICE = shutil.which("soffice")
PATIENCE_S = 300
DOCTYPE = '<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">'
MACRO = """
Sub Main(task As String, report As String)
  On Error GoTo Failed
  ' The program decodes what stands in the address of a macro, so the address of the file comes in a file.
  number = FreeFile
  Open task For Input As #number
  Line Input #number, address
  Close #number
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  document = StarDesktop.loadComponentFromURL(address, "_blank", 0, hidden())
  found = document.Text.String
  document.Text.insertString(document.Text.End, " Doplněno v programu.", False)
  document.store()
  Tell report, found
  document.close(True)
  StarDesktop.terminate()
  Exit Sub
Failed:
  Tell report, "error " & Error$
  StarDesktop.terminate()
End Sub
Sub Tell(report As String, what As String)
  number = FreeFile
  Open report For Output As #number
  Print #number, what
  Close #number
End Sub
"""

pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed (apt: libreoffice-writer-nogui)")


def office(profile: Path, *arguments: str) -> None:
    command = [str(OFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", *arguments]
    subprocess.run(command, check=True, timeout=PATIENCE_S, capture_output=True)


def teach(profile: Path) -> None:
    """The profile gets the macro that does what a person would do with the program."""
    library = profile / "user/basic/Standard"
    library.mkdir(parents=True, exist_ok=True)
    module = DOCTYPE.format("script:module", "module")
    space = 'xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic"'
    (library / "Module1.xba").write_text(f"{module}<script:module {space}>{escape(MACRO)}</script:module>")
    names = 'xmlns:library="http://openoffice.org/2000/library" library:name="Standard"'
    (library / "script.xlb").write_text(
        f'{DOCTYPE.format("library:library", "library")}<library:library {names} library:readonly="false" '
        'library:passwordprotected="false"><library:element library:name="Module1"/></library:library>'
    )


def written(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return re.sub(r"<[^>]+>", " ", package.read("content.xml").decode())


def test_a_component_is_opened_saved_in_place_and_checked_in(signed_in, tmp_path):
    profile, draft, task, report = (tmp_path / name for name in ("profile", "návrh.txt", "task.txt", "report.txt"))
    draft.write_text("Původní návrh smlouvy.", encoding="utf-8")
    office(profile, "--convert-to", "odt", "--outdir", str(tmp_path), str(draft))
    teach(profile)

    page = signed_in("dvorak")
    page.goto("/dokumenty/novy/")
    page.locator("[name=direction][value=internal]").check()
    page.locator("[name=subject]").fill("Smlouva psaná v programu")
    page.locator("[name=uploads]").set_input_files(tmp_path / "návrh.odt")
    page.locator("main form button[type=submit]").last.click()
    document = page.url
    page.locator('form[action*="/upravit/"] button').first.click()
    editing = page.url
    page.get_by_role("button", name="Otevřít v programu").click()
    address = page.locator("input[readonly]").input_value().replace("http://", "vnd.sun.star.webdav://")
    task.write_text(f"{address}\n", encoding="ascii")
    office(profile, f'macro:///Standard.Module1.Main("{task}","{report}")')
    assert "Původní návrh smlouvy." in report.read_text(encoding="utf-8", errors="replace")

    page.goto(editing)
    expect(page.get_by_text("Z programu naposledy uloženo")).to_be_visible()
    page.locator("[name=changes]").fill("doplněno v programu")
    page.get_by_role("button", name="Uložit novou verzi").click()
    page.goto(document)
    expect(page.locator('a[href*="?soubor="]').filter(has_text="verze 1")).to_have_count(1)
    with page.expect_download() as taken:
        page.locator('a[href*="/stahnout"]').first.click()
    taken.value.save_as(tmp_path / "zpet.odt")
    assert "Původní návrh smlouvy. Doplněno v programu." in " ".join(written(tmp_path / "zpet.odt").split())
