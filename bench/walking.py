"""Every page that can be opened, by several people: server time, processor's time and queries of each address.

The list of pages is the product's own table of routes. An address with a number gets objects of its kind: the oldest,
the newest and those made large on purpose. Of a page found also its own links and filters are followed, one at a time,
because that is where orders and conditions hide which have no index.
"""

import json
import logging
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from lxml import html
from procrastinate.contrib.django.models import ProcrastinateJob

from bench.pages import signed_in
from bench.processor import processor_seconds
from bench.report import Row
from bench.timing import counting_queries, median, percentile_95
from bench.walked_objects import NOT_WALKED, objects_for
from egon import world
from egon.records import jobs
from egon.records.report_queries import REPORTS

PEOPLE = ("officer", "head", "clerk", "records_keeper", "administrator", "auditor")
REPEATS = 3
VARIANTS = 14  # links and filters followed from one page
MOST_MS = 200.0
SLOW_MS = 1_500.0  # not repeated, it would only hold the rest up
MOST_GROWTH = 1.5
RESULTS = "walked.json"
_PDF_OR_FILE = re.compile(r"\.(pdf|csv|xlsx|xml|json)$|[?&](csv|tisk|soubor|export)\b|/zfo$|/stahnout$")


@dataclass
class Page:
    """One route with what was measured on its addresses, in milliseconds."""

    route: str
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    queries: int = 0
    slowest: tuple[float, str, str] = (0.0, "", "")
    errors: list[str] = field(default_factory=list)
    only_posts: bool = False

    def note(self, person: str, address: str, wall: float, processor: float, queries: int) -> None:
        """One answer."""
        self.wall.append(wall)
        self.processor.append(processor)
        self.queries = max(self.queries, queries)
        self.slowest = max(self.slowest, (processor, person, address))


def measure(server: Any, given: Any) -> Iterator[Row]:
    """Walk all pages; the whole table goes to the screen and beside the data, a summary to the report."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are expected, a person tries every page
    logging.getLogger("egon").setLevel(logging.CRITICAL)
    office = world.load().office
    pages = _walk(office, [re.compile(given.walk)] if given.walk else [])
    table = as_text(pages)
    print(table, flush=True)
    _keep(given.data / RESULTS, pages, whole=not given.walk)
    (given.data / "walked.txt").write_text(table + "\n", encoding="utf-8")
    yield from _rows(pages)
    if given.compare:
        yield from _growth(pages, given.compare / RESULTS)


def _walk(office: Any, only: Sequence[re.Pattern[str]]) -> dict[str, Page]:
    clients = {person: signed_in(office, person) for person in PEOPLE}
    pages: dict[str, Page] = {}
    with office.scope():
        routes = [(route, objects_for(route)) for route in routes_of(get_resolver())]
    _have_reports_counted(office, clients["records_keeper"])
    for route, addresses in routes:
        if addresses is None or (only and not any(one.search(route) for one in only)):
            continue
        page = pages[route] = Page(route)
        for person, client in clients.items():
            _open_all(page, person, client, addresses)
    return pages


def _have_reports_counted(office: Any, client: Client) -> None:
    """Reports of a large organisation are counted in the background; here nobody else does it."""
    for key in REPORTS:
        client.get(f"/hlaseni/{key}/")
    with office.scope():
        for one in ProcrastinateJob.objects.filter(task_name="records.count_report", status="todo"):
            jobs.count_report(key=one.args["key"], asked=one.args["asked"])


def routes_of(resolver: Any, prefix: str = "/") -> Iterator[str]:
    """Patterns of all routes as one text each."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes_of(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


def _open_all(page: Page, person: str, client: Client, addresses: Iterable[str]) -> None:
    variants: list[str] = []
    for address in addresses:
        if page.only_posts:
            return
        answer = _open(page, person, client, address)
        if answer is not None and not variants:
            variants = _variants(address, answer)
    for address in variants:
        _open(page, person, client, address, repeats=1)


def _open(page: Page, person: str, client: Client, address: str, *, repeats: int = REPEATS) -> Any:
    """The answer when the person may have it, opened once more than it is measured."""
    begun = time.perf_counter()
    answer = client.get(address)
    first = (time.perf_counter() - begun) * 1000
    page.only_posts = answer.status_code == 405
    if answer.status_code >= 500:
        page.errors.append(f"{address} ({person}): {answer.status_code}")
    if answer.status_code != 200:
        return None
    for _ in range(1 if first > SLOW_MS else repeats):
        page.note(person, address, *_timed(client, address))
    return answer


def _timed(client: Client, address: str) -> tuple[float, float, int]:
    """Milliseconds by the clock, milliseconds of the processor (web and database) and the number of queries."""
    with counting_queries() as counter:
        begun, worked = time.perf_counter(), processor_seconds()
        b"".join(client.get(address))
        wall, worked = time.perf_counter() - begun, processor_seconds() - worked
    return wall * 1000, worked * 1000, counter.count


def _variants(address: str, answer: Any) -> list[str]:
    """The same page ordered, filtered, turned over: its links to itself, and each field of its filters alone."""
    if "html" not in answer.headers.get("Content-Type", "") or not answer.content.strip():
        return []
    tree = html.fromstring(answer.content)
    path = address.partition("?")[0]
    links = (link.partition("#")[0] for link in tree.xpath("//main//a/@href"))
    own = [path + link if link.startswith("?") else link for link in links]
    found = [link for link in own if link.startswith(f"{path}?")]
    for form in tree.xpath("//main//form[translate(@method, 'GET', 'get')='get' or not(@method)]"):
        if (form.get("action") or path).partition("?")[0] == path:
            found += [f"{path}?{filled}" for filled in _filled(form)]
    unique = [one for one in dict.fromkeys(found) if not _PDF_OR_FILE.search(one)]
    random.Random(path).shuffle(unique)
    turned = [f"{path}?strana=20"] if any("strana=" in one for one in unique) else []
    return turned + unique[:VARIANTS]


def _filled(form: Any) -> Iterator[str]:
    for control in form.xpath(".//select[@name]"):
        for option in control.xpath(".//option[@value!='']")[:3]:
            yield f"{control.get('name')}={option.get('value')}"
    for control in form.xpath(".//input[@name]"):
        match control.get("type", "text"):
            case "date":
                yield f"{control.get('name')}=2025-06-02"
            case "checkbox":
                yield f"{control.get('name')}=on"
            case "text" | "search":
                yield f"{control.get('name')}=nov%C3%A1k"


# --- What came of it ---


def as_text(pages: Mapping[str, Page]) -> str:
    """All pages, the slowest first, and those nobody could open."""
    opened = sorted((page for page in pages.values() if page.wall), key=lambda page: -percentile_95(page.processor))
    lines = [f"{'p95 ms':>8} {'p95 CPU':>8} {'med CPU':>8} {'dotazů':>6} {'měření':>6}  stránka – kde nejhůř"]
    for page in opened:
        figures = (percentile_95(page.wall), percentile_95(page.processor), median(page.processor))
        told = " ".join(f"{value:8.0f}" for value in figures)
        lines.append(
            f"{told} {page.queries:6} {len(page.wall):6}  {page.route} – {page.slowest[2]} "
            f"({page.slowest[1]}, {page.slowest[0]:.0f} ms)"
        )
    lines.append("selhalo: " + ", ".join(error for page in pages.values() for error in page.errors[:2]))
    posts = sum(page.only_posts for page in pages.values())
    lines.append(f"jen POST: {posts}")
    unopened = (page.route for page in pages.values() if not page.wall and not page.only_posts)
    lines.append("nikomu se neotevřelo: " + ", ".join(unopened))
    lines.append("neprochází se: " + ", ".join(f"{route} ({why})" for route, why in NOT_WALKED.items()))
    return "\n".join(lines)


def _keep(path: Path, pages: Mapping[str, Page], *, whole: bool) -> None:
    """Results of a part take the place of the same pages only."""
    kept = {} if whole or not path.exists() else json.loads(path.read_text())
    kept |= {page.route: {"wall": page.wall, "processor": page.processor} for page in pages.values() if page.wall}
    path.write_text(json.dumps(kept))


def _rows(pages: Mapping[str, Page]) -> Iterator[Row]:
    shown = {route: page for route, page in pages.items() if page.wall and not _PDF_OR_FILE.search(route)}
    walls = [value for page in shown.values() for value in page.wall]
    works = [value for page in shown.values() for value in page.processor]
    slow = [route for route, page in shown.items() if percentile_95(page.wall) > MOST_MS]
    heavy = [route for route, page in shown.items() if percentile_95(page.processor) > MOST_MS]
    yield Row(
        f"všechny stránky ({len(shown)} adres, {len(walls)} měření)",
        f"p95 {percentile_95(walls):.0f} ms, z toho procesor {percentile_95(works):.0f} ms",
        f"p95 ≤ {MOST_MS:.0f} ms",
        percentile_95(walls) <= MOST_MS,
    )
    yield Row(
        "stránek, jejichž p95 je přes 200 ms",
        f"{len(slow)}, podle procesoru {len(heavy)}{_listed(slow)}",
        "žádná",
        not slow,
    )


def _listed(routes: Sequence[str]) -> str:
    return ": " + ", ".join(routes[:12]) if routes else ""


def _growth(pages: Mapping[str, Page], smaller: Path) -> Iterator[Row]:
    """Medians against those on smaller data, of the processor's time, which other work disturbs less."""
    before = json.loads(smaller.read_text())
    ratios: dict[str, float] = defaultdict(float)
    for route, page in pages.items():
        if page.wall and route in before and not _PDF_OR_FILE.search(route):
            ratios[route] = median(page.processor) / median(before[route]["processor"])
    grown = sorted((ratio, route) for route, ratio in ratios.items() if ratio > MOST_GROWTH)
    worst = "".join(f", {route} {ratio:.1f}" for ratio, route in reversed(grown[-8:]))
    yield Row(
        f"růst proti desetině dat ({len(ratios)} stránek)",
        f"medián {median(list(ratios.values())):.2f}násobek, přes 1,5 jich je {len(grown)}{worst}",
        "≤ 1,5násobek",
        not grown,
    )
