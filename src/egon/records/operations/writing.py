"""The written component: from the text of a document to a new version of its PDF/A."""

from datetime import datetime

from egon.kernel.actor import Actor
from egon.kernel.clock import PRAGUE
from egon.records import letters, queries
from egon.records.models import Component, ComponentVersion, Document
from egon.records.operations.components import NewFile, attach, write_version
from egon.records.rules.components import ComponentForm, ComponentRole, clean_name


def write_letter(actor: Actor, document: Document, text: str, at: datetime) -> None:
    """Make the letter from the text; it becomes the newest version of the main component unless nothing changed."""
    file = NewFile(
        name=clean_name(f"{document.subject[:80]}.pdf"),
        media_type=letters.PDF,
        blob=letters.store(document, text, on=at.astimezone(PRAGUE).date()),
        role=ComponentRole.MAIN.value,
        form=ComponentForm.OWN.value,
        source_text=text,
    )
    written = queries.written_component(document)
    if written is None:
        attach(actor, document, [file], at)
        return
    if written.name != file.name:
        Component.objects.filter(pk=written.pk).update(name=file.name)
    latest = ComponentVersion.objects.filter(component=written).order_by("-number").first()
    if latest is None or latest.digest != file.blob.digest:
        write_version(actor, written, file, at)


def refresh_letter(actor: Actor, document: Document, at: datetime) -> None:
    """Make the letter anew from the same text, because what stands around the text (addressee, file mark) changed."""
    written = queries.written_component(document)
    if written is not None:
        write_letter(actor, document, queries.text_of(written), at)
