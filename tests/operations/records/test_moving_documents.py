"""Documents moved between files: their order, their new number, and the former one that is still found."""

import pytest
from tests.records_steps import acting, record_class

from egon import search
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records.models import FormerNumber, RecordClass


@pytest.fixture
def numbering(in_region, received):
    """A file of a class whose documents are numbered from the file mark (NSESSS 2.7.4 písm. b)."""
    RecordClass.objects.filter(code="80.4").update(numbers_by_file=True)
    return open_file(in_region, received, "80.4", "Spis, který čísluje")


def open_file(world, received, code, subject):
    return records.open_file(
        actor=acting(world.officer),
        record_class=record_class(code),
        unit=received.unit,
        processor=world.officer,
        subject=subject,
    )


def found_by(number):
    return [hit.entity_id for hit in search.find(number, entity_types=["records.document"]).hits]


@pytest.mark.norm("3.4.7a", "3.2.3")
def test_a_document_moved_into_a_file_that_numbers_gets_a_number_from_its_mark(in_region, file, received, numbering):
    before = received.reference_number
    records.put_in_file(actor=acting(in_region.officer), document=received, file=numbering)
    assert (received.order_in_file, received.reference_number) == (1, f"{numbering.file_mark}-1")
    assert [former.reference_number for former in received.former_numbers.all()] == [before]


@pytest.mark.norm("3.4.7b")
def test_a_number_of_a_file_left_behind_is_replaced_by_one_of_the_series(in_region, file, received, numbering):
    officer = acting(in_region.officer)
    records.put_in_file(actor=officer, document=received, file=numbering)
    records.put_in_file(actor=officer, document=received, file=file)
    assert not received.reference_number.startswith(numbering.file_mark)
    assert len({received.reference_number, *received.former_numbers.values_list("reference_number", flat=True)}) == 3


@pytest.mark.norm("3.4.7b")
def test_a_number_of_the_series_stays_between_files_that_do_not_number(in_region, file, received):
    before = received.reference_number
    other = open_file(in_region, received, "80.2", "Jiný spis")
    records.put_in_file(actor=acting(in_region.officer), document=received, file=other)
    assert received.reference_number == before
    assert not FormerNumber.objects.filter(document=received).exists()


def test_a_document_taken_out_keeps_its_number_until_it_is_put_elsewhere(in_region, file, received, numbering):
    officer = acting(in_region.officer)
    records.put_in_file(actor=officer, document=received, file=numbering)
    of_file = received.reference_number
    records.take_out_of_file(actor=officer, document=received, reason="Omyl")
    assert received.reference_number == of_file
    records.put_in_file(actor=officer, document=received, file=file)
    assert not received.reference_number.startswith(numbering.file_mark)


@pytest.mark.norm("3.4.8")
def test_a_moved_document_is_found_by_every_number_it_ever_had(in_region, file, received, numbering):
    officer, numbers = acting(in_region.officer), [received.reference_number]
    for target in (numbering, file):
        records.put_in_file(actor=officer, document=received, file=target)
        numbers.append(received.reference_number)
    assert [found_by(number) for number in numbers] == [[received.pk]] * 3


@pytest.mark.norm("3.2.5", "3.4.1")
def test_a_document_lies_in_one_file_only_and_who_does_not_work_on_it_moves_nothing(
    in_region, file, received, numbering
):
    with pytest.raises(AccessDenied):
        records.put_in_file(actor=acting(in_region.outsider), document=received, file=numbering)
    received.refresh_from_db()
    assert received.case_file_id == file.pk
    records.put_in_file(actor=acting(in_region.officer), document=received, file=numbering)
    assert (list(file.documents.all()), list(numbering.documents.all())) == ([], [received])
    assert received.case_file_id == numbering.pk
