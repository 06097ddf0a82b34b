"""Metadata of files."""

from operator import attrgetter
from typing import Final

from django.db.models import Q

from egon.circulation.models import Handover, RouteStep
from egon.documentation.annex.documents import (
    destroyed_at,
    destroyed_by,
    destroyed_why,
    person_of,
    processor_of,
    withdrawal,
)
from egon.documentation.annex.entries import ARCHIVE, SEPARATE, TRANSFER, Entry, Value, coming, stored
from egon.kernel.clock import PRAGUE
from egon.records import storing_queries
from egon.records.models import CaseFile, CrossReference, Document, PartyLink, StoredPaper


def _above(file: CaseFile) -> Value:
    return str(file.volume.identifier if file.volume else file.record_class.identifier)


def _others(file: CaseFile) -> list[str]:
    links = PartyLink.objects.filter(file=file).select_related("party").order_by("role", "pk")
    return [f"{person_of(one.party)}, {one.get_role_display()}" for one in links]


def _paper(file: CaseFile) -> Value:
    """Of a file in a typed file, whose volume is stored as a whole, the place of the volume."""
    own = storing_queries.stored_of(file)
    whole = (
        own or StoredPaper.objects.select_related("place").filter(volume__isnull=False, volume=file.volume_id).first()
    )
    return str(whole) if whole else None


def _documents(file: CaseFile) -> list[str]:
    """Those that left no other trace than their header are still in the list; their order went with the rest."""
    found = Document.objects.filter(case_file=file).order_by("order_in_file", "pk")
    return list(found.values_list("identifier", flat=True))


def _references(file: CaseFile, *, fixed: bool) -> list[str]:
    found = CrossReference.objects.filter(Q(file=file) | Q(to_file=file), fixed=fixed).order_by("pk")
    return [str(one) for one in found.select_related("file", "document", "to_file", "to_document")]


def _notes(file: CaseFile) -> list[str]:
    return [
        f"{one.author.name}, {one.written_at.astimezone(PRAGUE):%d.%m.%Y %H:%M}: {one.text}"
        for one in storing_queries.notes_of(file)
    ]


def _instructions(file: CaseFile) -> list[str]:
    """A file goes round with its documents: what was asked for with any of them (NSESSS 2.7.6)."""
    inside = Document.objects.filter(case_file=file).values("pk")
    found = [
        *Handover.objects.filter(file=file).order_by("created_at").values_list("note", flat=True),
        *Handover.objects.filter(document__in=inside).order_by("created_at").values_list("note", flat=True),
        *RouteStep.objects.filter(document__in=inside).order_by("pk").values_list("instruction", flat=True),
    ]
    return list(dict.fromkeys(one for one in found if one))


OF_FILE: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), shown="Identifikátor", header=True),
    stored("Stručný obsah spisu", attrgetter("subject"), shown="Stručný obsah", header=True),
    stored("Spisová značka", attrgetter("file_mark"), header=True),
    stored("Datum založení spisu", attrgetter("opened_on"), shown="Založen"),
    stored("Datum vyřízení spisu", attrgetter("settled_on"), shown="Vyřízen"),
    stored("Datum uzavření spisu", attrgetter("closed_on"), shown="Uzavřen"),
    stored(
        "Jednoznačný identifikátor nadřazené věcné skupiny nebo dílu", _above, shown="Identifikátor nadřazené entity"
    ),
    stored("Spisový znak", attrgetter("class_code")),
    stored("Skartační režim", attrgetter("regime")),
    stored("Údaje o jiné osobě", _others, listed=True),
    stored("Fyzické umístění analogové části spisu", _paper, shown="Uložení listinné části"),
    coming("Zařazen do výběru archiválií", ARCHIVE),
    coming("Vybrán za archiválii", ARCHIVE, header=True),
    stored("Soupis dokumentů ve spisu", _documents, header=True, listed=True),
    stored("Pevné křížové odkazy", lambda one: _references(one, fixed=True), listed=True),
    stored("Volné křížové odkazy", lambda one: _references(one, fixed=False), listed=True),
    stored("Datum znepřístupnění", withdrawal("withdrawn_at"), shown="Znepřístupněno"),
    stored("Datum přenosu nebo zničení", destroyed_at, shown="Zničeno", header=True),
    coming("Datum přenosu do digitálního archivu", TRANSFER, header=True),
    stored("Důvod zničení nebo přenosu", destroyed_why, shown="Důvod zničení", header=True),
    stored("Identifikace dokumentu, na základě", destroyed_by, shown="Zničeno na základě", header=True),
    coming("Identifikace samostatné evidence dokumentů", SEPARATE, header=True),
    coming("Jednoznačný identifikátor ze samostatné evidence", SEPARATE, header=True),
    stored("Zpracovatel", lambda one: processor_of(one.unit, one.processor)),
    stored("Uživatelské poznámky spisu", _notes, listed=True),
    stored("Instrukce nebo komentář k oběhu a vyřizování", _instructions, listed=True),
    stored("Rok vyřazení", attrgetter("disposal_year")),
)
