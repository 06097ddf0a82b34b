"""Versions and removal of components: only in a draft, only of that document, only by who works on it."""

import pytest
from tests import traces
from tests.records_steps import acting
from tests.strangers import of_school

from egon import storage
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import queries
from egon.records.errors import InvalidInput, NotEditable
from egon.records.models import Component, ComponentVersion, Document
from egon.records.operations import NewFile
from egon.records.rules.states import Direction
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

VERSION, REMOVE = "records.component.version", "records.component.remove"


def text_file(name, text):
    return NewFile(name, "text/plain", storage.put(text.encode()))


@pytest.fixture
def officer(in_region):
    return acting(in_region.officer)


def draft_of(officer, *names):
    return records.create_document(
        actor=officer,
        direction=Direction.INTERNAL,
        subject="Koncept",
        files=[text_file(name, f"obsah {name}") for name in names],
    )


@pytest.fixture
def draft(officer):
    """An internal draft of the officer with two annexes."""
    return draft_of(officer, "smlouva.txt", "mapa.txt")


@pytest.fixture
def annex(draft):
    return draft.components.get(name="mapa.txt")


@pytest.fixture
def other_draft(officer):
    return draft_of(officer, "jine.txt")


@pytest.fixture
def steps(officer):
    """Both operations by their code."""
    return {
        VERSION: lambda document, component, actor=officer: records.add_version(
            actor=actor, document=document, component=component, new_file=text_file("mapa.txt", "novější")
        ),
        REMOVE: lambda document, component, actor=officer: records.remove_component(
            actor=actor, document=document, component=component
        ),
    }


def picture(document):
    """Everything these operations might change of a document."""
    versions = ComponentVersion.objects.filter(component__document=document)
    return (
        Document.objects.get(pk=document.pk).component_count,
        list(Component.objects.filter(document=document).order_by("pk").values_list("pk", "removed_at")),
        list(versions.order_by("pk").values_list("pk", "digest")),
    )


def test_a_new_version_stands_beside_the_old_one(draft, annex, officer):
    file = text_file("mapa.txt", "novější obsah")
    version = records.add_version(actor=officer, document=draft, component=annex, new_file=file)
    assert (version.number, version.digest, version.created_by_id) == (2, file.blob.digest, officer.person_id)
    first = annex.versions.get(number=1)
    assert storage.read(first.digest) == b"obsah mapa.txt"
    view = next(view for view in queries.components_of(draft) if view.component == annex)
    assert view.latest == version
    assert draft.component_count == 2
    record = traces.last(VERSION)
    assert traces.speaks_of(record, draft) and traces.speaks_of(record, version)


@pytest.mark.norm("2.7.1h")
def test_each_component_has_an_identifier_that_its_versions_do_not_change(draft, annex, officer):
    identifiers = {one.pk: one.identifier for one in draft.components.all()}
    assert len(set(identifiers.values())) == 2
    assert all(identifiers.values())
    records.add_version(actor=officer, document=draft, component=annex, new_file=text_file("mapa.txt", "nová"))
    assert {one.pk: one.identifier for one in draft.components.all()} == identifiers


def test_an_empty_version_is_refused(draft, annex, officer):
    before = picture(draft)
    with pytest.raises(InvalidInput, match="prázdný"):
        records.add_version(actor=officer, document=draft, component=annex, new_file=text_file("mapa.txt", ""))
    assert picture(draft) == before


def test_a_removed_annex_leaves_the_document_but_not_the_storage_and_the_log(draft, annex, officer):
    records.remove_component(actor=officer, document=draft, component=annex)
    assert [view.component.name for view in queries.components_of(draft)] == ["smlouva.txt"]
    assert Document.objects.get(pk=draft.pk).component_count == draft.component_count == 1
    assert storage.read(annex.versions.get().digest) == b"obsah mapa.txt"
    record = traces.last(REMOVE)
    assert record.parameters["removed"] == "mapa.txt"
    assert traces.speaks_of(record, draft) and traces.speaks_of(record, annex)


def test_two_who_remove_the_same_annex_take_out_one(draft, annex, officer):
    page_of_the_other = Component.objects.get(pk=annex.pk)
    records.remove_component(actor=officer, document=draft, component=annex)
    after = picture(draft)
    with pytest.raises(NotEditable, match="už v dokumentu není"):
        records.remove_component(actor=officer, document=draft, component=page_of_the_other)
    assert picture(draft) == after
    assert traces.done(REMOVE) == 1


def test_a_removed_annex_gets_no_version(draft, annex, officer, steps):
    page_of_the_other = Component.objects.get(pk=annex.pk)
    records.remove_component(actor=officer, document=draft, component=annex)
    after = picture(draft)
    with pytest.raises(NotEditable):
        steps[VERSION](draft, page_of_the_other)
    assert picture(draft) == after


@pytest.mark.parametrize("operation", [VERSION, REMOVE])
def test_the_right_to_one_document_does_not_open_another(draft, other_draft, annex, steps, operation):
    before = picture(draft), picture(other_draft)
    with pytest.raises(NotEditable):
        steps[operation](other_draft, annex)
    assert (picture(draft), picture(other_draft)) == before


@pytest.mark.parametrize("operation", [VERSION, REMOVE])
def test_own_draft_is_no_way_to_a_received_document(draft, received, steps, operation):
    before = picture(received)
    with pytest.raises(NotEditable):
        steps[operation](draft, received.components.get())
    assert picture(received) == before


@pytest.mark.norm("7.2.2b")
@pytest.mark.parametrize("operation", [VERSION, REMOVE])
def test_what_was_delivered_never_changes(received, officer, steps, operation):
    component = received.components.get()
    before = list(component.versions.values_list("digest", flat=True))
    with pytest.raises(NotEditable, match="doručeného"):
        steps[operation](received, component)
    component.refresh_from_db()
    assert (component.removed_at, list(component.versions.values_list("digest", flat=True))) == (None, before)


@pytest.mark.norm("7.2.2a")
@pytest.mark.parametrize("operation", [VERSION, REMOVE])
@pytest.mark.parametrize("state", ["in_approval", "approved"])
def test_what_is_approved_or_being_approved_stays(draft, annex, officer, steps, operation, state):
    records.mark_in_approval(actor=officer, document=draft)
    if state == "approved":
        records.mark_approved(actor=officer, document=draft)
    before = picture(draft)
    with pytest.raises(NotEditable, match="Nic se nezměnilo"):
        steps[operation](draft, annex)
    assert picture(draft) == before


@pytest.mark.norm("7.2.2a")
@pytest.mark.parametrize("operation", [VERSION, REMOVE])
def test_approval_taken_back_by_who_decides_lets_it_change_again(draft, annex, in_region, officer, steps, operation):
    records.mark_in_approval(actor=officer, document=draft)
    records.mark_approved(actor=officer, document=draft)
    before = picture(draft)
    with pytest.raises(AccessDenied):
        records.return_to_draft(actor=acting(in_region.outsider), document=draft)
    assert picture(draft) == before
    records.return_to_draft(actor=officer, document=draft)
    steps[operation](draft, annex)
    assert picture(draft) != before


@pytest.mark.parametrize("operation", [VERSION, REMOVE])
def test_a_page_opened_before_approval_changes_nothing_after_it(draft, annex, officer, steps, operation):
    stale = Document.objects.get(pk=draft.pk)
    records.mark_in_approval(actor=officer, document=draft)
    before = picture(draft)
    with pytest.raises(NotEditable):
        steps[operation](stale, annex)
    assert picture(draft) == before


@pytest.mark.parametrize("operation", [VERSION, REMOVE])
@pytest.mark.parametrize("who", ["officer2", "head2", "outsider", "clerk", "auditor", "administrator"])
def test_others_change_nothing_and_the_attempt_is_logged(in_region, draft, annex, steps, operation, who):
    before = picture(draft)
    with pytest.raises(AccessDenied):
        steps[operation](draft, annex, acting(getattr(in_region, who)))
    assert picture(draft) == before
    assert (traces.done(operation), traces.denied(operation)) == (0, 1)


@pytest.mark.parametrize("operation", [VERSION, REMOVE])
def test_the_same_rights_elsewhere_change_nothing_here(in_region, draft, annex, officer, steps, operation):
    before = picture(draft)
    with pytest.raises(WrongTenant):
        steps[operation](draft, annex, of_school(in_region, officer))
    assert picture(draft) == before
