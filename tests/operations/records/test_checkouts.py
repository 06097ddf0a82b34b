"""Check-out and check-in: one person edits a component, the others wait, every check-in is a version."""

import pytest
from tests import traces
from tests.records_steps import acting
from tests.strangers import of_school

from egon import storage
from egon.kernel.errors import AccessDenied, Conflict
from egon.records import checkout_queries, queries
from egon.records import operations as records
from egon.records.errors import DocumentNotSettlable, InvalidInput, NotEditable
from egon.records.models import CheckOut, Component, ComponentVersion, Document
from egon.records.operations import NewFile
from egon.records.rules.settling import SettledHow
from egon.records.rules.states import Direction
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

OUT, IN = "records.component.check_out", "records.component.check_in"
CANCEL, OVER = "records.component.cancel_check_out", "records.component.take_over"


def text_file(name, text):
    return NewFile(name, "text/plain", storage.put(text.encode()))


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


@pytest.fixture
def head(in_region):
    return acting(in_region.head)


@pytest.fixture
def draft(officer, in_region):
    """An internal draft of the officer with one annex."""
    return records.create_document(
        actor=officer, direction=Direction.INTERNAL, subject="Koncept", files=[text_file("mapa.txt", "stará")]
    )


@pytest.fixture
def annex(draft):
    return draft.components.get()


@pytest.fixture
def taken(draft, annex, officer):
    return records.check_out(actor=officer, document=draft, component=annex)


def bring(actor, draft, taken, text="nová", name="mapa.txt", changes="oprava měřítka"):
    return records.check_in(
        actor=actor, document=draft, check_out=taken, new_file=text_file(name, text), changes=changes
    )


@pytest.mark.norm("2.1.1")
def test_a_check_in_is_the_next_version_with_what_changed_and_frees_the_component(draft, annex, taken, officer):
    version = bring(officer, draft, taken)
    assert (version.number, version.comment, version.created_by_id) == (2, "oprava měřítka", officer.person_id)
    assert storage.read(version.digest) == "nová".encode()
    assert checkout_queries.of_component(annex) is None
    assert [one.number for one in queries.components_of(draft)[0].versions] == [2, 1]
    record = traces.last(IN)
    assert record.parameters["changes"] == "oprava měřítka"
    assert all(traces.speaks_of(record, one) for one in (draft, annex, version))


def test_taking_what_one_has_changes_nothing(draft, annex, taken, officer):
    again = records.check_out(actor=officer, document=draft, component=annex)
    assert (again.pk, again.taken_at) == (taken.pk, taken.taken_at)


def test_the_other_is_told_who_has_it(draft, annex, taken, head, in_region):
    with pytest.raises(Conflict, match=in_region.officer.family_name):
        records.check_out(actor=head, document=draft, component=annex)
    assert CheckOut.objects.get().person_id == in_region.officer.pk


def test_while_taken_nobody_writes_a_version_removes_or_freezes(draft, annex, taken, officer, head):
    for actor in (officer, head):
        with pytest.raises(Conflict):
            records.add_version(actor=actor, document=draft, component=annex, new_file=text_file("mapa.txt", "jiná"))
        with pytest.raises(Conflict):
            records.remove_component(actor=actor, document=draft, component=annex)
    with pytest.raises(InvalidInput, match=r"mapa\.txt"):
        records.mark_in_approval(actor=officer, document=draft)
    with pytest.raises(InvalidInput, match=r"mapa\.txt"):
        records.withdraw_document(actor=officer, document=draft, reason="omyl")
    with pytest.raises(DocumentNotSettlable, match=r"mapa\.txt"):
        records.settle_document(
            actor=officer, document=draft, how=SettledHow.BY_RECORD, note="hotovo", on=draft.registered_at.date()
        )
    assert Document.objects.get(pk=draft.pk).state == "draft"
    assert ComponentVersion.objects.filter(component=annex).count() == 1
    assert Component.objects.get(pk=annex.pk).removed_at is None


def test_a_bad_check_in_says_all_and_keeps_the_lock(draft, annex, taken, officer):
    with pytest.raises(InvalidInput) as refused:
        bring(officer, draft, taken, text="stará", name="mapa.pdf", changes=" ")
    assert len(refused.value.obstacles) == 3
    assert checkout_queries.of_component(annex) == taken
    assert annex.versions.count() == 1


def test_cancelled_leaves_the_old_version(draft, annex, taken, officer):
    records.cancel_check_out(actor=officer, document=draft, check_out=taken)
    assert checkout_queries.of_component(annex) is None
    assert annex.versions.count() == 1
    assert traces.speaks_of(traces.last(CANCEL), annex)
    with pytest.raises(Conflict, match="ukončil"):
        bring(officer, draft, taken)


def test_the_head_takes_over_and_the_first_can_bring_nothing(draft, annex, taken, officer, head):
    page_of_the_officer = CheckOut.objects.get(pk=taken.pk)
    records.take_over(actor=head, document=draft, check_out=taken, reason="nemoc")
    assert checkout_queries.of_component(annex).person_id == head.person_id
    assert traces.last(OVER).parameters["reason"] == "nemoc"
    with pytest.raises(Conflict, match="převzal"):
        bring(officer, draft, page_of_the_officer)
    with pytest.raises(Conflict, match="převzal"):
        records.cancel_check_out(actor=officer, document=draft, check_out=page_of_the_officer)
    with pytest.raises(AccessDenied):
        bring(officer, draft, CheckOut.objects.get(pk=taken.pk))
    assert bring(head, draft, taken).created_by_id == head.person_id


def test_taking_over_needs_a_reason(draft, taken, head, officer):
    with pytest.raises(InvalidInput):
        records.take_over(actor=head, document=draft, check_out=taken, reason=" ")
    assert CheckOut.objects.get().person_id == officer.person_id


def test_the_head_cancels_for_who_has_it(draft, annex, taken, head):
    records.cancel_check_out(actor=head, document=draft, check_out=taken)
    assert checkout_queries.of_component(annex) is None


def test_what_was_received_or_written_is_not_taken(received, officer):
    with pytest.raises(NotEditable):
        records.check_out(actor=officer, document=received, component=received.components.get())
    letter = records.create_document(actor=officer, direction=Direction.INTERNAL, subject="Dopis", text="Text.")
    with pytest.raises(NotEditable, match="na stránce"):
        records.check_out(actor=officer, document=letter, component=letter.components.get())
    assert not CheckOut.objects.exists()


def test_a_check_out_of_one_document_is_no_way_through_another(draft, taken, officer):
    other = records.create_document(
        actor=officer, direction=Direction.INTERNAL, subject="Jiný", files=[text_file("jine.txt", "x")]
    )
    with pytest.raises(Conflict):
        bring(officer, other, taken)
    with pytest.raises(NotEditable):
        records.check_out(actor=officer, document=other, component=draft.components.get())
    assert CheckOut.objects.get() == taken


@pytest.mark.parametrize("who", ["officer2", "head2", "outsider", "clerk", "auditor", "administrator"])
def test_others_may_nothing_and_it_is_logged(in_region, draft, annex, taken, who):
    actor = acting(getattr(in_region, who))
    steps = {
        OUT: lambda: records.check_out(actor=actor, document=draft, component=annex),
        IN: lambda: bring(actor, draft, taken),
        CANCEL: lambda: records.cancel_check_out(actor=actor, document=draft, check_out=taken),
        OVER: lambda: records.take_over(actor=actor, document=draft, check_out=taken, reason="chci"),
    }
    for code, step in steps.items():
        with pytest.raises(AccessDenied):
            step()
        assert traces.denied(code) == 1
    assert CheckOut.objects.get() == taken
    assert annex.versions.count() == 1


def test_another_organisation_gets_nowhere(in_region, draft, annex, taken, officer):
    stranger = of_school(in_region, officer)
    for step in (
        lambda: records.check_out(actor=stranger, document=draft, component=annex),
        lambda: bring(stranger, draft, taken),
        lambda: records.cancel_check_out(actor=stranger, document=draft, check_out=taken),
        lambda: records.take_over(actor=stranger, document=draft, check_out=taken, reason="chci"),
    ):
        with pytest.raises(WrongTenant):
            step()
    assert CheckOut.objects.get() == taken
