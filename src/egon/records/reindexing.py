"""Making the whole index of the search anew, kind by kind (``egon manage search_reindex``)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from egon.records import indexing
from egon.records.models import CaseFile, Document, RecordClass, TypedFile, TypedSection

BATCH: Final = 200  # entities in one transaction


def _documents(keys: Sequence[int]) -> None:
    for key in keys:
        indexing.reindex(key)


def _sections(keys: Sequence[int]) -> None:
    indexing.index_sections(TypedSection.objects.filter(pk__in=keys))


def _classes(keys: Sequence[int]) -> None:
    indexing.index_classes(list(RecordClass.objects.filter(pk__in=keys)))


# Every kind that has entries: its table, and what indexes some of its rows. Files come before documents: they pass
# their class on to them, which would be done twice.
KINDS: Final[Mapping[str, tuple[Any, Callable[[Sequence[int]], None]]]] = {
    indexing.FILE: (CaseFile, indexing.index_files),
    indexing.TYPED_FILE: (TypedFile, indexing.index_typed_files),
    indexing.SECTION: (TypedSection, _sections),
    indexing.CLASS: (RecordClass, _classes),
    indexing.DOCUMENT: (Document, _documents),
}


def index_anew(kind: str, *, after: int = 0) -> Iterator[list[int]]:
    """Index every entity of a kind behind a key, a batch a transaction; yields the keys of each batch when done."""
    model, index = KINDS[kind]
    rows = model.objects.order_by("pk").values_list("pk", flat=True)
    while keys := list(rows.filter(pk__gt=after)[:BATCH]):
        with transaction.atomic():
            index(keys)
        yield keys
        after = keys[-1]
