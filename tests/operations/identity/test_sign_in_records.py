"""What coming, failing to come and leaving write into the log of the organisation."""

import pytest
from tests import traces
from tests.strangers import of_school

from egon.identity import operations as identity
from egon.identity.models import Account
from egon.identity.operations.sign_in import note_arrival, note_failure
from egon.kernel.actor import Actor
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

STEPS = {
    "identity.sign_in": lambda actor: note_arrival(actor=actor),
    "identity.sign_in_failed": lambda actor: note_failure(actor=actor, login="kdosi", reason="nesprávné heslo"),
    "identity.sign_out": lambda actor: identity.leave(actor=actor),
}


@pytest.mark.parametrize("operation", STEPS)
def test_each_leaves_one_record_with_the_account_and_the_address(in_region, operation):
    account = Account.objects.get(login="dvorak")
    before = traces.done(operation)
    STEPS[operation](Actor(in_region.region.pk, account.name, account_id=account.pk, ip="10.0.0.9"))
    record = traces.last(operation)
    assert traces.done(operation) == before + 1
    assert (record.account_id, record.actor_name, record.ip) == (account.pk, account.name, "10.0.0.9")


def test_a_failure_tells_the_auditor_which_login_and_why(in_region):
    note_failure(actor=Actor(in_region.region.pk, "nepřihlášený"), login="kdosi", reason="neznámé jméno")
    record = traces.last("identity.sign_in_failed")
    assert record.parameters == {"login": "kdosi", "reason": "neznámé jméno"}
    assert record.account_id is None


def test_leaving_changes_nothing_of_the_account(in_region):
    actor = in_region.actor(in_region.officer)
    before = Account.objects.filter(pk=actor.account_id).values().get()
    identity.leave(actor=actor)
    assert Account.objects.filter(pk=actor.account_id).values().get() == before


@pytest.mark.parametrize("operation", STEPS)
def test_an_account_of_another_organisation_writes_nothing_into_this_log(in_region, operation):
    before = traces.done(operation)
    actor = of_school(in_region, in_region.actor(in_region.officer))
    with pytest.raises(WrongTenant):
        STEPS[operation](actor)
    assert (traces.done(operation), traces.denied(operation)) == (before, 0)
