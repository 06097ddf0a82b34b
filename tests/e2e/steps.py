"""What the stories do over and over, in the words of those who do it."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect


def expand(page: Any, label: str) -> Any:
    """Open a step that asks before it is done; returns its box."""
    summary = page.locator("details.confirm > summary").filter(has_text=label).first
    box = summary.locator("xpath=..")
    if box.get_attribute("open") is None:
        summary.click()
    return box


def open_from_desk(page: Any, subject: str) -> None:
    """From my desk to the document, as Enter on the row does."""
    page.goto("/")
    row = page.get_by_role("row").filter(has_text=subject).first
    row.get_by_role("link").first.click()


def click_on_desk(page: Any, subject: str, step: str) -> None:
    """The one next step of a row of my desk."""
    page.goto("/")
    row = page.get_by_role("row").filter(has_text=subject).first
    row.get_by_role("link", name=step).or_(row.get_by_role("button", name=step)).first.click()


def write_to_region(page: Any, *, person: str, recipient: str, subject: str, files: list[Path]) -> None:
    """Somebody outside writes a data message on the page of the simulator."""
    enter_box(page, person)
    page.goto("/schranka/nova")
    page.get_by_label("Komu").fill(recipient)
    page.get_by_role("button", name="Vyhledat příjemce").click()
    page.get_by_role("link", name=recipient).first.click()
    page.get_by_label("Věc", exact=True).fill(subject)
    for order, file in enumerate(files[:2], 1):
        page.get_by_label(f"{order}. příloha").set_input_files(file)
    page.get_by_role("button", name="Odeslat zprávu").click()
    page.wait_for_url("**/schranka/zprava/*")


def enter_box(page: Any, person: str) -> None:
    """Sign in to the simulator as somebody."""
    page.goto("/")
    page.get_by_role("button", name=f"Vstoupit jako {person}").first.click()


def fetch_until(page: Any, subject: str, *, attempts: int = 30) -> None:
    """Press the mailroom's button until the message lies there."""
    for _ in range(attempts):
        page.goto("/podatelna/")
        if page.get_by_role("link", name=subject).count():
            return
        page.get_by_role("button", name="Stáhnout nyní").click()
        if page.get_by_role("link", name=subject).count():
            return
        page.wait_for_timeout(700)
    raise AssertionError(f"{subject} did not come to the mailroom")


def wait_on(page: Any, text: str | re.Pattern[str], *, attempts: int = 40) -> None:
    """Reload a page until it says something."""
    for _ in range(attempts):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(page.get_by_text(text).first).to_be_visible()
