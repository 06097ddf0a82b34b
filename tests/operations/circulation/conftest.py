"""Documents to hand over, made as the people of the demo world make them."""

import io
from datetime import timedelta

import pytest

from egon import storage
from egon.circulation import operations as circulation
from egon.circulation import queries
from egon.kernel import clock
from egon.parties import queries as parties
from egon.records import operations as records
from egon.records.models import Document
from egon.records.operations import NewFile
from egon.records.rules.states import Direction

# The world's substitution begins on the day the world is made, so the tests live today, too.
NOW = clock.now().replace(microsecond=0)


class Office:
    """Short names for what the tests do over and over in the region's scope."""

    def __init__(self, world):
        self.world = world
        self.now = NOW
        self.today = NOW.astimezone(clock.PRAGUE).date()
        self.known = set(Document.objects.values_list("pk", flat=True))

    def acting(self, key):
        return self.world.actor(getattr(self.world, key), at=NOW)

    def node_admin(self, code):
        return self.world.actor(self.world.node_admins[code], at=NOW)

    def inbox(self, key, on=None):
        """What waits for somebody, without what the demo world brought along."""
        actor = self.node_admin(key) if key in self.world.node_admins else self.acting(key)
        items = queries.inbox_of(actor, on=on or self.today).items
        return [item for item in items if item.document.pk not in self.known]

    def later(self, **delta):
        return self.now + timedelta(**delta)

    def received(self, subject="Žádost o opravu silnice", deadline=None):
        """A document registered by the mailroom, not yet handed to any unit."""
        company = parties.find("Beran").get()
        file = NewFile("zadost.txt", "text/plain", storage.put(io.BytesIO("Prosíme o opravu.".encode())))
        return records.register_received(
            actor=self.acting("clerk"), subject=subject, sender=company, delivered_at=NOW, files=[file],
            deadline=deadline, at=NOW,
        )  # fmt: skip

    def assigned(self, unit="OD", **about):
        """A document handed to a unit; returns its hand-over."""
        document = self.received(**about)
        return circulation.assign_to_unit(
            actor=self.acting("clerk"), document=document, unit=self.world.units[unit], at=NOW
        )

    def draft(self, by="officer", subject="Odpověď"):
        """An internal draft with content."""
        file = NewFile("obsah.txt", "text/plain", storage.put(io.BytesIO(b"obsah")))
        return records.create_document(
            actor=self.acting(by), direction=Direction.INTERNAL, subject=subject, files=[file], at=NOW
        )


@pytest.fixture
def office(in_region):
    return Office(in_region)
