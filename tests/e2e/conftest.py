"""A browser and a running centre. Without Chromium these tests are skipped, saying so."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.centre import Centre, running

from egon.world.organisations import PASSWORD

CHROMIUM = os.environ.get("EGON_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=cs-CZ",
]  # fmt: skip
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def centre(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Centre]:
    """Web, worker and simulator as processes, with the demo world in a database of their own."""
    if not CHROMIUM:
        pytest.skip("no Chromium here (Debian: apt-get install chromium); set EGON_CHROMIUM to its path")
    with django_db_blocker.unblock(), running(tmp_path_factory.mktemp("centre")) as started:
        yield started


# One browser a module, not a session: while Playwright runs, Django takes this thread for an asynchronous one.
@pytest.fixture(scope="module")
def chromium(centre: Centre) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=ARGUMENTS, env={**os.environ, "LANGUAGE": "cs"}
        )
        yield browser
        browser.close()


@pytest.fixture
def window(chromium: Any, centre: Centre) -> Iterator[Callable[..., Any]]:
    """``window(url=…, width=…)``: an empty browser window; defects of pages and scripts fail the test."""
    contexts: list[Any] = []
    defects: list[str] = []

    def open_window(*, url: str | None = None, width: int = 1280, height: int = 860, javascript: bool = True) -> Any:
        context = chromium.new_context(
            base_url=url or centre.url,
            locale="cs-CZ",
            timezone_id="Europe/Prague",
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: defects.append(f"script on {page.url}: {error}"))
        page.on(
            "response", lambda answer: defects.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        )
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert defects == []


@pytest.fixture
def signed_in(window: Callable[..., Any]) -> Callable[..., Any]:
    """``signed_in("novakova")``: a window of a person of the demo world."""

    def sign_in(login: str, **options: Any) -> Any:
        page = window(**options)
        page.goto("/prihlaseni/")
        page.get_by_label("Přihlašovací jméno").fill(login)
        page.get_by_label("Heslo").fill(PASSWORD)
        page.get_by_role("button", name="Přihlásit se").click()
        page.wait_for_url(lambda url: "/prihlaseni/" not in url)
        return page

    return sign_in


@pytest.fixture(scope="session")
def picture() -> Callable[..., None]:
    """``picture(page, "01-prijem")``: a picture for the user guide, when ``EGON_SCREENSHOTS`` names a folder."""
    folder = os.environ.get("EGON_SCREENSHOTS")

    def take(page: Any, name: str, *, full: bool = False) -> None:
        if not folder:
            return
        from PIL import Image

        Path(folder).mkdir(parents=True, exist_ok=True)
        if page.locator("iframe").count():
            page.wait_for_timeout(2000)  # the browser's viewer of PDF tells nobody when it has drawn the page
        shot = Image.open(io.BytesIO(page.screenshot(full_page=full, animations="disabled")))
        shot.convert("RGB").quantize(colors=96).save(Path(folder) / f"{name}.png", optimize=True)

    return take
