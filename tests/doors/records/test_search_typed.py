"""Typed files and their sections are found, narrow a search and put its results in order."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.operations.records.test_typed_disposal import change
from tests.records_steps import acting, register
from tests.typed_steps import file_in, section, typed_class, typed_file

from egon.records import jobs, typed_queries
from egon.records import operations as records
from egon.records.criteria import Criteria, Typed
from egon.records.indexing import CLASS, DOCUMENT, FILE, SECTION, TYPED_FILE
from egon.records.searching import find, order_by


@pytest.fixture
def home(in_region):
    """A typed file with one file in its section 1.2, and one document in the file."""
    typed = typed_file(in_region, typed_class(in_region))
    file = file_in(in_region, section(typed, "1.2"), subject="Údržba výtahu")
    document = register(in_region, "Revize výtahu")
    unit = in_region.office.units["OD"]
    records.place_in_unit(actor=acting(in_region.clerk), document=document, unit=unit, holder=in_region.officer)
    document.refresh_from_db()
    records.put_in_file(actor=acting(in_region.officer), document=document, file=file)
    return typed, file, document


def of(found, kind):
    return {hit.entity_id for hit in found.hits if hit.entity_type == kind}


def search(browser, person, **asked):
    return browser(person).get("/hledat/", asked).content.decode()


@pytest.mark.norm("5.1.3b", "5.1.8a")
def test_typed_files_and_sections_are_found_by_their_names_with_what_is_in_them(in_region, home):
    typed, file, document = home
    actor = acting(in_region.officer)
    assert typed.pk in of(find(actor, Criteria(words="domov lesa")), TYPED_FILE)
    named = section(typed, "1.2")
    assert named.pk in of(find(actor, Criteria(words="rozbory")), SECTION)
    found = find(actor, Criteria(typed=Typed(*map(tuple, typed_queries.called(actor, "domov u")))))
    assert (of(found, TYPED_FILE), of(found, FILE), of(found, DOCUMENT)) == ({typed.pk}, {file.pk}, {document.pk})
    assert len(of(found, SECTION)) == 4
    group = find(actor, Criteria(typed=Typed(*map(tuple, typed_queries.called(actor, "Zprávy")))))
    assert file.pk in of(group, FILE) and of(group, TYPED_FILE) == set()
    other = find(actor, Criteria(typed=Typed(*map(tuple, typed_queries.called(actor, "Provoz")))))
    assert of(other, FILE) == set() and section(typed, "2").pk in of(other, SECTION)


@pytest.mark.norm("5.1.6")
def test_the_scope_may_be_typed_files_and_sections(browser, in_region, home):
    typed, file, document = home
    officer = in_region.officer
    assert document.reference_number in search(browser, officer, q="výtah", v_typovych="Rozbory")
    assert document.reference_number in search(browser, officer, q="výtah", v_typovych=f"Provoz, {typed.identifier}")
    assert document.reference_number not in search(browser, officer, q="výtah", v_typovych="Provoz")
    told = search(browser, officer, q="výtah", v_typovych="Hvězdárna")
    assert "Typový spis ani součást „Hvězdárna“ tu není" in told and document.reference_number not in told
    html = search(browser, officer, typovy="domov u lesa", kde="spisy")
    assert "typový spis ·" in html and "součást typového spisu" in html and file.file_mark in html
    csv = browser(officer).get("/hledat/", {"typovy": "domov u lesa", "soubor": "csv"}).content.decode()
    assert "typový spis;" in csv and "součást;" in csv


@pytest.mark.norm("5.1.8a")
def test_results_are_put_in_order_by_typed_files(in_region, home):
    typed, file, document = home
    actor = acting(in_region.officer)
    second = typed_file(in_region, typed.record_class, name="Archiv")
    in_second = file_in(in_region, section(second, "1.2"), subject="Oprava výtahu")
    hits = find(actor, Criteria(words="výtah"), [FILE, DOCUMENT]).hits
    ordered = [(hit.entity_type, hit.entity_id) for hit in order_by(hits, "typovy")]
    assert ordered[0] == (FILE, in_second.pk) and set(ordered[1:3]) == {(FILE, file.pk), (DOCUMENT, document.pk)}


@pytest.mark.norm("5.1.1")
def test_who_sees_no_typed_file_finds_none(browser, in_region, home):
    typed, _, document = home
    assert not typed_queries.typed_files_visible_to(acting(in_region.outsider)).filter(pk=typed.pk).exists()
    html = search(browser, in_region.outsider, typovy="domov u lesa")
    assert "Nic jsme nenašli" in html
    assert document.reference_number not in html and typed.identifier not in html


def test_a_renamed_section_is_found_by_its_new_name(in_region, home):
    typed, keeper = home[0], acting(in_region.records_keeper)
    renamed = section(typed, "1.2")
    records.describe_section(actor=keeper, template_section=renamed.template, name="Nemovitosti", period="school")
    waiting = ProcrastinateJob.objects.get(task_name="records.index_sections", status="todo")
    jobs.index_sections(template_section_id=waiting.args["template_section_id"])
    assert renamed.pk in of(find(keeper, Criteria(words="nemovitosti")), SECTION)
    assert renamed.pk not in of(find(keeper, Criteria(words="rozbory")), SECTION)


def test_a_class_that_follows_another_is_found(in_region, home):
    typed, keeper = home[0], acting(in_region.records_keeper)
    successor = change(in_region, typed.record_class)
    assert successor.pk in of(find(keeper, Criteria(words=successor.name)), CLASS)
