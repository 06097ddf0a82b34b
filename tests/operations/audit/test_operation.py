"""``@operation``: permission, transaction, log and events belong together."""

import pytest

from egon.audit import log
from egon.audit.models import LogRecord, Outcome
from egon.audit.operation import operation
from egon.kernel.access import allowed_if
from egon.kernel.actor import Actor, Grant, Role
from egon.kernel.errors import AccessDenied, DomainError
from egon.storage import BlobRef
from egon.tenancy.models import Tenant
from egon.tenancy.scope import WrongTenant, tenant_scope

pytestmark = pytest.mark.django_db


def may_count(actor):
    return allowed_if(actor.has(Role.OFFICER), "Počítat smí jen zpracovatel.")


@operation("test.count", title="Počítání", requires=may_count, unlogged=("secret",))
def count(*, actor, number, secret=""):
    Tenant.objects.create(code=f"T{number}", name="Vzniklo operací")
    log.note(given=number + 1)
    if number < 0:
        raise DomainError("Záporná čísla se nepočítají.")
    return number + 1


@pytest.fixture
def tenant():
    tenant = Tenant.objects.create(code="OPE", name="Organizace s operacemi")
    with tenant_scope(tenant.pk):
        yield tenant


def officer(tenant):
    return Actor(tenant_id=tenant.pk, name="Petr Svoboda", grants=frozenset({Grant(Role.OFFICER)}))


def test_success_is_logged_with_parameters_and_notes(tenant):
    assert count(actor=officer(tenant), number=4, secret="heslo") == 5
    record = LogRecord.objects.get()
    assert (record.operation, record.outcome, record.actor_name) == ("test.count", Outcome.DONE, "Petr Svoboda")
    assert record.parameters == {"number": 4, "given": 5}


def test_a_group_of_facts_is_logged_by_their_names_without_the_empty_ones(tenant):
    log.record("test.facts", actor=officer(tenant), parameters={"blob": BlobRef("ab12", 7), "rest": BlobRef("", 0)})
    assert LogRecord.objects.get().parameters == {"blob": {"digest": "ab12", "size": 7}, "rest": {"size": 0}}


def test_refusal_of_the_rules_takes_everything_back(tenant):
    with pytest.raises(DomainError):
        count(actor=officer(tenant), number=-1)
    assert not LogRecord.objects.exists()
    assert not Tenant.objects.filter(code="T-1").exists()


def test_refused_permission_changes_nothing_and_is_logged_as_an_attempt(tenant):
    with pytest.raises(AccessDenied, match="jen zpracovatel"):
        count(actor=Actor(tenant_id=tenant.pk, name="Cizí"), number=1)
    assert not Tenant.objects.filter(code="T1").exists()
    record = LogRecord.objects.get()
    assert (record.outcome, record.message) == (Outcome.DENIED, "Počítat smí jen zpracovatel.")


def test_actor_of_another_originator_is_a_defect(tenant):
    other = Tenant.objects.create(code="JIN", name="Jiná organizace")
    with pytest.raises(WrongTenant):
        count(actor=officer(other), number=1)


def test_control_characters_and_long_texts_do_not_break_the_log(tenant):
    nasty = Actor(tenant_id=tenant.pk, name="x\x00y" + "z" * 150, grants=frozenset({Grant(Role.OFFICER)}))
    count(actor=nasty, number=7)
    assert "\x00" not in LogRecord.objects.get().actor_name
