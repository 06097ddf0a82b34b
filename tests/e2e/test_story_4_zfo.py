"""The fourth story: a ZFO file is uploaded and becomes a registered document."""

import re

import pytest
from playwright.sync_api import expect
from tests.e2e import attachments, steps

SUBJECT = "Podnět k cyklostezce podél Sázavy"


def upload(clerk, file):
    clerk.goto("/podatelna/zfo/")
    clerk.get_by_label("Soubor ZFO").set_input_files(file)
    clerk.get_by_role("button", name="Nahrát a zkontrolovat").click()


def test_a_file_from_elsewhere_becomes_a_registered_document(centre, window, signed_in, picture, tmp_path):
    """A message for another box, saved as a file by its sender and brought on a stick."""
    company = window(url=centre.isds_url)
    files = [attachments.request(tmp_path / "podnet.pdf")]
    steps.write_to_region(
        company, person="Milan Beran", recipient="Nemocnice Sázavského kraje", subject=SUBJECT, files=files
    )
    saved = tmp_path / "zprava.zfo"
    with company.expect_download() as downloading:
        company.locator("a[href$='zprava.zfo']").first.click()
    downloading.value.save_as(saved)

    clerk = signed_in("novakova")
    upload(clerk, saved)
    expect(clerk.locator("main")).to_contain_text("přečtený a zkontrolovaný")
    expect(clerk.locator("main")).to_contain_text(SUBJECT)
    picture(clerk, "30-nahrane-zfo")
    clerk.get_by_role("button", name="Zaevidovat").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text(re.compile(r"Zaevidováno: KSA \d+/\d{4}"))

    upload(clerk, saved)
    expect(clerk.locator("main")).to_contain_text("už v podatelně je")
    expect(clerk.locator("main")).not_to_contain_text("přečtený a zkontrolovaný")


def test_a_damaged_file_is_refused_and_nothing_is_kept(signed_in, tmp_path):
    broken = tmp_path / "usekla.zfo"
    broken.write_bytes(bytes.fromhex("3082") + b"\x10\x00" + b"\x00" * 200)
    clerk = signed_in("novakova")
    upload(clerk, broken)
    expect(clerk.locator("main .field__error, main .form__errors, main [role=alert]").first).to_be_visible()


def test_every_official_file_shows_its_facts(signed_in, standards):
    clerk = signed_in("novakova")
    files = sorted((standards / "isds" / "zfo").glob("*.zfo"))
    if not files:
        pytest.skip("no official ZFO files here")
    for file in files:
        upload(clerk, file)
        page = clerk.locator("main")
        expect(page).to_contain_text(re.compile("Kontroly|Události podle ISDS|doručenka", re.IGNORECASE))
        expect(page).to_contain_text(re.compile("Pečeť"))
