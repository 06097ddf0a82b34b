"""What may be chosen for a bulk print: what the filter of a list found, in the order of the list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from egon.records import queries, typed_queries
from egon.records.models import TypedFile
from egon.records.rules.printing import MOST_ITEMS, Printed
from egon.web.access import ActorRequest
from egon.web.formatting import write_date
from egon.web.records.views.lists import documents_found, files_found
from egon.web.records.views.typed.files import typed_files_found

MOST_READ: Final = MOST_ITEMS + 1
"""One row more than a print may hold, so that it can be said."""


@dataclass(frozen=True, slots=True)
class PrintableRow:
    """One entity to be chosen, or not."""

    pk: int
    number: str
    subject: str


def rows_of(request: ActorRequest, of: Printed) -> list[PrintableRow]:
    """The rows of what the request asks for, at most :data:`MOST_READ`."""
    return _READ[of](request)


def _files(request: ActorRequest) -> list[PrintableRow]:
    keys = list(files_found(request)[1].values_list("pk", flat=True)[:MOST_READ])
    return [PrintableRow(one.pk, one.file_mark, one.subject) for one in queries.file_rows(keys)]


def _documents(request: ActorRequest) -> list[PrintableRow]:
    keys = list(documents_found(request)[1].values_list("pk", flat=True)[:MOST_READ])
    return [PrintableRow(one.pk, one.reference_number, one.subject) for one in queries.document_rows(keys)]


def _typed_files(request: ActorRequest) -> list[PrintableRow]:
    return [PrintableRow(one.pk, one.identifier, one.name) for one in _chosen_typed(request)[:MOST_READ]]


def _sections(request: ActorRequest) -> list[PrintableRow]:
    found = typed_queries.sections_visible_to(request.actor).filter(typed_file__in=_keys(request))
    found = found.select_related("typed_file", "template").order_by(
        "typed_file__name", "typed_file", "template__sort_key"
    )
    return [
        PrintableRow(one.pk, one.template.code, f"{one.typed_file} – {one.template.name}") for one in found[:MOST_READ]
    ]


def _volumes(request: ActorRequest) -> list[PrintableRow]:
    found = typed_queries.volumes_visible_to(request.actor).filter(section__typed_file__in=_keys(request))
    if (section := request.GET.get("soucast", "")).isdecimal():
        found = found.filter(section=int(section))
    found = found.select_related("section__typed_file", "section__template").order_by(
        "section__typed_file__name", "section__typed_file", "section__template__sort_key", "number"
    )
    return [
        PrintableRow(
            one.pk,
            f"{one.section.template.code}, {one}",
            f"{one.section.typed_file} – {one.section.template.name}, "
            f"{write_date(one.opened_on)} – {write_date(one.closed_on or one.ends_on)}",
        )
        for one in found[:MOST_READ]
    ]


def _chosen_typed(request: ActorRequest) -> QuerySet[TypedFile]:
    """Typed files of the filter, or the one that ``spis`` names."""
    found = typed_files_found(request)[1]
    one = request.GET.get("spis", "")
    return found.filter(pk=int(one)) if one.isdecimal() else found


def _keys(request: ActorRequest) -> list[int]:
    return list(_chosen_typed(request).values_list("pk", flat=True)[:MOST_READ])


_READ: Final[Mapping[Printed, Callable[[ActorRequest], list[PrintableRow]]]] = {
    Printed.FILES: _files,
    Printed.DOCUMENTS: _documents,
    Printed.TYPED_FILES: _typed_files,
    Printed.SECTIONS: _sections,
    Printed.VOLUMES: _volumes,
}
