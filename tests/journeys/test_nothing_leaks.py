"""In random worlds everybody gets from every door exactly what they may see, neither more, nor a count of it.

Worlds are made of random holders, units, files, grants, restrictions and restricted files; for each person a plain
loop over all documents and :func:`may_see` is the oracle.
"""

import random
import re
from itertools import pairwise

import pytest
from django.test import Client
from tests.records_steps import acting, record_class, register

from egon import search
from egon.circulation import queries as circulation
from egon.kernel import clock
from egon.kernel.actor import LimitKind, Role
from egon.kernel.errors import DomainError, NotFound
from egon.records import access_queries, indexing, known_parties, permissions, queries, searching, sight
from egon.records import operations as records
from egon.records.criteria import Criteria
from egon.records.indexing import DOCUMENT, FILE
from egon.records.models import CaseFile, Document
from egon.registry import operations as registry
from egon.registry.models import Person

pytestmark = pytest.mark.django_db

WORD = "zeleňák"  # stands in every document of the random world and nowhere else
DOCUMENTS, FILES, STEPS = 14, 5, 24


@pytest.fixture(params=[11, 23, 47])
def chance(request):
    return random.Random(request.param)


@pytest.fixture
def random_world(in_region, chance):
    world = in_region
    people = list(Person.objects.filter(active=True, account__isnull=False).order_by("pk"))
    units = [world.units[code] for code in ("OD", "OS", "ODS")]
    codes = ["80.1", "80.2"]
    documents = [register(world, f"{WORD} {number}") for number in range(DOCUMENTS)]
    files = []
    for _ in range(FILES):
        unit = chance.choice(units)
        files.append(
            records.open_file(
                actor=acting(world.node_admins["OD"]) if "OD" in world.node_admins else acting(world.head),
                record_class=record_class(chance.choice(codes)), unit=unit, subject=f"{WORD} spis",
                processor=chance.choice(people),
            )
        )  # fmt: skip
    for document in documents:
        if chance.random() < 0.8:
            Document.objects.filter(pk=document.pk).update(
                unit=chance.choice(units), holder=chance.choice([*people, None]), state="processing"
            )
        if chance.random() < 0.6:
            Document.objects.filter(pk=document.pk).update(case_file=chance.choice(files), order_in_file=document.pk)
        indexing.reindex(document.pk)  # as every operation that changes who holds it does
    for _ in range(STEPS):
        try:
            step(chance, world, people, units, list(Document.objects.filter(pk__in=[d.pk for d in documents])), files)
        except DomainError:
            continue
    return world, people


def step(chance, world, people, units, documents, files):
    """One random change of who sees what; a refused one changes nothing."""
    thing = chance.choice([{"document": chance.choice(documents)}, {"file": chance.choice(files)}])
    whom = chance.choice(
        [{"person": chance.choice(people)}, {"unit": chance.choice(units)}, {"role": chance.choice(list(Role)[:8])}]
    )
    match chance.randrange(4):
        case 0 | 1:
            system = acting(chance.choice(people))
            grant = records.grant_access(actor=system, at=clock.now(), reason="náhoda", **thing, **whom)
            if chance.random() < 0.8:
                for person in people:
                    if permissions.may_decide_on_grant(acting(person), grant):
                        records.confirm_access(actor=acting(person), grant=grant, at=clock.now())
                        break
        case 2:
            kind = LimitKind.DOCUMENT if "document" in thing else LimitKind.FILE
            about = {"about": str(next(iter(thing.values())).pk), "kind": kind}
            if chance.random() < 0.3:
                about = {"about": "80.1", "kind": LimitKind.CLASS}
            whom.pop("unit", None)
            registry.set_restriction(
                actor=acting(world.administrator), reason="náhoda", at=clock.now(), **about, **whom
            )  # fmt: skip
        case _:
            file = chance.choice(files)
            CaseFile.objects.filter(pk=file.pk).update(restricted_because="náhoda")


def browser(world, person):
    client = Client()
    client.force_login(person.account)
    session = client.session
    session["tenant_id"] = world.region.pk
    session.save()
    return client


def numbers_in(page):
    """Reference numbers of the random world's documents that stand in a page."""
    return {
        document.pk for document in ours() if re.search(rf"(?<!S-){re.escape(document.reference_number)}(?!\d)", page)
    }


def ours():
    return list(Document.objects.filter(subject__startswith=WORD))


@pytest.mark.norm("5.1.1")
def test_every_read_gives_just_what_one_may_see(random_world):
    _, people = random_world
    documents = ours()
    files = list(CaseFile.objects.filter(subject__startswith=WORD))
    for person in people:
        actor = acting(person)
        seen = {document.pk for document in documents if permissions.may_see(actor, document)}
        seen_files = {file.pk for file in files if permissions.may_see_file(actor, file)}
        ids = [document.pk for document in documents]
        assert set(queries.documents_visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)) == seen
        assert queries.visible_ids(actor, ids) == seen
        assert set(
            queries.files_visible_to(actor).filter(pk__in=[f.pk for f in files]).values_list("pk", flat=True)
        ) == (seen_files)
        found = searching.find(actor, Criteria(words=WORD))
        assert {hit.entity_id for hit in found.hits if hit.entity_type == DOCUMENT} == seen
        assert {hit.entity_id for hit in found.hits if hit.entity_type == FILE} == seen_files
        assert all(one.at >= other.at for one, other in pairwise(found.hits))
        for document in documents:
            if document.pk in seen:
                assert queries.document_for(actor, document.pk).pk == document.pk
            else:
                with pytest.raises(NotFound):
                    queries.document_for(actor, document.pk)
    for document in documents:
        told = {one.person.pk for one in sight.who_sees_document(document, on=clock.today())}
        assert told == {person.pk for person in people_of_all() if permissions.may_see(acting(person), document)}
    for file in files:
        told = {one.person.pk for one in sight.who_sees_file(file, on=clock.today())}
        assert told == {person.pk for person in people_of_all() if permissions.may_see_file(acting(person), file)}


def people_of_all():
    return Person.objects.filter(active=True)


@pytest.mark.norm("5.1.1")
def test_pages_show_and_count_only_what_one_may_see(random_world, chance):
    world, people = random_world
    for person in chance.sample(people, 6):
        actor, client = acting(person), browser(world, person)
        seen = {document.pk for document in ours() if permissions.may_see(actor, document)}
        listed = client.get("/dokumenty/").content.decode()
        assert numbers_in(listed) == seen
        sought = client.get("/hledat/", {"q": WORD, "kde": "dokumenty"}).content.decode()
        assert numbers_in(sought) <= seen
        counted = re.search(r"Nalezeno: (\d+)", sought)
        assert int(counted[1] if counted else 0) == len(seen)
        desk = client.get("/").content.decode()
        handed = {item.document.pk for item in circulation.inbox_of(actor, on=clock.today()).items}
        assert numbers_in(desk) <= seen | handed
        assert not handed & queries.withheld(actor, handed)
        for document in chance.sample(ours(), 5):
            answer = client.get(f"/dokumenty/{document.pk}/")
            assert answer.status_code == (200 if document.pk in seen else 404)
            if answer.status_code == 200:
                related = numbers_in(answer.content.decode()) - {document.pk}
                assert related <= seen


@pytest.mark.norm("5.1.1")
def test_the_notice_of_a_search_does_not_depend_on_what_one_may_not_see(in_region, monkeypatch):
    world = in_region
    actor = acting(world.head)
    monkeypatch.setattr(searching, "MOST_BATCHES", 1)
    monkeypatch.setattr(search, "AT_ONCE", 3)
    before = searching.find(actor, Criteria(words=WORD))
    for number in range(6):
        register(world, f"{WORD} cizí {number}")
    after = searching.find(actor, Criteria(words=WORD))
    assert before == after and not after.hits


def test_suggestions_of_parties_follow_the_same_condition(random_world):
    _, people = random_world
    for person in people[:8]:
        actor = acting(person)
        for grant in access_queries.received_by(actor):
            assert grant.person_id in actor.person_ids or grant.unit_id or grant.role
        condition = known_parties.visible_to(actor)
        for document in ours():
            if document.sender_id and permissions.may_see(actor, document):
                from egon.parties.models import Party

                assert Party.objects.filter(condition, pk=document.sender_id).exists()
