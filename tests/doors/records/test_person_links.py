"""Other persons on the pages of documents and files."""

import pytest

from egon.kernel import clock
from egon.parties import operations as parties
from egon.parties.models import Party
from egon.parties.operations import PartyDetails
from egon.records import operations as records
from egon.records.models import CaseFile, PartyLink
from egon.records.rules.parties import PartyRole
from egon.tenancy.scope import tenant_scope


@pytest.fixture
def twins(in_region):
    """Two namesakes."""
    actor = in_region.actor(in_region.clerk)
    return [
        parties.register_party(
            actor=actor,
            details=PartyDetails(kind="natural", given_name="Petr", family_name="Dvojitý", city=city),
        )
        for city in ("Brno", "Praha")
    ]


@pytest.mark.norm("2.8.3")
def test_of_two_namesakes_one_is_chosen_shown_and_taken_back(browser, in_region, world, received, twins):
    client, address = browser(world.officer), f"/dokumenty/{received.pk}/osoby/"
    assert client.get(address).status_code == 200
    typed = {"party_text": "dvojity", "role": "representative", "note": "plná moc"}
    page = client.post(address, typed).content.decode()
    assert "Vyberte jednu z nich" in page and "plná moc" in page
    answer = client.post(address, typed | {"party_id": str(twins[1].pk)})
    assert answer.status_code == 302
    page = client.get(f"/dokumenty/{received.pk}/").content.decode()
    assert "Petr Dvojitý" in page and "zástupce nebo zmocněnec" in page
    page = client.get(f"/rejstrik/{twins[1].pk}/").content.decode()
    assert received.reference_number in page
    link = PartyLink.objects.get(party=twins[1])
    assert client.post(f"/vazby-osob/{link.pk}/zrusit/", {"reason": "omyl"}).status_code == 302
    assert not PartyLink.objects.exists()


@pytest.mark.norm("2.8.5")
def test_a_person_is_linked_to_a_file(browser, in_region, world, twins):
    file = CaseFile.objects.get(subject__startswith="Oznámení o uzavírce")
    client, typed = browser(world.officer), {"party_text": "dvojity brno", "role": "participant"}
    client.post(f"/spisy/{file.pk}/osoby/", typed)
    assert "Petr Dvojitý" in client.get(f"/spisy/{file.pk}/").content.decode()
    assert "už tu v roli" in client.post(f"/spisy/{file.pk}/osoby/", typed).content.decode()
    link = PartyLink.objects.get(file=file)
    client.post(f"/vazby-osob/{link.pk}/zrusit/", {"reason": " "})
    assert PartyLink.objects.filter(pk=link.pk).exists()


def test_an_outsider_neither_links_nor_unlinks(browser, in_region, world, received, twins):
    file = CaseFile.objects.get(subject__startswith="Oznámení o uzavírce")
    typed = {"party_text": "dvojity brno", "role": "participant"}
    browser(world.officer).post(f"/dokumenty/{received.pk}/osoby/", typed)
    link, stranger = PartyLink.objects.get(), browser(world.outsider)
    assert stranger.post(f"/dokumenty/{received.pk}/osoby/", typed).status_code == 404
    assert stranger.post(f"/spisy/{file.pk}/osoby/", typed).status_code == 404
    assert stranger.post(f"/vazby-osob/{link.pk}/zrusit/", {"reason": "x"}).status_code == 404
    assert list(PartyLink.objects.all()) == [link]


def test_another_organisation_cannot_unlink(world, browser):
    with tenant_scope(world.region.pk):
        file, party = CaseFile.objects.latest("pk"), Party.objects.latest("pk")
        actor = world.actor(world.records_keeper)
        link = records.link_party(actor=actor, file=file, party=party, role=PartyRole.OTHER, at=clock.now())
    school = browser(world.school.clerk, world.school.tenant)
    assert school.post(f"/vazby-osob/{link.pk}/zrusit/", {"reason": "x"}).status_code == 404
    with tenant_scope(world.region.pk):
        assert PartyLink.objects.filter(pk=link.pk).exists()
