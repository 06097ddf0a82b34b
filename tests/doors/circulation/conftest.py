"""Browsers of people of the demo world, and documents on their way."""

import pytest
from django.test import Client
from tests.operations.circulation.conftest import Office


@pytest.fixture
def office(in_region):
    return Office(in_region)


@pytest.fixture
def browser(world):
    """``browser(world.officer)``: signed in as that person, in their organisation (or another of theirs)."""

    def sign_in(person, tenant=None):
        client = Client()
        client.force_login(person.account)
        session = client.session
        session["tenant_id"] = (tenant or world.region).pk
        session.save()
        return client

    return sign_in
