"""Reading the text of components in the background, so that documents are found by it (NSESSS 5.1.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from egon import search, storage
from egon.gateways import texts
from egon.jobs.job import defer
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import GatewayError, Retryable
from egon.records import events, jobs
from egon.records.models import ComponentText, ComponentVersion, Document
from egon.records.models.texts import LONGEST_REASON
from egon.records.rules.components import KEPT_AS_THEY_ARE, TextState
from egon.tenancy.scope import current_tenant_id

RECENT: Final = timedelta(hours=1)  # older ones wait for the night
MOST_AT_NIGHT: Final = 5_000  # documents whose reading was missed (an older installation, a lost queue)
# What had no text for a reader that knew fewer formats is read again.
OUTDATED: Final = Q(state=TextState.NONE.value, reader__lt=texts.VERSION)


def ask_to_read(event: events.DocumentChanged) -> None:
    """Have the components of a document read once this transaction commits, when any was not."""
    if _unread().filter(component__document=event.document_id).exists():
        ask(event.document_id)


def ask(document_id: int) -> None:
    """Have the components of a document read once this transaction commits."""
    defer(jobs.read_texts, document_id=document_id, only_one=f"records.texts:{document_id}")


def ask_for_recent(*, now: datetime) -> None:
    """Have new documents read. Asked for every minute, so that registering itself waits for no queue."""
    since = now - RECENT
    new = _unread().filter(component__document__registered_at__gt=since)
    for document_id in dict.fromkeys(new.values_list("component__document_id", flat=True)):
        ask(document_id)


def ask_for_missed() -> None:
    """Have documents read whose reading was missed, the newest first."""
    missed = _unread().order_by("-pk").values_list("component__document_id", flat=True)
    for document_id in dict.fromkeys(islice(missed.iterator(), MOST_AT_NIGHT)):
        ask(document_id)


def read_document(document_id: int) -> None:
    """Read what was not read of a document, outside of any transaction, and store it in one.

    Each file is read in a process of its own with limits (:mod:`egon.gateways.texts`); a failure is stored as well.
    """
    from egon.records import operations

    versions = list(_unread().filter(component__document=document_id).select_related("component"))
    if not versions:
        return
    read = [_read(version) for version in versions]
    operations.store_texts(
        actor=Actor.system(current_tenant_id()),
        document=Document.objects.get(pk=document_id),
        texts=read,
        at=clock.now(),
    )


@dataclass(frozen=True, slots=True)
class FoundComponent:
    """A component whose text has what was sought, and its newest version."""

    version: int
    name: str


def components_with(query: str, documents: Sequence[int]) -> dict[int, list[FoundComponent]]:
    """Components that have all the query by themselves, of documents the caller's actor may see (NSESSS 5.1.5)."""
    tsquery = search.tsquery_of(query)
    found: dict[int, list[FoundComponent]] = {}
    if tsquery is None or not documents:
        return found
    present = _newest().filter(component__document__in=documents).order_by("component__position")
    having = ComponentText.objects.extra(where=["tsv @@ %s::tsquery"], params=[tsquery])
    rows = present.filter(Exists(having.filter(version=OuterRef("pk"), state=TextState.READ.value)))
    for document, version, name in rows.values_list("component__document_id", "pk", "component__name"):
        found.setdefault(document, []).append(FoundComponent(version, name))
    return found


def beginnings_of(versions: Sequence[int], *, length: int = 10_000) -> dict[int, str]:
    """The beginnings of texts of components; which of them may be shown is the caller's to know."""
    if not versions:
        return {}
    read = ComponentText.objects.filter(version__in=versions).annotate(beginning=Left("text", length))
    return dict(read.values_list("version_id", "beginning"))


def failures_of(document: Document) -> list[ComponentText]:
    """Present components of a document whose text could not be read, or not the whole of it; each says why."""
    failed = ComponentText.objects.filter(version__in=_newest().filter(component__document=document))
    return list(failed.exclude(reason="").select_related("version__component").order_by("pk"))


def _unread() -> QuerySet[ComponentVersion]:
    """Newest versions whose content nobody read yet. Data messages repeat what their attachments say."""
    return (
        _newest()
        .filter(~Exists(ComponentText.objects.filter(~OUTDATED, version=OuterRef("pk"))))
        .exclude(component__role__in=[role.value for role in KEPT_AS_THEY_ARE])
    )


def _newest() -> QuerySet[ComponentVersion]:
    newer = ComponentVersion.objects.filter(component=OuterRef("component"), number__gt=OuterRef("number"))
    return ComponentVersion.objects.filter(~Exists(newer), component__removed_at__isnull=True)


def _read(version: ComponentVersion) -> ComponentText:
    """Raises only what may succeed later (a storage out of reach)."""
    try:
        reading = _reading_of(version)
    except Retryable:
        raise
    except GatewayError as error:
        reason = error.message[:LONGEST_REASON]
        return ComponentText(version=version, state=TextState.FAILED.value, reason=reason, reader=texts.VERSION)
    state = TextState.READ if reading.text.strip() else TextState.NONE
    text = reading.text if state is TextState.READ else ""
    reason = _left_out(reading.unread)
    return ComponentText(version=version, state=state.value, text=text, reason=reason, reader=texts.VERSION)


def _left_out(unread: Sequence[str]) -> str:
    told = f"nepřečetlo se {'; '.join(unread)}" if unread else ""
    return told if len(told) <= LONGEST_REASON else f"{told[: LONGEST_REASON - 1]}…"


def _reading_of(version: ComponentVersion) -> texts.Reading:
    if version.source_text:
        return texts.Reading(version.source_text)
    if version.size > texts.LARGEST_CONTENT:
        raise texts.NoText("Soubor je větší, než kolik se čte.")
    content = storage.read(version.digest)
    kind = texts.kind_of(content, name=version.component.name, media_type=version.media_type)
    return texts.read(content, kind) if kind else texts.Reading()
