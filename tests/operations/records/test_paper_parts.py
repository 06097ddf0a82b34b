"""The analogue part of a document: written down, corrected with a history, taken away, told to those who may see it."""

from contextlib import contextmanager

import pytest
from tests.records_steps import acting, register

from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.clock import today
from egon.kernel.errors import AccessDenied
from egon.records import operations, storing_queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, Document, PaperPart
from egon.records.rules.paper import PaperFacts
from egon.records.rules.states import Direction
from egon.tenancy.scope import _current

THREE = PaperFacts(sheets=3, annexes=1, other_annexes=1, other_annexes_note=" CD s výkresy ")


@contextmanager
def of_another_organisation(world):
    token = _current.set(None)
    try:
        with world.school.scope():
            yield
    finally:
        _current.reset(token)


@pytest.fixture
def document(in_region, world):
    made = register(world)
    unit = world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=made, unit=unit, holder=world.officer)
    return made


def described(person, document, paper=THREE, **more):
    return operations.describe_paper(actor=acting(person), document=document, paper=paper, **more)


def test_the_analogue_part_is_written_corrected_and_taken_away_with_a_history(document, world):
    described(world.officer, document)
    assert storing_queries.paper_part_of(document).facts == PaperFacts(
        sheets=3, annexes=1, other_annexes=1, other_annexes_note="CD s výkresy"
    )
    described(world.clerk, document, PaperFacts(carrier="plan", sheets=5))
    told = LogRecord.objects.filter(operation="records.document.paper").latest("pk").parameters
    assert told["changes"]["sheets"] == {"before": 3, "after": 5}
    assert told["changes"]["carrier"] == {"before": "listiny", "after": "výkresy nebo mapy"}
    described(world.officer, document, None)
    assert storing_queries.paper_part_of(document) is None


def test_a_stranger_describes_nothing_and_another_organisation_sees_nothing(document, world):
    with pytest.raises(AccessDenied):
        described(world.outsider, document)
    assert not PaperPart.objects.exists()
    described(world.officer, document)
    with of_another_organisation(world):
        assert not PaperPart.objects.exists()


def test_every_fault_is_told_and_what_was_there_stays(document, world):
    described(world.officer, document)
    with pytest.raises(InvalidInput) as refused:
        described(world.officer, document, PaperFacts(other_annexes_note="CD"))
    assert len(refused.value.obstacles) == 2
    assert storing_queries.paper_part_of(document).sheets == 3


def test_in_a_closed_file_the_keeper_corrects_with_a_reason_and_a_withdrawn_document_is_left(document, world, file):
    operations.put_in_file(actor=acting(world.officer), document=document, file=file)
    CaseFile.objects.filter(pk=file.pk).update(state="closed", closed_on=today())
    document = Document.objects.get(pk=document.pk)
    with pytest.raises(AccessDenied):
        described(world.officer, document)
    with pytest.raises(InvalidInput, match="neuložily"):
        described(world.records_keeper, document)
    described(world.records_keeper, document, reason="přepočítáno")
    assert storing_queries.paper_in(file) == (1, 3)
    Document.objects.filter(pk=document.pk).update(state="withdrawn", case_file=None)
    with pytest.raises(NotInThisState, match="analogové"):
        described(world.clerk, Document.objects.get(pk=document.pk))


def test_an_own_document_may_be_on_paper_from_the_beginning(in_region, world):
    make = {"actor": acting(world.officer), "direction": Direction.INTERNAL, "subject": "Protokol o kontrole"}
    document = operations.create_document(**make, paper=THREE, at=clock.now())
    assert storing_queries.paper_part_of(document).annexes == 1
    with pytest.raises(InvalidInput) as refused:
        operations.create_document(**make | {"subject": " "}, paper=PaperFacts())
    assert len(refused.value.obstacles) == 2
