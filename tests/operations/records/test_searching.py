"""Searching by criteria: each key of NSESSS 5.1.8 finds and orders, scopes and intervals narrow, nothing leaks."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.records_steps import acting, record_class, register

from egon.kernel import clock
from egon.kernel.clock import today
from egon.records import indexing, search_reach
from egon.records import operations as records
from egon.records.criteria import Criteria, Days
from egon.records.indexing import CLASS, DOCUMENT, FILE
from egon.records.models import CaseFile, Document, DocumentAccess, RecordClass
from egon.records.operations import NewAddressee
from egon.records.rules.states import Direction
from egon.records.searching import KINDS, find, order_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_region):
    """Two filed documents of different years and classes, one of them sent on."""
    return in_region


def of(kind, found):
    return {hit.entity_id for hit in found.hits if hit.entity_type == kind}


def documents(actor, **criteria):
    return of(DOCUMENT, find(actor, Criteria(**criteria)))


def files(actor, **criteria):
    return of(FILE, find(actor, Criteria(**criteria)))


def filed(world, subject, code, **changes):
    """A received document in a file of its own."""
    document = register(world, subject, **changes)
    records.place_in_unit(
        actor=acting(world.clerk), document=document, unit=world.office.units["OD"], holder=world.officer
    )
    document.refresh_from_db()
    file = records.open_file(
        actor=acting(world.officer),
        record_class=record_class(code),
        subject=f"Spis: {subject}",
        unit=world.office.units["OD"],
        processor=world.officer,
        document=document,
    )
    document.refresh_from_db()
    return document, file


@pytest.mark.norm("5.1.3a", "5.1.3b")
def test_documents_files_and_classes_of_any_level_are_found(office):
    document, file = filed(office, "Pouť na Hrádku", "80.3")
    found = find(acting(office.officer), Criteria(words="pouť"))
    assert (document.pk in of(DOCUMENT, found), file.pk in of(FILE, found)) == (True, True)
    classes = find(acting(office.officer), Criteria(words="doprava silniční hospodářství"), [CLASS])
    assert RecordClass.objects.filter(pk__in=of(CLASS, classes), parent__isnull=True).exists()
    leaf = find(acting(office.officer), Criteria(class_code="80.3"), [CLASS])
    assert record_class("80.3").pk in of(CLASS, leaf)


def test_classes_of_drafts_are_for_those_who_keep_the_plan(office):
    plan = records.save_plan(actor=acting(office.records_keeper), name="Návrh", valid_from=today())
    draft = records.save_class(
        actor=acting(office.records_keeper), plan=plan, code="77", name="Vzduchoplavba", valid_from=today()
    )
    criteria = Criteria(words="vzduchoplavba")
    assert of(CLASS, find(acting(office.records_keeper), criteria)) == {draft.pk}
    assert of(CLASS, find(acting(office.officer), criteria)) == set()
    records.discard_plan(actor=acting(office.records_keeper), plan=plan)
    assert of(CLASS, find(acting(office.records_keeper), criteria)) == set()


@pytest.mark.norm("5.1.8b", "5.1.8c", "5.1.8d", "5.1.8h", "5.1.8i")
def test_numbers_identifiers_and_names_are_found_whole_and_by_parts(office):
    document, file = filed(office, "Pouť na Hrádku", "80.3", sender_reference="MUH-ODS/778/2026")
    other, other_file = filed(office, "Průvod městem a pouť", "80.3")
    actor = acting(office.officer)
    assert document.pk in documents(actor, reference_number=document.reference_number)
    order = document.reference_number.split()[1].split("/")[0]
    assert documents(actor, reference_number=f"{order}/2026") & {document.pk, other.pk} == {document.pk}
    assert documents(actor, reference_number="MUH-ODS/778") == set()  # that is how the sender calls it
    assert documents(actor, sender_reference="778") == {document.pk}
    assert documents(actor, sender_reference="muh-ods/77") == {document.pk}
    assert files(actor, file_mark=file.file_mark) == {file.pk}
    assert documents(actor, file_mark=file.file_mark) == {document.pk}
    assert files(actor, identifier=file.identifier) == {file.pk}
    assert documents(actor, identifier=document.identifier) == {document.pk}
    assert documents(actor, identifier=document.identifier[:-1]) == set()
    assert documents(actor, name="Hrádku") == {document.pk}
    assert other.pk in documents(actor, name="poutě") and other_file.pk in files(actor, name="poutě")
    assert documents(actor, name="žádost.txt") == set()  # a name of a component is not the subject


@pytest.mark.norm("5.1.8e", "5.1.8j", "5.1.8k")
def test_processors_classes_and_regimes(office):
    document, file = filed(office, "Pouť na Hrádku", "80.3")
    actor = acting(office.records_keeper)
    assert document.pk in documents(actor, person=office.officer.pk, words="hrádku")
    assert documents(actor, person=office.outsider.pk, words="hrádku") == set()
    assert file.pk in files(actor, person=office.officer.pk)
    for code in ("80.3", "80", "80*"):
        assert document.pk in documents(actor, class_code=code)
        assert file.pk in files(actor, class_code=code)
    assert document.pk not in documents(actor, class_code="8")
    assert document.pk not in documents(actor, class_code="80.30")
    for regime in (file.regime, file.disposal_mark):
        assert document.pk in documents(actor, regime=regime)
        assert file.pk in files(actor, regime=regime)
    assert document.pk not in documents(actor, regime=f"{file.disposal_mark}/99")
    assert record_class("80.3").pk in of(CLASS, find(actor, Criteria(regime=file.regime), [CLASS]))


@pytest.mark.norm("5.1.7", "5.1.8g", "5.1.8m")
def test_days_of_delivery_or_registration_and_the_way_of_delivery(office):
    now = clock.now()
    old, _ = filed(office, "Pouť loni", "80.3", delivered_at=now - timedelta(days=400), channel="post")
    new, _ = filed(office, "Pouť letos", "80.3", delivered_at=now - timedelta(days=3), channel="databox")
    own = records.create_document(
        actor=acting(office.officer), direction=Direction.INTERNAL, subject="Záznam o pouti", text="Text."
    )
    actor = acting(office.officer)
    long_ago, lately = Days(until=today() - timedelta(days=300)), Days(since=today() - timedelta(days=5))
    assert documents(actor, words="pouť", came=long_ago) == {old.pk}
    assert documents(actor, words="pouť", came=lately) == {new.pk, own.pk}
    assert documents(actor, words="pouť", came=Days(today(), today())) == {own.pk}
    assert documents(actor, words="pouť", registered=Days(today(), today())) == {old.pk, new.pk, own.pk}
    assert documents(actor, words="pouť", registered=Days(until=today() - timedelta(days=1))) == set()
    assert documents(actor, words="pouť", came_by="post") == {old.pk}
    assert documents(actor, words="pouť", came_by="databox") == {new.pk}


@pytest.mark.norm("5.1.6")
def test_the_scope_are_chosen_classes_and_files(office):
    first, first_file = filed(office, "Pouť na Hrádku", "80.3")
    second, second_file = filed(office, "Pouť v Lhotě", "80.14")
    actor = acting(office.officer)
    assert documents(actor, words="pouť") == {first.pk, second.pk}
    assert documents(actor, words="pouť", files=(first_file.pk,)) == {first.pk}
    assert documents(actor, words="pouť", files=(first_file.pk, second_file.pk)) == {first.pk, second.pk}
    assert documents(actor, words="pouť", classes=("80.14",)) == {second.pk}
    assert files(actor, words="pouť", classes=("80.14", "80.3")) == {first_file.pk, second_file.pk}
    assert files(actor, words="pouť", classes=("80.1",)) == set()


def test_documents_follow_their_file_into_another_class(office):
    document, file = filed(office, "Pouť na Hrádku", "80.3")
    actor = acting(office.records_keeper)
    target = record_class("80.14")
    records.resort_file(actor=acting(office.officer), file=file, target=target, reason="patří jinam")
    assert documents(actor, words="hrádku", class_code="80.14") == {document.pk}
    assert documents(actor, words="hrádku", class_code="80.3") == set()
    assert documents(actor, words="hrádku", regime=target.regime) == {document.pk}


def test_all_conditions_hold_together_with_the_words(office):
    document, file = filed(office, "Pouť na Hrádku", "80.3", channel="post", sender_reference="X-1")
    filed(office, "Pouť v Lhotě", "80.3", channel="post")
    criteria = Criteria(
        words="(pouť NEBO trh) NE lhota", file_mark=file.file_mark, person=office.officer.pk, class_code="80",
        came_by="post", came=Days(today() - timedelta(days=1), today()), sender_reference="x", direction="received",
        name="pouť", unit=document.unit_id or office.office.units["OD"].pk, state="processing",
    )  # fmt: skip
    found = find(acting(office.officer), criteria)
    assert [hit.entity_id for hit in found.hits] in ([document.pk], [])
    state = Document.objects.get(pk=document.pk).state
    assert of(DOCUMENT, find(acting(office.officer), replace(criteria, state=state))) == {document.pk}


@pytest.mark.norm("5.1.5")
@pytest.mark.parametrize("words", ["poznámka kočka", "účetní", "27496139", "Dlouhá*", '"ODS/778"', "778", "pouť"])
def test_metadata_are_searched_by_words_and_numbers(office, words):
    from egon.parties.models import Party

    party = Party.objects.order_by("pk").first()
    Party.objects.filter(pk=party.pk).update(ic="27496139", street="Dlouhá")
    party.refresh_from_db()
    kind = records.save_kind(actor=acting(office.administrator), name="Účetní doklad", valid_from=today())
    document = register(
        office, "Pouť na Hrádku", sender=party, note="Poznámka: kočka", sender_reference="ODS/778", kind=kind
    )
    assert document.pk in documents(acting(office.clerk), words=words)


@pytest.mark.norm("5.1.1")
def test_everybody_finds_just_what_they_may_see(office):
    from egon.records import queries

    filed(office, "Pouť na Hrádku", "80.3")
    everyone = {*Document.objects.values_list("pk", flat=True)}
    for person in (
        office.officer,
        office.outsider,
        office.clerk,
        office.head,
        office.records_keeper,
        office.administrator,
    ):
        actor = acting(person)
        seen = set(queries.documents_among(actor, everyone).values_list("pk", flat=True))
        assert of(DOCUMENT, find(actor, Criteria(), [DOCUMENT])) == seen
        seen = set(queries.files_visible_to(actor).values_list("pk", flat=True))
        assert of(FILE, find(actor, Criteria(), [FILE])) == seen
    assert of(DOCUMENT, find(acting(office.records_keeper), Criteria(), KINDS)) == everyone


@pytest.mark.norm("5.1.8b", "5.1.8c", "5.1.8d", "5.1.8e", "5.1.8g", "5.1.8h", "5.1.8i", "5.1.8j", "5.1.8k", "5.1.8m")
def test_results_are_put_in_order_by_each_key(office):
    actor = acting(office.records_keeper)
    now = clock.now()
    first, first_file = filed(
        office, "Aréna a pouť", "80.14", sender_reference="A-2", channel="databox", delivered_at=now - timedelta(days=9)
    )
    second, second_file = filed(
        office, "Šatna a pouť", "80.3", sender_reference="A-10", channel="post", delivered_at=now - timedelta(days=2)
    )
    third = register(office, "Bez spisu a pouť", delivered_at=now - timedelta(days=5))
    records.place_in_unit(
        actor=acting(office.clerk), document=third, unit=office.office.units["OD"], holder=office.head
    )
    hits = find(actor, Criteria(words="pouť"), [DOCUMENT]).hits

    def ordered(order):
        return [hit.entity_id for hit in order_by(hits, order)]

    one, two, three = first.pk, second.pk, third.pk
    assert ordered("cislo") == [one, two, three]
    assert ordered("-cislo") == [three, two, one]
    assert ordered("nazev") == [one, three, two]
    assert ordered("identifikator") == [one, two, three]
    assert ordered("odesilatele") == [one, two, three]
    assert ordered("-odesilatele") == [two, one, three]  # who has none is last either way
    assert ordered("doslo") == [one, three, two]
    assert ordered("dorucovano")[:2] == [one, two]
    assert ordered("znak") == [two, one, three]
    assert ordered("znacka") == [one, two, three]
    assert ordered("zpracovatel")[-1] == three  # Dvořák, Dvořák, Horáková
    assert set(ordered("rezim")[:2]) == {one, two}
    file_hits = find(actor, Criteria(words="pouť"), [FILE]).hits
    assert [hit.entity_id for hit in order_by(file_hits, "-nazev")] == [second_file.pk, first_file.pk]
    assert ordered("nesmysl") == [hit.entity_id for hit in hits]


@pytest.mark.norm("5.1.8f", "5.1.8l")
def test_days_and_ways_of_sending_find_and_order(office):
    clerk, actor = acting(office.clerk), acting(office.officer)

    def sent(subject, channel, days_ago):
        letter = records.create_document(
            actor=actor, direction=Direction.OUTGOING, subject=subject, text="Dobrý den.",
            addressees=[NewAddressee("První"), NewAddressee("Druhý")],
        )  # fmt: skip
        records.mark_in_approval(actor=actor, document=letter)
        records.mark_approved(actor=acting(office.head), document=letter)
        at = clock.now() - timedelta(days=days_ago)
        records.mark_dispatched(actor=clerk, document=letter, at=at, channel=channel)
        return letter.pk

    old, new = sent("Pozvání na pouť", "post", 40), sent("Odpověď o pouti", "databox", 1)
    assert documents(actor, sent_by="post", words="pouť") == {old}
    assert documents(actor, sent_by="databox") & {old, new} == {new}
    assert documents(actor, words="pouť", sent=Days(today() - timedelta(days=3), today())) == {new}
    assert documents(actor, words="pouť", sent=Days(until=today() - timedelta(days=39))) == {old}
    assert documents(actor, words="pouť", sent=Days(since=today())) == set()
    hits = find(actor, Criteria(words="pouť"), [DOCUMENT]).hits
    assert [hit.entity_id for hit in order_by(hits, "odeslano")] == [old, new]
    assert [hit.entity_id for hit in order_by(hits, "odesilano")] == [new, old]  # databox, post


def test_an_index_made_anew_finds_the_same(office):
    from django.core.management import call_command
    from django.db import connection

    document, file = filed(office, "Pouť na Hrádku", "80.3")
    actor = acting(office.records_keeper)
    before = [(hit.entity_type, hit.entity_id) for hit in find(actor, Criteria(class_code="80")).hits]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_entry SET tsv = ''")
    assert find(actor, Criteria(class_code="80")).hits == ()
    call_command("search_reindex", "--organizace", office.region.code, stdout=io.StringIO())
    assert [(hit.entity_type, hit.entity_id) for hit in find(actor, Criteria(class_code="80")).hits] == before
    assert documents(actor, words="hrádku", sender_reference="") == {document.pk}
    assert file.pk in files(actor, words="hrádku")


def test_a_rare_thing_is_found_in_a_flood_of_hits(office):
    rare, _ = filed(office, "Pouť na Hrádku", "80.3")
    flood(rare, 3_000, without="'f:z=80.3'")
    actor = acting(office.records_keeper)
    assert documents(actor, words="pouť", class_code="80.3") == {rare.pk}
    assert documents(actor, words="pouť") == {
        rare.pk
    }  # the flood exists in the index alone: each batch is gone through
    assert documents(acting(office.officer), words="pouť") == {rare.pk}


def test_who_leads_a_unit_finds_what_is_in_it_behind_any_number_of_hits_of_others(office):
    ours, file = filed(office, "Pouť na Hrádku", "80.3")
    flood(ours, 9_000, without=f"'f:u={ours.unit_id}', 'f:h={ours.holder_id}'")
    head = acting(office.head)
    with CaptureQueriesContext(connection) as asked:
        assert documents(head, words="pouť") == {ours.pk}
    assert sum("search_find" in one["sql"] for one in asked) <= 3
    assert files(head, words="pouť") == {file.pk}
    assert documents(acting(office.records_keeper), words="pouť") == set()  # they see all, and these are nowhere


@pytest.mark.parametrize("most", [search_reach.MOST_AMONG, 0])
def test_who_leads_a_unit_finds_also_what_is_shown_to_them_of_others(office, monkeypatch, most):
    monkeypatch.setattr(search_reach, "MOST_AMONG", most)
    document, file = filed(office, "Pouť na Hrádku", "80.3")
    for one in (document, file):
        type(one).objects.filter(pk=one.pk).update(unit=office.office.units["POD"])
    Document.objects.filter(pk=document.pk).update(holder=office.clerk)
    CaseFile.objects.filter(pk=file.pk).update(processor=office.clerk)
    indexing.reindex(document.pk)
    indexing.index_files([file.pk])
    head = acting(office.head)
    assert (documents(head, words="pouť"), files(head, words="pouť")) == (set(), set())
    DocumentAccess.objects.create(document=document, person=office.head, granted_at=clock.now())
    assert (documents(head, words="pouť"), files(head, words="pouť")) == ({document.pk}, set())
    CaseFile.objects.filter(pk=file.pk).update(processor=office.head)
    indexing.index_files([file.pk])
    assert files(head, words="pouť") == {file.pk}


def test_who_processes_a_file_finds_its_documents_and_who_holds_one_its_file_behind_any_number_of_hits(office):
    document, file = filed(office, "Pouť na Hrádku", "80.3")
    for one in (document, file):
        type(one).objects.filter(pk=one.pk).update(unit=office.office.units["POD"])
    Document.objects.filter(pk=document.pk).update(holder=office.clerk)
    CaseFile.objects.filter(pk=file.pk).update(processor=office.head)
    indexing.reindex(document.pk)
    indexing.index_files([file.pk])
    flood(document, 9_000, without=f"'f:p={office.head.pk}'")
    head = acting(office.head)
    assert documents(head, words="pouť") == {document.pk}
    CaseFile.objects.filter(pk=file.pk).update(processor=office.clerk)
    indexing.index_files([file.pk])
    assert (documents(head, words="pouť"), files(head, words="pouť")) == (set(), set())
    Document.objects.filter(pk=document.pk).update(holder=office.head)
    indexing.reindex(document.pk)
    assert files(head, words="pouť") == {file.pk}


def flood(document, count, *, without):
    """Newer entries with the words of a document and not with these facets; they are in the index alone."""
    entry = (
        "INSERT INTO search_entry (tenant_id, entity_type, entity_id, title, sort_at, tsv) "
        "SELECT tenant_id, entity_type, 1000000 + n, title, sort_at + make_interval(mins => n), "
        f"ts_delete(tsv, ARRAY[{without}]) FROM search_entry, generate_series(1, %s) AS n "
        "WHERE entity_type = 'records.document' AND entity_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(entry, [count, document.pk])
