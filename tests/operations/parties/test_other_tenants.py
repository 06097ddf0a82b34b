"""Parties of one organisation do not exist in another."""

import pytest

from egon.kernel.errors import NotFound
from egon.parties import operations, queries
from egon.parties.models import Kind, Party
from egon.parties.operations import PartyDetails
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


def test_school_sees_nothing_of_the_regions_parties(world):
    details = PartyDetails(kind=Kind.LEGAL, name="Jen krajova, s. r. o.", ic="70890366")
    with tenant_scope(world.region.pk):
        party = operations.register_party(actor=world.actor(world.clerk), details=details)
    with world.school.scope():
        actor = world.actor(world.school.clerk)
        with pytest.raises(NotFound):
            queries.party_for(actor, party.pk)
        assert not queries.find("krajova").exists()
        assert queries.candidates_for(ic="70890366") == []
        assert Party.objects.filter(pk=party.pk).update(name="x") == 0
