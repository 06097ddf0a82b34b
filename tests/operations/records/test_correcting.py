"""Until a file is closed its people edit it; then the records keeper corrects it, saying why (NSESSS 7.1.5)."""

import pytest
from tests.records_steps import acting
from tests.strangers import of_school

from egon import search
from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import permissions, queries
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import CaseFile, Document
from egon.records.rules.retention import DisposalMark
from egon.tenancy.scope import WrongTenant

REASON = "Překlep referenta v názvu obce."


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def closed(in_region, file, received):
    officer = acting(in_region.officer)
    records.settle_file(actor=officer, file=file, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    received.refresh_from_db()
    return file


def rename_file(actor, file, subject="Zastávka Polná", **more):
    return records.edit_file(actor=actor, file=file, subject=subject, processor=file.processor, **more)


def rename(actor, document, subject="Zastávka Polná", **more):
    return records.edit_metadata(actor=actor, document=document, subject=subject, sender=document.sender, **more)


@pytest.mark.norm("7.1.5")
def test_until_the_file_is_closed_its_people_edit_it_and_its_documents(in_region, file, received):
    officer = acting(in_region.officer)
    rename_file(officer, file)
    rename(officer, received)
    records.settle_file(actor=officer, file=file, on=clock.today())
    received.refresh_from_db()
    rename_file(officer, file, "Po vyřízení")
    rename(officer, received, "Dokument po vyřízení")
    assert CaseFile.objects.get(pk=file.pk).subject == "Po vyřízení"
    document = Document.objects.get(pk=received.pk)
    assert (document.subject, document.state) == ("Dokument po vyřízení", "settled")


@pytest.mark.norm("7.1.5")
@pytest.mark.parametrize("who", ["officer", "head", "administrator"])
def test_after_closing_they_are_refused_and_nothing_changes(in_region, closed, received, who):
    actor, subjects = acting(getattr(in_region, who)), (closed.subject, received.subject)
    with pytest.raises(AccessDenied, match=r"uzavřený.*jen správce spisovny"):
        rename_file(actor, closed, reason=REASON)
    with pytest.raises(AccessDenied, match=r"uzavřený.*jen správce spisovny"):
        rename(actor, received, reason=REASON)
    found = (CaseFile.objects.get(pk=closed.pk).subject, Document.objects.get(pk=received.pk).subject)
    assert found == subjects


@pytest.mark.norm("7.1.5")
def test_who_had_it_before_them_when_it_closed_is_refused_too(in_region, file, received):
    officer = acting(in_region.officer)
    stale_file, stale_document = CaseFile.objects.get(pk=file.pk), queries.document_for(officer, received.pk)
    assert stale_document.case_file.state == "open"
    records.settle_file(actor=officer, file=file, on=clock.today())
    records.close_file(actor=officer, file=file, on=clock.today())
    with pytest.raises(NotInThisState, match="uzavřený"):
        rename_file(officer, stale_file, reason=REASON)
    with pytest.raises(NotInThisState, match="uzavřený"):
        rename(officer, stale_document, reason=REASON)


@pytest.mark.norm("7.1.5")
def test_the_records_keeper_corrects_a_closed_file_and_its_documents(keeper, closed, received):
    year = closed.disposal_year
    was = closed.subject
    rename_file(keeper, closed, reason=REASON)
    rename(keeper, received, "Lávka Stonařov", reason=REASON)
    assert (closed.subject, closed.state, closed.disposal_year) == ("Zastávka Polná", "closed", year)
    logged = LogRecord.objects.filter(operation="records.file.edit").latest("pk").parameters
    assert logged["reason"] == REASON
    assert logged["changes"] == {"subject": {"before": was, "after": "Zastávka Polná"}}
    logged = LogRecord.objects.filter(operation="records.document.edit").latest("pk").parameters
    assert (logged["reason"], logged["changes"]["subject"]["after"]) == (REASON, "Lávka Stonařov")
    assert search.find("Stonařov").capped_count == 1


@pytest.mark.norm("7.1.5")
def test_without_a_reason_a_closed_file_is_not_corrected(keeper, closed, received):
    with pytest.raises(InvalidInput) as refused:
        rename_file(keeper, closed, " ", reason="  ")
    assert len(refused.value.obstacles) == 2
    with pytest.raises(InvalidInput) as refused:
        rename(keeper, received)
    assert "důvod opravy" in refused.value.obstacles[0]
    assert Document.objects.get(pk=received.pk).subject != "Zastávka Polná"


@pytest.mark.norm("7.1.5")
def test_the_records_keeper_does_not_edit_what_is_still_open(keeper, file, received):
    with pytest.raises(AccessDenied):
        rename_file(keeper, file, reason=REASON)
    with pytest.raises(AccessDenied):
        rename(keeper, received, reason=REASON)


def test_a_restricted_file_stays_closed_to_a_keeper_who_does_not_see_it(in_region, keeper, closed, received):
    CaseFile.objects.filter(pk=closed.pk).update(restricted_because="Vyšetřování")
    assert not permissions.may_edit_file(keeper, CaseFile.objects.get(pk=closed.pk))
    assert not permissions.may_edit_metadata(keeper, Document.objects.get(pk=received.pk))


def test_another_organisation_corrects_nothing(in_region, keeper, closed, received):
    stranger = of_school(in_region, keeper)
    for attempt in (
        lambda: rename_file(stranger, closed, reason=REASON),
        lambda: rename(stranger, received, reason=REASON),
    ):
        with pytest.raises(WrongTenant):
            attempt()


def test_another_kind_settles_mark_and_year_of_the_closed_file_again(keeper, closed, received):
    regime = records.save_regime(actor=keeper, mark=DisposalMark.ARCHIVE, years=20)
    kind = records.save_kind(actor=keeper, name="Kronika", valid_from=clock.today(), regime=regime)
    year = closed.disposal_year
    rename(keeper, received, kind=kind, reason=REASON)
    found = CaseFile.objects.get(pk=closed.pk)
    assert (found.resolved_mark, found.disposal_year) == ("A", year + 15)


def test_what_was_withdrawn_is_not_corrected(in_region, received):
    Document.objects.filter(pk=received.pk).update(state="withdrawn")
    received.refresh_from_db()
    with pytest.raises(NotInThisState, match="stornovaný"):
        rename(acting(in_region.officer), received)
