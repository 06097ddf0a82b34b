"""Everything in records that points at the jmenný rejstřík; a test watches that no reference is left out."""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from egon.parties.models import Party
from egon.records.models import Addressee, Document, PartyLink

LINKS: Final[Mapping[str, tuple[Any, str]]] = {
    "senders": (Document, "sender"),
    "addressees": (Addressee, "party"),
    "others": (PartyLink, "party"),
}


def linked() -> Q:
    """Condition on records of the register: some document or file points at them."""
    found = Q()
    for model, field in LINKS.values():
        found |= Q(Exists(model.objects.filter(**{field: OuterRef("pk")})))
    return found


def count_links(party: Party) -> int:
    """How many times documents and files point at a record of the register."""
    return sum(model.objects.filter(**{field: party}).count() for model, field in LINKS.values())
