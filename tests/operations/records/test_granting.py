"""Access granted by who has it: offered, confirmed or refused, withdrawn, ended; within its days."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, register

from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import AccessDenied
from egon.mailroom.queries import counts_for_desk
from egon.records import access_queries, permissions, queries, sight
from egon.records import operations as records
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import AccessGrant

pytestmark = pytest.mark.django_db


def give(world, document=None, *, by=None, **to):
    values = {"reason": "kvůli stanovisku", "at": clock.now(), "document": document, **to}
    return records.grant_access(actor=acting(by or world.officer), **values)


def confirm(grant, person):
    return records.confirm_access(actor=acting(person), grant=grant, at=clock.now())


def sees(person, document):
    actor = acting(person)
    alone = bool(permissions.may_see(actor, document))
    assert queries.documents_visible_to(actor).filter(pk=document.pk).exists() == alone
    return alone


@pytest.mark.norm("7.1.2", "7.1.3")
def test_access_given_by_who_has_it_holds_once_the_receiver_confirms(in_region, received):
    world = in_region
    grant = give(world, received, person=world.outsider)
    assert not sees(world.outsider, received)
    assert list(access_queries.waiting_for(acting(world.outsider))) == [grant]
    assert counts_for_desk(acting(world.outsider), now=clock.now())["offered"] == 1
    confirm(grant, world.outsider)
    assert sees(world.outsider, received)
    told = {one.person: one.reasons for one in sight.who_sees_document(received, on=clock.today())}
    assert told[world.outsider] == (f"přiděleno ({world.officer}): kvůli stanovisku",)


@pytest.mark.norm("7.1.2")
def test_who_has_no_access_gives_none(in_region, received):
    with pytest.raises(AccessDenied):
        give(in_region, received, by=in_region.outsider, person=in_region.officer2)
    assert not AccessGrant.objects.exists()


@pytest.mark.norm("7.1.3")
def test_the_receiver_refuses_and_nothing_opens(in_region, received):
    world = in_region
    grant = give(world, received, person=world.outsider)
    with pytest.raises(AccessDenied):
        records.refuse_access(actor=acting(world.officer2), grant=grant, at=clock.now())
    records.refuse_access(actor=acting(world.outsider), grant=grant, at=clock.now(), note="jsem podjatý")
    assert not sees(world.outsider, received)
    with pytest.raises(NotInThisState, match="odmítnutý"):
        confirm(grant, world.outsider)
    assert AccessGrant.objects.get(pk=grant.pk).note == "jsem podjatý"


@pytest.mark.norm("7.1.4")
def test_the_giver_withdraws_until_it_is_confirmed(in_region, received):
    world = in_region
    grant = give(world, received, person=world.outsider)
    with pytest.raises(AccessDenied, match="kdo ho přidělil"):
        records.withdraw_access(actor=acting(world.outsider), grant=grant, at=clock.now())
    records.withdraw_access(actor=acting(world.officer), grant=grant, at=clock.now())
    with pytest.raises(NotInThisState):
        confirm(grant, world.outsider)
    other = confirm(give(world, received, person=world.outsider), world.outsider)
    with pytest.raises(NotInThisState, match="potvrzený"):
        records.withdraw_access(actor=acting(world.officer), grant=other, at=clock.now())
    assert sees(world.outsider, received)


def test_confirmed_access_is_ended_by_who_works_on_the_document_or_by_the_receiver(in_region, received):
    world = in_region
    grant = confirm(give(world, received, person=world.outsider), world.outsider)
    with pytest.raises(AccessDenied):
        records.end_access(actor=acting(world.officer2), grant=grant, at=clock.now(), reason="omyl")
    with pytest.raises(InvalidInput, match="důvod"):
        records.end_access(actor=acting(world.officer), grant=grant, at=clock.now(), reason=" ")
    records.end_access(actor=acting(world.officer), grant=grant, at=clock.now(), reason="omyl")
    assert not sees(world.outsider, received)


def test_access_holds_only_within_its_days(in_region, received):
    world, today = in_region, clock.today()
    grant = give(world, received, person=world.outsider, valid_from=today + timedelta(days=1))
    confirm(grant, world.outsider)
    assert not sees(world.outsider, received)
    for first, last, seen in ((-2, -1, False), (-2, 0, True), (0, 0, True), (0, None, True)):
        AccessGrant.objects.filter(pk=grant.pk).update(
            valid_from=today + timedelta(days=first), valid_to=None if last is None else today + timedelta(days=last)
        )
        assert sees(world.outsider, received) is seen
        told = {one.person for one in sight.who_sees_document(received, on=today)}
        assert (world.outsider in told) is seen


@pytest.mark.norm("7.1.2")
def test_a_unit_and_a_role_get_access_to_a_file_with_its_documents(in_region, received, file):
    world = in_region
    unit = confirm(give(world, file=file, unit=world.units["OS"]), world.node_admins["OS"])
    assert sees(world.officer2, received) and not sees(world.outsider, received)
    assert permissions.may_see_file(acting(world.officer2), file)
    records.end_access(actor=acting(world.officer), grant=unit, at=clock.now(), reason="hotovo")
    assert not sees(world.officer2, received)
    confirm(give(world, file=file, role=Role.ADMINISTRATOR), world.administrator)
    assert sees(world.administrator, received) and permissions.may_see_file(acting(world.administrator), file)
    for thing, told in ((received, sight.who_sees_document), (file, sight.who_sees_file)):
        reasons = {one.person: one.reasons for one in told(thing, on=clock.today())}
        assert "role správce systému" in " ".join(reasons[world.administrator])


def test_all_obstacles_are_told_at_once_and_nothing_is_given(in_region, received):
    world, today = in_region, clock.today()
    with pytest.raises(InvalidInput) as refusal:
        give(
            world,
            received,
            person=world.officer,
            reason=" ",
            valid_from=today,
            valid_to=today - timedelta(days=1),
        )
    assert len(refusal.value.obstacles) == 3
    with pytest.raises(InvalidInput, match="právě jednoho příjemce"):
        give(world, received)
    give(world, received, person=world.outsider)
    with pytest.raises(InvalidInput, match="už tento přístup má"):
        give(world, received, person=world.outsider)
    assert AccessGrant.objects.count() == 1


def restrict(world, file, reason="osobní spis"):
    return records.restrict_file(actor=acting(world.officer), file=file, reason=reason)


def test_a_restricted_file_is_seen_only_by_people_in_it_and_named_ones(in_region, received, file):
    world = in_region
    confirm(give(world, file=file, unit=world.units["OS"]), world.node_admins["OS"])
    assert sees(world.head, received) and sees(world.clerk, received) and sees(world.officer2, received)
    restrict(world, file)
    for person in (world.head, world.clerk, world.officer2, world.records_keeper, world.auditor):
        assert not sees(person, received), person
        assert not permissions.may_see_file(acting(person), file), person
        assert file not in queries.files_visible_to(acting(person))
    assert sees(world.officer, received)
    with pytest.raises(InvalidInput, match="jen jmenovaná osoba"):
        give(world, file=file, unit=world.units["OD"])
    with pytest.raises(AccessDenied):
        give(world, file=file, by=world.head, person=world.outsider)
    confirm(give(world, file=file, person=world.outsider), world.outsider)
    assert sees(world.outsider, received) and permissions.may_see_file(acting(world.outsider), file)
    for told, thing in ((sight.who_sees_document, received), (sight.who_sees_file, file)):
        assert {one.person for one in told(thing, on=clock.today())} == {world.officer, world.outsider}


def test_a_document_joins_and_leaves_the_restriction_with_its_file(in_region, received, file):
    world = in_region
    restrict(world, file)
    another = records.place_in_unit(
        actor=acting(world.clerk), document=register(world), unit=world.units["OD"], holder=world.officer
    )
    assert sees(world.head, another)
    records.put_in_file(actor=acting(world.officer), document=another, file=file)
    assert not sees(world.head, another)
    with pytest.raises(InvalidInput, match="vyhrazeném spisu"):
        records.share(actor=acting(world.officer), document=another, unit=world.units["OS"], reason="oběžník")
    with pytest.raises(InvalidInput, match="přímo člověku"):
        records.place_in_unit(actor=acting(world.officer), document=another, unit=world.units["OS"], holder=None)


def test_the_head_releases_what_they_do_not_see(in_region, received, file):
    world = in_region
    restrict(world, file)
    with pytest.raises(AccessDenied):
        records.release_file(actor=acting(world.outsider), file=file, reason="omyl")
    with pytest.raises(InvalidInput, match="důvod"):
        records.release_file(actor=acting(world.head), file=file, reason="")
    records.release_file(actor=acting(world.head), file=file, reason="zpracovatel odešel")
    assert sees(world.head, received) and sees(world.records_keeper, received)


def test_a_file_with_a_document_waiting_in_a_unit_is_not_restricted(in_region, received, file):
    world = in_region
    records.place_in_unit(actor=acting(world.officer), document=received, unit=world.units["OD"], holder=None)
    with pytest.raises(InvalidInput, match="čeká v útvaru na převzetí"):
        restrict(world, file, reason="")
