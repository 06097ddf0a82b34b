"""A document or a file on pages of circulation: what it is called and where its page is."""

from typing import cast

from django.urls import reverse

from egon.circulation.models import Handover
from egon.records.models import CaseFile, Document

type Entity = Document | CaseFile


def noun_of(entity: Entity) -> str:
    """``dokument`` or ``spis``; the accusative is the same, other cases of the singular end in -u."""
    return "spis" if isinstance(entity, CaseFile) else "dokument"


def named(entity: Entity, ending: str = "") -> str:
    """What it is and its number; ``ending`` makes another case: ``spisu ZN 1/2026``."""
    return f"{noun_of(entity)}{ending} {entity}"


def entity_of(handover: Handover) -> Entity:
    """What was handed over."""
    return cast(Entity, handover.entity)


def page_of(entity: Entity) -> str:
    """The address of its page."""
    return reverse("records:file" if isinstance(entity, CaseFile) else "records:document", args=[entity.pk])


def capital(words: str) -> str:
    """With a capital letter, the rest untouched."""
    return words[:1].upper() + words[1:]
