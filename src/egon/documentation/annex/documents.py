"""Metadata of components and documents."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from django.db.models import Q

from egon.circulation import queries as circulation
from egon.circulation.models import Distribution, Handover, RouteStep
from egon.circulation.rules import ApprovalState
from egon.documentation.annex.entries import ARCHIVE, SEPARATE, SIGNATURES, TRANSFER, Entry, Value, coming, stored
from egon.mailroom import queries as mailroom
from egon.mailroom.models import Channel
from egon.parties.models import Party
from egon.records.models import (
    Addressee,
    Component,
    ComponentVersion,
    CrossReference,
    Destruction,
    Document,
    FormatConversion,
    PartyLink,
)
from egon.records.on_paper import on_paper
from egon.records.rules.components import ComponentRole
from egon.records.rules.destruction import Ground


def newest(component: Component) -> ComponentVersion | None:
    """The version that counts; of a destroyed component there is none."""
    return ComponentVersion.objects.filter(component=component).order_by("-number").first()


def _format(component: Component) -> Value:
    version = newest(component)
    if version is None:
        return component.kept_format
    return f"{version.format_name} {version.format_id}".strip() or version.media_type


def _of_version(name: str) -> Callable[[Component], Value]:
    def read(component: Component) -> Value:
        version = newest(component)
        value: Value = getattr(version, name) if version else None
        return value

    return read


def _digest(component: Component) -> Value:
    version = newest(component)
    return f"SHA-256: {version.digest}" if version else None


def _is_approved(component: Component) -> Value:
    """Of what is approved at all: a document that nobody submitted has no such state."""
    states = [one.state for one in circulation.approvals_of(component.document)]
    return ApprovalState.APPROVED in states if states else None


def _related(component: Component) -> list[str]:
    """The clause of a converted component, and what a clause tells of (2.5.2)."""
    found = FormatConversion.objects.filter(clause__isnull=False).filter(
        Q(version__component=component) | Q(clause=component)
    )
    pairs = found.values_list("version__component__identifier", "clause__identifier")
    return sorted({one for pair in pairs for one in pair if one != component.identifier})


OF_COMPONENT: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), header=True),
    stored("Název komponenty", attrgetter("name"), header=True),
    stored("Datový formát komponenty", _format, header=True),
    stored("Velikost komponenty", _of_version("size")),
    stored("Hash komponenty", _digest),
    stored("Číslo verze komponenty", _of_version("number")),
    stored("Datum změny", _of_version("created_at")),
    coming("Zajišťovací prvky komponenty", SIGNATURES),
    stored("Typ/druh komponenty", lambda one: ComponentRole(one.role).label),
    coming("Výsledek ověření platnosti zajišťovacích prvků", SIGNATURES),
    stored("Stav schválení", _is_approved),
    coming("Název nebo obchodní firma kvalifikovaného poskytovatele", SIGNATURES),
    coming("Údaj o době, na kterou byl certifikát vydán", SIGNATURES),
    coming("Identifikační číslo certifikátu", SIGNATURES),
    coming("Jméno, popřípadě jména, a příjmení", SIGNATURES),
    coming("Údaj o zajišťovacím prvku", SIGNATURES),
    coming("Datum a čas rozhodné pro ověření platnosti", SIGNATURES),
    coming("Výsledek, datum a čas ověření platnosti", SIGNATURES),
    coming("Číslo seznamu zneplatněných certifikátů", SIGNATURES),
    stored("Jednoznačný identifikátor související komponenty", _related),
    stored("Datum zničení komponenty", attrgetter("destroyed_at"), header=True),
)


def person_of(party: Party | None) -> Value:
    """A record of the register as a link: what it is called, and its identifier."""
    return f"{party.name} ({party.identifier})" if party else None


def processor_of(unit: object, person: object) -> Value:
    """The unit and the person, as far as they are known."""
    return ", ".join(str(one) for one in (unit, person) if one)


def _databox_delivery(document: Document) -> Value:
    item = mailroom.intake_of(document)
    return item.data_message.delivered_at if item and item.data_message else None


def _posted(document: Document) -> Value:
    """Of a letter the day it was given to the post; a data message has no other time than its delivery to the box."""
    envelope = mailroom.envelope_of(document)
    return envelope.posted_on if envelope else None


def _others(document: Document) -> list[str]:
    return [f"{person_of(one.party)}, {one.get_role_display()}" for one in _links(document)]


def _links(document: Document) -> list[PartyLink]:
    return list(PartyLink.objects.filter(document=document).select_related("party").order_by("role", "pk"))


def channel_name(code: str) -> str:
    """A way of delivery or sending in Czech."""
    return dict(Channel.choices).get(code, code)


def _instructions(document: Document) -> list[str]:
    """What those who passed the document on asked for (NSESSS 2.7.6)."""
    found = [
        *Handover.objects.filter(document=document).order_by("created_at").values_list("note", flat=True),
        *RouteStep.objects.filter(document=document).order_by("pk").values_list("instruction", flat=True),
        *Distribution.objects.filter(document=document).order_by("created_at").values_list("instruction", flat=True),
        *(one.note for one in circulation.approvals_of(document)),
        *(one.comment for one in circulation.approvals_of(document)),
    ]
    return list(dict.fromkeys(one for one in found if one))


def _components(document: Document) -> list[str]:
    present = Component.objects.filter(document=document, removed_at__isnull=True)
    return list(present.order_by("position").values_list("identifier", flat=True))


def _form(document: Document) -> Value:
    return "analogová" if on_paper([document.pk]) else "digitální"


def _addressees(document: Document) -> list[Addressee]:
    return list(Addressee.objects.filter(document=document).select_related("party").order_by("pk"))


def _of_addressees(read: Callable[[Addressee], object]) -> Callable[[Document], Value]:
    def values(document: Document) -> Value:
        return [f"{one.name}: {read(one)}" for one in _addressees(document) if read(one)]

    return values


def _references(document: Document) -> list[str]:
    found = CrossReference.objects.filter(Q(document=document) | Q(to_document=document)).order_by("pk")
    return [str(one) for one in found.select_related("file", "document", "to_file", "to_document")]


def destruction_of(entity: Any) -> Destruction | None:
    """What the header tells of the destruction."""
    found: Destruction | None = entity.destructions.first()
    return found


def destroyed_at(entity: Any) -> Value:
    """When it was destroyed."""
    found = destruction_of(entity)
    return found.destroyed_at if found else None


def destroyed_why(entity: Any) -> Value:
    """The ground of the destruction, in Czech."""
    found = destruction_of(entity)
    return Ground(found.ground).label if found else None


def destroyed_by(entity: Any) -> Value:
    """The decision on the basis of which it was destroyed."""
    found = destruction_of(entity)
    return found.reference if found else None


def withdrawal(name: str) -> Callable[[Any], Value]:
    """A fact of the withdrawal that holds."""

    def read(entity: Any) -> Value:
        found = entity.withdrawals.filter(restored_at__isnull=True).first()
        value: Value = getattr(found, name) if found else None
        return value

    return read


def _regime(document: Document) -> Value:
    """That of its kind where the kind has one, otherwise that of its file (NSESSS 4.2.3)."""
    if document.kind is not None and document.kind.disposal_regime is not None:
        return str(document.kind.disposal_regime.written)
    file = document.case_file
    return str(file.regime) if file else None


OF_DOCUMENT: Final[tuple[Entry, ...]] = (
    stored("Jednoznačný identifikátor", attrgetter("identifier"), shown="Identifikátor", header=True),
    stored("Číslo jednací dokumentu", attrgetter("reference_number"), shown="Číslo jednací", header=True),
    stored("Pořadové číslo", attrgetter("serial_number"), shown="Pořadové číslo v evidenci"),
    stored("Datum a čas doručení dokumentu", attrgetter("delivered_at"), shown="Doručeno"),
    stored("Datum a čas dodání do datové schránky", _databox_delivery, shown="Dodáno do datové schránky"),
    stored("Datum a čas odeslání odesílatelem", _posted, shown="Odesláno odesílatelem"),
    stored("Údaje o odesílateli", lambda one: person_of(one.sender), shown="Odesílatel"),
    stored("Údaje o jiné osobě", _others, shown="Další osoby", listed=True),
    stored("Identifikace dokumentu z evidence", attrgetter("sender_reference"), shown="Značka odesílatele"),
    stored("Stručný obsah dokumentu", attrgetter("subject"), shown="Věc", header=True),
    stored("Způsob doručení", lambda one: channel_name(one.channel)),
    stored("Datum vyřízení", attrgetter("settled_on"), shown="Vyřízeno"),
    stored("Instrukce nebo komentář k oběhu a vyřizování", _instructions, shown="Pokyny a komentáře"),
    stored("Datum vytvoření", attrgetter("created_on"), shown="Vytvořeno"),
    stored("Pořadové číslo dokumentu ve spisu", attrgetter("order_in_file"), shown="Pořadí ve spisu"),
    stored("Podoba dokumentu", _form, shown="Podoba"),
    stored("Jednoznačný identifikátor komponenty dokumentu", _components, listed=True),
    coming("Zařazen do výběru archiválií", ARCHIVE),
    coming("Vybrán za archiválii", ARCHIVE, header=True),
    coming("Výsledek výběru za archiválii", ARCHIVE),
    stored("Zpracovatel", lambda one: processor_of(one.unit, one.holder)),
    stored("Datum odeslání", _of_addressees(attrgetter("dispatched_at")), shown="Odesláno"),
    stored("Způsob odeslání", _of_addressees(lambda one: channel_name(one.sent_by))),
    stored("Datum doručení adresátovi", _of_addressees(attrgetter("delivered_at")), shown="Doručeno adresátovi"),
    stored(
        "Údaje o adresátovi",
        lambda one: [str(person_of(each.party) or each.name) for each in _addressees(one)],
        shown="Adresáti",
    ),
    stored("Volné křížové odkazy", _references, listed=True),
    stored("Datum znepřístupnění", withdrawal("withdrawn_at"), shown="Znepřístupněno"),
    stored("Důvod znepřístupnění", withdrawal("reason"), shown="Důvod storna"),
    stored("Datum přenosu nebo zničení", destroyed_at, shown="Zničeno", header=True),
    coming("Datum přenosu do digitálního archivu", TRANSFER, header=True),
    stored("Důvod zničení nebo přenosu", destroyed_why, shown="Důvod zničení", header=True),
    stored("Identifikace dokumentu, na základě", destroyed_by, shown="Zničeno na základě", header=True),
    coming("Identifikace samostatné evidence dokumentů", SEPARATE, header=True),
    coming("Jednoznačný identifikátor ze samostatné evidence", SEPARATE, header=True),
    stored("Druh dokumentu", lambda one: str(one.kind or "")),
    stored("Skartační režim", _regime),
)
