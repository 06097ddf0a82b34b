"""What the administrator took away from a person or a role (NSESSS 7.1.6)."""

import functools
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from egon.kernel.access import ALLOWED, Decision, denied
from egon.kernel.actor import Actor, Limit, LimitKind
from egon.records.models import (
    CaseFile,
    Component,
    ComponentVersion,
    Document,
    RecordClass,
    TypedFile,
    TypedSection,
    Volume,
    Withdrawal,
)
from egon.records.rules.plan import Separator, is_within

NOBODY = Q(pk__in=[])
EVERYBODY = Q()


def withdrawn_from(files: Iterable[Any]) -> Q:
    """Documents in no file that were withdrawn from one of these (keys): who could not know of them still may not."""
    left = Withdrawal.objects.filter(from_file__in=files, put_back=False)
    return Q(case_file__isnull=True, pk__in=left.values("document"))


def unhidden_from(actor: Actor) -> Q:
    """Documents that no restriction of the administrator hides from the actor (NSESSS 7.1.6); all without any."""
    seen = EVERYBODY
    if documents := actor.limits_on(LimitKind.DOCUMENT, hiding=True):
        seen &= ~Q(pk__in=documents)
    if files := actor.limits_on(LimitKind.FILE, hiding=True):
        seen &= ~Q(case_file__in=files) & ~withdrawn_from(files)
    if places := _hidden_places(actor):
        hidden = CaseFile.objects.filter(places)
        seen &= Q(~Exists(hidden.filter(pk=OuterRef("case_file")))) & ~withdrawn_from(hidden.values("pk"))
    return seen


def files_unhidden_from(actor: Actor) -> Q:
    """Files that no restriction of the administrator hides from the actor; all without any."""
    seen = EVERYBODY
    if files := actor.limits_on(LimitKind.FILE, hiding=True):
        seen &= ~Q(pk__in=files)
    if places := _hidden_places(actor):
        seen &= ~places
    return seen


def typed_files_unhidden_from(actor: Actor) -> Q:
    """Typed files that no restriction of the administrator hides from the actor; all without any."""
    seen = EVERYBODY
    if typed := actor.limits_on(LimitKind.TYPED_FILE, hiding=True):
        seen &= ~Q(pk__in=typed)
    if classes := actor.limits_on(LimitKind.CLASS, hiding=True):
        seen &= ~_in_classes(classes)
    return seen


def sections_unhidden_from(actor: Actor) -> Q:
    """The same of sections, by restrictions of them, of those above them and of their typed files."""
    seen = EVERYBODY
    if typed := actor.limits_on(LimitKind.TYPED_FILE, hiding=True):
        seen &= ~Q(typed_file__in=typed)
    if sections := actor.limits_on(LimitKind.SECTION, hiding=True):
        seen &= ~Q(pk__in=with_those_below(map(int, sections)))
    return seen


def with_those_below(sections: Iterable[int]) -> set[int]:
    """Keys of sections and of all below them; a query for each level."""
    found: set[int] = set()
    level = set(sections)
    while level:
        found |= level
        level = set(TypedSection.objects.filter(parent__in=level).values_list("pk", flat=True)) - found
    return found


def hides_component(actor: Actor, component: Component) -> bool:
    """Whether a restriction hides a component's content from the actor; no query."""
    return str(component.pk) in actor.limits_on(LimitKind.COMPONENT, hiding=True)


def may_touch(actor: Actor, entities: Sequence[Model], reads: bool) -> Decision:
    """Whether no restriction of the administrator stands over what an operation is about (NSESSS 7.1.6)."""
    for entity in entities:
        limits = [limit for limit in actor.limits if limit.hides or not reads]
        if any(stands_over(limit, entity) for limit in limits):
            return denied(f"Přístup k {entity} vám správce omezil. Obraťte se na něj.")
    return ALLOWED


def stands_over(limit: Limit, entity: Model) -> bool:
    """Whether a restriction is about an entity or about what it is in."""
    if isinstance(entity, ComponentVersion):
        entity = entity.component
    if isinstance(entity, Component):
        if (limit.kind, limit.about) == (LimitKind.COMPONENT, str(entity.pk)):
            return True
        entity = entity.document
    if isinstance(entity, Document):
        if (limit.kind, limit.about) == (LimitKind.DOCUMENT, str(entity.pk)):
            return True
        return any(stands_over(limit, place) for place in entity.places())
    if isinstance(entity, CaseFile):
        if (limit.kind, limit.about) == (LimitKind.FILE, str(entity.pk)):
            return True
        if limit.kind is LimitKind.CLASS:
            return is_within(entity.class_code, limit.about)
        # Others are about where it lies; without a need the database is not asked.
        entity = (entity.volume if limit.kind in (LimitKind.TYPED_FILE, LimitKind.SECTION) else None) or entity
    if isinstance(entity, RecordClass):
        return limit.kind is LimitKind.CLASS and is_within(entity.code, limit.about)
    if isinstance(entity, Volume):
        entity = entity.section
    if isinstance(entity, TypedSection):
        if limit.kind is LimitKind.SECTION:
            return _is_under(entity, int(limit.about))
        if limit.kind is LimitKind.CLASS:
            return is_within(entity.template.code, limit.about)
        entity = entity.typed_file
    if isinstance(entity, TypedFile):
        if (limit.kind, limit.about) == (LimitKind.TYPED_FILE, str(entity.pk)):
            return True
        return limit.kind is LimitKind.CLASS and is_within(entity.class_code, limit.about)
    return False


def _is_under(section: TypedSection, key: int) -> bool:
    here: TypedSection | None = section
    while here is not None and here.pk != key:
        here = here.parent
    return here is not None


def _hidden_places(actor: Actor) -> Q:
    """Files in classes, typed files and sections hidden from the actor; empty without any."""
    places = []
    if classes := actor.limits_on(LimitKind.CLASS, hiding=True):
        places.append(_in_classes(classes))
    if typed := actor.limits_on(LimitKind.TYPED_FILE, hiding=True):
        places.append(Q(volume__in=Volume.objects.filter(section__typed_file__in=map(int, typed)).values("pk")))
    if sections := actor.limits_on(LimitKind.SECTION, hiding=True):
        hidden = with_those_below(map(int, sections))
        places.append(Q(volume__in=Volume.objects.filter(section__in=hidden).values("pk")))
    return functools.reduce(operator.or_, places, Q())


def _in_classes(codes: Sequence[str]) -> Q:
    """Files of these classes and those below: by code, so that a new version of the plan changes nothing."""
    below = [Q(class_code=code) for code in codes]
    below += [Q(class_code__startswith=f"{code}{separator.value}") for code in codes for separator in Separator]
    return functools.reduce(operator.or_, below)
