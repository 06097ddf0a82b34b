"""Paper carried to units, and the lists that go with it."""

from collections import defaultdict
from collections.abc import Collection
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from egon.circulation import queries as circulation
from egon.circulation.models import Handover
from egon.circulation.rules import HandoverState
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.mailroom import permissions
from egon.mailroom.models import (
    HandoverList,
    ListedHandover,
)
from egon.mailroom.queries.codes import document_of_code, file_of_code
from egon.mailroom.rules import LIST_CODE, readings_of_code
from egon.records.models import Document, PaperPart
from egon.records.rules.states import GONE
from egon.registry.models import Unit

MOST_CARRIED: Final = 200  # hand-overs of a unit that are counted; who has more sees that they are more


def paper_to_hand_over(unit: Unit | None = None) -> QuerySet[Handover]:
    """Hand-overs of paper documents, and of files with some, that wait for a unit (for any) and are on no list yet."""
    of_document = PaperPart.objects.filter(document=OuterRef("document"))
    in_file = PaperPart.objects.filter(document__case_file=OuterRef("file"))
    listed = ListedHandover.objects.filter(handover=OuterRef("pk"))
    on_paper = Exists(of_document) | Q(file__isnull=False) & Exists(in_file)
    found = Handover.objects.filter(on_paper, ~Exists(listed), state=HandoverState.WAITING.value)
    if unit is not None:
        found = found.filter(to_unit=unit)
    return found.select_related("document", "file", "to_unit").order_by("created_at", "pk")


def paper_inside(files: Collection[int]) -> dict[int, list[Document]]:
    """Documents on paper in these files, in their order, by the key of the file; for the printed list."""
    rows = Document.objects.filter(case_file__in=files).exclude(state__in=GONE).select_related("sender")
    found: dict[int, list[Document]] = defaultdict(list)
    on_paper = rows.filter(Exists(PaperPart.objects.filter(document=OuterRef("pk"))))
    for document in on_paper.order_by("case_file", "order_in_file", "pk"):
        found[document.case_file_id or 0].append(document)
    return found


def units_to_carry_to() -> list[tuple[Unit, int]]:
    """Units for which paper waits without a list, and how much, counted up to one more than :data:`MOST_CARRIED`."""
    waiting = paper_to_hand_over().filter(to_unit=OuterRef("pk")).values("pk")[: MOST_CARRIED + 1]
    units = Unit.objects.order_by("code").annotate(waiting=ArraySubquery(waiting))
    return [(unit, len(unit.waiting)) for unit in units if unit.waiting]


def handover_lists(actor: Actor) -> QuerySet[HandoverList]:
    """Hand-over lists, the newest first: the mailroom sees all, others those of units they take over for."""
    found = HandoverList.objects.select_related("unit").order_by("-created_at", "-pk")
    return found if permissions.may_receive(actor) else found.filter(unit__in=circulation.led_units(actor))


def handover_list_for(actor: Actor, pk: int) -> HandoverList:
    """One list for who may see it. Raises ``NotFound``."""
    found = handover_lists(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("Takový předávací protokol není, nebo k němu nemáte přístup.")
    return found


def items_of(listing: HandoverList) -> QuerySet[ListedHandover]:
    """Documents and files of a list with their hand-overs, in order."""
    sides = ("handover__document", "handover__document__sender", "handover__file")
    related = ("handover", *sides, "handover__to_unit", "handover__to_person")
    return ListedHandover.objects.filter(listing=listing).select_related(*related).order_by("pk")


def list_of_code(actor: Actor, code: str) -> HandoverList | None:
    """The list whose code was scanned, None when the code is another one or the actor may not see the list."""
    numbers = [reading.removeprefix(LIST_CODE) for reading in readings_of_code(code) if reading.startswith(LIST_CODE)]
    return handover_lists(actor).filter(number__in=numbers).first() if numbers else None


def waiting_handover(actor: Actor, code: str) -> Handover:
    """The hand-over by which the document or file of a code waits. Raises ``NotFound`` when it waits for nobody."""
    if (file := file_of_code(actor, code)) is not None:
        of_file = Handover.objects.filter(file=file, state=HandoverState.WAITING.value).select_related("file")
        if (waiting := of_file.first()) is not None:
            return waiting
        raise NotFound(f"Spis {file} na převzetí nečeká, už ho někdo převzal, nebo nebyl předán.")
    document = document_of_code(actor, code)
    found = Handover.objects.filter(document=document, state=HandoverState.WAITING.value).select_related("document")
    handover = found.order_by("-pk").first()
    if handover is None:
        raise NotFound(f"Dokument {document} na převzetí nečeká, už ho někdo převzal, nebo nebyl předán.")
    return handover
