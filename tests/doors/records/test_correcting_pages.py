"""Corrections of a closed file and of documents in it, from the browser (NSESSS 7.1.5)."""

import pytest
from tests.records_steps import acting, record_class

from egon.kernel import clock
from egon.records import operations as records
from egon.records.models import CaseFile, Document


@pytest.fixture
def closed(world, received):
    officer = acting(world.officer)
    unit = world.office.units["OD"]
    file = records.open_file(
        actor=officer, record_class=record_class("80.1"), unit=unit, processor=world.officer, document=received
    )
    records.settle_file(actor=officer, file=file, on=clock.today())
    return records.close_file(actor=officer, file=file, on=clock.today())


@pytest.fixture
def pages(closed, received):
    return [f"/spisy/{closed.pk}/", f"/dokumenty/{received.pk}/"]


def typed(closed):
    return {"subject": "Lávka Stonařov", "processor": closed.processor_id, "sender_reference": "", "note": ""}


@pytest.mark.norm("7.1.5")
def test_the_records_keeper_corrects_with_a_reason_and_the_history_tells_it(browser, world, closed, received, pages):
    client = browser(world.records_keeper)
    for page in pages:
        assert "Opravit údaje" in client.get(page).content.decode()
        text = client.get(f"{page}udaje/").content.decode()
        assert "Důvod opravy" in text
        refused = client.post(f"{page}udaje/", typed(closed)).content.decode()
        assert "Lávka Stonařov" in refused and "Důvod opravy" in refused  # kept, nothing saved
        assert client.get(page).content.decode().count("Lávka Stonařov") == 0
        assert client.post(f"{page}udaje/", {**typed(closed), "reason": "Překlep v obci"}).status_code == 302
        told = client.get(page).content.decode()
        assert "Překlep v obci" in told and "nově: Lávka Stonařov" in told and "původně" in told
        Document.objects.filter(pk=received.pk).update(subject="Jiná věc")
        CaseFile.objects.filter(pk=closed.pk).update(subject="Jiný obsah")


@pytest.mark.norm("7.1.5")
def test_others_have_no_button_and_are_refused_in_czech(browser, world, closed, pages):
    client = browser(world.officer)
    for page in pages:
        assert "Opravit údaje" not in client.get(page).content.decode()
        answer = client.get(f"{page}udaje/")
        assert answer.status_code == 403
        assert "opravuje jen správce spisovny" in answer.content.decode()
        client.post(f"{page}udaje/", {**typed(closed), "reason": "zkusím"})
        assert "Lávka Stonařov" not in client.get(page).content.decode().split("Historie")[0]
