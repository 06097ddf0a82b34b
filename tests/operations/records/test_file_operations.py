"""Files through their operations: opened, filled, settled, closed, reopened."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, record_class, register

from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import queries
from egon.records.errors import (
    ClassHoldsNoFiles,
    FileNotClosable,
    FileNotSettlable,
    InvalidInput,
    NotInThisState,
)
from egon.records.facts import file_facts
from egon.records.models import CaseFile, Document, RecordClass
from egon.records.rules.closing import check_before_closing
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction


@pytest.mark.norm("3.2.2", "6.1.3a", "2.7.1c")
def test_the_class_gives_the_file_its_identifier_mark_regime_code_and_numbering(in_region, file, received):
    assert (file.class_code, file.regime, file.disposal_mark) == ("80.1", "S/5", "S")
    assert file.file_mark.startswith("S-KSA ")
    assert file.opened_on == clock.today()
    assert file.numbers_by_file is False
    RecordClass.objects.filter(pk=file.record_class_id).update(numbers_by_file=True)
    other = open_without_document(in_region, "80.1")
    assert other.numbers_by_file is True
    for name in ("identifier", "file_mark"):
        every = CaseFile.objects.values_list(name, flat=True)
        assert all(every) and len(set(every)) == len(every)


def open_without_document(world, code, subject="Bez dokumentu"):
    return records.open_file(
        actor=acting(world.officer), record_class=record_class(code), unit=world.office.units["OD"],
        processor=world.officer, subject=subject,
    )  # fmt: skip


@pytest.mark.norm("3.2.3")
def test_each_document_put_in_gets_the_next_order_and_the_number_the_file_says(in_region, file):
    officer = acting(in_region.officer)
    RecordClass.objects.filter(code="80.4").update(numbers_by_file=True)
    numbering = open_without_document(in_region, "80.4")

    def put(target, number):
        document = register(in_region, f"Doplnění {number}")
        records.place_in_unit(
            actor=acting(in_region.clerk), document=document, unit=file.unit, holder=in_region.officer
        )
        of_series = document.reference_number
        records.put_in_file(actor=officer, document=document, file=target)
        return document.order_in_file, document.reference_number, of_series

    for order in (2, 3):  # the first one opened the file
        given, number, of_series = put(file, order)
        assert (given, number) == (order, of_series)
    for order in (1, 2):
        assert put(numbering, order)[:2] == (order, f"{numbering.file_mark}-{order}")


@pytest.mark.norm("3.2.4a")
def test_a_file_opened_for_a_document_takes_over_its_subject(in_region, file, received):
    assert file.subject == received.subject
    assert (received.case_file_id, received.order_in_file) == (file.pk, 1)


@pytest.mark.norm("3.1.1")
def test_a_group_that_holds_other_groups_takes_no_file(in_region, received):
    group = RecordClass.objects.get(code="80")
    with pytest.raises(ClassHoldsNoFiles):
        records.open_file(
            actor=acting(in_region.officer),
            record_class=group,
            unit=in_region.office.units["OD"],
            processor=in_region.officer,
            subject="Nejde",
        )


@pytest.mark.norm("3.1.8")
def test_a_closed_class_takes_no_file(in_region):
    entry = record_class("80.2")
    RecordClass.objects.filter(pk=entry.pk).update(valid_to=clock.today().replace(year=2025))
    entry.refresh_from_db()
    with pytest.raises(ClassHoldsNoFiles, match="uzavřená"):
        records.open_file(
            actor=acting(in_region.officer),
            record_class=entry,
            unit=in_region.office.units["OD"],
            processor=None,
            subject="Nejde",
        )


@pytest.mark.norm("2.7.4b")
def test_some_classes_derive_the_reference_number_from_the_file_mark(in_region, received):
    entry = record_class("80.4")
    RecordClass.objects.filter(pk=entry.pk).update(numbers_by_file=True)
    entry.refresh_from_db()
    before = received.reference_number
    file = records.open_file(
        actor=acting(in_region.officer),
        record_class=entry,
        unit=received.unit,
        processor=in_region.officer,
        document=received,
    )
    assert received.reference_number == f"{file.file_mark}-1"
    note = LogRecord.objects.filter(operation="records.file.put").latest("pk")
    assert note.parameters["previous_reference_number"] == before


@pytest.mark.norm("3.2.6")
def test_settling_a_file_settles_its_documents_but_for_those_settled_before(in_region, file, received):
    officer, today = acting(in_region.officer), clock.today()
    early = register(in_region, "Na vědomí", delivered_at=clock.now() - timedelta(days=9))
    records.place_in_unit(actor=acting(in_region.clerk), document=early, unit=file.unit, holder=in_region.officer)
    records.put_in_file(actor=officer, document=early, file=file)
    Document.objects.filter(pk=early.pk).update(registered_at=clock.now() - timedelta(days=9))
    early.refresh_from_db()
    before = today - timedelta(days=3)
    records.settle_document(actor=officer, document=early, how=SettledHow.BY_REFERRAL, note="ministerstvu", on=before)
    records.settle_file(actor=officer, file=file, on=today)
    received.refresh_from_db()
    early.refresh_from_db()
    stored = CaseFile.objects.get(pk=file.pk)
    assert (stored.state, stored.settled_on) == ("settled", today)
    assert (received.state, received.settled_on) == ("settled", today)
    assert (early.state, early.settled_on, early.settled_how) == ("settled", before, SettledHow.BY_REFERRAL.value)


def test_a_draft_in_the_file_stands_in_the_way_of_settling(in_region, file, received):
    records.draft_reply(actor=acting(in_region.officer), to=received, text="Dobrý den.")
    with pytest.raises(FileNotSettlable, match="není odeslaný"):
        records.settle_file(actor=acting(in_region.officer), file=file, on=clock.today())
    received.refresh_from_db()
    assert received.state == "processing"


@pytest.mark.norm("3.2.9")
def test_closing_fixes_the_disposal_year(in_region, file, received):
    officer = acting(in_region.officer)
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    assert (file.state, file.disposal_year) == ("closed", clock.today().year + 6)
    noted = LogRecord.objects.get(operation="records.file.close", parameters__file=str(file)).parameters
    assert "žádost.txt" in noted["not_output_formats"][0]


@pytest.mark.norm("3.4.2")
def test_a_file_with_unsettled_documents_is_not_closed(in_region, file):
    with pytest.raises(FileNotClosable) as refused:
        records.close_file(actor=acting(in_region.officer), file=file, on=clock.today())
    assert len(refused.value.obstacles) == 1
    file.refresh_from_db()
    assert (file.state, file.disposal_year) == ("open", None)


@pytest.fixture
def closed(in_region, file, received):
    records.settle_file(actor=acting(in_region.officer), file=file, on=clock.today())
    return records.close_file(actor=acting(in_region.officer), file=file, on=clock.today())


@pytest.mark.norm("3.4.6")
def test_nothing_goes_into_or_out_of_a_closed_file(in_region, closed, received):
    officer = acting(in_region.officer)
    other = records.create_document(actor=officer, direction=Direction.INTERNAL, subject="Pozdě", text="Text")
    with pytest.raises(NotInThisState):
        records.put_in_file(actor=officer, document=other, file=closed)
    received.refresh_from_db()
    with pytest.raises(NotInThisState):
        records.take_out_of_file(actor=officer, document=received, reason="omyl")
    with pytest.raises(NotInThisState):
        records.cancel_settling(actor=officer, document=received, reason="omyl")
    with pytest.raises(AccessDenied):
        records.edit_file(actor=officer, file=closed, subject="Jinak", processor=None)


@pytest.mark.norm("3.2.11")
def test_a_closed_file_is_opened_again_with_a_reason_by_the_head(in_region, closed):
    with pytest.raises(AccessDenied):
        records.reopen_file(actor=acting(in_region.officer), file=closed, reason="omyl")
    with pytest.raises(InvalidInput):
        records.reopen_file(actor=acting(in_region.head), file=closed, reason="")
    records.reopen_file(actor=acting(in_region.head), file=closed, reason="Přišlo odvolání.")
    assert (closed.state, closed.closed_on, closed.disposal_year) == ("open", None, None)


def test_a_document_moves_between_open_files_and_gets_a_new_order(in_region, file, received):
    other = CaseFile.objects.get(subject__startswith="Dotaz k jízdnímu")
    records.put_in_file(actor=acting(in_region.officer), document=received, file=other)
    assert (received.case_file_id, received.order_in_file) == (other.pk, 2)
    assert LogRecord.objects.filter(parameters__moved_from=str(file)).exists()


def test_a_stranger_does_nothing_with_a_file(in_region, file, received):
    outsider = acting(in_region.outsider)
    for attempt in (
        lambda: records.close_file(actor=outsider, file=file, on=clock.today()),
        lambda: records.settle_file(actor=outsider, file=file, on=clock.today()),
        lambda: records.edit_file(actor=outsider, file=file, subject="x", processor=None),
        lambda: records.put_in_file(actor=outsider, document=register(in_region), file=file),
    ):
        with pytest.raises(AccessDenied):
            attempt()
    file.refresh_from_db()
    assert (file.state, file.last_order) == ("open", 1)


@pytest.mark.norm("3.1.11")
@pytest.mark.norm("6.1.4")
def test_the_plan_refuses_what_would_break_it_telling_all(in_region):
    plan = queries.current_plan(on=clock.today())
    with pytest.raises(InvalidInput) as refused:
        records.save_class(
            actor=acting(in_region.administrator),
            plan=plan,
            parent=record_class("80.1"),
            code="80.2",
            name="",
            valid_from=clock.today(),
        )
    assert len(refused.value.obstacles) == 4
    with pytest.raises(AccessDenied):
        records.save_plan(actor=acting(in_region.officer), name="Vlastní plán", valid_from=clock.today())


def test_an_outgoing_document_stays_delivered_when_its_file_is_settled(in_region, file, received):
    officer, clerk = acting(in_region.officer), acting(in_region.clerk)
    reply = records.draft_reply(actor=officer, to=received, text="Vyhovujeme.")
    records.mark_in_approval(actor=officer, document=reply)
    records.mark_approved(actor=acting(in_region.head), document=reply)
    records.mark_dispatched(actor=clerk, document=reply)
    records.mark_delivered(actor=clerk, document=reply, at=clock.now())
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_DOCUMENT, on=clock.today())
    file.refresh_from_db()
    records.close_file(actor=officer, file=file, on=clock.today())
    states = Document.objects.filter(case_file=file).order_by("order_in_file").values_list("state", "settled_on")
    assert list(states) == [("settled", clock.today()), ("delivered", clock.today())]


@pytest.mark.norm("3.2.8")
def test_closing_settles_a_file_only_where_it_is_set_so(in_region, file, received):
    officer, today = acting(in_region.officer), clock.today()
    records.settle_document(actor=officer, document=received, how=SettledHow.BY_NOTING, on=today)
    records.configure_numbering(actor=acting(in_region.records_keeper), settled_by_closing=False)
    with pytest.raises(FileNotClosable, match="Nejdřív ho vyřiďte"):
        records.close_file(actor=officer, file=file, on=today)
    records.configure_numbering(actor=acting(in_region.records_keeper), settled_by_closing=True)
    assert records.close_file(actor=officer, file=file, on=today).settled_on == today


@pytest.mark.norm("3.2.10a", "3.2.10b")
def test_a_standing_consent_of_the_archive_spares_the_checks_of_closing(in_region, file, received):
    Document.objects.filter(pk=received.pk).update(sender=None, state="settled", settled_on=clock.today())
    plain = check_before_closing(file_facts(file), on=clock.today())
    assert (len(plain.obstacles), len(plain.warnings)) == (1, 1)
    for converts, warnings in ((True, 1), (False, 0)):
        RecordClass.objects.filter(pk=file.record_class_id).update(standing_consent=True, converts_formats=converts)
        check = check_before_closing(file_facts(CaseFile.objects.get(pk=file.pk)), on=clock.today())
        assert (check.obstacles, len(check.warnings)) == ([], warnings)
