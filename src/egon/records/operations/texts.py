"""Texts of components: storing what was read, and reading again what failed."""

from collections.abc import Sequence
from datetime import datetime

from egon import search
from egon.audit import log
from egon.audit.operation import only_system, operation
from egon.kernel.actor import Actor
from egon.records import indexing, permissions
from egon.records import texts as reading
from egon.records.errors import InvalidInput
from egon.records.locking import lock
from egon.records.models import ComponentText, Document
from egon.records.rules.components import TextState


@operation("records.text.store", title="Přečtení textu komponent", requires=only_system, unlogged=("texts",))
def store_texts(*, actor: Actor, document: Document, texts: Sequence[ComponentText], at: datetime) -> None:
    """Store texts read from components of a document and make it found by them; the log tells only the counts."""
    lock(document)
    for text in texts:
        text.tsv = search.lexemes(title=text.version.component.name, text=text.text)
        text.read_at = at
    ComponentText.objects.filter(reading.OUTDATED, version__in=[text.version for text in texts]).delete()
    ComponentText.objects.bulk_create(texts, ignore_conflicts=True)
    indexing.reindex(document.pk)
    log.note(texts_read=_count(texts, TextState.READ), texts_failed=_count(texts, TextState.FAILED))


@operation("records.text.read_again", title="Nové čtení textu komponent", requires=permissions.may_work_on)
def read_again(*, actor: Actor, document: Document) -> None:
    """Have components read again that were not read, or not whole. Raises :class:`InvalidInput` when none did."""
    lock(document)
    failed = ComponentText.objects.filter(version__component__document=document).exclude(reason="")
    count = failed.count()
    if not count:
        raise InvalidInput("Nic se nečte znovu.", ["Text všech komponent je přečtený, nebo se teprve čte."])
    failed.delete()
    log.note(count=count)
    reading.ask(document.pk)


def _count(texts: Sequence[ComponentText], state: TextState) -> int:
    return sum(text.state == state.value for text in texts)
