"""What the code on a label or a cover says."""

from django.db.models import Q

from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.mailroom.models import (
    Envelope,
)
from egon.mailroom.rules import clean_post_number, readings_of_code
from egon.records import queries as records
from egon.records import typed_queries
from egon.records.models import CaseFile, Document, Volume


def document_of_code(actor: Actor, code: str) -> Document:
    """The document whose label, reference number or number of the post was scanned or typed. Raises ``NotFound``."""
    readings = readings_of_code(code)
    named = Document.objects.filter(Q(identifier__in=readings) | Q(reference_number__in=readings)).values("pk")
    numbers = [clean_post_number(reading) for reading in readings]
    posted = Envelope.objects.filter(post_number__in=numbers).exclude(post_number="").values("document")
    found = records.documents_among(actor, {row["pk"] for row in named} | {row["document"] for row in posted})
    document = found.order_by("-registered_at").first()
    if document is None:
        raise NotFound(f"Kód „{code.strip()[:60]}“ nepatří žádnému dokumentu ani spisu, který smíte vidět.")
    return document


def file_of_code(actor: Actor, code: str) -> CaseFile | None:
    """The file whose cover was scanned, or whose mark was typed; None when the actor sees no such file."""
    readings = readings_of_code(code)
    named = Q(identifier__in=readings) | Q(file_mark__in=readings)
    return records.files_visible_to(actor).filter(named).first()


def volume_of_code(actor: Actor, code: str) -> Volume | None:
    """The volume of a typed file whose cover was scanned; None when the actor sees no such volume."""
    found = Volume.objects.filter(identifier__in=readings_of_code(code)).values_list("pk", flat=True).first()
    try:
        return typed_queries.volume_for(actor, found) if found is not None else None
    except NotFound:
        return None
