"""The history of entities, told to a reader: who did what and when. Every document page includes it.

``{"history": entries_for(document, case_file)}`` in the view, ``{% include "audit/history.html" %}`` in the template.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import Q

from egon.audit import queries
from egon.audit.models import LogRecord, Outcome
from egon.audit.operation import title_of
from egon.kernel.actor import Actor
from egon.records.queries import files_among, visible_ids
from egon.web.audit import labels

MOST_ENTRIES = 200
# Readings matter to the auditor; in the story of an entity they would bury what was done with it.
_LISTINGS = frozenset({"parties.party.find"})
# What records do because circulation told them to: the step that a person took stands beside it in the log.
_CONSEQUENCES = frozenset(
    f"records.document.{step}" for step in ("place", "give_back", "share", "in_approval", "approved", "to_draft")
)
_OF_RECORDS = ("records.document", "records.casefile")
UNTOLD = _LISTINGS | _CONSEQUENCES
"""Operations that a history leaves out."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the record tells, in Czech."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of the history; it has what ``components/timeline.html`` shows."""

    at: datetime
    title: str
    who: str
    facts: tuple[Fact, ...]
    message: str
    tone: str
    operation: str
    record_id: int
    url: str = ""

    @property
    def text(self) -> str:
        """The facts on lines of their own."""
        lines = [f"{fact.label}: {fact.value}" for fact in self.facts]
        return "\n".join([self.message, *lines] if self.message else lines)


def entries_for(
    *entities: models.Model,
    limit: int = MOST_ENTRIES,
    domain: str = "",
    also: Collection[str] = (),
    reader: Actor | None = None,
) -> list[HistoryEntry]:
    """Steps that speak of any of the entities, newest first. The caller decides whether the reader may see them.

    ``domain`` ("registry") leaves out what other domains did with the entity: a page of a person or of a unit must not
    tell which documents went through their hands; ``also`` are operations of others that belong to the story.
    With a ``reader`` other documents and files that they may not see are not named.
    """
    records = queries.history_of(*entities).exclude(operation__in=UNTOLD)
    records = records.order_by("-recorded_at", "-pk")
    if domain:
        records = records.filter(Q(operation__startswith=f"{domain}.") | Q(operation__in=also))
    names = frozenset(str(entity) for entity in entities)
    chosen = list(records[:limit])
    hidden = unseen_names(reader, chosen) - names if reader else frozenset()
    return [entry_of(record, known=names, hidden=hidden) for record in chosen]


def unseen_names(reader: Actor, records: Iterable[LogRecord]) -> frozenset[str]:
    """How the records call documents and files that the reader may not see (NSESSS 5.1.2); two queries at most."""
    named = {(kind, pk): name for record in records for kind, pk, name in record.subjects if kind in _OF_RECORDS}
    ids = {kind: [pk for of_kind, pk in named if of_kind == kind] for kind in _OF_RECORDS}
    seen = {("records.document", pk) for pk in visible_ids(reader, ids["records.document"])}
    if ids["records.casefile"]:
        found = files_among(reader, ids["records.casefile"]).order_by().values_list("pk", flat=True)
        seen |= {("records.casefile", pk) for pk in found}
    return frozenset(name for key, name in named.items() if key not in seen)


def entry_of(
    record: LogRecord, *, known: frozenset[str] = frozenset(), hidden: frozenset[str] = frozenset()
) -> HistoryEntry:
    """One record told to a reader.

    Values in ``known`` (the entity whose page it is) are not repeated, those in ``hidden`` are not told.
    """
    denied = record.outcome == Outcome.DENIED
    title = title_of(record.operation)
    return HistoryEntry(
        at=record.recorded_at,
        title=f"{title} – odepřeno" if denied else title,
        who=record.actor_name,
        facts=tuple(islice(facts_of(record.parameters, known=known, hidden=hidden), 12)),
        message=record.message if _may_be_told(record.message, hidden) else "",
        tone="warning" if denied else "neutral",
        operation=record.operation,
        record_id=record.pk,
    )


def facts_of(
    parameters: Mapping[str, Any], *, known: frozenset[str] = frozenset(), hidden: frozenset[str] = frozenset()
) -> Iterator[Fact]:
    """Parameters that say something to a person, in Czech."""
    for name, value in parameters.items():
        told = labels.readable(value, name)
        if told and told not in known and name not in labels.HIDDEN and _may_be_told(told, hidden):
            yield Fact(labels.parameter_name(name), told)


def _may_be_told(text: str, hidden: frozenset[str]) -> bool:
    return not any(name in text for name in hidden)
