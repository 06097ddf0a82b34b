"""Reads of analogue parts, of places where paper is kept and what lies there, of notes to files."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import queries
from egon.records.models import CaseFile, Document, FileNote, PaperPart, StoragePlace, StoredPaper, Volume


def places() -> QuerySet[StoragePlace]:
    """The code list of places with how many files and volumes lie in each, by name."""
    counted = StoragePlace.objects.annotate(files=Count("stored__file"), volumes=Count("stored__volume"))
    return counted.order_by("name", "pk")


def places_in_use(*, on: date, besides: int | None = None) -> QuerySet[StoragePlace]:
    """Places into which paper may be put on a day; ``besides`` is one more, where it lies already."""
    used = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return StoragePlace.objects.filter(used | Q(pk=besides)).order_by("name", "pk")


def is_used(place: StoragePlace, *, on: date) -> bool:
    """Whether paper may be put into the place on a day."""
    return place.valid_from <= on and (place.valid_to is None or on <= place.valid_to)


def place_for(pk: int) -> StoragePlace:
    """A place. Raises :class:`NotFound`."""
    place = places().filter(pk=pk).first()
    if place is None:
        raise NotFound("Takové místo uložení tu není.")
    return place


def stored_of(file: CaseFile) -> StoredPaper | None:
    """Where the paper part of a file lies, None when none is stored."""
    return StoredPaper.objects.select_related("place").filter(file=file).first()


def stored_volumes(volumes: Iterable[Volume]) -> dict[int, StoredPaper]:
    """Where the paper of volumes lies, by their keys; one query for all of them."""
    found = StoredPaper.objects.select_related("place").filter(volume__in=[one.pk for one in volumes])
    return {one.volume_id: one for one in found if one.volume_id is not None}


def paper_part_of(document: Document) -> PaperPart | None:
    """The analogue part of a document, None of a digital one."""
    return PaperPart.objects.filter(document=document).first()


def paper_parts_of(documents: Iterable[int]) -> dict[int, PaperPart]:
    """Analogue parts by the key of their document; one query."""
    return {one.document_id: one for one in PaperPart.objects.filter(document__in=list(documents))}


def paper_in(file: CaseFile) -> tuple[int, int]:
    """How many documents of a file have an analogue part, and how many sheets these have (§ 12 odst. 6 písm. i)."""
    found = PaperPart.objects.filter(document__case_file=file)
    counted = found.aggregate(documents=Count("pk"), sheets=Sum("sheets"))
    return counted["documents"], counted["sheets"] or 0


def notes_of(file: CaseFile) -> list[FileNote]:
    """Notes to a file, oldest first, without those taken back."""
    found = FileNote.objects.filter(file=file, taken_back_at=None).select_related("author")
    return list(found.order_by("written_at", "pk"))


def note_for(actor: Actor, pk: int) -> FileNote:
    """A note of a file the actor may see. Raises :class:`NotFound`."""
    note = FileNote.objects.select_related("file", "author").filter(pk=pk, taken_back_at=None).first()
    if note is None:
        raise NotFound("Taková poznámka tu není, nebo k ní nemáte přístup.")
    queries.file_for(actor, note.file_id)
    return note
