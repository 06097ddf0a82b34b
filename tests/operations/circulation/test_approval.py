"""Approval of drafts: rounds, comments, who decides, what is frozen."""

import io

import pytest

from egon import storage
from egon.circulation import operations, queries
from egon.circulation.errors import ApprovalDecided, CannotRequestApproval, ReasonMissing
from egon.circulation.rules import ApprovalState
from egon.kernel.errors import AccessDenied, DomainError
from egon.records import operations as records
from egon.records.operations import NewFile
from egon.records.rules.states import DocumentState

pytestmark = pytest.mark.django_db


def ask(office, draft, approver="head"):
    return operations.request_approval(
        actor=office.acting("officer"), document=draft, approver=getattr(office.world, approver), at=office.now
    )


def add_file(office, draft):
    file = NewFile("dodatek.txt", "text/plain", storage.put(io.BytesIO(b"dodatek")))
    return records.add_component(actor=office.acting("officer"), document=draft, new_file=file, at=office.now)


def test_the_head_returns_once_with_a_comment_and_approves_the_second_time(office):
    draft = office.draft()
    first = ask(office, draft)
    assert draft.state == DocumentState.IN_APPROVAL
    operations.return_for_rework(
        actor=office.acting("head"), approval=first, comment="Doplňte odkaz na vyhlášku.", at=office.later(hours=1)
    )
    draft.refresh_from_db()
    assert draft.state == DocumentState.DRAFT
    add_file(office, draft)

    second = ask(office, draft)
    operations.approve(actor=office.acting("head"), approval=second, comment="V pořádku.", at=office.later(hours=2))
    draft.refresh_from_db()
    assert draft.state == DocumentState.APPROVED
    rounds = [(row.round, row.state, row.comment) for row in queries.approvals_of(draft)]
    assert rounds == [(1, "returned", "Doplňte odkaz na vyhlášku."), (2, "approved", "V pořádku.")]


def test_the_content_is_frozen_while_it_waits_and_after_approval(office):
    draft = office.draft()
    approval = ask(office, draft)
    with pytest.raises(DomainError, match="Nic se nezměnilo"):
        add_file(office, draft)
    operations.approve(actor=office.acting("head"), approval=approval, at=office.now)
    draft.refresh_from_db()
    with pytest.raises(DomainError, match="Nic se nezměnilo"):
        add_file(office, draft)


def test_nobody_approves_their_own_draft(office):
    with pytest.raises(CannotRequestApproval, match="nemůžete schválit sami"):
        operations.request_approval(
            actor=office.acting("head"), document=office.draft(by="head"), approver=office.world.head, at=office.now
        )


def test_only_who_leads_a_unit_approves(office):
    draft = office.draft()
    with pytest.raises(CannotRequestApproval, match="neschvaluje"):
        ask(office, draft, approver="outsider")
    draft.refresh_from_db()
    assert draft.state == DocumentState.DRAFT


@pytest.mark.parametrize("key", ["officer", "head2", "outsider", "administrator"])
def test_only_the_approver_decides(office, key):
    approval = ask(office, office.draft())
    with pytest.raises(AccessDenied, match="Marie Horáková"):
        operations.approve(actor=office.acting(key), approval=approval, at=office.now)
    approval.refresh_from_db()
    assert approval.state == ApprovalState.WAITING


def test_the_substitute_decides_for_the_head(office):
    approval = ask(office, office.draft())
    decided = operations.approve(actor=office.acting("substitute"), approval=approval, at=office.now)
    assert (decided.approver, decided.decided_by) == (office.world.head, office.world.substitute)


def test_a_substitute_does_not_approve_what_they_wrote_themselves(office):
    draft = office.draft(by="substitute")
    approval = operations.request_approval(
        actor=office.acting("substitute"), document=draft, approver=office.world.head, at=office.now
    )
    with pytest.raises(AccessDenied):
        operations.approve(actor=office.acting("substitute"), approval=approval, at=office.now)


def test_an_approver_of_another_unit_sees_the_draft(office):
    draft = office.draft()
    approval = ask(office, draft, approver="head2")
    assert queries.approval_for(office.acting("head2"), approval.pk) == approval
    operations.approve(actor=office.acting("head2"), approval=approval, at=office.now)


def test_a_return_needs_a_comment(office):
    approval = ask(office, office.draft())
    with pytest.raises(ReasonMissing):
        operations.return_for_rework(actor=office.acting("head"), approval=approval, comment=" ", at=office.now)


def test_it_is_decided_once(office):
    approval = ask(office, office.draft())
    operations.approve(actor=office.acting("head"), approval=approval, at=office.now)
    with pytest.raises(ApprovalDecided, match=r"schváleno.*Marie Horáková"):
        operations.return_for_rework(actor=office.acting("substitute"), approval=approval, comment="Ne.", at=office.now)


def test_the_author_takes_the_request_back(office):
    draft = office.draft()
    approval = ask(office, draft)
    with pytest.raises(AccessDenied):
        operations.cancel_approval(actor=office.acting("head"), approval=approval, at=office.now)
    operations.cancel_approval(actor=office.acting("officer"), approval=approval, at=office.now)
    draft.refresh_from_db()
    assert draft.state == DocumentState.DRAFT
    assert queries.waiting_approval(draft) is None


def test_the_usual_approver_is_the_head_of_the_unit(office):
    draft = office.draft()
    assert queries.usual_approver(draft) == office.world.head
    assert office.world.head in queries.approvers()
    assert office.world.outsider not in queries.approvers()
