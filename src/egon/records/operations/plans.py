"""Versions of the filing plan: drafted, imported, put in force (NSESSS 3.1.7, 3.1.8, 3.2.14)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from egon.audit import log
from egon.audit.operation import operation
from egon.gateways.nsesss import ClassData, PlanData
from egon.kernel import czech
from egon.kernel.actor import Actor
from egon.records import indexing, own_metadata, permissions, typed_queries
from egon.records.errors import InvalidInput, NotInThisState, PlanNotUsable
from egon.records.models import DisposalRegime, FilingPlan, RecordClass, SectionMapping, TemplateSection
from egon.records.models.plan import new_identifier
from egon.records.operations.regimes import regime_like
from egon.records.operations.typed.templates import remove_sections
from egon.records.plan_queries import day_before, plan_data
from egon.records.rules.plan import Separator, faults_of_plan
from egon.records.rules.typed import Period, TypedState, period_of


@operation("records.plan.save", title="Spisový a skartační plán", requires=permissions.may_configure)
def save_plan(
    *,
    actor: Actor,
    name: str,
    valid_from: date,
    separator: Separator = Separator.DOT,
    description: str = "",
    plan: FilingPlan | None = None,
) -> FilingPlan:
    """Draft a new plan, or change what is said of ``plan`` (NSESSS 3.1.7).

    The separator (3.1.12) and the first day may change only in a draft, the separator only while it has no class.
    """
    faults = [] if name.strip() else ["Vyplňte název plánu."]
    if plan is not None and not plan.draft and valid_from != plan.valid_from:
        faults.append("Plán už platí, první den jeho platnosti změnit nejde.")
    if plan is not None and separator != plan.separator and plan.classes.exists():
        faults.append("Plán už má věcné skupiny, oddělovač spisového znaku změnit nejde (NSESSS 3.1.12).")
    if faults:
        raise InvalidInput("Plán se neuložil.", faults)
    plan = plan or FilingPlan()
    plan.name, plan.description = name.strip()[:200], description.strip()
    plan.valid_from, plan.separator = valid_from, separator.value
    plan.save()
    return plan


@operation(
    "records.plan.import",
    title="Import spisového a skartačního plánu",
    requires=permissions.may_configure,
    unlogged=("data",),
)
def import_plan(*, actor: Actor, data: PlanData, valid_from: date) -> FilingPlan:
    """Make a draft of a plan that came from outside (příloha 5 or a table). Nothing in force changes.

    Identifiers are kept where no other class has them. ``valid_from`` is the first day of what does not name one.
    Raises :class:`PlanNotUsable` with every fault of every class.
    """
    if faults := faults_of_plan(data):
        raise PlanNotUsable("Plán se nenahrál, nic se nezměnilo.", faults)
    plan = FilingPlan.objects.create(
        name=data.name[:200],
        description=data.description,
        separator=data.separator,
        valid_from=data.valid_from or valid_from,
        identifier=_free_identifier(FilingPlan, data.identifier),
    )
    _add_classes(plan, data, data.valid_from or valid_from)
    log.note(classes=len(data.classes))
    return plan


@operation("records.plan.copy", title="Nový návrh podle plánu", requires=permissions.may_configure)
def copy_plan(*, actor: Actor, plan: FilingPlan, name: str, valid_from: date) -> FilingPlan:
    """Draft the next version from a plan: the same open classes, templates and regimes, to be edited.

    Templates of typed files are mapped to their copies, so that open typed files can be re-sorted (NSESSS 3.3.4).
    """
    if not name.strip():
        raise InvalidInput("Návrh se nezaložil.", ["Vyplňte název nového plánu."])
    copy = FilingPlan.objects.create(
        name=name.strip()[:200], description=plan.description, separator=plan.separator, valid_from=valid_from
    )
    data = plan_data(plan)
    made = _add_classes(copy, data, valid_from, as_new=True)
    _map_to_copies(data, made)
    _carry_own(plan, made.values())
    return copy


@operation("records.plan.enforce", title="Uvedení plánu v platnost", requires=permissions.may_configure)
def put_plan_in_force(*, actor: Actor, plan: FilingPlan, on: date, today: date) -> FilingPlan:
    """Make a draft the plan in force from a day on; the one before ends the day before, with its classes (3.1.7).

    Open files stay where they are until they are re-sorted (3.2.14). Raises :class:`PlanNotUsable` with all obstacles.
    """
    plan.refresh_from_db(from_queryset=FilingPlan.objects.select_for_update())
    previous = FilingPlan.objects.select_for_update().filter(draft=False, valid_to__isnull=True).first()
    obstacles = [] if plan.draft else ["Plán už v platnost uveden byl."]
    if not plan.classes.filter(holds_files=True).exists():
        obstacles.append("Plán nemá skupinu, do které by šlo založit spis.")
    obstacles += [
        f"Skupina {one} nemá skartační režim ani podřízené skupiny (NSESSS 6.1.4)." for one in _without_regime(plan)
    ]
    obstacles += [
        f"Skupina {one} je určena pro typové spisy a nemá šablonu (NSESSS 3.3.5)."
        for one in plan.classes.filter(for_typed_files=True, template_sections__isnull=True).order_by("sort_key")
    ]
    obstacles += _unmapped(previous, plan) if previous is not None else []
    if previous is not None and on <= previous.valid_from:
        obstacles.append(f"Plán „{previous}“ platí až od {_written(previous.valid_from)}; zvolte pozdější den.")
    if previous is not None and on < today:
        obstacles.append("Plán nejde uvést v platnost zpětně, spisy se už zakládaly podle dosavadního.")
    if obstacles:
        raise PlanNotUsable(f"Plán „{plan}“ se v platnost neuvedl.", obstacles)
    if previous is not None:
        _end(previous, day_before(on))
    # Classes that were to open with the plan open with it; those with their own day keep it (3.1.4).
    plan.classes.filter(valid_from=plan.valid_from).update(valid_from=on)
    plan.draft, plan.valid_from = False, on
    plan.save(update_fields=["draft", "valid_from"])
    log.note(previous=str(previous or ""), classes=plan.classes.count())
    return plan


@operation("records.plan.discard", title="Zahození návrhu plánu", requires=permissions.may_configure)
def discard_plan(*, actor: Actor, plan: FilingPlan) -> None:
    """Throw a draft away with its classes. Raises :class:`NotInThisState` for a plan that was ever in force."""
    plan.refresh_from_db(from_queryset=FilingPlan.objects.select_for_update())
    if not plan.draft:
        raise NotInThisState(f"Plán „{plan}“ není návrh, zahodit ho nejde.")
    log.note(classes=plan.classes.count())
    for one in plan.classes.all():
        indexing.forget_class(one)
    remove_sections(list(TemplateSection.objects.filter(record_class__plan=plan)))
    plan.classes.update(parent=None)
    plan.classes.all().delete()
    FilingPlan.objects.filter(pk=plan.pk).delete()


def _carry_own(plan: FilingPlan, made: Iterable[RecordClass | TemplateSection]) -> None:
    """Own metadata go on with the class; they are found with it, so it is indexed once more."""
    former = {one.code: one for one in plan.classes.filter(valid_to__isnull=True).exclude(own_values={})}
    pairs = [(former[one.code], one) for one in made if isinstance(one, RecordClass) and one.code in former]
    own_metadata.carry(pairs)
    indexing.index_classes([new for _, new in pairs])


def _add_classes(
    plan: FilingPlan, data: PlanData, opens: date, *, as_new: bool = False
) -> dict[int, RecordClass | TemplateSection]:
    """Level by level, so that each level is one statement; ``as_new`` gives new identifiers and opening days.

    Returns what was made by its position in ``data``.
    """
    regimes = _regimes_of(data)
    taken = set[str]() if as_new else _taken(data)
    levels: dict[int, list[int]] = defaultdict(list)
    depth: list[int] = []
    for position, one in enumerate(data.classes):
        depth.append(0 if one.parent is None else depth[one.parent] + 1)
        levels[depth[position]].append(position)
    made: dict[int, RecordClass | TemplateSection] = {}
    for level in sorted(levels):
        rows: dict[int, RecordClass | TemplateSection] = {}
        for position in levels[level]:
            one = data.classes[position]
            above = None if one.parent is None else made[one.parent]
            row = _new_row(plan, above, one, regimes[position], opens, as_new=as_new)
            if not as_new and one.identifier and one.identifier not in taken:
                row.identifier = one.identifier[:50]
                taken.add(one.identifier)
            rows[position] = row
        RecordClass.objects.bulk_create(row for row in rows.values() if isinstance(row, RecordClass))
        TemplateSection.objects.bulk_create(row for row in rows.values() if isinstance(row, TemplateSection))
        made |= rows
    indexing.index_classes([one for one in made.values() if isinstance(one, RecordClass)])
    return made


def _taken(data: PlanData) -> set[str]:
    """Identifiers of the plan that something here already has."""
    wanted = {one.identifier for one in data.classes if one.identifier}
    classes = RecordClass.objects.filter(identifier__in=wanted).values_list("identifier", flat=True)
    sections = TemplateSection.objects.filter(identifier__in=wanted).values_list("identifier", flat=True)
    return {*classes, *sections}


def _map_to_copies(data: PlanData, made: Mapping[int, RecordClass | TemplateSection]) -> None:
    copies = {
        data.classes[position].identifier: one for position, one in made.items() if isinstance(one, TemplateSection)
    }
    originals = TemplateSection.objects.filter(identifier__in=copies)
    SectionMapping.objects.bulk_create(SectionMapping(source=one, target=copies[one.identifier]) for one in originals)


def _unmapped(previous: FilingPlan, plan: FilingPlan) -> list[str]:
    """Classes whose open typed files would have nowhere to go when the plan before ends (NSESSS 3.3.4)."""
    classes = RecordClass.objects.filter(plan=previous, typed_files__state=TypedState.OPEN.value).distinct()
    targets = list(plan.classes.filter(for_typed_files=True))
    return [
        f"Skupina {one} dosavadního plánu má otevřené typové spisy a její šablona není přiřazená žádné skupině "
        "nového plánu (NSESSS 3.3.4)."
        for one in classes.order_by("sort_key")
        if all(typed_queries.faults_between(one, target) for target in targets)
    ]


def _new_row(
    plan: FilingPlan,
    above: RecordClass | TemplateSection | None,
    one: ClassData,
    regime: DisposalRegime | None,
    opens: date,
    *,
    as_new: bool,
) -> RecordClass | TemplateSection:
    if one.is_section:
        return _new_section(above, one, regime)
    return _new_class(plan, above if isinstance(above, RecordClass) else None, one, regime, opens, as_new=as_new)


def _new_section(
    above: RecordClass | TemplateSection | None, one: ClassData, regime: DisposalRegime | None
) -> TemplateSection:
    period, years = period_of(one.period) or (Period.CALENDAR, None)
    return TemplateSection(
        record_class=above.record_class if isinstance(above, TemplateSection) else above,
        parent=above if isinstance(above, TemplateSection) else None,
        code=one.code,
        name=one.name,
        sort_key=czech.sort_key(one.code)[:300],
        disposal_regime=regime,
        period=period.value if regime else "",
        period_years=years if regime else None,
        numbers_by_file=one.numbers_by_file,
        standing_consent=one.standing_consent,
    )


def _new_class(
    plan: FilingPlan,
    parent: RecordClass | None,
    one: ClassData,
    regime: DisposalRegime | None,
    opens: date,
    *,
    as_new: bool,
) -> RecordClass:
    return RecordClass(
        plan=plan,
        parent=parent,
        code=one.code,
        name=one.name,
        note=one.note,
        sort_key=czech.sort_key(one.code)[:300],
        disposal_regime=regime,
        holds_files=regime is not None,
        for_typed_files=one.for_typed_files,
        numbers_by_file=one.numbers_by_file,
        standing_consent=one.standing_consent,
        valid_from=opens if as_new else one.opened_on or opens,
        valid_to=None if as_new else one.closed_on,
    )


def _regimes_of(data: PlanData) -> list[DisposalRegime | None]:
    """The regime of each class; equal ones are one entry of the code list."""
    known: dict[object, DisposalRegime] = {}
    found: list[DisposalRegime | None] = []
    for one in data.classes:
        if one.regime is None:
            found.append(None)
            continue
        key = (one.regime.mark, one.regime.years, one.regime.trigger, one.regime.check_years)
        if key not in known:
            known[key] = regime_like(one.regime)
        found.append(known[key])
    return found


def _without_regime(plan: FilingPlan) -> list[RecordClass]:
    leaves = RecordClass.objects.filter(plan=plan, disposal_regime__isnull=True, for_typed_files=False)
    return list(leaves.filter(children__isnull=True, valid_to__isnull=True).order_by("sort_key"))


def _end(plan: FilingPlan, last_day: date) -> None:
    plan.valid_to = last_day
    plan.save(update_fields=["valid_to"])
    plan.classes.filter(valid_to__isnull=True).update(valid_to=last_day)


def _free_identifier(model: type[FilingPlan], wanted: str) -> str:
    if wanted and len(wanted) <= 50 and not model.objects.filter(identifier=wanted).exists():
        return wanted
    return new_identifier()


def _written(day: date) -> str:
    return f"{day.day}. {day.month}. {day.year}"
