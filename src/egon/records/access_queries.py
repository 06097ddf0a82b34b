"""Reads of granted access and of restricted files."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from egon.audit.models import LogRecord, LogSubject
from egon.kernel.actor import Actor, LimitKind
from egon.kernel.clock import PRAGUE
from egon.kernel.errors import NotFound
from egon.records import permissions, typed_queries
from egon.records.models import AccessGrant, CaseFile, Component, Document, RecordClass, TypedFile, TypedSection
from egon.records.rules.access import GrantState
from egon.registry.queries import LEADING

_SHOWN = (
    "document__case_file",
    "file",
    "typed_file",
    "section__typed_file",
    "section__template",
    "person",
    "unit",
    "given_by",
    "decided_by",
)


def grants_of(entity: Document | CaseFile | TypedFile | TypedSection) -> QuerySet[AccessGrant]:
    """Every grant of access to a document, a file, a typed file or a section, the newest first."""
    return entity.access_grants.select_related(*_SHOWN).order_by("-given_at", "-pk")


def unseen_below(actor: Actor, entity: TypedFile | TypedSection) -> int:
    """How many files in a typed file or a section, not restricted, the actor does not see (NSESSS 7.1.2)."""
    if isinstance(entity, TypedFile):
        below = CaseFile.objects.filter(volume__section__typed_file=entity)
    else:
        below = typed_queries.files_in(typed_queries.subtree(entity)).order_by()
    below = below.filter(permissions.UNRESTRICTED, permissions.still_there(actor))
    return below.count() - below.filter(permissions.files_visible_among(actor)).count()


def waiting_for(actor: Actor) -> QuerySet[AccessGrant]:
    """Grants the actor may confirm or refuse, the oldest first (NSESSS 7.1.3)."""
    return _addressed_to(actor).filter(state=GrantState.WAITING.value).select_related(*_SHOWN).order_by("given_at")


def received_by(actor: Actor) -> QuerySet[AccessGrant]:
    """All grants addressed to the actor, the newest first."""
    return _addressed_to(actor).select_related(*_SHOWN).order_by("-given_at", "-pk")


def given_by(actor: Actor) -> QuerySet[AccessGrant]:
    """Grants the actor gave, the newest first."""
    found = AccessGrant.objects.filter(given_by__in=actor.person_ids)
    return found.select_related(*_SHOWN).order_by("-given_at", "-pk")


def grant_for(actor: Actor, pk: int) -> AccessGrant:
    """A grant the actor gave, received, or may end. Raises :class:`NotFound`."""
    grant = AccessGrant.objects.select_related(*_SHOWN).filter(pk=pk).first()
    if grant is not None:
        for ask in (permissions.may_withdraw_grant, permissions.may_end_grant):
            if ask(actor, grant):
                return grant
    raise NotFound("Takový přidělený přístup tu není.")


def restricted_files() -> QuerySet[CaseFile, Any]:
    """Restricted files, the newest first; for who keeps records, not what is in them."""
    found = CaseFile.objects.exclude(permissions.UNRESTRICTED).select_related("unit", "processor")
    return found.order_by("-opened_on", "-pk")


def _addressed_to(actor: Actor) -> QuerySet[AccessGrant]:
    units = Q(unit__in=actor.units_with(*LEADING))
    if actor.has_in(None, *LEADING):
        units = Q(unit__isnull=False)
    roles = Q(role__in={grant.role.value for grant in actor.grants})
    return AccessGrant.objects.filter(Q(person__in=actor.person_ids) | units | roles)


def readings(
    *, file_mark: str = "", who: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[LogRecord]:
    """What was read of restricted files, the newest first: marks and names only, for who checks access."""
    found = LogRecord.objects.filter(operation="records.restricted.read").order_by("-pk")
    if file_mark.strip():
        marks = CaseFile.objects.filter(file_mark__icontains=file_mark.strip()).values("pk")
        of_files = LogSubject.objects.filter(entity_type="records.casefile", entity_id__in=marks)
        found = found.filter(pk__in=of_files.values("record_id"))
    for word in who.split():
        found = found.filter(actor_name__icontains=word)
    if since:
        found = found.filter(recorded_at__gte=datetime.combine(since, time(), PRAGUE))
    if until:
        found = found.filter(recorded_at__lt=datetime.combine(until + timedelta(days=1), time(), PRAGUE))
    return found


def named(kind: LimitKind, number: str, part: str = "") -> tuple[str, str] | None:
    """What a restriction is about, by its exact number: how the restriction keeps it, and what people call it.

    ``part`` is the name of a component of a document, or the code of a section of a typed file.
    For the administrator, who learns only that there is such a number.
    """
    number = number.strip()
    found: Document | CaseFile | TypedFile | TypedSection | Component | RecordClass | None
    if kind is LimitKind.CLASS:
        found = RecordClass.objects.filter(code=number, plan__draft=False).order_by("-plan__valid_from").first()
        return (found.code, str(found)) if found else None
    if kind is LimitKind.FILE:
        found = CaseFile.objects.filter(file_mark=number).first()
    elif kind is LimitKind.TYPED_FILE:
        found = TypedFile.objects.filter(identifier=number).first()
    elif kind is LimitKind.SECTION:
        found = TypedSection.objects.filter(typed_file__identifier=number, template__code=part.strip()).first()
    elif kind is LimitKind.DOCUMENT:
        found = Document.objects.filter(reference_number=number).first()
    else:
        found = Component.objects.filter(document__reference_number=number, name=part.strip()).first()
        return (str(found.pk), f"{number}: {found}") if found else None
    return (str(found.pk), str(found)) if found else None
