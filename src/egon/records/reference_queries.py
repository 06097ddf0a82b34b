"""Reads of cross-references: what a file or a document is linked to, as far as the reader may see it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import disclosure
from egon.records.models import CaseFile, CrossReference, Document
from egon.records.queries import files_among, visible_ids
from egon.records.rules.disclosure import Way

_JOINED = ("file__record_class", "document__case_file", "to_file__record_class", "to_document__case_file")


@dataclass(frozen=True, slots=True)
class Linked:
    """One reference seen from one side: the other side is None when the reader may not see it."""

    reference: CrossReference
    file: CaseFile | None = None
    document: Document | None = None
    told: tuple[disclosure.Fact, ...] = ()  # of what the reader may not see, as the organisation has set it (5.1.2)

    @property
    def is_told(self) -> bool:
        """Whether the reader learns of the reference at all."""
        return not self.is_hidden or bool(self.told)

    @property
    def is_hidden(self) -> bool:
        """Whether the reader learns only that there is a reference."""
        return self.file is None and self.document is None


def linked_to(actor: Actor, entity: CaseFile | Document) -> list[Linked]:
    """References of a file or a document, from whichever side they were made, oldest first; three queries at most."""
    own = Q(file=entity) | Q(to_file=entity) if isinstance(entity, CaseFile) else _of_document(entity)
    references = list(CrossReference.objects.filter(own).select_related(*_JOINED).order_by("pk"))
    others = [_other(reference, entity) for reference in references]
    files = [one.pk for one in others if isinstance(one, CaseFile)]
    seen_files = set(files_among(actor, files).values_list("pk", flat=True)) if files else set()
    seen_documents = visible_ids(actor, [one.pk for one in others if isinstance(one, Document)])
    seen_of: dict[type, Collection[int]] = {CaseFile: seen_files, Document: seen_documents}
    return [
        Linked(
            reference,
            file=one if isinstance(one, CaseFile) and one.pk in seen_files else None,
            document=one if isinstance(one, Document) and one.pk in seen_documents else None,
            told=() if one is None or one.pk in seen_of[type(one)] else _told(actor, one),
        )
        for reference, one in zip(references, others, strict=True)
    ]


def reference_for(actor: Actor, pk: int) -> CrossReference:
    """A reference of which the actor sees a side. Raises :class:`NotFound`."""
    reference = CrossReference.objects.select_related(*_JOINED).filter(pk=pk).first()
    if reference is not None:
        files = [one for one in (reference.file_id, reference.to_file_id) if one]
        sees_file = bool(files) and files_among(actor, files).exists()
        if sees_file or visible_ids(actor, [reference.document_id, reference.to_document_id]):
            return reference
    raise NotFound("Takový odkaz tu není, nebo k němu nemáte přístup.")


def _told(actor: Actor, entity: CaseFile | Document) -> tuple[disclosure.Fact, ...]:
    return tuple(disclosure.facts_of(entity, disclosure.level_of(actor, entity, Way.REFERENCE)))


def _of_document(document: Document) -> Q:
    return Q(document=document) | Q(to_document=document)


def _other(reference: CrossReference, entity: CaseFile | Document) -> CaseFile | Document | None:
    made_here = reference.file_id == entity.pk if isinstance(entity, CaseFile) else reference.document_id == entity.pk
    ends = (reference.to_file, reference.to_document) if made_here else (reference.file, reference.document)
    return next((end for end in ends if end is not None), None)
