"""Browsers signed in as people of the demo world, and a document that some of them may see."""

import pytest
from django.test import Client
from tests.records_steps import acting, register

from egon import storage
from egon.records import operations as records
from egon.records.operations import NewFile


@pytest.fixture
def browser(world):
    """``browser(world.officer)``: a client signed in as that person, in their organisation."""

    def sign_in(person, tenant=None):
        client = Client()
        client.force_login(person.account)
        session = client.session
        session["tenant_id"] = (tenant or world.region).pk
        session.save()
        return client

    return sign_in


@pytest.fixture
def received(in_region):
    """A document of the transport department, processed by ``officer``; not yet in a file."""
    world = in_region
    document = register(
        world,
        "Žádost o rekonstrukci zastávky U Mlýna",
        sender_reference="ZN-77",
        channel="databox",
        files=[
            NewFile("žádost.txt", "text/plain", storage.put("Prosíme o zastřešení čekárny.".encode()), "main"),
            NewFile("plánek.html", "text/html", storage.put(b"<script>alert(1)</script>"), "attachment"),
        ],
    )
    return records.place_in_unit(
        actor=acting(world.clerk), document=document, unit=world.office.units["OD"], holder=world.officer
    )
