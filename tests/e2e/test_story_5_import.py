"""The fifth story: messages kept in files until now are imported, found, and one of them is registered."""

import re
import zipfile

from playwright.sync_api import expect

from egon.gateways.isds import Environment, IsdsClient, OutgoingFile, OutgoingMessage, PasswordLogin
from egon.world.organisations import REGION, SCHOOL
from egon.world.outside import CITIZEN, COMPANY

SUBJECT = "Stížnost na hluk z depa"


def client_of(centre, box):
    return IsdsClient(Environment.at(centre.isds_url), PasswordLogin(box.login, box.password))


def sealed(centre, subject, *, to, sender):
    """The sealed copy its recipient has."""
    file = OutgoingFile("dopis.txt", "Vážený úřade…".encode(), "text/plain", role="main")
    with client_of(centre, sender) as client:
        dm_id = client.create_message(OutgoingMessage(recipient_box=to.box_id, annotation=subject, files=(file,)))
    with client_of(centre, to) as client:
        client.list_received()
        return client.download_signed(dm_id)


def sent_and_receipt(centre, subject):
    file = OutgoingFile("odpoved.txt", b"Dobry den", "text/plain", role="main")
    with client_of(centre, REGION.box) as client:
        dm_id = client.create_message(
            OutgoingMessage(recipient_box=CITIZEN.box.box_id, annotation=subject, files=(file,))
        )
        return client.download_sent_signed(dm_id), client.signed_delivery_info(dm_id)


def store(centre, path):
    """What an office has on a disk: its messages, a receipt, one that is not its own, and rubbish."""
    sent, receipt = sent_and_receipt(centre, "Sdělení k žádosti")
    files = {
        "2024/prijata-1.zfo": sealed(centre, SUBJECT, to=REGION.box, sender=CITIZEN.box),
        "2024/prijata-2.zfo": sealed(centre, "Nabídka stavebních prací", to=REGION.box, sender=COMPANY.box),
        "2024/odeslana.zfo": sent,
        "2024/dorucenka.zfo": receipt,
        "2024/skola.zfo": sealed(centre, "Zpráva škole", to=SCHOOL.box, sender=REGION.box),
        "2024/usekla.zfo": sent[:500],
        "poznámky.txt": b"...",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_store_of_messages_is_imported_and_one_of_them_registered(centre, signed_in, picture, tmp_path):
    archive = store(centre, tmp_path / "zprávy 2024.zip")
    clerk = signed_in("novakova")
    clerk.goto("/schranky/import/")
    picture(clerk, "40-import")
    clerk.get_by_label("Soubor s uloženými zprávami").set_input_files(archive)
    clerk.get_by_role("button", name="Nahrát a importovat").click()
    page = clerk.locator("main")
    expect(page).to_contain_text("dokončen", timeout=30_000)
    expect(page).to_contain_text("7 z 7 (100 %)")
    expect(page.get_by_role("row").filter(has_text="skola.zfo")).to_contain_text("patří cizí schránce")
    expect(page.get_by_role("row").filter(has_text="usekla.zfo")).to_contain_text("neuloženo")
    picture(clerk, "41-protokol-importu")
    with clerk.expect_download() as downloading:
        clerk.get_by_role("link", name="Stáhnout protokol").click()
    assert "skola.zfo" in downloading.value.path().read_text(encoding="utf-8-sig")

    clerk.goto(f"/schranky/zpravy/?hledat={SUBJECT.split()[-1]}")
    picture(clerk, "42-datove-zpravy")
    clerk.get_by_role("link", name=SUBJECT).click()
    bring = clerk.get_by_role("button", name="Zařadit do podatelny")
    if bring.count():
        bring.click()
        expect(clerk.locator("main")).to_contain_text("Zpráva je v podatelně")
    else:  # the centre watches this box, too, and was faster
        clerk.goto("/podatelna/")
        clerk.get_by_role("link", name=SUBJECT).click()
    clerk.get_by_role("button", name="Zaevidovat").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text(re.compile(r"Zaevidováno: KSA \d+/\d{4}"))


def test_boxes_of_one_organisation_and_of_all_are_looked_at(centre, signed_in, picture):
    clerk = signed_in("novakova")
    clerk.goto("/schranky/")
    expect(clerk.get_by_role("img", name="Zprávy za posledních 14 dní")).to_be_visible()
    picture(clerk, "43-schranky")
    administrator = signed_in("svoboda")
    administrator.goto("/schranky/centrum/")
    expect(administrator.locator("main")).to_contain_text("schránek v centru")
    picture(administrator, "44-schranky-centra")
