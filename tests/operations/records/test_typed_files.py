"""Files in typed files: opened, put in, moved; volumes closed by time; closing and opening again."""

from datetime import date, timedelta

import pytest
from tests.records_steps import acting, record_class
from tests.typed_steps import OPENED, close, file_in, full_file, moment, section, typed_class, typed_file, volumes

from egon.audit import queries as audit
from egon.kernel import clock
from egon.kernel.actor import Actor
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import permissions, sight, storing_queries, typed_queries
from egon.records.errors import (
    ClassHoldsNoFiles,
    FileNotResortable,
    InvalidInput,
    NotInThisState,
    TypedFileNotClosable,
)
from egon.records.jobs import roll_volumes
from egon.records.models import CaseFile, RecordClass, TypedFile, Volume
from egon.registry.models import Person

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
def typed(in_region):
    return typed_file(in_region, typed_class(in_region))


@pytest.fixture
def running(typed):
    """A section of S/5 with volumes by calendar years."""
    return section(typed, "1.2")


def at_night(monkeypatch, day):
    monkeypatch.setattr(clock, "now", lambda: moment(day))
    roll_volumes()


@pytest.mark.norm("3.2.1b", "3.2.2", "3.3.10", "6.1.3d", "6.1.3b")
def test_a_file_opens_in_a_section_and_takes_everything_from_it(in_region, typed):
    file = file_in(in_region, section(typed, "1.1"))
    assert "records.typed.roll" not in {one.operation for one in audit.history_of(typed)}  # no volume was closed
    assert (file.class_code, file.regime, file.numbers_by_file) == ("65.30.1.1", "A/10", False)
    assert file.volume == volumes(section(typed, "1.1"))[0]
    assert file.record_class == typed.record_class
    assert file.identifier
    assert file.file_mark
    assert file.opened_on == OPENED
    assert file_in(in_region, section(typed, "2")).numbers_by_file is True


@pytest.mark.norm("3.2.1a", "3.2.1b")
def test_a_file_opens_in_one_place(in_region, officer, running):
    plain = records.open_file(
        actor=officer, record_class=record_class("80.1"), unit=in_region.office.units["OD"], processor=None,
        subject="Spis",
    )  # fmt: skip
    assert (plain.record_class, plain.class_code, plain.volume) == (record_class("80.1"), "80.1", None)
    for places in ({}, {"section": running, "record_class": record_class("80.1")}):
        with pytest.raises(InvalidInput, match="Vyberte věcnou skupinu, nebo součást"):
            records.open_file(
                actor=officer, unit=in_region.office.units["OD"], processor=None, subject="Spis", **places
            )


@pytest.mark.norm("3.3.3b", "3.3.16", "3.1.8", "3.4.6")
def test_nothing_is_opened_in_a_group_a_closed_section_or_an_ended_class(in_region, officer, typed, running):
    with pytest.raises(NotInThisState, match="obsahuje jiné součásti"):
        file_in(in_region, section(typed, "1"))
    records.close_section(actor=officer, section=running, on=OPENED)
    with pytest.raises(NotInThisState, match="je uzavřená"):
        file_in(in_region, section(typed, "1.2"))
    plain = records.open_file(
        actor=officer, record_class=record_class("80.1"), unit=in_region.office.units["OD"],
        processor=in_region.officer, subject="Spis", at=moment(OPENED),
    )  # fmt: skip
    with pytest.raises(FileNotResortable, match="uzavřen"):
        records.put_file_in_section(
            actor=officer, file=plain, section=section(typed, "1.2"), reason="Patří sem", on=OPENED
        )
    plain.refresh_from_db()
    assert plain.volume is None
    RecordClass.objects.filter(pk=typed.record_class_id).update(valid_to=OPENED - timedelta(days=1))
    with pytest.raises(ClassHoldsNoFiles, match="je uzavřená"):
        file_in(in_region, section(typed, "2"))
    assert not CaseFile.objects.filter(record_class=typed.record_class).exists()


@pytest.mark.norm("3.3.14", "3.3.15", "3.4.2", "3.3.3c", "3.3.3d")
def test_a_volume_closes_with_its_period_and_open_files_go_into_the_next(in_region, system, typed, running):
    done, going = full_file(in_region, running, "Hotový"), file_in(in_region, running, "Běžící")
    close(in_region, done)
    assert records.roll_volume(actor=system, section=running, on=YEAR_ENDS) == []
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    old, new = volumes(running)
    assert (old.state, old.closed_on) == ("closed", YEAR_ENDS)
    assert (new.state, new.opened_on, new.ends_on) == ("open", NEXT_YEAR, NEXT_YEAR.replace(month=12, day=31))
    done.refresh_from_db()
    going.refresh_from_db()
    assert (done.volume, going.volume) == (old, new)
    rolled = audit.history_of(going).last()
    assert rolled.operation == "records.typed.roll"
    assert (rolled.parameters["files_moved"], rolled.parameters["empty_volume_destroyed"]) == (1, False)
    assert [one.state for one in volumes(section(typed, "2"))] == ["open"]  # others are not touched
    assert records.roll_volume(actor=system, section=running, on=NEXT_YEAR) == []


@pytest.mark.norm("3.3.14", "7.2.1g", "7.2.9c")
def test_an_empty_volume_is_destroyed_but_for_its_header(system, running):
    (before,) = volumes(running)
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    old, new = volumes(running)
    assert (old.identifier, old.state, old.destroyed_on) == (before.identifier, "destroyed", YEAR_ENDS)
    assert "prázdný" in old.destroyed_why
    assert (old.regime, old.opened_on, old.ends_on, old.closed_on, old.trigger) == ("", None, None, None, "")
    assert new.state == "open"


@pytest.mark.norm("3.3.14", "3.3.15")
def test_the_night_closes_what_is_due_once_also_after_years_off(monkeypatch, in_region, typed, running):
    file = file_in(in_region, running)
    at_night(monkeypatch, YEAR_ENDS + timedelta(days=900))
    first = [[(one.number, one.state) for one in volumes(section(typed, code))] for code in ("1.1", "1.2", "2")]
    assert first == [
        [(1, "open")],
        [(1, "destroyed"), (2, "open")],
        [(1, "destroyed"), (2, "open")],
    ]
    file.refresh_from_db()
    assert file.volume.number == 2
    assert file.volume.opened_on == date(NEXT_YEAR.year + 2, 1, 1)
    roll_volumes()
    assert [one.number for one in volumes(running)] == [1, 2]


def test_a_killed_night_goes_on_with_what_is_left(monkeypatch, in_region, typed, running):
    real, done = records.roll_volume, []

    def killed(**arguments):
        if done:
            raise KeyboardInterrupt
        done.append(real(**arguments))

    monkeypatch.setattr(records, "roll_volume", killed)
    with pytest.raises(KeyboardInterrupt):
        at_night(monkeypatch, NEXT_YEAR)
    left = typed_queries.due_volumes(on=NEXT_YEAR).count()
    assert left > 0
    assert Volume.objects.filter(state="open", ends_on__lt=NEXT_YEAR).count() == left
    monkeypatch.setattr(records, "roll_volume", real)
    roll_volumes()
    assert not typed_queries.due_volumes(on=NEXT_YEAR).exists()


@pytest.mark.norm("3.3.14", "3.3.16")
def test_who_files_before_the_night_came_closes_the_volume_first(in_region, running):
    file = file_in(in_region, running, on=NEXT_YEAR)
    assert file.volume.number == 2
    assert volumes(running)[0].state == "destroyed"


@pytest.mark.norm("3.3.15", "3.4.2")
def test_who_closes_a_file_before_the_night_came_closes_it_in_the_new_volume(in_region, running):
    file = full_file(in_region, running)
    close(in_region, file, on=NEXT_YEAR)
    file.refresh_from_db()
    assert (file.state, file.volume.number) == ("closed", 2)


@pytest.mark.norm("3.3.12", "3.3.13", "3.4.2")
def test_a_section_closes_when_no_file_in_it_is_open(in_region, officer, typed, running):
    file = full_file(in_region, running)
    with pytest.raises(TypedFileNotClosable, match=file.file_mark) as refused:
        records.close_section(actor=officer, section=section(typed, "1"), on=OPENED)
    assert len(refused.value.obstacles) == 1
    assert section(typed, "1").is_open
    close(in_region, file)
    records.close_section(actor=officer, section=section(typed, "1"), on=OPENED)
    assert [row.section.state for row in typed_queries.section_rows(typed)] == ["closed", "closed", "closed", "open"]
    assert [one.state for one in volumes(running)] == ["closed"]
    assert [one.state for one in volumes(section(typed, "1.1"))] == ["destroyed"]
    with pytest.raises(TypedFileNotClosable, match="už je uzavřená"):
        records.close_section(actor=officer, section=section(typed, "1.2"), on=OPENED)


@pytest.mark.norm("3.3.12", "3.3.13", "3.4.2")
def test_a_typed_file_closes_with_all_its_sections(in_region, officer, typed, running):
    file = full_file(in_region, running)
    with pytest.raises(TypedFileNotClosable, match=file.file_mark):
        records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    typed.refresh_from_db()
    assert typed.is_open
    close(in_region, file)
    with pytest.raises(AccessDenied):
        records.close_typed_file(actor=acting(in_region.clerk), typed_file=typed, on=OPENED)
    records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    assert (typed.state, typed.closed_on) == ("closed", OPENED)
    assert {row.section.state for row in typed_queries.section_rows(typed)} == {"closed"}
    assert not Volume.objects.filter(section__typed_file=typed, state="open").exists()
    with pytest.raises(NotInThisState, match="uzavřený"):
        records.edit_typed_file(actor=officer, typed_file=typed, name="Jiný", processor=None, shared=True)


@pytest.mark.norm("3.2.13", "3.2.11", "3.4.6a", "3.4.6")
def test_a_file_of_a_closed_typed_file_opens_in_a_new_volume(in_region, keeper, officer, typed, running):
    file, stays = full_file(in_region, running), full_file(in_region, running)
    close(in_region, file)
    close(in_region, stays)
    records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    file.refresh_from_db()
    records.reopen_file(actor=keeper, file=file, reason="Nové podklady")
    old, new = volumes(running)
    file.refresh_from_db()
    assert (file.state, file.volume, file.regime, file.disposal_year) == ("open", new, "S/5", None)
    assert (old.state, new.state) == ("closed", "open")
    typed.refresh_from_db()
    assert typed.is_open
    assert [row.section.state for row in typed_queries.section_rows(typed)] == ["open", "closed", "open", "closed"]
    # The last file that leaves a closed volume leaves only its header behind.
    records.reopen_file(actor=keeper, file=stays, reason="Taky")
    assert [one.state for one in volumes(running)] == ["destroyed", "open"]
    assert "vyprázdnil" in volumes(running)[0].destroyed_why


@pytest.mark.norm("3.2.11")
def test_a_file_of_a_closed_volume_opens_in_the_open_one(in_region, keeper, system, running):
    file = full_file(in_region, running)
    close(in_region, file)
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    file.refresh_from_db()
    assert file.volume.number == 1
    records.reopen_file(actor=keeper, file=file, reason="Doplnění")
    file.refresh_from_db()
    assert file.volume.number == 2
    assert audit.history_of(file).last().parameters["volume"] == "díl 2"


@pytest.mark.norm("3.2.13")
def test_a_file_of_a_section_closed_in_an_open_typed_file_opens_it_with_a_new_volume(
    in_region, keeper, officer, typed, running
):
    file, stays = full_file(in_region, running), full_file(in_region, running)
    close(in_region, file)
    close(in_region, stays)
    records.close_section(actor=officer, section=section(typed, "1"), on=OPENED)
    records.reopen_file(actor=keeper, file=CaseFile.objects.get(pk=file.pk), reason="Nové podklady")
    old, new = volumes(running)
    file.refresh_from_db()
    assert (file.state, file.volume, old.state, new.state) == ("open", new, "closed", "open")
    assert [row.section.state for row in typed_queries.section_rows(typed)] == ["open", "closed", "open", "open"]


def test_a_typed_file_and_a_section_are_opened_again_with_a_reason(in_region, keeper, officer, typed, running):
    records.close_typed_file(actor=officer, typed_file=typed, on=OPENED)
    with pytest.raises(AccessDenied):
        records.reopen_typed_file(actor=officer, typed_file=typed, reason="Omyl")
    with pytest.raises(InvalidInput, match="proč"):
        records.reopen_typed_file(actor=keeper, typed_file=typed, reason=" ")
    records.reopen_typed_file(actor=keeper, typed_file=typed, reason="Omyl")
    assert {row.section.state for row in typed_queries.section_rows(typed)} == {"open"}
    assert Volume.objects.filter(section__typed_file=typed, state="open").count() == 3
    with pytest.raises(NotInThisState):
        records.reopen_typed_file(actor=keeper, typed_file=typed, reason="Omyl")
    records.close_section(actor=officer, section=running, on=OPENED)
    records.reopen_section(actor=keeper, section=section(typed, "1.2"), reason="Omyl")
    assert section(typed, "1.2").is_open


@pytest.mark.norm("3.3.10", "3.4.4", "3.4.9", "6.1.12")
def test_a_file_is_put_into_a_section_and_back_into_a_class(in_region, officer, typed, running):
    plain = records.open_file(
        actor=officer, record_class=record_class("80.1"), unit=in_region.office.units["OD"],
        processor=in_region.officer, subject="Spis", at=moment(OPENED),
    )  # fmt: skip
    where = section(typed, "2")
    with pytest.raises(FileNotResortable) as refused:
        records.put_file_in_section(actor=officer, file=plain, section=section(typed, "1"), reason=" ")
    assert len(refused.value.obstacles) == 2
    records.put_file_in_section(actor=officer, file=plain, section=where, reason="Patří sem", on=OPENED)
    plain.refresh_from_db()
    assert (plain.class_code, plain.regime, plain.numbers_by_file) == ("65.30.2", "S/5", False)
    assert plain.volume == volumes(where)[0]
    with pytest.raises(FileNotResortable, match="už v této součásti"):
        records.put_file_in_section(actor=officer, file=plain, section=where, reason="Znovu", on=OPENED)
    records.resort_file(actor=officer, file=plain, target=record_class("80.20"), reason="Přece ne")
    plain.refresh_from_db()
    assert (plain.class_code, plain.volume) == ("80.20", None)


@pytest.mark.norm("3.4.6", "3.3.16")
def test_nothing_leaves_a_closed_volume(in_region, keeper, system, running, typed):
    file = full_file(in_region, running)
    close(in_region, file)
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    file.refresh_from_db()
    with pytest.raises(FileNotResortable, match=r"uzavřeném dílu.*3\.4\.6"):
        records.resort_file(actor=keeper, file=file, target=record_class("80.20"), reason="Omyl")
    with pytest.raises(FileNotResortable, match="uzavřeném dílu"):
        records.put_file_in_section(actor=keeper, file=file, section=section(typed, "2"), reason="Omyl", on=OPENED)
    file.refresh_from_db()
    assert file.volume.number == 1


def test_others_fill_a_typed_file_only_when_it_is_shared(in_region, officer, typed, running):
    stranger = acting(in_region.officer2)
    opening = {
        "actor": stranger, "section": running, "unit": in_region.office.units["OS"], "processor": None,
        "subject": "Cizí", "at": moment(OPENED),
    }  # fmt: skip
    assert typed not in typed_queries.typed_files_visible_to(stranger)
    with pytest.raises(AccessDenied):
        records.open_file(**opening)
    records.edit_typed_file(actor=officer, typed_file=typed, name=typed.name, processor=in_region.officer, shared=True)
    running.typed_file.refresh_from_db()
    assert typed in typed_queries.typed_files_visible_to(stranger)
    assert records.open_file(**opening).volume.section == running


@pytest.mark.parametrize("shared", [False, True])
def test_told_are_exactly_those_who_see_a_typed_file(in_region, typed, running, shared):
    TypedFile.objects.filter(pk=typed.pk).update(shared=shared)
    typed.refresh_from_db()
    records.open_file(
        actor=acting(in_region.officer), section=running, unit=in_region.office.units["OS"],
        processor=in_region.outsider, subject="Cizí",
    )  # fmt: skip
    told = {one.person.pk for one in sight.who_sees_typed_file(typed, on=clock.today())}
    seeing = {
        person.pk
        for person in Person.objects.filter(active=True)
        if permissions.may_see_typed_file(acting(person), typed)
    }
    assert told == seeing
    assert in_region.outsider.pk in told
    filled = {
        person.pk
        for person in Person.objects.filter(active=True)
        if permissions.may_fill_typed_file(acting(person), typed)
    }
    assert filled == {
        person.pk
        for person in Person.objects.filter(active=True)
        if running in typed_queries.sections_to_fill(acting(person), "rozbory")
    }


def lies_in(volume):
    return storing_queries.stored_volumes([volume]).get(volume.pk)


@pytest.mark.norm("3.3.20b", "7.3.4")
def test_where_the_paper_of_a_volume_lies_is_written_by_who_works_on_it(in_region, officer, keeper, system, running):
    (volume,) = volumes(running)
    depot = records.save_place(actor=keeper, name="Sklad", valid_from=OPENED)
    with pytest.raises(AccessDenied):
        records.store_volume(actor=acting(in_region.officer2), volume=volume, storage_place=depot)
    assert lies_in(volume) is None
    records.store_volume(actor=officer, volume=volume, storage_place=depot, detail="regál 2", note="klíč má paní Malá")
    assert (str(lies_in(volume)), volumes(running)[0].paper_note) == ("Sklad, regál 2", "klíč má paní Malá")
    records.store_volume(actor=officer, volume=volume, storage_place=depot, detail="regál 2", note="")
    assert (str(lies_in(volume)), volumes(running)[0].paper_note) == ("Sklad, regál 2", "")
    with pytest.raises(InvalidInput, match="nezapsalo"):
        records.store_volume(actor=officer, volume=volume, storage_place=depot, detail="regál 2")
    with pytest.raises(InvalidInput):
        records.store_volume(actor=officer, volume=volume, storage_place=None, detail="krabice", note="nezapíše se")
    assert volumes(running)[0].paper_note == ""
    with pytest.raises(NotInThisState, match="leží"):
        records.delete_place(actor=keeper, storage_place=depot)
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    assert lies_in(volume) is None
    with pytest.raises(NotInThisState, match="jen hlavička"):
        records.store_volume(actor=keeper, volume=volume, storage_place=depot)


def test_a_print_of_a_typed_file_is_logged_and_only_for_who_sees_it(in_region, officer, typed):
    records.print_typed_file(actor=officer, typed_file=typed, what="díl 1: obal")
    assert audit.history_of(typed).last().parameters["what"] == "díl 1: obal"
    with pytest.raises(AccessDenied):
        records.print_typed_file(actor=acting(in_region.officer2), typed_file=typed, what="díl 1: obal")


def test_a_withdrawn_file_neither_moves_on_nor_keeps_a_typed_file_open(
    in_region, officer, keeper, system, typed, running
):
    gone, done = file_in(in_region, running), close(in_region, full_file(in_region, running))
    records.withdraw_file(actor=officer, file=gone, reason="Omyl")
    records.roll_volume(actor=system, section=running, on=NEXT_YEAR)
    gone.refresh_from_db()
    assert gone.volume.number == 1
    done.refresh_from_db()
    assert done.disposal_year == OPENED.year + 6
    records.close_typed_file(actor=officer, typed_file=typed, on=NEXT_YEAR)
    assert not typed.is_open
