"""Two people take the same document over at the same moment."""

import threading
from datetime import date

from django.db import connections
from tests.operations.circulation.conftest import Office

from egon.circulation import operations
from egon.circulation.errors import HandoverDecided
from egon.circulation.models import Handover
from egon.kernel import clock
from egon.tenancy.scope import tenant_scope


def test_of_two_people_at_once_one_wins_and_the_other_learns_who(own_database, world):
    with tenant_scope(world.region.pk):
        office = Office(world)
        handover = office.assigned("OD", deadline=date(2026, 12, 1))
        actors = [office.acting("head"), office.node_admin("OD")]
    start = threading.Barrier(2)
    outcomes = {}

    def run(actor):
        try:
            with tenant_scope(world.region.pk):
                mine = Handover.objects.get(pk=handover.pk)
                start.wait(timeout=20)
                operations.take_over(actor=actor, handover=mine, at=clock.now())
                outcomes[actor.name] = "won"
        except HandoverDecided as error:
            outcomes[actor.name] = error.message
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(outcomes) == sorted(actor.name for actor in actors)
    assert list(outcomes.values()).count("won") == 1
    winner = next(name for name, outcome in outcomes.items() if outcome == "won")
    refusal = next(outcome for outcome in outcomes.values() if outcome != "won")
    assert winner in refusal
    assert "převzato" in refusal
    with tenant_scope(world.region.pk):
        document = Handover.objects.get(pk=handover.pk).document
        assert str(document.holder) == winner
