"""Documents are found by the text of their files, once it was read in the background."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.records_steps import acting, register

from egon import search, storage
from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import jobs, texts
from egon.records import operations as records
from egon.records.errors import InvalidInput
from egon.records.models import ComponentText, ComponentVersion, Document
from egon.records.operations import NewFile
from egon.storage.errors import StorageBroken

HTML = "<p>Zastřešení čekárny na zastávce</p>".encode()


def page(content=HTML, name="plán.html"):
    return NewFile(name, "text/html", storage.put(content))


def found(query):
    return [hit.entity_id for hit in search.find(query, ["records.document"]).hits]


@pytest.mark.norm("5.1.5")
def test_a_document_is_found_by_the_text_of_its_component_and_says_which(in_region):
    document = register(in_region, files=[page(), page(b"<p>nic</p>", "jiny.html")])
    assert found("čekárnu") == []
    jobs.read_texts(document_id=document.pk)
    assert found("čekárnu") == [document.pk]
    assert [found.name for found in texts.components_with("čekárnu", [document.pk])[document.pk]] == ["plán.html"]
    assert texts.components_with("čekárnu", []) == {}
    assert texts.components_with("neexistující", [document.pk]) == {}


def test_reading_is_asked_for_once_and_done_again_reads_nothing(in_region, monkeypatch):
    document = register(in_region, files=[page()])
    asked = ProcrastinateJob.objects.filter(task_name="records.read_texts", args__document_id=document.pk)
    assert asked.count() == 0  # registering itself waits for no queue
    jobs.read_new()
    assert asked.count() == 1
    jobs.read_new()
    assert asked.count() == 1
    jobs.read_texts(document_id=document.pk)
    monkeypatch.setattr(texts, "_read", lambda version: pytest.fail("read twice"))
    jobs.read_texts(document_id=document.pk)
    ProcrastinateJob.objects.all().delete()
    jobs.read_new()
    texts.ask_for_missed()
    assert asked.count() == 0


def test_what_an_older_reader_found_no_text_in_is_read_again_at_night(in_region):
    document = register(in_region, files=[page()])
    version = ComponentVersion.objects.get(component__document=document)
    ComponentText.objects.create(version=version, state="none", read_at=clock.now())  # by a reader of the first kind
    asked = ProcrastinateJob.objects.filter(task_name="records.read_texts", args__document_id=document.pk)
    jobs.read_missed()
    assert asked.count() == 1
    jobs.read_texts(document_id=document.pk)
    assert found("čekárna") == [document.pk]
    ProcrastinateJob.objects.all().delete()
    jobs.read_missed()
    assert asked.count() == 0


def test_a_document_of_yesterday_waits_for_the_night(in_region):
    document = register(in_region, files=[page()])
    Document.objects.filter(pk=document.pk).update(registered_at=clock.now() - timedelta(days=1))
    asked = ProcrastinateJob.objects.filter(task_name="records.read_texts", args__document_id=document.pk)
    jobs.read_new()
    assert asked.count() == 0
    jobs.read_missed()
    assert asked.count() == 1


def test_a_change_of_metadata_keeps_the_text_found(in_region):
    document = register(in_region, files=[page()])
    jobs.read_texts(document_id=document.pk)
    records.edit_metadata(actor=acting(in_region.clerk), document=document, subject="Jiná věc", sender=document.sender)
    assert found("čekárna jiná") == [document.pk]


def test_a_failure_is_recorded_beside_what_was_read_and_may_be_tried_again(in_region):
    world = in_region
    document = register(world, files=[page(), NewFile("vada.pdf", "application/pdf", storage.put(b"%PDF-1.7 x"))])
    document = records.place_in_unit(
        actor=acting(world.clerk), document=document, unit=world.office.units["OD"], holder=world.officer
    )
    jobs.read_texts(document_id=document.pk)
    assert found("čekárna") == [document.pk]
    assert [(text.version.component.name, text.reason) for text in texts.failures_of(document)] == [
        ("vada.pdf", "PDF je poškozené.")
    ]
    entry = LogRecord.objects.get(operation="records.text.store")
    assert (entry.parameters["texts_read"], entry.parameters["texts_failed"]) == (1, 1)
    assert "čekárny" not in str(entry.parameters)
    with pytest.raises(AccessDenied):
        records.read_again(actor=acting(world.outsider), document=document)
    assert len(texts.failures_of(document)) == 1
    records.read_again(actor=acting(world.officer), document=document)
    assert texts.failures_of(document) == []
    with pytest.raises(InvalidInput):
        records.read_again(actor=acting(world.officer), document=document)


def test_what_was_not_read_inside_an_archive_is_told_and_may_be_tried_again(in_region):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("plán.html", HTML)
        archive.writestr("vada.pdf", b"%PDF-1.7 x")
    document = register(in_region, files=[page(made.getvalue(), "podklady.zip")])
    document = records.place_in_unit(
        actor=acting(in_region.clerk),
        document=document,
        unit=in_region.office.units["OD"],
        holder=in_region.officer,
    )
    jobs.read_texts(document_id=document.pk)
    assert found("čekárna") == [document.pk]
    assert [text.reason for text in texts.failures_of(document)] == ["nepřečetlo se vada.pdf: PDF je poškozené"]
    records.read_again(actor=acting(in_region.officer), document=document)
    assert texts.failures_of(document) == []
    jobs.read_texts(document_id=document.pk)
    assert len(texts.failures_of(document)) == 1


def test_only_the_product_stores_texts(in_region):
    document = register(in_region, files=[page()])
    with pytest.raises(AccessDenied):
        records.store_texts(actor=acting(in_region.clerk), document=document, texts=[], at=document.registered_at)
    assert not ComponentText.objects.exists()


def test_a_storage_out_of_reach_is_no_failure_of_the_file(in_region, monkeypatch):
    document = register(in_region, files=[page()])

    def broken(digest):
        raise StorageBroken(detail="x")

    monkeypatch.setattr(storage, "read", broken)
    with pytest.raises(StorageBroken):
        jobs.read_texts(document_id=document.pk)
    assert not ComponentText.objects.exists()


def test_no_transaction_is_open_while_a_file_is_read(in_region, monkeypatch):
    document = register(in_region, files=[page()])
    depth = len(connection.savepoint_ids)
    seen = []
    monkeypatch.setattr(texts.storage, "read", lambda digest: seen.append(len(connection.savepoint_ids)) or HTML)
    jobs.read_texts(document_id=document.pk)
    assert seen == [depth]


@pytest.mark.norm("5.1.1")
def test_another_organisation_finds_no_text(world, in_region):
    from egon.tenancy.scope import _current

    document = register(in_region, files=[page()])
    jobs.read_texts(document_id=document.pk)
    token = _current.set(None)
    try:
        with world.school.scope():
            assert found("čekárnu") == []
            assert texts.components_with("čekárnu", [document.pk]) == {}
            assert not ComponentText.objects.exists()
    finally:
        _current.reset(token)


def test_a_removed_annex_and_an_older_version_are_not_found_any_more(in_region):
    world = in_region
    draft = records.create_document(
        actor=acting(world.officer), direction=_own(), subject="Návrh", files=[page()], text=""
    )
    jobs.read_texts(document_id=draft.pk)
    assert found("čekárna") == [draft.pk]
    component = draft.components.get()
    records.add_version(
        actor=acting(world.officer), document=draft, component=component, new_file=page(b"<p>Lavice</p>")
    )
    jobs.read_texts(document_id=draft.pk)
    assert (found("čekárna"), found("lavice")) == ([], [draft.pk])
    records.remove_component(actor=acting(world.officer), document=draft, component=component)
    assert found("lavice") == []
    assert texts.components_with("lavice", [draft.pk]) == {}
    assert ComponentVersion.objects.filter(component=component).count() == 2


def test_own_text_is_taken_without_reading_the_pdf(in_region, monkeypatch):
    draft = records.create_document(
        actor=acting(in_region.officer), direction=_own(), subject="Dopis", text="Zastřešíme čekárnu."
    )
    monkeypatch.setattr(texts.storage, "read", lambda digest: pytest.fail("read"))
    jobs.read_texts(document_id=draft.pk)
    assert len(texts.components_with("čekárna", [draft.pk])[draft.pk]) == 1


def _own():
    from egon.records.rules.states import Direction

    return Direction.OUTGOING
