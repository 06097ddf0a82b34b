"""Which documents have a part on paper (analogová podoba, NSESSS 5.2.6 k).

What is described records know themselves (:class:`~egon.records.models.PaperPart`); where paper only lies, the domains
above know, and are asked.
"""

from collections.abc import Callable, Collection, Sequence

from egon.records.models import PaperPart

Teller = Callable[[Collection[int]], Collection[int]]
_tellers: list[Teller] = []


def ask_of(tellers: Sequence[Teller]) -> None:
    """Install who tells; each gets ids of documents and returns those it knows to be on paper, in one query."""
    _tellers[:] = tellers


def on_paper(documents: Collection[int]) -> frozenset[int]:
    """Those of the documents that have at least one part on paper."""
    if not documents:
        return frozenset()
    described = PaperPart.objects.filter(document__in=documents).values_list("document_id", flat=True)
    return frozenset(described).union(*(tell(documents) for tell in _tellers))
