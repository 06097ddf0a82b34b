"""Free cross-references between files and documents: made, seen from both sides, removed with a reason."""

import pytest
from django.db import IntegrityError, transaction
from tests.records_steps import acting, register

from egon.audit import queries as audit
from egon.kernel import clock
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import operations as records
from egon.records import reference_queries
from egon.records.errors import InvalidInput
from egon.records.models import CaseFile, CrossReference


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def other(in_region):
    """Another file of the same officer."""
    return CaseFile.objects.get(subject__startswith="Dotaz k jízdnímu")


def refer(actor, **sides):
    return records.make_reference(actor=actor, on=clock.today(), **sides)


def seen_from(actor, entity):
    return [one.file or one.document for one in reference_queries.linked_to(actor, entity)]


@pytest.mark.norm("4.1.1a", "4.1.1b", "4.1.1c")
def test_files_and_documents_refer_to_each_other_and_are_seen_from_both_sides(officer, file, received, other):
    document = other.documents.get()
    refer(officer, file=file, to_file=other)
    refer(officer, document=received, to_document=document)
    refer(officer, file=file, to_document=document)
    assert seen_from(officer, file) == [other, document]
    assert seen_from(officer, other) == [file]
    assert seen_from(officer, document) == [received, file]
    assert seen_from(officer, received) == [document]


def test_a_closed_file_may_be_referred_to_and_stays_as_it_is(in_region, officer, file, received):
    closed = CaseFile.objects.get(subject__startswith="Žádost o opravu výtluků")
    before = CaseFile.objects.filter(pk=closed.pk).values().get()
    refer(officer, file=file, to_file=closed)
    assert CaseFile.objects.filter(pk=closed.pk).values().get() == before


def test_what_makes_no_sense_is_refused(officer, file, received, other):
    refer(officer, file=file, to_file=other)
    for sides in (
        {"file": other, "to_file": file},
        {"file": file, "to_file": file},
        {"document": received, "to_document": received},
        {"file": file},
        {"file": file, "to_file": other, "to_document": received},
    ):
        with pytest.raises(InvalidInput):
            refer(officer, **sides)
    assert CrossReference.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        CrossReference.objects.create(file=file, to_file=file, made_on=clock.today(), made_by="X")


def test_nothing_refers_to_a_withdrawn_document(in_region, officer, file, received):
    gone = register(in_region, "Omyl")
    records.withdraw_document(actor=acting(in_region.clerk), document=gone, reason="Omyl")
    with pytest.raises(InvalidInput, match="stornovaný"):
        refer(acting(in_region.records_keeper), file=file, to_document=gone)


def test_who_does_not_work_on_one_side_or_see_the_other_makes_no_reference(in_region, officer, file, received, other):
    unseen = register(in_region, "Cizí dokument")
    for actor, sides in (
        (acting(in_region.outsider), {"file": file, "to_file": other}),
        (officer, {"file": file, "to_document": unseen}),
        (officer, {"document": unseen, "to_file": file}),
    ):
        with pytest.raises(AccessDenied):
            refer(actor, **sides)
    assert not CrossReference.objects.exists()


def test_of_what_the_reader_may_not_see_only_the_reference_is_told(in_region, officer, file, received):
    unseen = register(in_region, "Cizí dokument")
    made = refer(acting(in_region.records_keeper), file=file, to_document=unseen)
    (linked,) = reference_queries.linked_to(officer, file)
    assert (linked.is_hidden, linked.file, linked.document) == (True, None, None)
    with pytest.raises(NotFound):
        reference_queries.reference_for(acting(in_region.outsider), made.pk)


def test_a_reference_is_removed_from_either_side_with_a_reason_that_stays_in_the_history(
    in_region, officer, file, received, other
):
    made = refer(officer, file=file, to_file=other)
    with pytest.raises(InvalidInput):
        records.remove_reference(actor=officer, reference=made, reason=" ")
    with pytest.raises(AccessDenied):
        records.remove_reference(actor=acting(in_region.outsider), reference=made, reason="Nic")
    records.remove_reference(actor=officer, reference=made, reason="Omyl")
    assert seen_from(officer, file) == seen_from(officer, other) == []
    for entity in (file, other):
        assert audit.history_of(entity).filter(operation="records.reference.remove").exists()
