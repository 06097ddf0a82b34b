"""The first story, step by step, for any organisation of the demo world."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from tests.e2e import steps


@dataclass
class Story:
    """Who plays it: windows of the citizen and of the people of the organisation; what they learn on the way."""

    subject: str
    unit: str
    approver: str
    citizen: Any
    clerk: Any
    head: Any
    officer: Any
    picture: Callable[..., None]
    reference: str = ""
    file_mark: str = ""
    reply_url: str = ""

    def the_message_lies_in_the_mailroom(self) -> None:
        """Sender, subject, attachments, time to the second, state of the checks."""
        steps.fetch_until(self.clerk, self.subject)
        row = self.clerk.get_by_role("row").filter(has_text=self.subject)
        for told in ("Josef Procházka", "2 přílohy", "v pořádku"):
            expect(row).to_contain_text(told)
        expect(row).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
        self.picture(self.clerk, "02-podatelna")

    def the_clerk_registers_it(self) -> None:
        """Beside its attachments, with the sender from the register; it gets its numbers and goes to a unit."""
        clerk = self.clerk
        clerk.get_by_role("link", name=self.subject).click()
        for check in ("Pečeť", "Otisk", "razítk", "Formáty příloh"):
            expect(clerk.locator("main")).to_contain_text(check)
        expect(clerk.locator("iframe.preview__frame")).to_be_visible()
        self.picture(clerk, "03-zaevidovani")
        clerk.get_by_role("link", name="vytluk.jpg").first.click()
        expect(clerk.locator("img.preview__image")).to_be_visible()
        clerk.get_by_label("Předat útvaru").select_option(label=self.unit)
        clerk.get_by_role("button", name="Zaevidovat").click()
        heading = clerk.get_by_role("heading", level=1)
        expect(heading).to_contain_text(re.compile(r"Zaevidováno: \S+ \d+/\d{4}"))
        self.reference = heading.inner_text().removeprefix("Zaevidováno: ").strip()
        self.picture(clerk, "04-zaevidovano")

    def the_head_takes_it_over_and_gives_it(self, officer: str) -> None:
        """One click on the desk, then the officer is chosen."""
        head = self.head
        head.goto("/")
        expect(head.get_by_role("row").filter(has_text=self.subject)).to_be_visible()
        self.picture(head, "05-muj-stul")
        steps.click_on_desk(head, self.subject, "Převzít")
        expect(head.locator("main")).to_contain_text("jste převzali")
        self.picture(head, "06-dokument")
        head.get_by_role("link", name="Vybrat zpracovatele").click()
        head.locator("select[name=person]").select_option(label=officer)
        head.get_by_label("Pokyn").fill("Prosím o odpověď do týdne.")
        head.get_by_role("button", name="Předat zpracovateli").click()
        expect(head.locator("main")).to_contain_text(f"je předán: {officer}")

    def the_officer_puts_it_in_a_new_file(self) -> None:
        """The class of the filing plan brings the disposal regime."""
        officer = self.officer
        steps.click_on_desk(officer, self.subject, "Převzít")
        officer.get_by_role("link", name="Vybrat spis").click()
        officer.get_by_role("combobox", name="Spisový znak").press_sequentially("silnic")
        offered = officer.locator("#spisove-znaky option").filter(has_text="S/").first
        expect(offered).to_be_attached()
        officer.get_by_role("combobox", name="Spisový znak").fill(offered.get_attribute("value"))
        self.picture(officer, "07-spis")
        officer.get_by_role("button", name="Založit spis a zařadit").click()
        panel = officer.locator("#spis")
        expect(panel).to_contain_text(re.compile(r"skartační režim [AS]/\d+"))
        self.file_mark = panel.get_by_role("link").first.inner_text()

    def the_officer_replies(self, annex: Path) -> None:
        """From a template, with an annex, and asks for approval."""
        officer = self.officer
        officer.get_by_role("link", name="Odpovědět", exact=True).click()
        officer.locator("main form.form button[type=submit]").first.click()
        officer.wait_for_url("**/text/")
        text = officer.locator("main textarea").first
        text.fill(
            text.input_value()
            .replace("doplňte první bod odpovědi", "výtluk opravíme do konce měsíce")
            .replace("doplňte druhý bod odpovědi", "do té doby je místo označené")
        )
        officer.get_by_role("button", name="Uložit a zobrazit").click()
        expect(officer.locator("iframe.preview__frame")).to_be_visible()
        box = steps.expand(officer, "Přidat přílohy")
        box.locator("input[type=file]").set_input_files(annex)
        box.get_by_role("button", name="Přidat", exact=True).click()
        expect(officer.locator("main")).to_contain_text(annex.name)
        self.picture(officer, "08-odpoved")
        officer.get_by_role("button", name="Uložit a zavřít").click()
        officer.wait_for_url(re.compile(r"/dokumenty/\d+/$"))
        self.reply_url = officer.url
        self._ask_for_approval()

    def _ask_for_approval(self) -> None:
        officer = self.officer
        officer.get_by_role("link", name="Předložit ke schválení").first.click()
        officer.get_by_role("button", name="Předložit ke schválení").click()
        expect(officer.locator("main")).to_contain_text(f"čeká na schválení: {self.approver}")

    def the_head_returns_it_once_and_approves_the_second_time(self) -> None:
        """A comment comes back with the draft."""
        head, officer = self.head, self.officer
        head.goto("/?co=schvalit")
        self.picture(head, "09-ke-schvaleni")
        head.get_by_role("link", name="Posoudit návrh").first.click()
        box = steps.expand(head, "Vrátit k přepracování")
        box.get_by_label("Co přepracovat").fill("Doplňte prosím, kdo opravu provede.")
        self.picture(head, "10-vraceni")
        box.get_by_role("button", name="Vrátit k přepracování").click()
        expect(head.locator("main")).to_contain_text("je vrácený k přepracování")

        officer.goto("/")
        row = officer.get_by_role("row").filter(has_text="Doplňte prosím, kdo opravu provede.")
        row.get_by_role("link", name="Přepracovat návrh").click()
        officer.get_by_role("link", name="Upravit text").first.click()
        text = officer.locator("main textarea").first
        text.fill(text.input_value() + "\n\nOpravu provede Správa a údržba silnic.")
        officer.get_by_role("button", name="Uložit a zavřít").click()
        self._ask_for_approval()

        head.goto("/?co=schvalit")
        head.get_by_role("link", name="Posoudit návrh").first.click()
        head.get_by_role("button", name="Schválit", exact=True).click()
        expect(head.locator("main")).to_contain_text("je schválený")
        self.picture(head, "11-schvaleno")

    def the_mailroom_dispatches_it(self) -> None:
        """Through ISDS, once."""
        clerk = self.clerk
        clerk.goto("/?co=podatelna")
        clerk.get_by_role("link", name="Vypravit").first.click()
        expect(clerk.locator("main")).to_contain_text("Josef Procházka")
        self.picture(clerk, "12-vypraveni")
        clerk.get_by_role("button", name="Odeslat datovou schránkou").click()
        clerk.goto("/podatelna/vypravna/odeslane/")
        steps.wait_on(clerk, re.compile("^(odesláno|doručeno)$"))

    def the_citizen_reads_it(self, sender: str) -> None:
        """By opening the message the citizen has it delivered."""
        citizen = self.citizen
        citizen.goto("/schranka/prijate")
        letter = citizen.locator("ul.list li").filter(has_text=sender)
        for _ in range(40):
            if letter.count():
                break
            citizen.wait_for_timeout(1000)
            citizen.reload()
        letter.first.get_by_role("link").first.click()
        opening = citizen.get_by_role("button", name="Otevřít a tím doručit")
        if opening.count():
            opening.click()
        expect(citizen.locator("main")).to_contain_text(sender)
        self.picture(citizen, "13-obcan-cte")

    def the_receipt_comes_back_by_itself(self) -> None:
        """The delivery receipt lies with the reply."""
        officer = self.officer
        officer.goto(self.reply_url)
        steps.wait_on(officer, "Vyřiďte původní dokument", attempts=120)
        steps.wait_on(officer, re.compile(r"^Dorucenka_\d+"), attempts=90)  # it is fetched after the state is known
        expect(officer.locator("#soubory")).to_contain_text("doručenka")
        self.picture(officer, "14-dorucenka")

    def the_officer_settles_it_and_closes_the_file(self) -> None:
        """What stands in the way is listed at once; then nothing does."""
        officer = self.officer
        officer.goto("/spisy/")
        officer.get_by_role("link", name=self.file_mark).first.click()
        expect(officer.locator("main")).to_contain_text("Spis zatím nejde uzavřít")
        self.picture(officer, "15-prekazky")
        officer.locator("table").get_by_role("link", name=self.reference, exact=True).click()
        officer.get_by_role("link", name="Vyřídit", exact=True).first.click()
        officer.get_by_role("button", name="Vyřídit dokument").click()
        expect(officer.locator("main")).to_contain_text("je vyřízený")
        officer.get_by_role("link", name="Otevřít spis").first.click()
        at_once = officer.locator("summary", has_text="Uzavřít spis hned")  # what is in no output format follows later
        if at_once.count():
            at_once.click()
        officer.get_by_role("button", name="Uzavřít spis", exact=True).first.click()
        expect(officer.locator("main")).to_contain_text("Spis je uzavřený")
        self.picture(officer, "16-uzavreny-spis")

    def the_history_tells_it_all(self) -> None:
        """To a reader, in order, with names."""
        officer = self.officer
        officer.locator("table").get_by_role("link", name=self.reference, exact=True).click()
        told = officer.locator("main")
        for step in ("Předání útvaru", "Převzetí dokumentu", "Předání zpracovateli", "Vyřízení dokumentu"):
            expect(told).to_contain_text(step)
        self.picture(officer, "17-historie", full=True)
