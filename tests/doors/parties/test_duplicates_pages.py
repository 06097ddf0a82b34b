"""Similar records in the browser."""

import pytest
from tests.doors.browser import signed_in

from egon.parties import operations as parties
from egon.parties.models import Duplicate, Party
from egon.parties.operations import PartyDetails
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(world):
    with tenant_scope(world.region.pk):
        for city in ("Brno", "Praha"):
            details = PartyDetails(kind="legal", name="Dvojitá, s. r. o.", ic="70890366", city=city)
            parties.register_party(actor=world.actor(world.clerk), details=details)
        return Duplicate.objects.select_related("party", "other").get()


@pytest.mark.norm("2.8.14")
def test_the_keeper_learns_compares_merges_and_takes_back(world, pair):
    keeper = signed_in("fiala")
    assert "podobné záznamy v rejstříku" in keeper.get("/").content.decode()
    assert "Dvojitá" in keeper.get("/rejstrik/duplicity/?razeni=jmeno").content.decode()
    page = keeper.get(f"/rejstrik/duplicity/{pair.pk}/").content.decode()
    assert "Brno" in page and "Praha" in page and "stejné IČO" in page
    refused = keeper.post(f"/rejstrik/duplicity/{pair.pk}/sloucit/", {"kept": "0"})
    assert refused.status_code == 200
    keeper.post(f"/rejstrik/duplicity/{pair.pk}/sloucit/", {"kept": str(pair.party_id)})
    page = keeper.get(f"/rejstrik/{pair.other_id}/").content.decode()
    assert "Tento záznam je sloučený do" in page and "Upravit údaje" not in page
    assert "Dvojitá" in keeper.get("/rejstrik/duplicity/?stav=merged").content.decode()
    keeper.post(f"/rejstrik/duplicity/{pair.pk}/vratit/")
    keeper.post(f"/rejstrik/duplicity/{pair.pk}/ruzne/")
    assert "Nic k posouzení" in keeper.get("/rejstrik/duplicity/").content.decode()
    page = keeper.post(f"/rejstrik/duplicity/{pair.pk}/ruzne/", follow=True).content.decode()
    assert "už je rozhodnuto" in page


@pytest.mark.norm("2.8.14")
def test_a_pair_is_marked_on_the_page_of_a_person(world, pair):
    keeper = signed_in("fiala")
    with tenant_scope(world.region.pk):
        Duplicate.objects.all().delete()
    address = f"/rejstrik/{pair.party_id}/duplicita/"
    assert keeper.get(address).status_code == 200
    assert "Nikdo takový" in keeper.post(address, {"party_text": "neznámý"}).content.decode()
    assert "Vyberte jednu" in keeper.post(address, {"party_text": "dvojita"}).content.decode()
    answer = keeper.post(address, {"party_text": "dvojita praha"})
    with tenant_scope(world.region.pk):
        assert answer.url == f"/rejstrik/duplicity/{Duplicate.objects.get().pk}/"


@pytest.mark.parametrize(("login", "status"), [("dvorak", 403), ("ticha", 404)])
def test_others_decide_nothing(world, pair, login, status):
    client = signed_in(login)
    pages = [f"/rejstrik/duplicity/{pair.pk}/", f"/rejstrik/{pair.party_id}/duplicita/"]
    assert {client.get(page).status_code for page in pages} <= {status, 403}
    for step in ("sloucit/", "ruzne/", "vratit/"):
        answer = client.post(f"/rejstrik/duplicity/{pair.pk}/{step}", {"kept": str(pair.party_id)})
        assert answer.status_code in {status, 403}
    with tenant_scope(world.region.pk):
        assert Duplicate.objects.get().state == "open"
        assert not Party.objects.filter(merged_into__isnull=False).exists()
