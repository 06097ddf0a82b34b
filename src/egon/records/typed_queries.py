"""Reads of typed files: templates, the tree of sections, volumes, who may see which (NSESSS 3.3, 5.2.7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from egon.jobs.runs.states import ItemState
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.records import permissions
from egon.records.errors import Hidden
from egon.records.models import (
    CaseFile,
    RecordClass,
    ResortingItem,
    SectionMapping,
    TemplateSection,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.queries import current_plan
from egon.records.rules.states import UNCLOSED
from egon.records.rules.typed import NAMED_AT_MOST, MappedSection, TypedState, VolumeState, faults_of_mapping

MOST_CALLED = 100


def typed_files_visible_to(actor: Actor) -> QuerySet[TypedFile]:
    """Typed files the actor may see, by name."""
    shown = TypedFile.objects.select_related("unit", "processor", "record_class__plan")
    return shown.filter(permissions.typed_files_visible_to(actor)).order_by("name", "pk")


def typed_file_for(actor: Actor, pk: int) -> TypedFile:
    """A typed file the actor may see. Raises :class:`NotFound`."""
    found = typed_files_visible_to(actor).filter(pk=pk).first()
    if found is None:
        hidden = TypedFile.objects.select_related("unit", "processor").filter(pk=pk).first()
        raise _missing("Takový typový spis tu není, nebo k němu nemáte přístup.", hidden)
    return found


def _missing(message: str, hidden: TypedFile | TypedSection | None) -> NotFound:
    """The same words for what is not there and for what one may not see."""
    return NotFound(message) if hidden is None else Hidden(message, hidden)


def sections_visible_to(actor: Actor) -> QuerySet[TypedSection]:
    """Sections of typed files the actor may see."""
    seen = TypedFile.objects.filter(permissions.typed_files_visible_to(actor))
    return TypedSection.objects.filter(permissions.sections_unhidden_from(actor), typed_file__in=seen.values("pk"))


def volumes_visible_to(actor: Actor) -> QuerySet[Volume]:
    """Volumes, not destroyed, of sections the actor may see."""
    kept = Volume.objects.exclude(state=VolumeState.DESTROYED.value)
    return kept.filter(section__in=sections_visible_to(actor).order_by().values("pk"))


def called(actor: Actor, name: str) -> tuple[list[int], list[int]]:
    """Keys of typed files and of sections (with those below) by a part of the name or the whole identifier or code."""
    found = typed_files_visible_to(actor).filter(Q(name__icontains=name) | Q(identifier__iexact=name)).order_by()
    files = list(found.values_list("pk", flat=True)[:MOST_CALLED])
    by_name = Q(template__name__icontains=name) | Q(identifier__iexact=name) | Q(template__code=name)
    sections = sections_visible_to(actor).filter(by_name).order_by().values_list("pk", flat=True)[:MOST_CALLED]
    return files, sorted(permissions.with_those_below(sections))


def section_for(actor: Actor, pk: int) -> TypedSection:
    """A section of a typed file the actor may see. Raises :class:`NotFound`."""
    section = _sections().filter(permissions.sections_unhidden_from(actor), pk=pk).first()
    typed = typed_files_visible_to(actor).filter(pk=section.typed_file_id).first() if section else None
    if section is None or typed is None:
        hidden = _sections().select_related("typed_file__unit", "typed_file__processor").filter(pk=pk).first()
        raise _missing("Taková součást tu není, nebo k ní nemáte přístup.", hidden)
    section.typed_file = typed
    return section


def section_by(pk: int) -> TypedSection | None:
    """A section, for who need not see it: who checks access, who has its number."""
    return _sections().select_related("typed_file__unit", "typed_file__record_class__plan").filter(pk=pk).first()


def volume_by(pk: int) -> Volume | None:
    """A volume with its section, for who need not see it."""
    volume = Volume.objects.filter(pk=pk).first()
    if volume is not None and (section := section_by(volume.section_id)):
        volume.section = section
    return volume


def volume_for(actor: Actor, pk: int) -> Volume:
    """A volume of a typed file the actor may see. Raises :class:`NotFound`."""
    volume = Volume.objects.filter(pk=pk).first()
    if volume is None:
        raise NotFound("Takový díl tu není, nebo k němu nemáte přístup.")
    volume.section = section_for(actor, volume.section_id)
    return volume


def template_of(record_class: RecordClass) -> QuerySet[TemplateSection]:
    """The template of a class for typed files, from the top down."""
    return TemplateSection.objects.filter(record_class=record_class).select_related("disposal_regime", "record_class")


def classes_for_typed_files(*, on: date) -> QuerySet[RecordClass]:
    """Classes in which a typed file may be founded on a day: open, with a template (NSESSS 3.1.8, 3.3.1)."""
    plan = current_plan(on=on)
    if plan is None:
        return RecordClass.objects.none()
    found = RecordClass.objects.filter(plan=plan, for_typed_files=True, template_sections__isnull=False)
    valid = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    return found.filter(valid).select_related("plan").distinct().order_by("sort_key")


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section of a typed file in its tree, with how many files it holds."""

    section: TypedSection
    depth: int
    files: int
    open_files: int


def section_rows(typed_file: TypedFile, *, reader: Actor | None = None) -> list[SectionRow]:
    """The sections from the top down with numbers of files: two queries (volumes are not told of, 3.3.20).

    With a reader without those a restriction hides from them.
    """
    shown = permissions.sections_unhidden_from(reader) if reader else Q()
    sections = list(_sections().filter(shown, typed_file=typed_file).order_by("template__sort_key"))
    numbers = Volume.objects.filter(section__typed_file=typed_file).order_by().values("section")
    numbers = numbers.annotate(
        held=Count("files"),
        unclosed=Count("files", filter=Q(files__state__in=UNCLOSED)),
    )
    counts = {one["section"]: (one["held"], one["unclosed"]) for one in numbers}
    depths: dict[int | None, int] = {None: -1}
    rows = []
    for section in sections:
        depths[section.pk] = depths[section.parent_id] + 1
        rows.append(SectionRow(section, depths[section.pk], *counts.get(section.pk, (0, 0))))
    return rows


def subtree(section: TypedSection) -> list[TypedSection]:
    """The section with all below it, from the top down."""
    below: dict[int | None, list[TypedSection]] = defaultdict(list)
    for one in _sections().filter(typed_file=section.typed_file_id).order_by("template__sort_key"):
        below[one.parent_id].append(one)
    found, ahead = [section], list(below[section.pk])
    while ahead:
        one = ahead.pop(0)
        found.append(one)
        ahead = [*below[one.pk], *ahead]
    return found


def above(section: TypedSection) -> list[TypedSection]:
    """The sections that hold this one, the nearest first."""
    found = []
    here = section.parent
    while here is not None:
        found.append(here)
        here = here.parent
    return found


def files_in(sections: Iterable[TypedSection]) -> QuerySet[CaseFile]:
    """Files in the volumes of sections, newest first."""
    found = CaseFile.objects.filter(volume__section__in=[one.pk for one in sections])
    return found.select_related("unit", "processor", "volume").order_by("-opened_on", "-pk")


def open_files_in(sections: Iterable[TypedSection]) -> tuple[list[str], int]:
    """Marks of the first files that are not closed, and how many there are."""
    found = files_in(sections).filter(state__in=UNCLOSED).order_by("pk")
    return list(found.values_list("file_mark", flat=True)[:NAMED_AT_MOST]), found.count()


def volumes_of(section: TypedSection) -> QuerySet[Volume]:
    """Volumes of a section, the newest first, each with the number of its files; destroyed ones by their header."""
    return Volume.objects.filter(section=section).annotate(size=Count("files")).order_by("-number")


def due_volumes(*, on: date) -> QuerySet[Volume]:
    """Open volumes whose period is over (NSESSS 3.3.14)."""
    found = Volume.objects.filter(state=VolumeState.OPEN.value, ends_on__lt=on)
    return found.select_related("section__template__disposal_regime", "section__typed_file").order_by("ends_on", "pk")


def open_typed_files_in(record_class: RecordClass) -> QuerySet[TypedFile]:
    """Open typed files of a class."""
    return TypedFile.objects.filter(record_class=record_class, state=TypedState.OPEN.value)


def mapping_between(source: RecordClass, target: RecordClass) -> dict[int, int]:
    """Into which section of one template each section of another goes, by their keys."""
    found = SectionMapping.objects.filter(source__record_class=source, target__record_class=target)
    return dict(found.values_list("source", "target"))


def faults_between(source: RecordClass, target: RecordClass, pairs: Mapping[int, int] | None = None) -> list[str]:
    """Why typed files cannot go from one class into another; all reasons (NSESSS 3.3.4)."""
    if target.pk == source.pk or not target.for_typed_files:
        return [f"Skupina {target} není jiná skupina pro typové spisy (NSESSS 3.3.4)."]
    pairs = mapping_between(source, target) if pairs is None else pairs
    return faults_of_mapping(_structure(source), _structure(target), pairs)


def mapped_successor(record_class: RecordClass, *, on: date) -> RecordClass | None:
    """The open class to which the template of this one is wholly mapped: the named successor first, then the newest."""
    targets = RecordClass.objects.filter(template_sections__mapped_from__source__record_class=record_class)
    found = list(targets.select_related("plan").distinct().order_by("-valid_from", "-pk"))
    found.sort(key=lambda one: one.pk != record_class.successor_id)
    return next((one for one in found if one.is_open(on) and not faults_between(record_class, one)), None)


def ended_classes(*, on: date) -> list[RecordClass]:
    """Classes that take nothing more and still hold open typed files nobody moves yet (NSESSS 3.3.4, 3.3.7)."""
    ended = Q(valid_to__lt=on) | Q(plan__valid_to__lt=on)
    found = RecordClass.objects.filter(ended, for_typed_files=True, typed_files__state=TypedState.OPEN.value)
    moving = ResortingItem.objects.filter(state=ItemState.WAITING, typed_file__isnull=False)
    found = found.exclude(pk__in=moving.values("source"))
    return list(found.select_related("plan", "successor").distinct().order_by("plan", "sort_key"))


def sections_to_fill(actor: Actor, wanted: str) -> QuerySet[TypedSection]:
    """Open sections for files, of typed files the actor may fill, whose names or codes have all the words."""
    found = _sections().filter(
        permissions.sections_filled_by(actor),
        permissions.sections_unhidden_from(actor),
        state=TypedState.OPEN.value,
        typed_file__state=TypedState.OPEN.value,
        template__disposal_regime__isnull=False,
    )
    for word in wanted.split():
        found = found.filter(
            Q(typed_file__name__icontains=word) | Q(template__name__icontains=word) | Q(template__code__startswith=word)
        )
    return found.order_by("typed_file__name", "typed_file", "template__sort_key")


def _structure(record_class: RecordClass) -> Sequence[MappedSection]:
    return [MappedSection(one.pk, one.code, one.parent_id, one.is_leaf) for one in template_of(record_class)]


def _sections() -> QuerySet[TypedSection]:
    return TypedSection.objects.select_related(
        "typed_file__record_class__plan", "typed_file__unit", "template__disposal_regime", "parent"
    )
