"""Names that people type, turned into what the log is searched by: who acted, in what role, about what."""

from collections.abc import Iterator

from django.db.models import Q

from egon.kernel.czech import without_diacritics
from egon.records.models import CaseFile, Document, FormerNumber
from egon.registry import queries as registry
from egon.registry.models import Unit

MOST_ENTITIES = 50


def people_called(name: str) -> list[int]:
    """Persons of the organisation, also those who left, by a part of their name."""
    found = registry.people(active=None)
    for word in without_diacritics(name).casefold().split():
        found = found.filter(search_key__contains=word)
    return list(found.order_by().values_list("pk", flat=True))


def entities_called(name: str) -> list[tuple[str, int]]:
    """Documents and files by their whole number or identifier, people and units by their name.

    Never by content: who reads the log need not be one who may read documents.
    """
    return list(_entities_called(name.strip()))[:MOST_ENTITIES]


def _entities_called(name: str) -> Iterator[tuple[str, int]]:
    documents = Document.objects.filter(Q(reference_number=name) | Q(identifier=name)).values_list("pk", flat=True)
    former = FormerNumber.objects.filter(reference_number=name).values_list("document", flat=True)
    yield from (("records.document", pk) for pk in dict.fromkeys([*documents, *former]))
    files = CaseFile.objects.filter(Q(file_mark=name) | Q(identifier=name))
    yield from (("records.casefile", pk) for pk in files.values_list("pk", flat=True))
    yield from (("registry.person", pk) for pk in people_called(name))
    units = Unit.objects.filter(Q(code__iexact=name) | Q(name__iexact=name))
    yield from (("registry.unit", pk) for pk in units.values_list("pk", flat=True))
