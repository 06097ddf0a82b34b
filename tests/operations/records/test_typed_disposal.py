"""Typed files and disposal: re-sorting by mapped templates, conflicts of regimes, events, holds, fixed links."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, record_class
from tests.runs import go
from tests.typed_steps import (
    OPENED,
    close,
    drafts,
    file_in,
    full_file,
    moment,
    regime,
    section,
    typed_class,
    typed_file,
    volumes,
)

from egon import search
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import plan_queries, typed_queries
from egon.records.errors import ClassNotClosable, FileNotJoinable, InvalidInput, TemplateNotUsable, TypedFileNotOpenable
from egon.records.jobs import roll_volumes
from egon.records.models import CaseFile, CrossReference, RecordClass, Resorting, TypedFile
from egon.records.operations import SectionDraft
from egon.records.rules.retention import Trigger

YEAR_ENDS = OPENED.replace(month=12, day=31)
NEXT_YEAR = YEAR_ENDS + timedelta(days=1)


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def system(in_region):
    return Actor.system(in_region.region.pk)


@pytest.fixture
def entry(in_region):
    return typed_class(in_region)


@pytest.fixture
def typed(in_region, entry):
    return typed_file(in_region, entry)


@pytest.fixture
def running(typed):
    return section(typed, "1.2")


def changed(world, entry):
    """The template with another regime of 1.2 (A/3) and one more section; every old one continues."""
    old = {one.code.removeprefix(f"{entry.code}."): one for one in typed_queries.template_of(entry)}
    kept = [draft for draft in drafts(world) if draft.code != "1.2"]
    sections = [*kept, SectionDraft("1.2", "Rozbory", regime(world, "A", 3))]
    sections = [
        SectionDraft(one.code, one.name, one.regime, one.period, one.period_years, one.numbers_by_file,
                     source=old[one.code])
        for one in sections
    ]  # fmt: skip
    return [*sections, SectionDraft("3", "Audity", regime(world, "A", 5))]


def change(world, entry, on=None):
    return records.change_template(
        actor=acting(world.records_keeper), record_class=entry, sections=changed(world, entry), on=on or clock.today()
    )


def run_all():
    for one in Resorting.objects.filter(state="running"):
        go(one)


@pytest.mark.norm("3.3.7", "3.3.4a", "3.3.4b", "3.3.4c", "3.3.4d", "3.3.4e", "3.3.4f", "3.3.4g", "3.3.4h", "3.4.4")
def test_a_changed_template_is_a_new_class_and_open_typed_files_go_there(in_region, system, entry, typed, running):
    early = close(in_region, full_file(in_region, running))
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    done = close(in_region, full_file(in_region, running, on=NEXT_YEAR), on=NEXT_YEAR)
    going = file_in(in_region, running, on=NEXT_YEAR)
    successor = change(in_region, entry)
    entry.refresh_from_db()
    assert (entry.valid_to, entry.successor) == (clock.today() - timedelta(days=1), successor)
    assert (successor.code, successor.for_typed_files, successor.valid_to) == ("65.30", True, None)
    run_all()
    typed.refresh_from_db()
    assert typed.record_class == successor
    moved = {row.section.template.code: row for row in typed_queries.section_rows(typed)}
    assert list(moved) == ["65.30.1", "65.30.1.1", "65.30.1.2", "65.30.2", "65.30.3"]
    assert moved["65.30.1.2"].section == running  # the section is the same, only its template is another one
    closed_volume, open_volume = volumes(running)
    assert (closed_volume.regime, open_volume.regime) == ("S/5", "A/3")
    for file in (early, done, going):
        file.refresh_from_db()
        assert file.record_class == successor
    assert (early.regime, done.regime, going.regime) == ("S/5", "S/5", "A/3")
    assert [one.state for one in volumes(section(typed, "3"))] == ["open"]
    assert moved["65.30.3"].files == 0


@pytest.mark.norm("3.4.4")
def test_sections_and_files_get_the_codes_of_the_new_class(in_region, keeper, entry, typed, running):
    file = close(in_region, full_file(in_region, running))
    other = typed_class(in_region, "65.31")
    pairs = zip(typed_queries.template_of(entry), typed_queries.template_of(other), strict=True)
    records.map_templates(actor=keeper, source=entry, target=other, pairs=dict(pairs))
    records.start_typed_resorting(actor=keeper, source=entry, target=other, reason="Jiné třídění")
    run_all()
    typed.refresh_from_db()
    file.refresh_from_db()
    assert (typed.class_code, file.class_code) == ("65.31", "65.31.1.2")
    assert section(typed, "1.2") == running
    found = {hit.entity_type for hit in search.find("65.31").hits}
    assert "records.typedfile" in found
    assert file.pk in {hit.entity_id for hit in search.find("65.31.1.2", entity_types=["records.casefile"]).hits}


@pytest.mark.norm("3.4.3")
def test_only_chosen_typed_files_go_and_refused_ones_say_why(in_region, keeper, officer, entry, typed):
    going, closed = typed_file(in_region, entry, "Jde"), typed_file(in_region, entry, "Uzavře se")
    other = typed_class(in_region, "65.31")
    pairs = dict(zip(typed_queries.template_of(entry), typed_queries.template_of(other), strict=True))
    records.map_templates(actor=keeper, source=entry, target=other, pairs=pairs)
    run = records.start_typed_resorting(
        actor=keeper, source=entry, target=other, reason="Jiné třídění", typed_files=[going.pk, closed.pk]
    )
    records.close_typed_file(actor=officer, typed_file=closed, on=OPENED)
    run_all()
    codes = dict(TypedFile.objects.values_list("name", "class_code"))
    assert (codes["Jde"], codes["Uzavře se"], codes[typed.name]) == ("65.31", "65.30", "65.30")
    found = plan_queries.resortings().get(pk=run.pk)
    assert (found.state, found.done, found.refused) == ("finished", 1, 1)
    assert "mezitím někdo uzavřel" in records.RESORTING.refused_in(found).get().message


def test_typed_files_do_not_move_without_a_whole_mapping(in_region, keeper, entry, typed):
    other = typed_class(in_region, "65.31")
    first, *_ = typed_queries.template_of(entry)
    target, *_ = typed_queries.template_of(other)
    with pytest.raises(TemplateNotUsable) as refused:
        records.map_templates(actor=keeper, source=entry, target=other, pairs={first: target})
    assert len(refused.value.obstacles) == 3
    with pytest.raises(InvalidInput) as refused:
        records.start_typed_resorting(actor=keeper, source=entry, target=other, reason=" ")
    assert len(refused.value.obstacles) == 5
    assert not Resorting.objects.exists()


@pytest.mark.norm("3.3.4", "3.3.7")
def test_a_template_keeps_what_it_had_and_does_not_change_backwards(in_region, keeper, entry):
    with pytest.raises(TemplateNotUsable) as refused:
        records.change_template(
            actor=keeper, record_class=entry, sections=changed(in_region, entry)[1:], on=OPENED - timedelta(days=900)
        )
    told = " ".join(refused.value.obstacles)
    assert "65.30.1 Zprávy chybí" in told
    assert "zpětně" in told
    assert entry.valid_to is None
    assert RecordClass.objects.filter(code="65.30").count() == 1


@pytest.mark.norm("3.3.4", "3.3.4a")
def test_typed_files_go_on_the_day_the_class_ends(monkeypatch, in_region, entry, typed):
    later = clock.today() + timedelta(days=5)
    successor = change(in_region, entry, on=later)
    roll_volumes()
    run_all()
    typed.refresh_from_db()
    assert typed.record_class == entry  # it is still the class in force
    monkeypatch.setattr(clock, "now", lambda: moment(later))
    roll_volumes()
    roll_volumes()
    assert Resorting.objects.count() == 1  # not asked for again while the first one waits
    run_all()
    typed.refresh_from_db()
    assert typed.record_class == successor


@pytest.mark.norm("3.3.4a", "3.4.2")
def test_a_class_with_open_typed_files_closes_only_into_a_mapped_one(in_region, keeper, entry, typed):
    with pytest.raises(ClassNotClosable, match=r"otevřené typové spisy \(1\)"):
        records.close_class(actor=keeper, record_class=entry, on=clock.today())
    other = typed_class(in_region, "65.31")
    with pytest.raises(ClassNotClosable) as refused:
        records.close_class(actor=keeper, record_class=entry, on=clock.today(), move_files_to=other)
    assert len(refused.value.obstacles) == 4
    pairs = dict(zip(typed_queries.template_of(entry), typed_queries.template_of(other), strict=True))
    records.map_templates(actor=keeper, source=entry, target=other, pairs=pairs)
    records.close_class(actor=keeper, record_class=entry, on=clock.today(), move_files_to=other)
    assert entry.successor == other


@pytest.mark.norm("3.2.13")
def test_a_typed_file_of_an_ended_class_opens_in_the_mapped_one(in_region, keeper, officer, entry, typed):
    records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    successor = change(in_region, entry)
    run_all()
    typed.refresh_from_db()
    assert typed.record_class == entry  # closed ones stay
    records.reopen_typed_file(actor=keeper, typed_file=typed, reason="Nové podklady")
    assert (typed.record_class, typed.state) == (successor, "open")
    records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    RecordClass.objects.filter(pk=successor.pk).update(valid_to=clock.today() - timedelta(days=1))
    typed = TypedFile.objects.get(pk=typed.pk)
    with pytest.raises(TypedFileNotOpenable, match="není přiřazená"):
        records.reopen_typed_file(actor=keeper, typed_file=typed, reason="Nové podklady")
    typed.refresh_from_db()
    assert typed.state == "closed"


@pytest.fixture
def kind(in_region, keeper):
    made = records.save_kind(actor=keeper, name="Smlouva s dodavatelem", valid_from=OPENED)
    made.disposal_regime = regime(in_region, "A", 10)
    made.save()
    return made


@pytest.mark.norm("6.1.8b", "6.1.8d", "6.1.8e", "3.4.2")
def test_a_volume_takes_the_gravest_mark_and_the_latest_year_of_files_in_it(in_region, system, running, kind):
    plain = close(in_region, full_file(in_region, running, "Bez smlouvy"))
    grave = close(in_region, full_file(in_region, running, "Smlouva", kind=kind))
    assert (plain.final_mark, grave.final_mark) == ("S", "A")
    assert (plain.disposal_year, grave.disposal_year) == (None, None)  # the volume goes as a whole
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    closed, _ = volumes(running)
    assert (closed.regime, closed.final_mark) == ("S/5", "A")
    assert closed.disposal_year == OPENED.year + 1 + 10
    for file in (plain, grave):
        file.refresh_from_db()
        assert (file.final_mark, file.disposal_year) == ("A", closed.disposal_year)


@pytest.mark.norm("6.1.8b")
def test_a_volume_resolves_what_re_sorting_left_in_it(in_region, system, entry, typed, running):
    close(in_region, full_file(in_region, running))
    change(in_region, entry)
    run_all()
    running = section(TypedFile.objects.get(pk=typed.pk), "1.2")
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    closed = volumes(running)[0]
    assert closed.regime == "A/3"
    assert (closed.final_mark, closed.disposal_year) == ("A", OPENED.year + 1 + 5)


@pytest.fixture
def staff(in_region):
    """A typed file with a section whose period runs from an external event."""
    external = records.save_regime(
        actor=acting(in_region.records_keeper), mark="S", years=50, trigger=Trigger.EXTERNAL, event="konec poměru",
        check_years=10,
    )  # fmt: skip
    entry = typed_class(in_region, "55.40", [SectionDraft("1", "Pracovní poměr", external)])
    return typed_file(in_region, entry, "Novák Jan")


@pytest.mark.norm("6.1.9", "6.1.9c", "6.1.8b")
def test_the_year_of_an_event_is_recorded_for_a_whole_section(in_region, keeper, officer, system, staff):
    where = section(staff, "1")
    file = close(in_region, full_file(in_region, where))
    records.roll_volume(actor=system, section=where, on=NEXT_YEAR)
    going = file_in(in_region, where, on=NEXT_YEAR)
    assert volumes(where)[0].disposal_year is None
    year = OPENED.year
    with pytest.raises(AccessDenied):
        records.record_section_trigger_year(actor=officer, section=where, year=year, today=clock.today())
    with pytest.raises(InvalidInput, match="nejvýš"):
        records.record_section_trigger_year(actor=keeper, section=where, year=year + 1, today=clock.today())
    found = records.record_section_trigger_year(actor=keeper, section=where, year=year, today=clock.today())
    assert found == [file]
    file.refresh_from_db()
    going.refresh_from_db()
    assert (file.trigger_year, file.disposal_year) == (year, year + 51)
    assert going.trigger_year is None  # opened only after that year
    assert volumes(where)[0].disposal_year == year + 51


@pytest.mark.norm("6.1.9d")
def test_the_year_of_a_single_file_makes_the_year_of_its_volume_known(in_region, keeper, system, staff):
    where = section(staff, "1")
    file = close(in_region, full_file(in_region, where))
    records.roll_volume(actor=system, section=where, on=NEXT_YEAR)
    file.refresh_from_db()
    records.record_trigger_year(actor=keeper, files=[file], year=OPENED.year, today=clock.today())
    assert volumes(where)[0].disposal_year == OPENED.year + 51


@pytest.mark.norm("6.1.13", "6.1.15a")
def test_a_hold_over_any_level_holds_all_below(in_region, keeper, typed, running):
    file = full_file(in_region, running)
    document = file.documents.get()
    records.cancel_settling(actor=acting(in_region.officer), document=document, reason="Omyl")
    over = [
        {"typed_file": typed}, {"section": section(typed, "1")}, {"section": running}, {"volume": file.volume},
        {"record_class": typed.record_class}, {"file": file},
    ]  # fmt: skip
    for one in over:
        placed = records.place_hold(actor=keeper, on=clock.today(), reason="Soudní spor", **one)
        assert list(plan_queries.holds_over(file)) == [placed]
        with pytest.raises(InvalidInput, match="Soudní spor"):
            records.withdraw_document(actor=acting(in_region.officer), document=document, reason="Omyl")
        records.lift_hold(actor=keeper, hold=placed, on=clock.today())
    beside = records.place_hold(actor=keeper, on=clock.today(), reason="Spor", section=section(typed, "1.1"))
    assert not plan_queries.holds_over(file).exists()
    assert list(plan_queries.holds_over(section(typed, "1.1"))) == [beside]
    with pytest.raises(InvalidInput, match="právě jedna"):
        records.place_hold(actor=keeper, on=clock.today(), reason="Spor", typed_file=typed, file=file)


@pytest.mark.norm("4.1.3")
def test_a_file_of_a_typed_file_is_not_joined(in_region, officer, running):
    inside, plain = close(in_region, full_file(in_region, running)), full_file(in_region, None)
    for one, other in ((inside, plain), (plain, inside)):
        with pytest.raises(FileNotJoinable, match=r"v typovém spisu.*4\.1\.3"):
            records.join_files(actor=officer, file=one, to_file=other, on=OPENED)
    assert not CrossReference.objects.exists()


@pytest.mark.norm("4.1.3", "4.1.4")
def test_joined_files_go_into_a_typed_file_together_and_the_link_ends(in_region, officer, running):
    closed = close(in_region, full_file(in_region, None))
    opened = full_file(in_region, None)
    other = file_in(in_region, running)
    records.join_files(actor=officer, file=opened, to_file=closed, on=OPENED)
    records.make_reference(actor=officer, file=opened, to_file=other, on=OPENED, reason="Souvisí")
    records.put_file_in_section(actor=officer, file=opened, section=running, reason="Patří sem", on=OPENED)
    (volume,) = volumes(running)
    for file in (closed, opened):
        file.refresh_from_db()
        assert (file.volume, file.class_code) == (volume, "65.30.1.2")
    assert (closed.state, opened.state) == ("closed", "open")
    (reference,) = CrossReference.objects.all()
    assert (reference.fixed, reference.to_file) == (False, other)
    assert record_class("80.20").files.filter(pk__in=[closed.pk, opened.pk]).count() == 0
    assert CaseFile.objects.get(pk=closed.pk).disposal_year is None
