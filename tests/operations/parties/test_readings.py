"""Every look at personal data leaves a record about each person seen (NSESSS 2.8)."""

import pytest
from tests import traces
from tests.strangers import of_school

from egon.kernel.errors import AccessDenied
from egon.parties import operations
from egon.parties.models import Kind
from egon.parties.operations import PartyDetails
from egon.parties.reading import note_listing, note_reading
from egon.registry.models import RoleGrant
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

READ, FIND = "parties.party.read", "parties.party.find"


@pytest.fixture
def people(in_region):
    clerk = in_region.actor(in_region.clerk)
    return [
        operations.register_party(
            actor=clerk, details=PartyDetails(kind=Kind.NATURAL, given_name=name, family_name="Zkušební")
        )
        for name in ("Adam", "Běta")
    ]


def test_a_look_names_the_reader_and_the_person(in_region, people):
    actor = in_region.actor(in_region.officer)
    note_reading(actor=actor, party=people[0])
    record = traces.last(READ)
    assert (record.person_id, record.outcome) == (in_region.officer.pk, "done")
    assert traces.speaks_of(record, people[0]) and not traces.speaks_of(record, people[1])


def test_a_list_names_everybody_shown_and_what_was_looked_for(in_region, people):
    note_listing(actor=in_region.actor(in_region.auditor), text="zkušební", page=2, shown=people)
    record = traces.last(FIND)
    assert all(traces.speaks_of(record, person) for person in people)
    assert (record.parameters["text"], record.parameters["page"]) == ("zkušební", 2)


def test_without_any_role_a_look_is_refused_and_the_attempt_logged(in_region, people):
    RoleGrant.objects.filter(person=in_region.outsider).delete()
    actor = in_region.actor(in_region.outsider)
    with pytest.raises(AccessDenied):
        note_reading(actor=actor, party=people[0])
    with pytest.raises(AccessDenied):
        note_listing(actor=actor, text="", page=1, shown=people)
    assert [(traces.done(code), traces.denied(code)) for code in (READ, FIND)] == [(0, 1), (0, 1)]
    assert traces.speaks_of(traces.last(READ), people[0])


def test_nobody_of_another_organisation_reads_here(in_region, people):
    actor = of_school(in_region, in_region.actor(in_region.officer))
    with pytest.raises(WrongTenant):
        note_reading(actor=actor, party=people[0])
    with pytest.raises(WrongTenant):
        note_listing(actor=actor, text="", page=1, shown=people)
    assert traces.done(READ) == traces.done(FIND) == 0
