"""What a unit holds passes to another one: all or a part, on a day, in the background, each thing with its history."""

from datetime import timedelta

import pytest
from django.apps import apps
from tests import traces
from tests.records_steps import acting, register
from tests.runs import go
from tests.strangers import of_school

from egon.audit.models import LogRecord
from egon.circulation import operations as circulation
from egon.circulation.models import Handover
from egon.jobs.runs.states import ItemState, RunState
from egon.kernel import clock
from egon.kernel.actor import Role
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import queries as records_queries
from egon.records.models import CaseFile, Document, DocumentAccess
from egon.registry import operations as registry
from egon.registry.errors import RegistryRefused
from egon.registry.models import Position, RoleGrant, Unit
from egon.reorganisation import jobs, operations, queries
from egon.reorganisation.errors import NotStartable
from egon.reorganisation.links import LINKS
from egon.reorganisation.models import Reorganisation
from egon.reorganisation.rules import Kind
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(in_region):
    return in_region.actor(in_region.administrator)


@pytest.fixture
def old(in_region):
    return in_region.units["OD"]


@pytest.fixture
def new(admin):
    return registry.create_unit(actor=admin, code="ODSH", name="Odbor dopravy a silnic", valid_from=clock.today())


def start(admin, old, new, **changes):
    values = {"kind": Kind.MERGE, "on": clock.today(), "reason": "Změna organizačního řádu"}
    return operations.start_reorganisation(actor=admin, unit=old, successor=new, at=clock.now(), **(values | changes))


def in_unit(world, unit, **changes):
    """A document that waits for the unit."""
    document = register(world, **changes)
    circulation.assign_to_unit(actor=acting(world.clerk), document=document, unit=unit, at=clock.now())
    return document


def with_officer(world, **changes):
    """A document in a file of the officer."""
    document = in_unit(world, world.units["OD"], **changes)
    circulation.give_to(actor=acting(world.head), document=document, person=world.officer, at=clock.now())
    return document


def test_every_reference_to_a_unit_has_a_decision():
    pointing = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.related_model is Unit
    }
    decided = [f"{link.model._meta.label}.{link.field}" for link in LINKS.values()]
    assert sorted(decided) == sorted(pointing)
    assert all(bool(link.why) == (link.which is None) for link in LINKS.values())


def test_everything_passes_with_its_history_and_the_old_unit_points_to_its_successor(in_region, admin, old, new):
    held, waiting = with_officer(in_region, subject="Most"), in_unit(in_region, old, subject="Silnice")
    records.share(actor=acting(in_region.clerk), document=register(in_region, "Oběžník"), unit=old, reason="na vědomí")
    below = registry.create_unit(actor=admin, code="ODX", name="Oddělení", parent=old, valid_from=clock.today())
    people = set(Position.objects.filter(unit=old).values_list("person", flat=True))
    roles = RoleGrant.objects.filter(unit=old).count()
    run = start(admin, old, new)
    assert (run.state, run.total > 5) == (RunState.RUNNING, True)
    go(run)
    assert (run.state, run.refused, run.done) == (RunState.FINISHED, 0, run.total)
    old.refresh_from_db()
    assert (old.successor, old.valid_to) == (new, clock.today() - timedelta(days=1))
    assert {one.kind for one in queries.holdings(run) if one.passing} == set()
    held.refresh_from_db(), waiting.refresh_from_db()
    assert (held.unit, held.holder, waiting.unit, waiting.state) == (new, in_region.officer, new, "assigned")
    assert Handover.objects.get(document=waiting).to_unit == new
    assert DocumentAccess.objects.filter(unit=new).count() == 1
    assert set(Position.objects.filter(unit=new).values_list("person", flat=True)) == people
    assert RoleGrant.objects.filter(unit=new).count() == roles
    below.refresh_from_db()
    assert below.parent == new
    record = next(one for one in moves() if traces.speaks_of(one, held))
    assert record.parameters["changes"]["unit"] == {"before": str(old), "after": str(new)}
    # People go on at once where they are now.
    circulation.take_over(actor=acting(in_region.head), handover=Handover.objects.get(document=waiting), at=clock.now())


def moves():
    return LogRecord.objects.filter(operation="reorganisation.entity.move")


def test_a_split_takes_posts_with_what_their_people_hold(in_region, admin, old, new):
    held, waiting = with_officer(in_region), in_unit(in_region, old)
    post = Position.objects.get(unit=old, person=in_region.officer)
    run = go(start(admin, old, new, kind=Kind.SPLIT, positions=[post]))
    assert (run.state, run.refused) == (RunState.FINISHED, 0)
    for one in (held, waiting, post, old):
        one.refresh_from_db()
    assert (held.unit, waiting.unit, post.unit, old.valid_to, old.successor) == (new, old, new, None, None)
    assert Position.objects.filter(unit=old).exists()


def test_two_heads_two_same_roles_and_two_same_accesses_become_one(in_region, admin, old, new):
    boss = registry.create_position(actor=admin, unit=new, name="vedoucí", is_head=True)
    role = RoleGrant.objects.filter(person=in_region.head, unit=old).first().role
    registry.grant_role(actor=admin, person=in_region.head, role=Role(role), unit=new)
    document = register(in_region)
    for unit in (old, new):
        records.share(actor=acting(in_region.clerk), document=document, unit=unit, reason="na vědomí")
    run = go(start(admin, old, new))
    assert (run.state, run.refused) == (RunState.FINISHED, 0)
    assert list(Position.objects.filter(unit=new, is_head=True)) == [boss]
    assert not RoleGrant.objects.filter(unit=old).exists() and not DocumentAccess.objects.filter(unit=old).exists()
    assert DocumentAccess.objects.filter(document=document, unit=new).count() == 1


def test_what_has_gone_meanwhile_is_told_and_what_came_late_passes(in_region, admin, old, new):
    gone = in_unit(in_region, old)
    run = start(admin, old, new)
    Document.objects.filter(pk=gone.pk).update(unit=in_region.units["OE"])
    late = register(in_region)
    Document.objects.filter(pk=late.pk).update(unit=old)
    go(run)
    (refused,) = run.items.filter(state=ItemState.REFUSED, kind="documents")
    assert "Mezitím to převzal někdo jiný" in refused.message and queries.called(refused) == str(gone)
    late.refresh_from_db(), gone.refresh_from_db()
    assert (late.unit, gone.unit, run.state) == (new, in_region.units["OE"], RunState.FINISHED)
    assert run.total == run.done + run.refused


def test_a_part_of_the_unit_may_take_it_over(in_region, admin, old):
    below = registry.create_unit(actor=admin, code="ODX", name="Oddělení", parent=old, valid_from=clock.today())
    assert go(start(admin, old, below)).refused == 0
    below.refresh_from_db()
    assert below.parent_id == old.parent_id


def test_a_day_to_come_is_waited_for(in_region, admin, old, new):
    document = in_unit(in_region, old)
    run = start(admin, old, new, on=clock.today() + timedelta(days=3))
    jobs.begin_due()
    run.refresh_from_db(), old.refresh_from_db()
    assert (run.state, run.total, old.valid_to) == (RunState.DRAFT, 0, None)
    Reorganisation.objects.filter(pk=run.pk).update(on=clock.today())
    jobs.begin_due()
    go(run)
    document.refresh_from_db()
    assert (run.state, document.unit) == (RunState.FINISHED, new)


def test_what_hinders_a_planned_one_on_its_day_is_written_down(in_region, admin, old, new):
    run = start(admin, old, new, on=clock.today() + timedelta(days=3))
    Reorganisation.objects.filter(pk=run.pk).update(on=clock.today())
    Unit.objects.filter(pk=new.pk).update(valid_from=clock.today() + timedelta(days=9))
    jobs.begin_due()
    run.refresh_from_db()
    assert run.is_planned and "v den účinnosti neplatí" in run.problem
    operations.cancel_reorganisation(actor=admin, run=run)
    assert run.state == RunState.DROPPED
    Unit.objects.filter(pk=new.pk).update(valid_from=clock.today())
    new.refresh_from_db()
    assert start(admin, old, new).is_running


def test_every_obstacle_is_told_at_once_and_nothing_changes(in_region, admin, old, new):
    in_unit(in_region, old)
    Unit.objects.filter(pk=new.pk).update(is_records_node=False, valid_from=clock.today() + timedelta(days=1))
    new.refresh_from_db()
    with pytest.raises(NotStartable) as refused:
        start(admin, old, new, reason=" ", on=old.valid_from)
    told = " ".join(refused.value.obstacles)
    for words in ("Napište důvod", "skončil dřív, než začal", "neplatí", "není spisový uzel"):
        assert words in told
    with pytest.raises(NotStartable, match="jiný útvar"):
        start(admin, old, old)
    with pytest.raises(NotStartable, match="aspoň jedno funkční místo"):
        start(admin, old, new, kind=Kind.SPLIT)
    assert not Reorganisation.objects.exists()
    old.refresh_from_db()
    assert old.valid_to is None


def test_of_two_for_the_same_unit_the_second_is_refused(in_region, admin, old, new):
    start(admin, old, new)
    with pytest.raises(NotStartable, match="Už se připravuje nebo probíhá"):
        start(admin, old, in_region.units["OE"])


def test_only_an_administrator_of_the_organisation_may(in_region, admin, old, new):
    for stranger in (acting(in_region.head), acting(in_region.officer)):
        with pytest.raises(AccessDenied):
            start(stranger, old, new)
    with pytest.raises(WrongTenant):
        start(of_school(in_region, admin), old, new)
    run = start(admin, old, new)
    for action in (operations.stop_reorganisation, operations.resume_reorganisation, operations.cancel_reorganisation):
        with pytest.raises(AccessDenied):
            action(actor=acting(in_region.head), run=run)
    document = register(in_region)
    with pytest.raises(AccessDenied):
        operations.move_entity(actor=admin, kind="documents", entity=document, former=old, unit=new, reason="")
    with pytest.raises(AccessDenied):
        operations.begin_reorganisation(actor=admin, run=run, at=clock.now())


def test_what_would_pass_is_told_before(in_region, admin, old, new):
    planned = Reorganisation(unit=old, successor=new, kind=Kind.MERGE)
    before = next((one.held for one in queries.holdings(planned) if one.kind == "documents"), 0)
    theirs = Document.objects.filter(unit=old, holder=in_region.officer).count()
    with_officer(in_region), in_unit(in_region, old)
    told = {one.kind: (one.held, one.passing) for one in queries.holdings(planned)}
    assert told["documents"] == (before + 2, before + 2) and told["handed_here"][0] >= 1
    planned.kind, planned.positions = Kind.SPLIT, [Position.objects.get(unit=old, person=in_region.officer).pk]
    told = {one.kind: (one.held, one.passing) for one in queries.holdings(planned)}
    assert told["documents"] == (before + 2, theirs + 1) and told["positions"][1] == 1


def test_a_unit_ends_but_once_and_not_before_it_began(in_region, admin, old, new):
    with pytest.raises(RegistryRefused, match="dřív než její začátek"):
        registry.succeed_unit(actor=admin, unit=old, successor=new, last_day=old.valid_from - timedelta(days=1))
    with pytest.raises(AccessDenied):
        registry.succeed_unit(actor=acting(in_region.head), unit=old, successor=new, last_day=clock.today())
    registry.succeed_unit(actor=admin, unit=old, successor=new, last_day=clock.today())
    later = registry.succeed_unit(
        actor=admin, unit=old, successor=in_region.units["OE"], last_day=clock.today() + timedelta(days=5)
    )
    assert (later.valid_to, later.successor) == (clock.today(), in_region.units["OE"])


def test_settled_files_pass_as_well(in_region, admin, old, new):
    file = records.open_file(
        actor=acting(in_region.officer),
        unit=old,
        processor=in_region.officer,
        record_class=records_queries.classes_for_files(on=clock.today()).first(),
        subject="Most",
    )
    CaseFile.objects.filter(pk=file.pk).update(state="settled")
    go(start(admin, old, new))
    file.refresh_from_db()
    assert (file.unit, file.state, file.processor) == (new, "settled", in_region.officer)
