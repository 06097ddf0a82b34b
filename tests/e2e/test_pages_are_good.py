"""Main pages: no serious finding of axe-core, light, usable at 360 px and by the keyboard, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from egon.world.organisations import PASSWORD

PAGES = {
    "novakova": (
        "/",
        "/podatelna/",
        "/podatelna/vypravna/",
        "/podatelna/zfo/",
        "/podatelna/zasilka/",
        "/podatelna/kod/",
        "/podatelna/denik/",
        "/podatelna/protokoly/",
        "/podatelna/vypravna/posta/",
        "/podatelna/vypravna/posta/archy/",
        "/podatelna/vypravna/dorucenky/",
        "/dokumenty/",
        "/rejstrik/",
        "/schranky/",
        "/schranky/zpravy/",
        "/schranky/cekajici/",
        "/schranky/osobni/",
        "/schranky/import/",
    ),
    "horakova": (
        "/",
        "/dokumenty/",
        "/dokumenty/novy/",
        "/pripominky/",
        "/tisk/novy/?co=dily",
        "/spisy/",
        "/hledat/?q=silnice",
        "/muj-ucet/",
        "/obeh/kdo-co-ma/",
        "/obeh/agenda/",
        "/obeh/sablony/",
        "/obeh/sablony/nova/",
    ),
    "dvorak": ("/", "/dokumenty/novy/", "/plan/"),
    "fiala": ("/hlaseni/skupiny/", "/hlaseni/drzeni/", "/evidence/", "/evidence/udaje/", "/evidence/udaje/novy/"),
    "mala": ("/obezniky/", "/obezniky/novy/"),
    "svoboda": (
        "/sprava/",
        "/sprava/osoby/",
        "/sprava/osoby/nahrat/",
        "/sprava/ciselniky/",
        "/sprava/cislovani/",
        "/sprava/kalendar/",
        "/sprava/nastaveni/",
        "/sprava/udaje/",
        "/sprava/zmeny/",
        "/sprava/navrhy/",
        "/protokol/",
        "/schranky/centrum/",
        "/rejstrik/duplicity/",
        "/rejstrik/lhuty/",
        "/rejstrik/prava/",
    ),
}
HEAVIEST_PAGE = 300_000
OPENED = "main table.list a.list__link"


@pytest.fixture
def axe():
    return pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not here"
    ).Axe()


def serious_findings(axe, page):
    found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url} {one['id']}: {one['help']} – {one['nodes'][0]['html'][:140]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def documents_of(page):
    """The addresses of a document and of a file the person sees, where there are some."""
    for address in ("/dokumenty/", "/spisy/"):
        page.goto(address)
        if page.locator(OPENED).count():
            yield page.locator(OPENED).first.get_attribute("href")


@pytest.mark.parametrize("login", PAGES)
def test_axe_finds_nothing_serious(signed_in, axe, login):
    page = signed_in(login)
    findings = []
    for address in [*PAGES[login], *documents_of(page)]:
        assert page.goto(address).status == 200, address
        findings += serious_findings(axe, page)
    assert findings == []


def test_axe_finds_nothing_serious_before_the_login(window, axe):
    page = window()
    page.goto("/prihlaseni/")
    assert serious_findings(axe, page) == []


@pytest.mark.parametrize("login", PAGES)
def test_nothing_scrolls_sideways_at_360_px(signed_in, picture, login):
    page = signed_in(login, width=360, height=740)
    too_wide = []
    for address in [*PAGES[login], *documents_of(page)]:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            too_wide.append(f"{address}: {width} px")
        picture(page, f"360-{login}{address.replace('/', '-')}")
    assert too_wide == []


def test_on_a_narrow_screen_one_sees_where_one_is_and_the_list_before_its_filter(signed_in):
    page = signed_in("svoboda", width=360, height=740)
    page.goto("/protokol/")
    expect(page.locator(".nav [aria-current]")).to_be_in_viewport(ratio=1)
    who = page.get_by_label("Kdo", exact=True)
    expect(who).to_be_hidden()
    page.get_by_label("Filtrovat seznam").check()
    who.fill("Ondřej Svoboda")
    page.get_by_role("button", name="Filtrovat").click()
    page.wait_for_url("**osoba=**")
    expect(who).to_be_visible()  # what narrows the list stays seen


def test_the_next_step_has_a_key(signed_in):
    page = signed_in("dvorak")
    page.goto("/dokumenty/")
    page.locator(OPENED).first.click()
    page.locator("body").press("n")
    if page.locator(".next__buttons .gov-button").count():
        expect(page.locator(".next__buttons .gov-button").first).to_be_focused()


def test_the_first_page_is_light(window):
    """All that a browser takes over the wire with an empty cache, before the login and just after it."""
    page = window()
    taken = []
    page.on("response", lambda answer: taken.append(answer))
    page.goto("/prihlaseni/")
    page.get_by_label("Přihlašovací jméno").fill("horakova")
    page.get_by_label("Heslo").fill(PASSWORD)
    page.get_by_role("button", name="Přihlásit se").click()
    expect(page.get_by_role("heading", name="Můj stůl")).to_be_visible()
    page.wait_for_load_state("networkidle")
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in taken}
    assert sum(sizes.values()) < HEAVIEST_PAGE, sizes


def test_the_desk_is_walked_by_the_keyboard(signed_in):
    page = signed_in("dvorak")
    page.goto("/dokumenty/")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.getAttribute('href')")
    assert re.fullmatch(r"/dokumenty/\d+/", first)
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.getAttribute('href')") == first
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Můj stůl")).to_be_visible()


def test_a_circular_is_sent_taken_over_and_handed_on_without_javascript(signed_in):
    subject = "Oběžník bez skriptů"
    secretariat = signed_in("mala", javascript=False)
    secretariat.goto("/obezniky/novy/")
    secretariat.get_by_label("Věc").fill(subject)
    secretariat.get_by_label("Text").fill("Vše jde i bez skriptů.")
    secretariat.get_by_role("button", name="Zaevidovat a rozeslat").click()
    expect(secretariat.locator("main")).to_contain_text("je rozeslaný")

    administrator = signed_in("cestova", javascript=False)
    administrator.goto("/")
    administrator.get_by_role("row").filter(has_text=subject).get_by_role("button", name="Převzít").click()
    expect(administrator.locator("main")).to_contain_text("jste převzali")
    administrator.locator("summary", has_text="Předat lidem v útvaru").click()
    administrator.get_by_label("Mgr. Petr Dvořák").check()
    administrator.locator("details[open]").get_by_role("button", name="Předat na vědomí").click()
    expect(administrator.locator("main")).to_contain_text("předaný na vědomí: Mgr. Petr Dvořák")

    officer = signed_in("dvorak", javascript=False)
    officer.goto("/")
    officer.get_by_role("row").filter(has_text=subject).get_by_role("button", name="Vzít na vědomí").click()
    expect(officer.locator("main")).to_contain_text("vzali na vědomí")
