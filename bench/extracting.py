"""Reading the text of a thousand PDFs as the product does it: each in a process of its own, then found by a word."""

import random
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from bench.report import Row
from bench.words import Words
from egon import search, storage, world
from egon.gateways.pdfa import Letter, Paragraph, Run, render_letter
from egon.kernel import clock
from egon.parties.models import Party
from egon.records import indexing, jobs, operations
from egon.records.models import Component, ComponentText
from egon.records.operations.components import NewFile
from egon.records.rules.components import TextState
from egon.registry import queries as registry

PDFS = 1_000
MADE = 100  # different letters, which the product itself wrote; each is registered ten times
WORDS = (60, 200, 1500)
WORD = "přečtenoměřením"


def measure(server: Any, given: Any) -> Iterator[Row]:
    """Register the letters, then run the job for each."""
    office = world.load().office
    letters = _letters()
    with office.scope():
        actor = registry.actor_of(office.clerk, at=clock.now())
        sender = Party.objects.order_by("pk")[0]
        registered = [_register(actor, sender, letters[number % MADE], number) for number in range(PDFS)]
        begun = time.monotonic()
        for pk in registered:
            jobs.read_texts(document_id=pk)
        took = time.monotonic() - begun
        components = Component.objects.filter(document__in=registered)
        read = ComponentText.objects.filter(version__component__in=components, state=TextState.READ.value).count()
        found = search.find(WORD, [indexing.DOCUMENT], limit=1000)
    if read != PDFS:
        raise RuntimeError(f"{read} of {PDFS} texts were read")
    if not {hit.entity_id for hit in found.hits} & set(registered):
        raise RuntimeError("a document is not found by a word of its text")
    yield Row(f"text {PDFS} PDF", f"{took:.0f} s, {PDFS / took:.1f} souborů/s (jeden po druhém, každý ve svém procesu)")


def _letters() -> list[bytes]:
    words = Words(3)
    lengths = random.Random(3)
    return [
        render_letter(
            Letter(
                organisation="Kraj Sázavský",
                address_lines=["Náměstí 1", "582 00 Sázava"],
                reference_number=f"M {number}/2026",
                date=date(2026, 11, 24),
                addressee_lines=["Jan Novák"],
                subject=words.subject(),
                body=[Paragraph((Run(f"{WORD} {words.text(lengths.choice(WORDS))}"),))],
            )
        )
        for number in range(MADE)
    ]


def _register(actor: Any, sender: Any, letter: bytes, number: int) -> int:
    file = NewFile(f"dopis-{number}.pdf", "application/pdf", storage.put(letter), "main", "fmt/477", "PDF/A-2a")
    document = operations.register_received(
        actor=actor,
        subject=f"Měření čtení {number}",
        sender=sender,
        delivered_at=clock.now(),
        channel="databox",
        files=[file],
    )
    return document.pk
