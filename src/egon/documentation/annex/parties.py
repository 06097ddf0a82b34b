"""Metadata of records of the jmenný rejstřík."""

from operator import attrgetter
from typing import Final

from egon.documentation.annex.entries import Entry, Value, coming, stored
from egon.parties import queries
from egon.parties.models import DestroyedParty, Party
from egon.parties.rules import destroyed_on
from egon.records.models import CaseFile, Document
from egon.records.party_links import LINKS


def _links(party: Party) -> list[str]:
    """Identifiers of documents and files that point at the record."""
    documents, files = set[int](), set[int]()
    for model, field in LINKS.values():
        for row in model.objects.filter(**{field: party}):
            documents.add(row.pk if isinstance(row, Document) else row.document_id)
            files.add(getattr(row, "file_id", None) or 0)
    found = [
        *Document.objects.filter(pk__in=documents - {None}).values_list("identifier", flat=True),
        *CaseFile.objects.filter(pk__in=files).values_list("identifier", flat=True),
    ]
    return sorted(found)


def _end(party: Party) -> Value:
    return destroyed_on(party.kind, party.unlinked_since, queries.periods())


def _source(party: Party) -> Value:
    return ", ".join(filter(None, (party.get_source_display(), party.source_reference)))


def _electronic(party: Party) -> list[str]:
    return [party.email] if party.email else []


OF_PARTY: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný Identifikátor", attrgetter("identifier"), shown="Identifikátor", header=True),
    stored("Typ (FO, PFO, PO)", lambda one: one.get_kind_display(), shown="Druh osoby", header=True),
    stored("Jméno", attrgetter("given_name")),
    stored("Příjmení", attrgetter("family_name")),
    coming("Druh podnikání", "jmenný rejstřík ho zatím nevede"),
    stored("Obchodní firma nebo název", attrgetter("name"), shown="Název"),
    stored("Identifikační číslo", attrgetter("ic"), shown="IČO"),
    stored("ID DS", attrgetter("databox_id"), shown="Datová schránka"),
    coming("Bezvýznamový identifikátor", "agendové identifikátory přijdou s připojením k ISZR"),
    stored("Jiná elektronická identifikace", _electronic, shown="E-mail"),
    stored("Datum ztotožnění", attrgetter("identified_at"), shown="Ztotožněno"),
    stored("Odkaz na autoritativní zdroj", _source, shown="Zdroj údajů"),
    stored("Datum ověření", attrgetter("verified_at"), shown="Ověřeno u zdroje"),
    stored("Odkaz na dokument nebo spis", _links, listed=True),
    stored("Sloučen", lambda one: [each.identifier for each in one.merged.order_by("pk")], listed=True),
    stored("Lhůta pro zničení záznamu", _end, shown="Zničí se"),
    stored("Datum zničení záznamu", lambda one: _destroyed(one), shown="Zničeno", header=True),
)


def _destroyed(party: Party | DestroyedParty) -> Value:
    """Of what was destroyed only the header is left, a row of its own."""
    return party.destroyed_on if isinstance(party, DestroyedParty) else None
