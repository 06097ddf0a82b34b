"""Pages as people open them: server time and number of queries, in one process through Django's whole stack."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, reverse

from bench.report import Row
from bench.timing import counting_queries, median, percentile_95
from egon import world
from egon.web.middleware import TENANT_KEY

REPEATS = 10
WARM_UP = 3
MOST_MS = 100.0
MOST_QUERIES = 20
PEOPLE = ("clerk", "officer", "head", "records_keeper")


def measure(server: Any, given: Any) -> Iterator[Row]:
    """The inbox, the list with filters, full-text search and one document, each by several people."""
    office = world.load().office
    clients = [signed_in(office, person) for person in PEOPLE]
    for what, addresses in _pages(office).items():
        yield _measured(what, clients, addresses)


def _pages(office: Any) -> dict[str, list[str]]:
    documents, search = reverse("records:documents"), reverse("records:search")
    pages = {
        "moje schránka úkolů": [_home()],
        "seznam dokumentů": [documents],
        "seznam s filtry": [
            f"{documents}?{query}"
            for query in (
                "stav=processing",
                "stav=settled&smer=received",
                f"utvar={office.units['OD'].pk}",
                "od=2024-03-01&do=2024-05-31",
                "moje=on",
                "stav=settled&strana=3",
            )
        ],
        "fulltextové hledání": [
            f"{search}?q={query}"
            for query in (
                "stavební povolení",
                "zadost o dotaci",
                "KSA 1234/2024",
                "smlouv*",
                "stížnost -silnice",
                "bakola",
            )
        ],
        "seznam spisů": [reverse("records:files")],
    }
    return {what: addresses for what, addresses in pages.items() if addresses[0]}


def _home() -> str:
    for name in ("circulation:desk", "desk"):
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def signed_in(office: Any, person: str) -> Client:
    """A client of that person, working in the office."""
    client = Client(HTTP_HOST="localhost", raise_request_exception=True)
    client.force_login(getattr(office, person).account)
    session = client.session
    session[TENANT_KEY] = office.pk
    session.save()
    return client


def _measured(what: str, clients: Sequence[Client], addresses: Sequence[str]) -> Row:
    times, queries, processor = [], [], []
    for repeat in range(-WARM_UP, REPEATS):
        for client in clients:
            address = addresses[repeat % len(addresses)]
            with counting_queries() as counter:
                begun, worked = time.perf_counter(), time.process_time()
                answer = client.get(address)
                took, worked = time.perf_counter() - begun, time.process_time() - worked
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
            if repeat >= 0:
                times.append(took * 1000)
                queries.append(counter.count)
                processor.append(worked * 1000)
    worst, most = percentile_95(times), percentile_95(queries)
    value = (
        f"medián {median(times):.0f} ms (z toho procesor webu {median(processor):.0f} ms), "
        f"p95 {worst:.0f} ms, {most:.0f} dotazů"
    )
    return Row(
        what, value, f"p95 ≤ {MOST_MS:.0f} ms, ≤ {MOST_QUERIES} dotazů", worst <= MOST_MS and most <= MOST_QUERIES
    )
