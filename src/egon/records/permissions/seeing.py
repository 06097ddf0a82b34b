"""Who sees which documents, files and typed files (NSESSS 5.1.1, 7.1), of many and of one."""

import functools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from egon.kernel import clock
from egon.kernel.access import Decision, allowed_if, denied
from egon.kernel.actor import SEEING, Actor, Role
from egon.records.models import (
    AccessGrant,
    CaseFile,
    Document,
    DocumentAccess,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.permissions.limits import (
    EVERYBODY,
    files_unhidden_from,
    sections_unhidden_from,
    typed_files_unhidden_from,
    unhidden_from,
    withdrawn_from,
)
from egon.records.permissions.opened import opened_sections
from egon.records.permissions.working import WORKING
from egon.records.rules.access import GrantState
from egon.records.rules.states import GONE, Direction, DocumentState
from egon.registry.queries import LEADING

SEEING_ALL = (Role.AUDITOR, Role.RECORDS_KEEPER)
TO_DISPATCH = (DocumentState.APPROVED.value, DocumentState.DISPATCHED.value, DocumentState.DELIVERED.value)

HOLDING_MUCH = 4000  # documents held, settled ones included
UNRESTRICTED = Q(restricted_because="")  # of files
LEAVING = Q(direction=Direction.OUTGOING.value, state=DocumentState.APPROVED.value)

# Of documents. The files are looked up once a query, by an index that holds them alone.
_RESTRICTED = CaseFile.objects.exclude(UNRESTRICTED).values("pk")
OUTSIDE_RESTRICTED = ~Q(case_file__in=_RESTRICTED) & ~withdrawn_from(_RESTRICTED)

type Keys = tuple[str, Any]  # a column of a document or a file, and the keys sought in it


def visible_to(actor: Actor, narrowed: Q = EVERYBODY) -> Q:
    """Documents the actor may see: held by them, in files they process, of units they lead, shown or granted to them.

    The mailroom sees what came and what is to be dispatched, the auditor and the records keeper everything. The
    administrator of the system sees no content by that role alone. Of a restricted file only those see anything who
    are in it in person: by holding, processing, or being named; and the mailroom while it is to be sent out. What was
    destroyed nobody sees; what was withdrawn only the records keeper, who appraises it (NSESSS 7.2.13).

    ``narrowed`` are conditions the caller puts on the documents that few of them meet: what the actor sees is then
    listed rather than sought among the newest.
    """
    return _known_to(actor, narrowed) & still_there(actor)


def still_there(actor: Actor) -> Q:
    """Documents or files that are neither destroyed nor, for all but the appraiser, withdrawn (NSESSS 7.2.13)."""
    return EVERYBODY if actor.is_system else ~Q(state__in=hidden_states(actor))


def hidden_states(actor: Actor) -> Sequence[str]:
    """States in which the actor learns only the header of a document or a file."""
    return (DocumentState.DESTROYED.value,) if actor.has(Role.RECORDS_KEEPER) else GONE


def _known_to(actor: Actor, narrowed: Q) -> Q:
    actor = actor.doing(SEEING)
    if _sees_by_role(actor) or (narrowed == EVERYBODY and _holds_much(actor)):
        # Who leads a unit, receives the mail or holds thousands of documents sees so much that testing the newest rows
        # one by one is the shorter way.
        return known_among(actor)
    # A union, because each part has its own index; an OR over them would look at every row of the originator.
    parts = [
        *(
            Document.objects.filter(narrowed, **{f"{where}__in": keys}).values("pk")
            for where, keys in _in_person(actor)
        ),
        *(
            Document.objects.filter(narrowed, OUTSIDE_RESTRICTED, **{f"{where}__in": keys}).values("pk")
            for where, keys in _in_group(actor)
        ),
    ]
    return Q(pk__in=parts[0].union(*parts[1:], all=True)) & unhidden_from(actor)


def sees_much(actor: Actor) -> bool:
    """Whether what the actor sees is better tested row by row than listed."""
    actor = actor.doing(SEEING)
    return _sees_by_role(actor) or _holds_much(actor)


def _sees_by_role(actor: Actor) -> bool:
    return _sees_everything(actor) or bool(_visible_by_role(actor))


@dataclass(frozen=True, slots=True)
class Reach:
    """By what a person sees nearly all they see: units they lead, and what they have or see through what they have."""

    units: frozenset[int]
    people: frozenset[int]


def reach_of(actor: Actor) -> Reach | None:
    """Of those who see much; None of who sees everything, or the mail, which is most of what there is."""
    actor = actor.doing(SEEING)
    if _sees_everything(actor) or actor.has(Role.MAILROOM):
        return None
    return Reach(frozenset(actor.units_with(*LEADING)), actor.person_ids)


def documents_beyond_reach(actor: Actor) -> Q:
    """Documents shown or granted to the actor, whoever holds them and processes their file (see :class:`Reach`)."""
    actor = actor.doing(SEEING)
    columns = [*_named(actor), *_in_group(actor)]
    return _union(Document.objects.filter(**{f"{where}__in": keys}) for where, keys in columns)


def files_beyond_reach(actor: Actor) -> Q:
    """The same of files: granted to the actor, whoever processes them and holds their documents."""
    actor = actor.doing(SEEING)
    columns = [*_file_named(actor), *_file_in_group(actor)]
    return _union(CaseFile.objects.filter(**{f"{where}__in": keys}) for where, keys in columns)


def _union(parts: Iterable[QuerySet[Any]]) -> Q:
    first, *others = (part.values("pk") for part in parts)
    return Q(pk__in=first.union(*others, all=True))


def visible_among(actor: Actor) -> Q:
    """The same as :func:`visible_to`, for queries that some other condition leads to few rows: each row is tested."""
    return known_among(actor) & still_there(actor)


def known_among(actor: Actor) -> Q:
    """Documents the actor may know of, also when they are destroyed or withdrawn (NSESSS 5.1.10)."""
    if actor.is_system:
        return EVERYBODY
    actor = actor.doing(SEEING)
    # In this order: the database looks up the files and the grants only when a row does not pass by what it carries.
    in_person = _any(_in_person(actor))
    if actor.has(Role.MAILROOM):
        in_person |= LEAVING  # somebody must put a letter into its envelope
    if _sees_everything(actor):
        return (OUTSIDE_RESTRICTED | in_person) & unhidden_from(actor)
    by_role = _visible_by_role(actor) | _any(_in_group(actor))
    return ((by_role & OUTSIDE_RESTRICTED) | in_person) & unhidden_from(actor)


def restricted_from(actor: Actor) -> Q:
    """Documents of restricted files that the actor is not in in person, whatever waits for them; each is tested."""
    return ~(OUTSIDE_RESTRICTED | _any(_in_person(actor.doing(SEEING))))


def files_restricted_from(actor: Actor) -> Q:
    """The same of files themselves."""
    return ~(UNRESTRICTED | _any(_file_in_person(actor.doing(SEEING))))


def _holds_much(actor: Actor) -> bool:
    held = Document.objects.filter(holder__in=actor.person_ids).order_by().values("pk")
    return held[:HOLDING_MUCH].count() == HOLDING_MUCH


def _in_person(actor: Actor) -> list[Keys]:
    """Columns of a document with the keys by which the actor as a person sees it."""
    processed = CaseFile.objects.filter(processor__in=actor.person_ids).values("pk")
    return [("holder", actor.person_ids), ("case_file", processed), *_named(actor)]


def _named(actor: Actor) -> list[Keys]:
    """The same by which it was shown or granted to them."""
    granted = _grants(Q(person__in=actor.person_ids))
    return [
        ("pk", DocumentAccess.objects.filter(person__in=actor.person_ids).values("document")),
        ("pk", granted.filter(document__isnull=False).values("document")),
        ("case_file", granted.filter(file__isnull=False).values("file")),
    ]


def _in_group(actor: Actor) -> list[Keys]:
    """The same by which they see it as a member of a unit or a holder of a role."""
    units = units_of(actor)
    granted = _grants(Q(unit__in=units) | Q(role__in=_roles_of(actor)))
    return [
        ("pk", DocumentAccess.objects.filter(unit__in=units).values("document")),
        ("pk", granted.filter(document__isnull=False).values("document")),
        ("case_file", granted.filter(file__isnull=False).values("file")),
        ("case_file", CaseFile.objects.filter(volume__in=_opened_volumes(actor)).values("pk")),
    ]


def _any(keys: Iterable[Keys]) -> Q:
    return functools.reduce(operator.or_, (Q(**{f"{where}__in": of}) for where, of in keys))


def _grants(to: Q) -> QuerySet[AccessGrant, Any]:
    today = clock.today()
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    return AccessGrant.objects.filter(to, lasting, state=GrantState.CONFIRMED.value, valid_from__lte=today)


def _roles_of(actor: Actor) -> set[str]:
    return {grant.role.value for grant in actor.grants}


def _visible_by_role(actor: Actor) -> Q:
    seen = Q()
    if led := actor.units_with(*LEADING):
        seen |= Q(unit__in=led)
    if actor.has(Role.MAILROOM):
        seen |= Q(direction=Direction.RECEIVED.value) | Q(direction=Direction.OUTGOING.value, state__in=TO_DISPATCH)
    return seen


def files_visible_to(actor: Actor) -> Q:
    """Files the actor may see: processed by them, of units they lead, granted to them, with a document they hold."""
    actor = actor.doing(SEEING)
    if _sees_everything(actor) or actor.units_with(*LEADING):
        return files_visible_among(actor)
    # As with documents: each part of the union has its own index.
    in_person = (CaseFile.objects.filter(**{f"{where}__in": keys}) for where, keys in _file_in_person(actor))
    unrestricted = CaseFile.objects.filter(UNRESTRICTED)
    in_group = (unrestricted.filter(**{f"{where}__in": keys}) for where, keys in _file_in_group(actor))
    first, *others = (found.values("pk") for found in (*in_person, *in_group))
    return Q(pk__in=first.union(*others, all=True)) & files_unhidden_from(actor) & still_there(actor)


def files_visible_among(actor: Actor) -> Q:
    """The same for queries that some other condition leads to few files: each file is tested."""
    return files_known_to(actor) & still_there(actor)


def files_known_to(actor: Actor) -> Q:
    """Files the actor may know of, also when they are destroyed or withdrawn; each file is tested."""
    if actor.is_system:
        return EVERYBODY
    actor = actor.doing(SEEING)
    in_person = _any(_file_in_person(actor))
    if _sees_everything(actor):
        return (UNRESTRICTED | in_person) & files_unhidden_from(actor)
    of_group = Q(unit__in=actor.units_with(*LEADING)) | _any(_file_in_group(actor))
    return ((of_group & UNRESTRICTED) | in_person) & files_unhidden_from(actor)


def _file_in_person(actor: Actor) -> list[Keys]:
    """Columns of a file with the keys by which the actor as a person sees it."""
    held = Document.objects.filter(unhidden_from(actor), holder__in=actor.person_ids, case_file__isnull=False)
    return [("processor", actor.person_ids), ("pk", held.values("case_file")), *_file_named(actor)]


def _file_named(actor: Actor) -> list[Keys]:
    """The same by which it was granted to them."""
    named = _grants(Q(person__in=actor.person_ids)).filter(file__isnull=False)
    return [("pk", named.values("file"))]


def _file_in_group(actor: Actor) -> list[Keys]:
    """The same by which they see it as a member of a unit, a holder of a role, or by what it lies in."""
    granted = _grants(Q(unit__in=units_of(actor)) | Q(role__in=_roles_of(actor)))
    return [("pk", granted.filter(file__isnull=False).values("file")), ("volume", _opened_volumes(actor))]


def _opened_volumes(actor: Actor) -> QuerySet[Volume, Any]:
    return Volume.objects.filter(section__in=_opened_sections(actor)).values("pk")


def _opened_sections(actor: Actor) -> RawSQL:
    # Also of a grant to a person: of a restricted file only those see anything who are named to it itself.
    return opened_sections(people=actor.person_ids, units=units_of(actor), roles=_roles_of(actor), on=clock.today())


def typed_files_visible_to(actor: Actor) -> Q:
    """Typed files the actor may see: processed, of units they lead, shared and granted ones, with a file they see.

    What is in a typed file follows its own rules: who sees it need not see its files. Access granted to it or to a
    section of it opens the files below, but restricted ones (NSESSS 7.1.2).
    """
    files = CaseFile.objects.filter(files_visible_to(actor), volume__isnull=False)
    actor = actor.doing(SEEING)
    unhidden = typed_files_unhidden_from(actor)
    if _sees_everything(actor):
        return unhidden
    seen = Q(processor__in=actor.person_ids) | Q(unit__in=actor.units_with(*LEADING))
    seen |= Q(pk__in=files.values("volume__section__typed_file"))
    seen |= Q(pk__in=TypedSection.objects.filter(pk__in=_opened_sections(actor)).values("typed_file"))
    if actor.has(*WORKING):
        seen |= Q(shared=True)
    return seen & unhidden


def may_see(actor: Actor, document: Document) -> Decision:
    """Whether the actor may see this document; asks the database."""
    seen = Document.objects.filter(visible_among(actor), pk=document.pk).exists()
    return allowed_if(seen, "K tomuto dokumentu nemáte přístup.")


def may_see_file(actor: Actor, file: CaseFile) -> Decision:
    """Whether the actor may see this file; asks the database."""
    seen = CaseFile.objects.filter(files_visible_among(actor), pk=file.pk).exists()
    return allowed_if(seen, "K tomuto spisu nemáte přístup.")


def may_open(
    actor: Actor,
    document: Document | None = None,
    file: CaseFile | None = None,
    typed_file: TypedFile | None = None,
    section: TypedSection | None = None,
) -> Decision:
    """Who sees the document, the file, the typed file or the section."""
    if document is not None:
        return may_see(actor, document)
    if (typed := typed_file or section) is not None:
        return may_open_typed(actor, typed)
    return may_see_file(actor, file) if file is not None else denied("Není k čemu přistoupit.")


def may_see_typed_file(actor: Actor, typed_file: TypedFile) -> Decision:
    """Whether the actor may see this typed file; asks the database."""
    seen = TypedFile.objects.filter(typed_files_visible_to(actor), pk=typed_file.pk).exists()
    return allowed_if(seen, "K tomuto typovému spisu nemáte přístup.")


def may_open_typed(actor: Actor, entity: TypedFile | TypedSection) -> Decision:
    """Who sees the typed file, and of a section from whom it is not hidden; asks the database."""
    if isinstance(entity, TypedFile):
        return may_see_typed_file(actor, entity)
    shown = TypedSection.objects.filter(sections_unhidden_from(actor), pk=entity.pk).exists()
    return may_see_typed_file(actor, entity.typed_file) if shown else denied("K této součásti nemáte přístup.")


def _sees_everything(actor: Actor) -> bool:
    # A leading role without a unit holds for the whole organisation.
    everywhere = any(grant.role in LEADING and grant.unit_id is None for grant in actor.grants)
    return actor.is_system or everywhere or actor.has(*SEEING_ALL)


def units_of(actor: Actor) -> frozenset[int]:
    """Units the actor belongs to or leads."""
    return actor.unit_ids | actor.units_with(*LEADING)
