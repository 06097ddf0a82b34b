"""Where paper of files lies, places of the code list, and notes to files."""

from datetime import timedelta

import pytest
from tests.records_steps import acting

from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations, storing_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, FileNote, StoragePlace, StoredPaper


@pytest.fixture
def place(in_region):
    return operations.save_place(
        actor=acting(in_region.records_keeper), name="Spisovna, sál 2", valid_from=today(), address="suterén"
    )


def test_the_place_of_paper_is_recorded_changed_and_taken_away(file, place, world):
    officer, keeper = acting(world.officer), acting(world.records_keeper)
    operations.store_paper(actor=officer, file=file, storage_place=place, detail="regál 12")
    assert str(storing_queries.stored_of(file)) == "Spisovna, sál 2, regál 12"
    CaseFile.objects.filter(pk=file.pk).update(state="closed", closed_on=today())
    operations.store_paper(actor=keeper, file=file, storage_place=place, detail="regál 13")
    assert str(storing_queries.stored_of(file)) == "Spisovna, sál 2, regál 13"
    assert storing_queries.place_for(place.pk).files == 1
    operations.store_paper(actor=keeper, file=file, storage_place=None)
    assert storing_queries.stored_of(file) is None


def test_every_obstacle_is_told_and_nothing_changes(file, place, world):
    operations.save_place(
        actor=acting(world.records_keeper), storage_place=place, name=place.name,
        valid_from=today() - timedelta(days=9), valid_to=today() - timedelta(days=1),
    )  # fmt: skip
    StoredPaper.objects.create(file=file, place=place, detail="A", since="2026-01-01T00:00Z", recorded_by="x")
    with pytest.raises(InvalidInput) as refused:
        operations.store_paper(actor=acting(world.officer), file=file, storage_place=place, detail="A")
    assert len(refused.value.obstacles) == 2
    with pytest.raises(InvalidInput, match="nezapsalo"):
        operations.store_paper(actor=acting(world.officer), file=file, storage_place=None, detail="krabice")
    assert storing_queries.stored_of(file).detail == "A"


def test_a_stranger_stores_nothing_and_an_officer_keeps_no_code_list(file, place, world):
    with pytest.raises(AccessDenied):
        operations.store_paper(actor=acting(world.outsider), file=file, storage_place=place)
    with pytest.raises(AccessDenied):
        operations.save_place(actor=acting(world.officer), name="Sklep", valid_from=today())
    with pytest.raises(AccessDenied):
        operations.delete_place(actor=acting(world.officer), storage_place=place)
    assert StoredPaper.objects.count() == 0


def test_a_place_in_use_is_not_deleted_and_names_are_not_repeated(file, place, world):
    keeper = acting(world.records_keeper)
    with pytest.raises(InvalidInput) as refused:
        operations.save_place(
            actor=keeper, name="Spisovna,  sál 2", valid_from=today(), valid_to=today() - timedelta(days=1)
        )
    assert len(refused.value.obstacles) == 2
    operations.store_paper(actor=keeper, file=file, storage_place=place)
    with pytest.raises(NotInThisState, match="leží"):
        operations.delete_place(actor=keeper, storage_place=place)
    operations.store_paper(actor=keeper, file=file, storage_place=None)
    operations.delete_place(actor=keeper, storage_place=place)
    assert not StoragePlace.objects.exists()


def test_a_note_is_signed_and_taken_back_by_its_author_only(file, world):
    officer = acting(world.officer)
    note = operations.note_to_file(actor=officer, file=file, body=" Volala paní Malá. ")
    assert [(one.text, one.author) for one in storing_queries.notes_of(file)] == [("Volala paní Malá.", world.officer)]
    with pytest.raises(AccessDenied):
        operations.take_note_back(actor=acting(world.head), note=note)
    operations.take_note_back(actor=officer, note=note)
    assert storing_queries.notes_of(file) == []
    with pytest.raises(NotInThisState):
        operations.take_note_back(actor=officer, note=note)
    assert FileNote.objects.count() == 1


def test_an_empty_or_endless_note_and_one_of_a_stranger_are_refused(file, world):
    for text in ("  ", "x" * 1001):
        with pytest.raises(InvalidInput):
            operations.note_to_file(actor=acting(world.officer), file=file, body=text)
    with pytest.raises(AccessDenied):
        operations.note_to_file(actor=acting(world.outsider), file=file, body="nic")
    note = operations.note_to_file(actor=acting(world.officer), file=file, body="něco")
    with pytest.raises(NotFound):
        storing_queries.note_for(acting(world.outsider), note.pk)
