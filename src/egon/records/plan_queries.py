"""Reads of the filing plan: versions, the tree, regimes, files waiting to be re-sorted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from egon.gateways.nsesss import ClassData, PlanData, Publisher, RegimeData
from egon.records.joined import group_of
from egon.records.models import (
    CaseFile,
    DisposalHold,
    DisposalRegime,
    Document,
    FilingPlan,
    RecordClass,
    Resorting,
    TemplateSection,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.queries import current_plan, settings_of_originator
from egon.records.rules.plan import ClassLine, PlanChanges, TargetFacts, compare
from egon.records.rules.retention import KNOWN_LATER
from egon.records.rules.states import DocumentState, FileState
from egon.tenancy.models import Tenant
from egon.tenancy.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One class in the tree, with what a row of the page shows; plain values, because a plan may have thousands."""

    pk: int
    parent_id: int | None
    depth: int
    code: str
    name: str
    regime: str
    runs_from: str
    holds_files: bool
    for_typed_files: bool
    is_closed: bool
    children: int


def plans() -> QuerySet[FilingPlan]:
    """All versions of the plan, drafts first, then the newest."""
    return FilingPlan.objects.annotate(size=Count("classes")).order_by("-draft", "-valid_from", "-pk")


def tree_of(plan: FilingPlan, *, on: date, also_closed: bool = False) -> list[TreeRow]:
    """The classes of a plan from the top down, in one query. Closed ones only when asked for."""
    found = RecordClass.objects.filter(plan=plan).order_by("sort_key", "valid_from", "pk")
    if not also_closed:
        found = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
    columns = found.values_list(
        "pk", "parent_id", "code", "name", "holds_files", "for_typed_files", "valid_to",
        "disposal_regime__mark", "disposal_regime__years", "disposal_regime__trigger", "disposal_regime__event",
    )  # fmt: skip
    labels = dict(DisposalRegime._meta.get_field("trigger").flatchoices)
    children: dict[int | None, int] = defaultdict(int)
    depths: dict[int | None, int] = {None: -1}
    values = list(columns)
    for value in values:
        children[value[1]] += 1
        depths[value[0]] = depths.get(value[1], -1) + 1
    return [
        TreeRow(
            pk=pk,
            parent_id=parent_id,
            depth=depths[pk],
            code=code,
            name=name,
            regime=f"{mark}/{years}" if mark else "",
            runs_from=(event or labels[trigger]) if mark else "",
            holds_files=holds_files,
            for_typed_files=typed,
            is_closed=valid_to is not None and valid_to < on,
            children=children[pk],
        )
        for pk, parent_id, code, name, holds_files, typed, valid_to, mark, years, trigger, event in values
    ]


def class_by_code(plan: FilingPlan, code: str) -> RecordClass | None:
    """The class with a code, the open one rather than its closed predecessors."""
    found = RecordClass.objects.filter(plan=plan, code=code.strip()).select_related("plan", "disposal_regime")
    return found.order_by("-valid_from", "-pk").filter(valid_to__isnull=True).first() or found.last()


def path_of(record_class: RecordClass) -> list[RecordClass]:
    """The classes above, from the top; one query, for their codes are chained (NSESSS 3.1.12)."""
    if record_class.parent_id is None:
        return []
    separator = record_class.plan.separator
    parts = record_class.code.split(separator)
    codes = [separator.join(parts[:length]) for length in range(1, len(parts))]
    found = RecordClass.objects.filter(plan=record_class.plan_id, code__in=codes)
    # Of several with one code (6.1.1) the chain of parents says which one.
    above = {one.pk: one for one in found.select_related("plan", "disposal_regime")}
    path: list[RecordClass] = []
    here: int | None = record_class.parent_id
    while here is not None:
        path.insert(0, above[here])
        here = above[here].parent_id
    return path


def regimes(*, also_withdrawn: bool = False) -> QuerySet[DisposalRegime]:
    """The code list of disposal regimes with how many classes use each."""
    found = DisposalRegime.objects.annotate(used=Count("classes", distinct=True))
    if not also_withdrawn:
        found = found.filter(withdrawn_on__isnull=True)
    return found.order_by("mark", "years", "trigger", "event")


def is_used(regime: DisposalRegime) -> bool:
    """Whether a class, a section of a template or a kind of document has the regime (NSESSS 6.1.2)."""
    return regime.classes.exists() or regime.template_sections.exists() or regime.kinds.exists()


def files_in_class(record_class: RecordClass, *, also_closed: bool = True) -> QuerySet[CaseFile]:
    """Files of a class, oldest first."""
    found = CaseFile.objects.filter(record_class=record_class).select_related("unit", "processor")
    return (found if also_closed else found.exclude(state=FileState.CLOSED.value)).order_by("opened_on", "pk")


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A class that takes no more files and still has open ones, and where they would go (NSESSS 3.2.14)."""

    record_class: RecordClass
    open_files: int
    proposed: str


def misplaced(*, on: date) -> list[Misplaced]:
    """Closed classes that hold open files, with the code proposed for them in the plan now in force.

    The successor of the class comes first, then the same code, then the same name.
    """
    counts = dict(
        CaseFile.objects.exclude(state=FileState.CLOSED.value)
        .filter(volume__isnull=True)
        .filter(Q(record_class__valid_to__lt=on) | Q(record_class__plan__valid_to__lt=on))
        .order_by()
        .values_list("record_class")
        .annotate(Count("pk"))
    )
    if not counts:
        return []
    plan = current_plan(on=on)
    open_classes = RecordClass.objects.filter(plan=plan, holds_files=True, valid_to__isnull=True) if plan else ()
    codes = {one.code for one in open_classes}
    by_name = {one.name: one.code for one in open_classes}
    classes = RecordClass.objects.filter(pk__in=counts).select_related("successor", "plan", "disposal_regime")
    return [
        Misplaced(one, counts[one.pk], _proposed(one, codes, by_name)) for one in classes.order_by("plan", "sort_key")
    ]


def _proposed(one: RecordClass, codes: set[str], by_name: Mapping[str, str]) -> str:
    successor = one.successor.code if one.successor is not None else ""
    if successor in codes:
        return str(successor)
    return one.code if one.code in codes else by_name.get(one.name, "")


def target_facts(record_class: RecordClass, *, on: date) -> TargetFacts:
    """Facts for :func:`egon.records.rules.plan.obstacle_to_resorting`."""
    return TargetFacts(record_class.code, record_class.holds_files, record_class.is_open(on))


def resortings() -> QuerySet[Resorting]:
    """Bulk re-sortings, the newest first."""
    return Resorting.objects.order_by("-started_at", "-pk")


def awaiting_event(*, on: date, only_due: bool = True) -> QuerySet[CaseFile]:
    """Closed files whose disposal year waits for an event; ``only_due``: those to be asked about now (NSESSS 6.1.9).

    The year of a birth may be asked for at once, it is known from the beginning.
    """
    later = [one.value for one in KNOWN_LATER]
    of_kinds = Document.objects.filter(case_file=OuterRef("pk"), kind__disposal_regime__trigger__in=later)
    found = CaseFile.objects.filter(
        Q(trigger__in=later) | Exists(of_kinds.exclude(state=DocumentState.WITHDRAWN.value)),
        state=FileState.CLOSED.value,
        disposal_year__isnull=True,
        trigger_year__isnull=True,
    )
    if only_due:
        found = found.filter(Q(trigger_check_year__isnull=True) | Q(trigger_check_year__lte=on.year))
    found = found.select_related("unit", "record_class__disposal_regime")
    return found.order_by(F("trigger_check_year").asc(nulls_first=True), "closed_on", "pk")


Holdable = RecordClass | TypedFile | TypedSection | Volume | CaseFile
"""What may be held, from the top down (NSESSS 6.1.13)."""


def holds_over(entity: Holdable) -> QuerySet[DisposalHold]:
    """Holds in force over a thing: its own, of all that it is in, and of files joined to it (6.1.13)."""
    over = Q()
    for one in group_of(entity) if isinstance(entity, CaseFile) else [entity]:
        over |= _held_with(one)
    found = DisposalHold.objects.filter(over, lifted_on__isnull=True)
    return found.select_related(*DisposalHold.LEVELS).order_by("placed_on", "pk")


def _held_with(entity: Holdable) -> Q:
    """Holds of the thing itself and of what it is in."""
    match entity:
        case RecordClass():
            return Q(record_class__in=[one.pk for one in (*path_of(entity), entity)])
        case TypedFile():
            return Q(typed_file=entity) | _held_with(entity.record_class)
        case TypedSection():
            sections = [entity.pk]
            here = entity.parent
            while here is not None:
                sections.append(here.pk)
                here = here.parent
            return Q(section__in=sections) | _held_with(entity.typed_file)
        case Volume():
            return Q(volume=entity) | _held_with(entity.section)
        case CaseFile():
            above = entity.record_class if entity.volume is None else entity.volume
            return Q(file=entity) | _held_with(above)


def changes_to(plan: FilingPlan, *, on: date) -> PlanChanges | None:
    """How a draft differs from the plan in force; None when there is none."""
    present = current_plan(on=on)
    if present is None or present.pk == plan.pk:
        return None
    return compare(_lines(present), _lines(plan))


def _lines(plan: FilingPlan) -> list[ClassLine]:
    open_classes = RecordClass.objects.filter(plan=plan, valid_to__isnull=True).select_related("disposal_regime")
    return [ClassLine(one.code, one.name, one.regime) for one in open_classes.order_by("sort_key")]


def plan_data(plan: FilingPlan, *, also_closed: bool = False) -> PlanData:
    """The plan as data for příloha 5 and for tables, with its publisher: the present originator."""
    found = RecordClass.objects.filter(plan=plan).select_related("disposal_regime")
    if not also_closed:
        found = found.filter(valid_to__isnull=True)
    classes = _top_down(list(found.order_by("sort_key", "valid_from", "pk")))
    tenant = Tenant.objects.get(pk=current_tenant_id())
    address = " ".join(settings_of_originator().address.split()) or tenant.name
    return PlanData(
        name=plan.name,
        separator=plan.separator,
        classes=_with_sections(classes, plan),
        description=plan.description,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        identifier=plan.identifier,
        publisher=Publisher(tenant.name, tenant.ic, address),
    )


def _top_down(classes: Sequence[RecordClass]) -> list[RecordClass]:
    """A parent before its children, also when a class was closed and its code went on."""
    below: dict[int | None, list[RecordClass]] = defaultdict(list)
    for one in classes:
        below[one.parent_id].append(one)
    ordered: list[RecordClass] = []

    def take(above: Iterable[RecordClass]) -> None:
        for one in above:
            ordered.append(one)
            take(below[one.pk])

    take(below[None])
    return ordered


def _with_sections(classes: Sequence[RecordClass], plan: FilingPlan) -> list[ClassData]:
    """Each class as data, after one for typed files the sections of its template."""
    templates: dict[int, list[TemplateSection]] = defaultdict(list)
    for section in TemplateSection.objects.filter(record_class__plan=plan).select_related("disposal_regime"):
        templates[section.record_class_id].append(section)
    found: list[ClassData] = []
    positions: dict[int, int] = {}
    for one in classes:
        positions[one.pk] = len(found)
        found.append(_class_data(one, positions))
        sections: dict[int | None, int] = {None: positions[one.pk]}
        for section in templates[one.pk]:
            sections[section.pk] = len(found)
            found.append(_section_data(section, one, sections[section.parent_id]))
    return found


def _section_data(section: TemplateSection, record_class: RecordClass, parent: int) -> ClassData:
    return ClassData(
        code=section.code,
        name=section.name,
        parent=parent,
        regime=regime_data(section.disposal_regime) if section.disposal_regime else None,
        is_section=True,
        period=section.written_period,
        numbers_by_file=section.numbers_by_file,
        standing_consent=section.standing_consent,
        opened_on=record_class.valid_from,
        closed_on=record_class.valid_to,
        identifier=section.identifier,
        where=f"součást {section.code}",
    )


def _class_data(one: RecordClass, positions: Mapping[int, int]) -> ClassData:
    return ClassData(
        code=one.code,
        name=one.name,
        note=one.note,
        parent=positions[one.parent_id] if one.parent_id else None,
        regime=regime_data(one.disposal_regime) if one.disposal_regime else None,
        for_typed_files=one.for_typed_files,
        numbers_by_file=one.numbers_by_file,
        standing_consent=one.standing_consent,
        opened_on=one.valid_from,
        closed_on=one.valid_to,
        identifier=one.identifier,
        where=f"skupina {one.code}",
    )


def regime_data(regime: DisposalRegime) -> RegimeData:
    """A regime as data."""
    return RegimeData(
        mark=regime.mark,
        years=regime.years,
        trigger=regime.runs_from,
        check_years=regime.check_years,
        identifier=regime.identifier,
        name=regime.name,
        reason=regime.reason,
    )


def day_before(day: date) -> date:
    """The last day of what ends when ``day`` begins."""
    return day - timedelta(days=1)
