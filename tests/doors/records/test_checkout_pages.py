"""Editing a component on the pages: who has it, bringing it back, taking it over."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.records_steps import acting

from egon import storage
from egon.records import operations as records
from egon.records.models import CheckOut, ComponentVersion
from egon.records.operations import NewFile
from egon.records.rules.states import Direction


@pytest.fixture
def draft(in_region):
    """A draft of the officer with one annex."""
    return records.create_document(
        actor=acting(in_region.officer),
        direction=Direction.INTERNAL,
        subject="Koncept smlouvy",
        files=[NewFile("smlouva.txt", "text/plain", storage.put(b"stara"))],
    )


@pytest.fixture
def version(draft):
    return ComponentVersion.objects.get(component__document=draft)


@pytest.fixture
def edited(browser, world, version):
    """Where the officer edits it."""
    return browser(world.officer).post(f"/komponenty/{version.pk}/upravit/").headers["Location"]


def upload(text=b"nova", name="smlouva.txt", changes="nová lhůta"):
    return {"upload": SimpleUploadedFile(name, text), "changes": changes}


def test_the_page_tells_who_has_it_and_the_new_version_tells_what_changed(browser, world, draft, edited):
    officer = browser(world.officer)
    assert "upravujete vy" in officer.get(f"/dokumenty/{draft.pk}/").content.decode()
    assert "Uložit novou verzi" in officer.get(edited).content.decode()
    seen = browser(world.head).get(f"/dokumenty/{draft.pk}/").content.decode()
    assert "právě se upravuje" in seen and world.officer.family_name in seen
    done = officer.post(edited, upload(), follow=True).content.decode()
    assert "má novou verzi 2" in done and "nová lhůta" in done
    assert not CheckOut.objects.exists()
    assert storage.read(ComponentVersion.objects.get(number=2).digest) == b"nova"


def test_a_refusal_keeps_what_was_typed_and_the_lock(browser, world, edited):
    refused = browser(world.officer).post(edited, upload(name="smlouva.pdf", changes="nová lhůta"))
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "jinou příponu" in html and "nová lhůta" in html
    assert CheckOut.objects.count() == 1


def test_who_comes_second_reads_who_was_first(browser, world, version, edited):
    refused = browser(world.head).post(f"/komponenty/{version.pk}/upravit/")
    assert refused.status_code == 409
    assert world.officer.family_name in refused.content.decode()


def test_the_head_takes_over_on_the_page(browser, world, edited):
    head = browser(world.head)
    assert "Převzít úpravy" in head.get(edited).content.decode()
    head.post(f"{edited}prevzit/", {"reason": "nemoc"})
    assert CheckOut.objects.get().person_id == world.head.pk
    assert browser(world.officer).post(edited, upload()).status_code == 422
    assert ComponentVersion.objects.filter(number=2).count() == 0


def test_cancelling_frees_it(browser, world, draft, edited):
    officer = browser(world.officer)
    officer.post(f"{edited}zrusit/")
    assert not CheckOut.objects.exists()
    assert "Upravit" in officer.get(f"/dokumenty/{draft.pk}/").content.decode()


def test_strangers_find_nothing_and_change_nothing(browser, world, version, edited):
    for client in (browser(world.outsider), browser(world.officer2)):
        assert client.get(edited).status_code == 404
        assert client.post(edited, upload()).status_code == 404
        assert client.post(f"{edited}zrusit/").status_code == 404
        assert client.post(f"{edited}prevzit/", {"reason": "x"}).status_code == 404
        assert client.post(f"/komponenty/{version.pk}/upravit/").status_code == 404
    assert CheckOut.objects.get().person_id == world.officer.pk
    assert ComponentVersion.objects.filter(component=version.component).count() == 1
