"""The second story: the governor's secretariat sends a document to all units and sees who has it and who is late."""

import re
from datetime import timedelta

from playwright.sync_api import expect
from tests.e2e import attachments, steps

from egon.kernel import clock

SUBJECT = "Pokyn hejtmana k úsporám energie v zimních měsících"
ADMINISTRATORS = {
    "KH": "vesela",
    "OD": "cestova",
    "OE": "penazova",
    "OI": "zak",
    "OS": "skolova",
    "OZP": "rybar",
    "POD": "postova",
    "SEK": "pokorna",
}
# Whom the administrators tell; some of them only themselves, which is done at once.
TOLD = {
    "KH": "Mgr. Radek Vondra",
    "OE": "Renata Peňázová",
    "OS": "Martina Školová",
    "OZP": "Filip Rybář",
    "POD": "Jana Nováková",
    "SEK": "Jitka Pokorná",
}


def row_of(page, unit):
    return page.get_by_role("row").filter(has_text=re.compile(rf"^\s*{unit} "))


def test_a_circular_goes_round(signed_in, picture, tmp_path):
    secretariat = signed_in("mala")
    secretariat.goto("/obezniky/")
    secretariat.get_by_role("link", name="Nový oběžník").first.click()
    secretariat.get_by_label("Věc").fill(SUBJECT)
    secretariat.get_by_label("Soubory").set_input_files(attachments.request(tmp_path / "pokyn.pdf"))
    secretariat.get_by_label("Pokyn útvarům").fill("Seznamte s pokynem všechny vedoucí oddělení.")
    # Yesterday, so that the overview has somebody late to show.
    secretariat.get_by_label("Převzít do").fill((clock.today() - timedelta(days=1)).isoformat())
    picture(secretariat, "20-novy-obeznik", full=True)
    secretariat.get_by_role("button", name="Zaevidovat a rozeslat").click()
    expect(secretariat.locator("main")).to_contain_text("je rozeslaný, počet útvarů: 8")
    overview = secretariat.url
    expect(secretariat.get_by_text("čeká na převzetí")).to_have_count(8)

    for unit, login in ADMINISTRATORS.items():
        if unit == "OI":
            continue  # its administrator is the one who is late
        administrator = signed_in(login)
        steps.click_on_desk(administrator, SUBJECT, "Převzít")
        expect(administrator.locator("main")).to_contain_text("jste převzali")
        administrator.get_by_role("link", name="Vybrat lidi").click()
        if unit == "OD":
            administrator.get_by_label("Mgr. Petr Dvořák").check()
            administrator.get_by_label("Ing. Marie Horáková").check()
            picture(administrator, "21-predani-v-utvaru")
        else:
            administrator.get_by_label(TOLD[unit]).check()
        administrator.get_by_role("button", name="Předat na vědomí").click()
        expect(administrator.locator("main")).to_contain_text("předaný na vědomí")
        administrator.context.close()

    officer = signed_in("dvorak")
    steps.click_on_desk(officer, SUBJECT, "Vzít na vědomí")
    expect(officer.locator("main")).to_contain_text("vzali na vědomí")

    secretariat.goto(overview)
    expect(row_of(secretariat, "OI")).to_contain_text("čeká na převzetí")
    expect(row_of(secretariat, "OI")).to_contain_text("1 den po termínu")
    expect(row_of(secretariat, "OD")).to_contain_text("předáno dál")
    expect(row_of(secretariat, "OD")).to_contain_text("Ing. Marie Horáková")
    expect(row_of(secretariat, "OD")).not_to_contain_text("Mgr. Petr Dvořák")
    expect(row_of(secretariat, "OS")).to_contain_text("vzato na vědomí")
    expect(secretariat.get_by_role("row").nth(1)).to_contain_text("OI Odbor informatiky")
    for row in (row_of(secretariat, "OD"), row_of(secretariat, "OS")):
        expect(row).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    picture(secretariat, "22-prehled-obezniku")

    outsider = signed_in("kucera")
    outsider.goto(overview)
    expect(outsider.locator("main")).not_to_contain_text(SUBJECT)
