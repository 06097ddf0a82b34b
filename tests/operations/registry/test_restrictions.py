"""What an administrator takes from people and roles, before, on and after a day (NSESSS 7.1.6)."""

from datetime import timedelta

import pytest
from tests.records_steps import acting, record_class, register
from tests.typed_steps import file_in, full_file, section, typed_class, typed_file

from egon.audit.models import LogRecord
from egon.circulation import operations as circulation
from egon.circulation import queries as inbox
from egon.kernel import clock
from egon.kernel.actor import LimitKind, Role
from egon.kernel.errors import AccessDenied, NotFound
from egon.records import access_queries, permissions, queries, sight, typed_queries
from egon.records import operations as records
from egon.records.models import Document
from egon.registry import operations
from egon.registry import queries as registry
from egon.registry.errors import EntryRefused, RegistryRefused
from egon.registry.models import Restriction
from egon.registry.restriction_rules import When, period_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(in_region):
    unit = in_region.units["OD"]
    document = register(in_region)
    return records.place_in_unit(actor=acting(in_region.clerk), document=document, unit=unit, holder=in_region.officer)


@pytest.fixture
def file(in_region, received):
    return records.open_file(
        actor=acting(in_region.officer),
        record_class=record_class("80.1"),
        unit=in_region.units["OD"],
        processor=in_region.officer,
        document=received,
    )


def restrict(world, kind, about="", **values):
    given = {"person": world.officer, "reason": "střet zájmů", "at": clock.now(), **values}
    return operations.set_restriction(
        actor=acting(world.administrator), kind=kind, about=str(about), title=str(about), **given
    )


def sees(person, document):
    actor = acting(person)
    alone = bool(permissions.may_see(actor, document))
    assert queries.documents_visible_to(actor).filter(pk=document.pk).exists() == alone
    assert bool(queries.visible_ids(actor, [document.pk])) == alone
    return alone


@pytest.mark.norm("7.1.6a")
@pytest.mark.parametrize("kind", [LimitKind.DOCUMENT, LimitKind.FILE])
def test_a_particular_document_or_file_is_taken_from_a_person(in_region, received, file, kind):
    world = in_region
    made = restrict(world, kind, received.pk if kind is LimitKind.DOCUMENT else file.pk)
    assert not sees(world.officer, received) and sees(world.head, received)
    assert bool(permissions.may_see_file(acting(world.officer), file)) is False or kind is LimitKind.DOCUMENT
    assert world.officer not in {one.person for one in sight.who_sees_document(received, on=clock.today())}
    with pytest.raises(AccessDenied, match="správce omezil"):
        records.edit_metadata(
            actor=acting(world.officer), document=received, subject="x", kind=None, sender=received.sender,
            sender_reference="", deadline=None, note="",
        )  # fmt: skip
    operations.lift_restriction(actor=acting(world.administrator), restriction=made, at=clock.now())
    assert sees(world.officer, received)


@pytest.mark.norm("7.1.6a")
def test_a_component_is_taken_and_the_document_stays(in_region, received):
    world, component = in_region, received.components.get()
    restrict(world, LimitKind.COMPONENT, component.pk)
    actor, version = acting(world.officer), component.versions.get()
    assert sees(world.officer, received)
    with pytest.raises(NotFound):
        queries.version_for(actor, version.pk)
    assert queries.components_of(received, reader=actor) == []
    assert queries.version_for(acting(world.head), version.pk) == version
    assert not queries.findable_documents(actor).filter(pk=received.pk)


@pytest.mark.norm("7.1.6b")
def test_a_class_is_taken_with_all_below_it_from_everybody_with_a_role(in_region, received, file):
    world = in_region
    restrict(world, LimitKind.CLASS, "8", person=None, role=Role.OFFICER)
    assert sees(world.officer, received)  # "8" is no class above 80.1, only the same first letter
    restrict(world, LimitKind.CLASS, "80", person=None, role=Role.OFFICER)
    assert not sees(world.officer, received) and sees(world.records_keeper, received)
    assert file not in queries.files_visible_to(acting(world.officer))
    assert file in queries.files_visible_to(acting(world.records_keeper))
    loose = records.place_in_unit(
        actor=acting(world.clerk), document=register(world), unit=world.units["OD"], holder=world.officer
    )
    assert sees(world.officer, loose)


@pytest.fixture
def typed(in_region):
    return typed_file(in_region, typed_class(in_region))


def document_of(file):
    return Document.objects.get(case_file=file)


@pytest.mark.norm("7.1.6a")
def test_a_particular_typed_file_is_taken_with_all_in_it(in_region, typed):
    world, today = in_region, clock.today()
    kept = typed_file(world, typed.record_class, name="Domov u Řeky")
    file, other = full_file(world, section(typed, "1.2")), full_file(world, section(kept, "1.2"))
    loose = full_file(world, None)
    about, _ = access_queries.named(LimitKind.TYPED_FILE, typed.identifier)
    made = restrict(world, LimitKind.TYPED_FILE, about)
    actor = acting(world.officer)
    assert set(queries.files_visible_to(actor).filter(pk__in=[file.pk, other.pk, loose.pk])) == {other, loose}
    assert not permissions.may_see_file(actor, file) and permissions.may_see_file(actor, other)
    assert not sees(world.officer, document_of(file))
    assert sees(world.officer, document_of(other)) and sees(world.officer, document_of(loose))
    assert sees(world.head, document_of(file))
    assert set(typed_queries.typed_files_visible_to(actor).filter(pk__in=[typed.pk, kept.pk])) == {kept}
    assert not typed_queries.sections_visible_to(actor).filter(typed_file=typed).exists()
    assert typed_queries.called(actor, typed.identifier) == ([], [])
    assert {one.typed_file for one in typed_queries.sections_to_fill(actor, "Domov u")} == {kept}
    for seers in (sight.who_sees_typed_file(typed, on=today), sight.who_sees_document(document_of(file), on=today)):
        people = {one.person for one in seers}
        assert world.officer not in people and world.head in people
    with pytest.raises(AccessDenied, match="správce omezil"):
        file_in(world, section(typed, "2"))
    operations.lift_restriction(actor=acting(world.administrator), restriction=made, at=clock.now())
    assert sees(world.officer, document_of(file)) and permissions.may_see_typed_file(acting(world.officer), typed)


@pytest.mark.norm("7.1.6a")
@pytest.mark.parametrize("code", ["1.2", "1"])
def test_a_particular_section_is_taken_with_those_below_it(in_region, typed, code):
    world, today = in_region, clock.today()
    inside, beside = full_file(world, section(typed, "1.2")), full_file(world, section(typed, "2"))
    where = section(typed, code)
    about, title = access_queries.named(LimitKind.SECTION, typed.identifier, where.template.code)
    assert (about, title) == (str(where.pk), str(where))
    restrict(world, LimitKind.SECTION, about)
    actor = acting(world.officer)
    assert not sees(world.officer, document_of(inside)) and sees(world.officer, document_of(beside))
    assert set(queries.files_visible_to(actor).filter(pk__in=[inside.pk, beside.pk])) == {beside}
    assert permissions.may_see_typed_file(actor, typed)
    with pytest.raises(NotFound):
        typed_queries.section_for(actor, section(typed, "1.2").pk)
    hidden = {one.section.template.code for one in typed_queries.section_rows(typed)} - {
        one.section.template.code for one in typed_queries.section_rows(typed, reader=actor)
    }
    expected = {"1.2"} if code == "1.2" else {"1", "1.1", "1.2"}
    assert hidden == {f"{typed.record_class.code}.{one}" for one in expected}
    offered = typed_queries.sections_to_fill(actor, typed.name)
    assert section(typed, "2") in offered and section(typed, "1.2") not in offered
    assert world.officer not in {one.person for one in sight.who_sees_file(inside, on=today)}
    assert world.officer in {one.person for one in sight.who_sees_file(beside, on=today)}
    with pytest.raises(AccessDenied, match="správce omezil"):
        file_in(world, section(typed, "1.2"))
    file_in(world, section(typed, "2"))


@pytest.mark.norm("7.1.6a")
def test_a_section_that_may_only_be_read_is_read_and_not_changed(in_region, typed):
    world = in_region
    where = section(typed, "1.2")
    file = full_file(world, where)
    restrict(world, LimitKind.SECTION, section(typed, "1").pk, hides=False)
    assert sees(world.officer, document_of(file))
    assert typed_queries.section_for(acting(world.officer), where.pk) == where
    with pytest.raises(AccessDenied, match="správce omezil"):
        records.settle_file(actor=acting(world.officer), file=file, on=clock.today())
    with pytest.raises(AccessDenied, match="správce omezil"):
        records.close_section(actor=acting(world.officer), section=where, on=clock.today())


@pytest.mark.norm("7.1.6a")
def test_what_may_only_be_read_is_read_and_not_changed(in_region, received, file):
    world = in_region
    restrict(world, LimitKind.FILE, file.pk, hides=False)
    assert sees(world.officer, received)
    with pytest.raises(AccessDenied, match="správce omezil"):
        records.settle_file(actor=acting(world.officer), file=file, on=clock.today())
    records.print_file(actor=acting(world.officer), file=file, what=records.FilePrint.COVER)


@pytest.mark.norm("7.1.6c")
def test_functions_are_taken_one_by_one_by_area_or_all_changes(in_region, received, file):
    world = in_region
    made = restrict(world, LimitKind.FUNCTION, "records.file.edit")
    change = {"file": file, "subject": "Jiný obsah", "processor": world.officer}
    with pytest.raises(AccessDenied, match="omezil"):
        records.edit_file(actor=acting(world.officer), **change)
    operations.lift_restriction(actor=acting(world.administrator), restriction=made, at=clock.now())
    records.edit_file(actor=acting(world.officer), **change)
    for about in ("records.file.*", "*"):
        made = restrict(world, LimitKind.FUNCTION, about)
        with pytest.raises(AccessDenied, match="omezil"):
            records.edit_file(actor=acting(world.officer), **change)
        operations.lift_restriction(actor=acting(world.administrator), restriction=made, at=clock.now())
    restrict(world, LimitKind.FUNCTION, "*")
    records.print_file(actor=acting(world.officer), file=file, what=records.FilePrint.COVER)


@pytest.mark.norm("7.1.6d")
def test_the_whole_access_is_refused_and_given_back(in_region):
    world = in_region

    def enters():
        return registry.actor_for(account=world.officer.account, tenant_id=world.region.pk, at=clock.now())

    made = restrict(world, LimitKind.ENTRY)
    with pytest.raises(EntryRefused) as refusal:
        enters()
    operations.note_refused_entry(actor=refusal.value.actor, path="/")
    assert LogRecord.objects.latest("pk").person_id == world.officer.pk
    operations.lift_restriction(actor=acting(world.administrator), restriction=made, at=clock.now())
    assert enters() is not None


@pytest.mark.norm("7.1.6a", "7.1.6b", "7.1.6c", "7.1.6d")
def test_before_on_and_after_a_day(in_region, received):
    world, today = in_region, clock.today()
    day, hour = timedelta(days=1), clock.now()
    made = restrict(world, LimitKind.DOCUMENT, received.pk)
    holds = {
        (When.BEFORE, today): [True, False, False],
        (When.ON, today): [False, True, False],
        (When.AFTER, today): [False, False, True],
    }
    for (when, on), expected in holds.items():
        first, last = period_of(when, on, None)
        Restriction.objects.filter(pk=made.pk).update(valid_from=first, valid_to=last)
        bound = [bool(registry.actor_of(world.officer, at=hour + shift).limits) for shift in (-day, 0 * day, day)]
        assert bound == expected, when


def test_a_restriction_of_a_person_does_not_bind_who_substitutes_them(in_region, received):
    world, today = in_region, clock.today()
    restrict(world, LimitKind.DOCUMENT, received.pk)
    operations.appoint_substitute(
        actor=acting(world.officer), absent=world.officer, substitute=world.outsider,
        valid_from=today, valid_to=today, today=today,
    )  # fmt: skip
    assert sees(world.outsider, received) and not sees(world.officer, received)


def test_the_desk_neither_shows_nor_counts_what_is_hidden(in_region, received):
    world = in_region
    circulation.give_to(actor=acting(world.head), document=received, person=world.officer, at=clock.now())
    before = inbox.count_waiting(acting(world.officer), at_most=100)
    restrict(world, LimitKind.DOCUMENT, received.pk)
    actor = acting(world.officer)
    assert inbox.count_waiting(actor, at_most=100) == before - 1
    assert received.pk not in {item.document.pk for item in inbox.inbox_of(actor, on=clock.today()).items}


def test_all_obstacles_at_once_and_nobody_is_locked_out(in_region):
    world, today = in_region, clock.today()
    with pytest.raises(RegistryRefused) as refusal:
        restrict(world, LimitKind.FUNCTION, "", reason=" ", valid_from=today, valid_to=today - timedelta(days=1))
    assert len(refusal.value.obstacles) == 3
    with pytest.raises(RegistryRefused, match="Sami sobě"):
        restrict(world, LimitKind.ENTRY, person=world.administrator)
    with pytest.raises(RegistryRefused, match="kterou sami máte"):
        restrict(world, LimitKind.ENTRY, person=None, role=Role.ADMINISTRATOR)
    with pytest.raises(AccessDenied):
        operations.set_restriction(
            actor=acting(world.head), kind=LimitKind.ENTRY, reason="x", at=clock.now(), person=world.officer
        )
    assert not Restriction.objects.exists()


def test_without_restrictions_nothing_is_added_to_the_query(in_region, received):
    actor = acting(in_region.head)
    assert permissions.unhidden_from(actor) == permissions.EVERYBODY
    assert permissions.files_unhidden_from(actor) == permissions.EVERYBODY
    assert permissions.typed_files_unhidden_from(actor) == permissions.EVERYBODY
    assert permissions.sections_unhidden_from(actor) == permissions.EVERYBODY


def test_restrictions_are_loaded_by_the_statement_that_loads_rights(in_region, django_assert_num_queries):
    restrict(in_region, LimitKind.ENTRY, person=in_region.officer)
    with django_assert_num_queries(1):
        assert registry.actor_of(in_region.officer, at=clock.now()).limits
