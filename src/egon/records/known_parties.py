"""Which records of the jmenný rejstřík a person is shown: natural persons by rights, or by links (NSESSS 2.8.7)."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.parties import permissions as rights
from egon.parties import queries as parties
from egon.parties.models import Kind, Party
from egon.records import permissions
from egon.records.models import Addressee, CaseFile, Document, PartyLink

_EVERYBODY = Q()


def visible_to(actor: Actor) -> Q:
    """Condition on records of the register: companies and authorities, and natural persons the actor may see.

    That is all of them by a right of the role, otherwise those in documents and files which the actor sees.
    """
    if rights.reads_all(actor):
        return _EVERYBODY
    documents = Document.objects.filter(permissions.visible_among(actor))
    files = CaseFile.objects.filter(permissions.files_visible_among(actor))
    linked = Q(Exists(documents.filter(sender=OuterRef("pk"))))
    linked |= Q(Exists(Addressee.objects.filter(party=OuterRef("pk"), document__in=documents)))
    linked |= Q(Exists(PartyLink.objects.filter(Q(document__in=documents) | Q(file__in=files), party=OuterRef("pk"))))
    return ~Q(kind=Kind.NATURAL) | linked


def among(actor: Actor, found: Iterable[Party]) -> list[Party]:
    """Those of the records found that the actor may see, in the same order."""
    found = list(found)
    if not found or rights.reads_all(actor):
        return found
    seen = set(Party.objects.filter(visible_to(actor), pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    return [one for one in found if one.pk in seen]


def party_for(actor: Actor, pk: int) -> Party:
    """One record the actor may see; looking at a natural person is logged. Raises :class:`NotFound`."""
    if not Party.objects.filter(visible_to(actor), pk=pk).exists():
        raise NotFound("Taková osoba ve jmenném rejstříku této organizace není, nebo ji nesmíte vidět.")
    return parties.party_for(actor, pk)
