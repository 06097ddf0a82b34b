"""The search's page: what is in files, and what one may not see."""

import pytest
from tests.records_steps import acting

from egon import storage
from egon.records import jobs
from egon.records import operations as records
from egon.records.models import ComponentText
from egon.records.operations import NewFile


@pytest.mark.norm("5.1.1", "5.1.5")
def test_words_of_a_file_lead_to_the_file_and_only_those_who_may_see_it(browser, received, world):
    jobs.read_texts(document_id=received.pk)
    html = browser(world.officer).get("/hledat/", {"q": "zastřešení čekárny"}).content.decode()
    version = received.components.get(name="žádost.txt").versions.get()
    assert f"/dokumenty/{received.pk}/?soubor={version.pk}#soubory" in html
    hidden = browser(world.outsider).get("/hledat/", {"q": "zastřešení čekárny"}).content.decode()
    assert "Nic jsme nenašli" in hidden
    assert "žádost.txt" not in hidden
    assert received.subject not in hidden


def test_a_file_that_was_not_read_is_named_and_may_be_read_again(browser, received, world):
    damaged = NewFile("vada.pdf", "application/pdf", storage.put(b"%PDF-1.7 x"), "receipt")
    records.add_component(actor=acting(world.officer), document=received, new_file=damaged)
    component = received.components.get(name="vada.pdf")
    component.role = "attachment"
    component.save(update_fields=["role"])
    jobs.read_texts(document_id=received.pk)
    client, address = browser(world.officer), f"/dokumenty/{received.pk}/precist-znovu/"
    assert "vada.pdf: PDF je poškozené." in client.get(f"/dokumenty/{received.pk}/").content.decode()
    assert browser(world.outsider).post(address).status_code == 404
    assert ComponentText.objects.filter(state="failed").count() == 1
    assert client.post(address).status_code == 302
    assert not ComponentText.objects.filter(state="failed").exists()
    assert client.post(address).status_code in (409, 422)
