"""Templates of typed files: defined with their class, described, changed by a new class, mapped (3.3.4 to 3.3.8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from egon.audit import log
from egon.audit.operation import operation
from egon.jobs.job import defer
from egon.kernel import clock, czech
from egon.kernel.actor import Actor
from egon.records import jobs, permissions, typed_queries
from egon.records.errors import InvalidInput, TemplateNotUsable
from egon.records.models import DisposalRegime, RecordClass, SectionMapping, TemplateSection
from egon.records.operations.successors import replace_class
from egon.records.operations.typed.carrying import start_typed_resorting
from egon.records.rules.plan import LONGEST_NAME, parent_code
from egon.records.rules.typed import Period, SectionLine, faults_of_period, faults_of_template


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section as it is to be; ``code`` is the part after the code of the class (``5.1``).

    ``source`` is the section it continues when a template is changed.
    """

    code: str
    name: str
    regime: DisposalRegime | None = None
    period: str = Period.CALENDAR.value
    period_years: int | None = None
    numbers_by_file: bool = False
    standing_consent: bool = False
    converts_formats: bool = True
    source: TemplateSection | None = None


@operation("records.template.define", title="Šablona typového spisu", requires=permissions.may_configure)
def define_template(*, actor: Actor, record_class: RecordClass, sections: Sequence[SectionDraft]) -> RecordClass:
    """Define the template of a class for typed files (NSESSS 3.3.5, 3.3.6), or edit it in a draft of a plan.

    In a plan that is in force a template changes by a new class only (3.3.7): :func:`change_template`.
    Raises :class:`TemplateNotUsable` with every fault.
    """
    record_class.refresh_from_db(from_queryset=RecordClass.objects.select_for_update())
    faults = []
    if not record_class.for_typed_files:
        faults.append(f"Skupina {record_class} není určena pro typové spisy (NSESSS 3.1.6).")
    if not record_class.plan.draft and record_class.template_sections.exists():
        faults.append("Šablona v platném plánu se mění jen založením nové skupiny (NSESSS 3.3.7, 6.1.2).")
    faults += _faults_of(record_class, sections)
    if faults:
        raise TemplateNotUsable("Šablona se neuložila.", faults)
    _write(record_class, sections)
    log.note(sections=len(sections))
    return record_class


@operation("records.template.change", title="Změna šablony typového spisu", requires=permissions.may_configure)
def change_template(
    *, actor: Actor, record_class: RecordClass, sections: Sequence[SectionDraft], on: date
) -> RecordClass:
    """Change a template from a day on: a new class with the same code opens, the old one closes (NSESSS 3.3.7).

    Every section of the old template continues in one of the new (``source``), others are new; open typed files are
    re-sorted by that (3.3.4) on that day. Returns the new class. Raises :class:`TemplateNotUsable` with every fault.
    """
    record_class.refresh_from_db(from_queryset=RecordClass.objects.select_for_update())
    old = list(typed_queries.template_of(record_class))
    faults = _faults_of_change(record_class, old, sections, on)
    if faults:
        raise TemplateNotUsable("Šablona se nezměnila.", faults)
    successor = replace_class(record_class, on, for_typed_files=True)
    made = _write(successor, sections)
    pairs = {draft.source.pk: section.pk for draft, section in made if draft.source is not None}
    if faults := typed_queries.faults_between(record_class, successor, pairs):
        raise TemplateNotUsable("Šablona se nezměnila.", faults)
    _map(record_class, successor, pairs)
    log.note(successor=str(successor), sections=len(sections))
    if on <= clock.today() and typed_queries.open_typed_files_in(record_class).exists():
        reason = f"Změna šablony skupiny {record_class.code}"
        start_typed_resorting(actor=actor, source=record_class, target=successor, reason=reason)
    return successor


@operation("records.template.describe", title="Název a období součásti šablony", requires=permissions.may_configure)
def describe_section(
    *, actor: Actor, template_section: TemplateSection, name: str, period: str = "", period_years: int | None = None
) -> TemplateSection:
    """Rename a section, or set for how long its volumes are open; the template stays the same (NSESSS 3.3.8, 3.3.9).

    A volume open now keeps its last day; the period holds for those opened later.
    """
    faults = []
    if not name.strip() or len(name) > LONGEST_NAME:
        faults.append(f"Název součásti musí mít 1 až {LONGEST_NAME} znaků.")
    years = period_years if period == Period.YEARS else None
    if template_section.is_leaf:
        faults += [fault[0].upper() + fault[1:] for fault in faults_of_period(period, years)]
    if faults:
        raise InvalidInput("Součást se nezměnila.", faults)
    log.note(previous_name=template_section.name, previous=template_section.written_period)
    template_section.name = name.strip()
    if template_section.is_leaf:
        template_section.period, template_section.period_years = period, years
    template_section.save(update_fields=["name", "period", "period_years"])
    defer(jobs.index_sections, template_section_id=template_section.pk)
    return template_section


@operation(
    "records.template.map", title="Přiřazení součástí šablon", requires=permissions.may_configure, unlogged=("pairs",)
)
def map_templates(
    *, actor: Actor, source: RecordClass, target: RecordClass, pairs: Mapping[TemplateSection, TemplateSection]
) -> RecordClass:
    """Say into which section of another class each section goes when typed files are re-sorted (NSESSS 3.3.4 b).

    Raises :class:`TemplateNotUsable` with every fault.
    """
    by_pk = {one.pk: other.pk for one, other in pairs.items()}
    if faults := typed_queries.faults_between(source, target, by_pk):
        raise TemplateNotUsable("Součásti se nepřiřadily.", faults)
    _map(source, target, by_pk)
    log.note(moves=[f"{one.code} → {other.code}" for one, other in pairs.items()])
    return target


def _faults_of(record_class: RecordClass, sections: Sequence[SectionDraft]) -> list[str]:
    separator = record_class.plan.separator
    lines = [
        SectionLine(f"{record_class.code}{separator}{one.code}", one.name, one.regime is not None, one.period,
                    one.period_years)
        for one in sections
    ]  # fmt: skip
    return faults_of_template(record_class.code, lines, separator) + [
        f"Režim {one.regime} je znepřístupněný, přiřadit ho nejde (NSESSS 6.1.1)."
        for one in sections
        if one.regime is not None and one.regime.withdrawn_on is not None
    ]


def _faults_of_change(
    record_class: RecordClass, old: Sequence[TemplateSection], sections: Sequence[SectionDraft], on: date
) -> list[str]:
    faults = _faults_of(record_class, sections)
    if record_class.plan.draft or not old:
        faults.append("Skupina ještě nemá šablonu v platném plánu; šablonu jen uložte.")
    if record_class.valid_to is not None:
        faults.append(f"Skupina {record_class} už je uzavřená.")
    if on < clock.today():
        faults.append("Šablona se nemění zpětně; zvolte dnešek nebo pozdější den.")
    if on <= record_class.valid_from:
        faults.append("Nová šablona musí platit až po dni, kdy se skupina otevřela.")
    continued = {one.source.pk for one in sections if one.source is not None}
    faults += [
        f"Součást {one} chybí; dosavadní součásti musí v šabloně zůstat (NSESSS 3.3.4)."
        for one in old
        if one.pk not in continued
    ]
    return faults


def _write(record_class: RecordClass, sections: Sequence[SectionDraft]) -> list[tuple[SectionDraft, TemplateSection]]:
    """Save the template; a section with a code that was there before stays the same one."""
    separator = record_class.plan.separator
    known = {one.code: one for one in typed_queries.template_of(record_class)}
    made: dict[str, TemplateSection] = {}
    written = []
    for draft in sorted(sections, key=lambda one: czech.sort_key(one.code)):
        code = f"{record_class.code}{separator}{draft.code}"
        section = known.pop(code, None) or TemplateSection(record_class=record_class, code=code)
        section.parent = made.get(parent_code(code, separator))
        section.name, section.sort_key = draft.name.strip(), czech.sort_key(code)[:300]
        section.disposal_regime = draft.regime
        section.period = draft.period if draft.regime else ""
        section.period_years = draft.period_years if section.period == Period.YEARS else None
        section.numbers_by_file = draft.numbers_by_file
        section.standing_consent, section.converts_formats = draft.standing_consent, draft.converts_formats
        section.save()
        made[code] = section
        written.append((draft, section))
    remove_sections(list(known.values()))
    return written


def remove_sections(sections: Sequence[TemplateSection]) -> None:
    """Out of a draft, with what was mapped to them."""
    pks = [one.pk for one in sections]
    SectionMapping.objects.filter(target__in=pks).delete()
    SectionMapping.objects.filter(source__in=pks).delete()
    TemplateSection.objects.filter(pk__in=pks).update(parent=None)
    TemplateSection.objects.filter(pk__in=pks).delete()


def _map(source: RecordClass, target: RecordClass, pairs: Mapping[int, int]) -> None:
    SectionMapping.objects.filter(source__record_class=source, target__record_class=target).delete()
    SectionMapping.objects.bulk_create(SectionMapping(source_id=one, target_id=other) for one, other in pairs.items())
