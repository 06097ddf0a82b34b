"""Access granted to a typed file or a section of it opens all below, but restricted files (NSESSS 7.1.2)."""

from datetime import timedelta

import pytest
from tests.records_steps import acting
from tests.typed_steps import file_in, full_file, section, typed_class, typed_file

from egon.kernel import clock
from egon.kernel.actor import LimitKind, Role
from egon.kernel.errors import AccessDenied
from egon.records import access_queries, permissions, queries, sight, sight_around, typed_queries
from egon.records import operations as records
from egon.records.errors import InvalidInput
from egon.records.models import AccessGrant, CaseFile, Document, TypedFile
from egon.registry import operations as registry
from egon.registry.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(in_region):
    return typed_file(in_region, typed_class(in_region))


@pytest.fixture
def files(in_region, typed):
    """A file of one document in a section under a section, and one in the section beside."""
    return {code: full_file(in_region, section(typed, code), f"Spis {code}") for code in ("1.2", "2")}


@pytest.fixture
def restricted(in_region, typed):
    file = full_file(in_region, section(typed, "1.1"), "Personální")
    return records.restrict_file(actor=acting(in_region.officer), file=file, reason="osobní spis")


def give(world, *, by=None, **to):
    values = {"reason": "kvůli kontrole", "at": clock.now(), **to}
    return records.grant_access(actor=acting(by or world.head), **values)


def confirm(grant, person):
    return records.confirm_access(actor=acting(person), grant=grant, at=clock.now())


def sees_files(person, files):
    """Codes of the sections whose files the person sees; every way of asking answers the same."""
    actor = acting(person)
    seen = {code for code, file in files.items() if permissions.may_see_file(actor, file)}
    listed = CaseFile.objects.filter(permissions.files_visible_to(actor))
    documents = Document.objects.filter(permissions.visible_to(actor))
    among = Document.objects.filter(permissions.visible_among(actor))
    for code, file in files.items():
        assert listed.filter(pk=file.pk).exists() == (code in seen)
        assert documents.filter(case_file=file).exists() == (code in seen)
        assert among.filter(case_file=file).exists() == (code in seen)
    return seen


def told(seers):
    return {one.person.pk for one in seers}


def assert_told_as_decided(typed, files):
    """What "Kdo má přístup" says is what the permissions decide, for everybody and everything."""
    on = clock.today()
    actors = {person.pk: acting(person) for person in Person.objects.filter(active=True)}
    below = section(typed, "1.2")
    pairs = [
        (sight.who_sees_typed_file(typed, on=on), lambda actor: permissions.may_see_typed_file(actor, typed)),
        (sight_around.who_sees_section(below, on=on), lambda actor: permissions.may_open_typed(actor, below)),
    ]
    for file in files.values():
        document = file.documents.get()
        pairs += [
            (sight.who_sees_file(file, on=on), lambda actor, file=file: permissions.may_see_file(actor, file)),
            (sight.who_sees_document(document, on=on), lambda actor, one=document: permissions.may_see(actor, one)),
        ]
    for seers, decide in pairs:
        assert told(seers) == {pk for pk, actor in actors.items() if decide(actor)}


@pytest.mark.norm("7.1.2", "7.1.3")
def test_a_person_sees_all_in_a_typed_file_once_they_confirm_it(in_region, typed, files, restricted):
    world = in_region
    files = {**files, "1.1": restricted}
    grant = give(world, typed_file=typed, person=world.outsider)
    assert sees_files(world.outsider, files) == set()
    assert not permissions.may_see_typed_file(acting(world.outsider), typed)
    assert list(access_queries.waiting_for(acting(world.outsider))) == [grant]
    confirm(grant, world.outsider)
    assert sees_files(world.outsider, files) == {"1.2", "2"}
    assert typed in typed_queries.typed_files_visible_to(acting(world.outsider))
    assert typed_queries.section_for(acting(world.outsider), section(typed, "2").pk)
    assert_told_as_decided(typed, files)
    reasons = {one.person: one.reasons for one in sight.who_sees_file(files["2"], on=clock.today())}
    assert reasons[world.outsider] == (f"přiděleno k {typed.identifier} ({world.head}): kvůli kontrole",)
    later = file_in(world, section(typed, "2"), "Založený potom")
    assert permissions.may_see_file(acting(world.outsider), later)


@pytest.mark.norm("7.1.2")
def test_a_section_opens_only_what_is_below_it(in_region, typed, files):
    world = in_region
    confirm(give(world, section=section(typed, "1"), person=world.outsider), world.outsider)
    assert sees_files(world.outsider, files) == {"1.2"}
    assert permissions.may_see_typed_file(acting(world.outsider), typed)
    assert_told_as_decided(typed, files)


@pytest.mark.norm("7.1.2")
def test_a_unit_and_a_role_get_access_to_a_typed_file(in_region, typed, files):
    world = in_region
    unit = confirm(give(world, typed_file=typed, unit=world.units["OS"]), world.node_admins["OS"])
    assert sees_files(world.officer2, files) == {"1.2", "2"} and sees_files(world.outsider, files) == set()
    assert sees_files(world.node_admins["OS"], files) == {"1.2", "2"}
    assert_told_as_decided(typed, files)
    records.end_access(actor=acting(world.head), grant=unit, at=clock.now(), reason="hotovo")
    assert sees_files(world.officer2, files) == set()
    confirm(give(world, section=section(typed, "2"), role=Role.ADMINISTRATOR), world.administrator)
    assert sees_files(world.administrator, files) == {"2"}
    assert_told_as_decided(typed, files)


@pytest.mark.norm("7.1.2")
def test_nobody_opens_files_they_do_not_see(in_region, typed, files):
    world = in_region
    with pytest.raises(AccessDenied):
        give(world, by=world.outsider, typed_file=typed, person=world.officer2)
    with pytest.raises(AccessDenied):
        give(world, by=world.records_keeper, typed_file=typed, person=world.officer2)
    CaseFile.objects.filter(pk=files["2"].pk).update(unit=world.units["OS"], processor=world.officer2)
    Document.objects.filter(case_file=files["2"]).update(unit=world.units["OS"], holder=world.officer2)
    for thing in ({"typed_file": typed}, {"section": section(typed, "2")}):
        with pytest.raises(InvalidInput, match="které sami nevidíte") as refusal:
            give(world, by=world.officer, **thing, person=world.outsider)
        assert "Rozbory" not in str(refusal.value.obstacles) and typed.name not in str(refusal.value.obstacles)
    assert not AccessGrant.objects.exists()
    give(world, by=world.officer, section=section(typed, "1"), person=world.outsider)


@pytest.mark.norm("7.1.2")
@pytest.mark.parametrize("who", ["head", "officer", "administrator", "outsider"])
def test_it_is_ended_by_the_giver_an_administrator_who_works_on_it_and_the_receiver(in_region, typed, files, who):
    world = in_region
    grant = confirm(give(world, typed_file=typed, person=world.outsider), world.outsider)
    with pytest.raises(AccessDenied):
        records.end_access(actor=acting(world.officer2), grant=grant, at=clock.now(), reason="omyl")
    records.end_access(actor=acting(getattr(world, who)), grant=grant, at=clock.now(), reason="omyl")
    assert sees_files(world.outsider, files) == set()


def test_it_holds_only_within_its_days_and_is_given_once(in_region, typed, files):
    world, today = in_region, clock.today()
    grant = confirm(give(world, typed_file=typed, person=world.outsider), world.outsider)
    for first, last, seen in ((1, None, False), (-2, -1, False), (-2, 0, True)):
        AccessGrant.objects.filter(pk=grant.pk).update(
            valid_from=today + timedelta(days=first), valid_to=None if last is None else today + timedelta(days=last)
        )
        assert bool(sees_files(world.outsider, files)) is seen
        assert_told_as_decided(typed, files)
    with pytest.raises(InvalidInput, match="už tento přístup má"):
        give(world, typed_file=typed, person=world.outsider)


def test_a_restriction_of_the_administrator_and_withdrawing_hold_also_below(in_region, typed, files):
    world = in_region
    confirm(give(world, typed_file=typed, person=world.outsider), world.outsider)
    registry.set_restriction(
        actor=acting(world.administrator), kind=LimitKind.SECTION, about=str(section(typed, "1").pk),
        person=world.outsider, reason="střet zájmů", at=clock.now(),
    )  # fmt: skip
    assert sees_files(world.outsider, files) == {"2"}


def test_what_is_seen_is_one_statement_and_found_in_search(in_region, typed, files, django_assert_num_queries):
    world = in_region
    confirm(give(world, typed_file=typed, person=world.outsider), world.outsider)
    actor = acting(world.outsider)
    seen = queries.files_visible_to(actor)
    with django_assert_num_queries(1):
        assert set(seen.values_list("pk", flat=True)) >= {file.pk for file in files.values()}
    found = TypedFile.objects.filter(permissions.typed_files_visible_to(actor))
    with django_assert_num_queries(1):
        assert typed in list(found)


def test_a_reason_is_told_once_however_many_files_give_it(in_region):
    world = in_region
    typed = typed_file(world, typed_class(world))
    for _ in range(7):
        file_in(world, section(typed, "1.2"))
    reasons = {one.person.pk: one.reasons for one in sight.who_sees_typed_file(typed, on=clock.today())}
    # The head sees it by their role, whatever files lie in it; the officer processes them all.
    assert len(reasons[world.head.pk]) == 1 and "role vedoucí" in reasons[world.head.pk][0]
    assert any("zpracovává spis" in one and "a další, celkem 7" in one for one in reasons[world.officer.pk])
