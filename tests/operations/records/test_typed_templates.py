"""Templates of typed files and typed files founded from them; plans with templates, exported and put in force."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.records_steps import acting, record_class
from tests.typed_steps import OPENED, drafts, moment, regime, section, typed_class, typed_file, volumes

from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import plan_queries, queries, typed_queries
from egon.records.errors import ClassHoldsNoFiles, InvalidInput, NotInThisState, PlanNotUsable, TemplateNotUsable
from egon.records.models import RecordClass, SectionMapping, TemplateSection, TypedFile, Volume
from egon.records.operations import SectionDraft
from egon.records.plan_table import read_table, write_table


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def entry(in_region):
    return typed_class(in_region)


@pytest.fixture
def typed(in_region, entry):
    return typed_file(in_region, entry)


def codes(entry):
    return [(one.code, one.regime, one.written_period) for one in typed_queries.template_of(entry)]


@pytest.mark.norm("3.3.5", "3.3.6a", "3.3.6b", "3.3.6c", "3.3.6d", "2.7.1e", "6.1.1c", "6.1.4")
def test_a_template_gives_each_section_its_code_regime_numbering_and_period(in_region, keeper, entry):
    assert codes(entry) == [
        ("65.30.1", "", ""), ("65.30.1.1", "A/10", "5 let"), ("65.30.1.2", "S/5", "kalendářní rok"),
        ("65.30.2", "S/5", "kalendářní rok"),
    ]  # fmt: skip
    sections = {one.code: one for one in typed_queries.template_of(entry)}
    assert sections["65.30.1.1"].parent == sections["65.30.1"]
    assert [one.numbers_by_file for one in sections.values()] == [False, False, False, True]
    assert len({one.identifier for one in sections.values()}) == 4
    other = typed_class(
        in_region, "65.31",
        [SectionDraft("1", "Provoz", regime(in_region), standing_consent=True, converts_formats=False)],
    )  # fmt: skip
    (only,) = typed_queries.template_of(other)
    assert (only.standing_consent, only.converts_formats) == (True, False)


@pytest.mark.norm("6.1.1c")
def test_templates_are_defined_by_who_keeps_the_plan_and_without_withdrawn_regimes(in_region, keeper):
    plan = queries.current_plan(on=OPENED)
    parent = plan_queries.class_by_code(plan, "65")
    made = records.save_class(
        actor=keeper, plan=plan, code="65.40", name="Typové", valid_from=OPENED, parent=parent, for_typed_files=True
    )
    with pytest.raises(AccessDenied):
        records.define_template(actor=acting(in_region.officer), record_class=made, sections=drafts(in_region))
    withdrawn = records.save_regime(actor=keeper, mark="S", years=7)
    records.withdraw_regime(actor=keeper, regime=withdrawn, on=OPENED)
    with pytest.raises(TemplateNotUsable) as refused:
        records.define_template(
            actor=keeper, record_class=made,
            sections=[SectionDraft("1", "Provoz", withdrawn), SectionDraft("2", " ", regime(in_region))],
        )  # fmt: skip
    assert len(refused.value.obstacles) == 2
    assert "znepřístupněný" in refused.value.obstacles[1]
    assert not made.template_sections.exists()
    with pytest.raises(TemplateNotUsable, match="není určena"):
        records.define_template(actor=keeper, record_class=record_class("65.10"), sections=drafts(in_region))


@pytest.mark.norm("6.1.2a", "6.1.2b")
def test_a_regime_of_a_section_can_be_neither_removed_nor_replaced(in_region, keeper):
    odd = records.save_regime(actor=keeper, mark="S", years=77)
    entry = typed_class(in_region, sections=[SectionDraft("1", "Provoz", odd)])
    with pytest.raises(NotInThisState, match="používá"):
        records.delete_regime(actor=keeper, regime=odd)
    with pytest.raises(TemplateNotUsable, match="jen založením nové skupiny"):
        records.define_template(
            actor=keeper, record_class=entry, sections=[SectionDraft("1", "Provoz", regime(in_region))]
        )
    assert codes(entry) == [("65.30.1", "S/77", "kalendářní rok")]


@pytest.mark.norm("3.3.8a", "3.3.8b", "3.3.9")
def test_a_name_and_a_period_change_without_a_new_template(in_region, keeper, entry, typed):
    one = typed_queries.template_of(entry).get(code="65.30.2")
    records.describe_section(actor=keeper, template_section=one, name="Provoz a údržba", period="school")
    assert str(section(typed, "2").template) == "65.30.2 Provoz a údržba"
    (present,) = volumes(section(typed, "2"))
    assert present.ends_on == OPENED.replace(month=12, day=31)  # one that is open keeps its last day
    later = typed_file(in_region, entry, "Další", on=OPENED)
    assert volumes(section(later, "2"))[0].ends_on == OPENED.replace(month=8, day=31)
    with pytest.raises(InvalidInput) as refused:
        records.describe_section(actor=keeper, template_section=one, name="", period="years", period_years=0)
    assert len(refused.value.obstacles) == 2
    group = typed_queries.template_of(entry).get(code="65.30.1")
    records.describe_section(actor=keeper, template_section=group, name="Hlášení", period="school")
    assert (group.name, group.period) == ("Hlášení", "")


@pytest.mark.norm("3.3.1", "3.3.2", "3.3.3b", "3.3.3c", "3.3.19", "2.7.1d", "2.7.1e", "2.7.1f", "6.1.3c")
def test_a_typed_file_opens_with_its_sections_and_volumes(in_region, entry, typed):
    assert typed.identifier.startswith("T-")
    assert [str(row.section.template) for row in typed_queries.section_rows(typed)] == [
        "65.30.1 Zprávy", "65.30.1.1 Výroční zprávy", "65.30.1.2 Rozbory", "65.30.2 Provoz",
    ]  # fmt: skip
    assert volumes(section(typed, "1")) == []
    (volume,) = volumes(section(typed, "1.1"))
    assert (volume.number, volume.state, volume.regime, volume.trigger) == (1, "open", "A/10", "closing")
    assert (volume.opened_on, volume.ends_on) == (OPENED, OPENED.replace(year=OPENED.year + 5, day=1))
    everything = [*typed.sections.all(), *Volume.objects.filter(section__typed_file=typed)]
    assert len({one.identifier for one in everything}) == 4 + 3


@pytest.mark.norm("3.3.3c")
def test_the_database_keeps_one_open_volume_a_section(typed):
    (volume,) = volumes(section(typed, "2"))
    volume.pk, volume.number, volume.identifier = None, 2, "jiný"
    with pytest.raises(IntegrityError), transaction.atomic():
        volume.save(force_insert=True)


@pytest.mark.norm("3.3.17")
def test_a_typed_file_has_no_regime(typed):
    names = {field.name for field in TypedFile._meta.get_fields()}
    assert not names & {"disposal_mark", "retention_years", "trigger", "disposal_regime", "disposal_year"}


@pytest.mark.norm("3.1.8", "3.3.1", "3.1.1")
def test_typed_files_are_founded_in_open_classes_for_them_only(in_region, keeper, entry):
    for wrong, told in ((record_class("65.10"), "není určena"), (entry.parent, "není určena")):
        with pytest.raises(InvalidInput, match=told):
            typed_file(in_region, wrong)
    RecordClass.objects.filter(pk=entry.pk).update(valid_to=OPENED - timedelta(days=1))
    entry.refresh_from_db()
    with pytest.raises(InvalidInput, match="není otevřená"):
        typed_file(in_region, entry)
    assert entry not in typed_queries.classes_for_typed_files(on=OPENED)
    with pytest.raises(AccessDenied):
        records.open_typed_file(
            actor=acting(in_region.administrator), record_class=entry, name="Domov", unit=in_region.office.units["OD"],
            processor=None,
        )  # fmt: skip
    assert not TypedFile.objects.filter(record_class=entry).exists()


@pytest.mark.norm("3.1.6", "3.1.1")
def test_a_class_for_typed_files_takes_no_file_and_no_class(in_region, keeper, entry):
    with pytest.raises(ClassHoldsNoFiles, match="pro typové spisy"):
        records.open_file(
            actor=acting(in_region.officer), record_class=entry, unit=in_region.office.units["OD"], processor=None,
            subject="Spis", at=moment(OPENED),
        )  # fmt: skip
    with pytest.raises(InvalidInput, match="pro typové spisy"):
        records.save_class(
            actor=keeper, plan=entry.plan, code="65.30.9", name="Pod", valid_from=OPENED, parent=entry,
            regime=regime(in_region),
        )  # fmt: skip


@pytest.fixture
def draft(in_region, keeper, entry):
    return records.copy_plan(actor=keeper, plan=entry.plan, name="Nový plán", valid_from=today() + timedelta(days=9))


@pytest.mark.norm("3.3.4a", "3.3.4b")
def test_a_copied_plan_has_the_templates_mapped_to_it(entry, draft):
    copy = plan_queries.class_by_code(draft, "65.30")
    assert codes(copy) == codes(entry)
    assert typed_queries.faults_between(entry, copy) == []
    assert {one.identifier for one in typed_queries.template_of(copy)}.isdisjoint(
        one.identifier for one in typed_queries.template_of(entry)
    )


@pytest.mark.norm("3.3.4a", "3.3.5")
def test_a_plan_without_a_template_or_a_mapping_does_not_come_into_force(in_region, keeper, typed, draft):
    records.save_class(
        actor=keeper, plan=draft, code="65.50", name="Bez šablony", valid_from=draft.valid_from,
        parent=plan_queries.class_by_code(draft, "65"), for_typed_files=True,
    )  # fmt: skip
    SectionMapping.objects.filter(source__record_class=typed.record_class).delete()
    with pytest.raises(PlanNotUsable) as refused:
        records.put_plan_in_force(actor=keeper, plan=draft, on=today() + timedelta(days=9), today=today())
    assert len(refused.value.obstacles) == 2
    assert "65.50" in refused.value.obstacles[0]
    assert "65.30" in refused.value.obstacles[1]
    assert draft.draft


def test_a_template_in_a_draft_is_edited_and_goes_with_the_draft(in_region, keeper, entry, draft):
    copy = plan_queries.class_by_code(draft, "65.30")
    kept = typed_queries.template_of(copy).get(code="65.30.2").identifier
    records.define_template(
        actor=keeper, record_class=copy, sections=[SectionDraft("2", "Jen provoz", regime(in_region, "A", 10))]
    )
    assert codes(copy) == [("65.30.2", "A/10", "kalendářní rok")]
    assert typed_queries.template_of(copy).get().identifier == kept
    records.delete_class(actor=keeper, record_class=copy)
    records.discard_plan(actor=keeper, plan=draft)
    assert not TemplateSection.objects.filter(record_class__plan=draft.pk).exists()
    assert typed_queries.template_of(entry).count() == 4


def test_a_table_of_a_plan_carries_templates(entry):
    data = plan_queries.plan_data(entry.plan)
    again = read_table(write_table(data), name=data.name)
    sections = [one for one in again.classes if one.is_section and one.code.startswith("65.30.")]
    assert [(one.code, one.period, again.classes[one.parent].code) for one in sections] == [
        ("65.30.1", "", "65.30"), ("65.30.1.1", "5 let", "65.30.1"), ("65.30.1.2", "kalendářní rok", "65.30.1"),
        ("65.30.2", "kalendářní rok", "65.30"),
    ]  # fmt: skip
