"""Steps that tests of records share: acting as a person, registering a document, choosing a class."""

from datetime import timedelta

from egon import storage
from egon.kernel import clock
from egon.parties.models import Party
from egon.records import operations as records
from egon.records import queries
from egon.records.operations import NewFile
from egon.registry import queries as registry


def acting(person):
    """The person as an actor, with their rights of this moment."""
    return registry.actor_of(person, at=clock.now())


def record_class(code):
    """A class of the plan valid today."""
    return queries.classes_for_files(on=clock.today()).get(code=code)


def register(world, subject="Žádost o rekonstrukci zastávky", **changes):
    """A document registered by the mailroom, with one text file unless ``files`` say otherwise."""
    values = {
        "subject": subject,
        "sender": Party.objects.order_by("pk").first(),
        "delivered_at": clock.now() - timedelta(hours=2),
        "files": [NewFile("žádost.txt", "text/plain", storage.put(subject.encode()), "main")],
        **changes,
    }
    return records.register_received(actor=acting(world.clerk), **values)
