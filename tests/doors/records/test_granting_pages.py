"""Pages on which access is given, confirmed, refused and taken back; restricted files and who read them."""

import pytest
from tests.doors.browser import signed_in
from tests.records_steps import acting, record_class, register
from tests.typed_steps import full_file, section, typed_class, typed_file

from egon.audit.models import LogRecord
from egon.kernel import clock
from egon.records import operations as records
from egon.records.models import AccessGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(world, received):
    return records.open_file(
        actor=acting(world.officer),
        record_class=record_class("80.1"),
        unit=world.office.units["OD"],
        processor=world.officer,
        document=received,
    )


def offer(client, document, **data):
    return client.post(f"/dokumenty/{document.pk}/pristup/pridelit/", data, follow=True)


@pytest.mark.norm("7.1.3")
def test_access_goes_from_the_page_of_the_document_to_the_desk_of_the_receiver(world, received, browser):
    giver, receiver = browser(world.officer), browser(world.outsider)
    assert (
        f"/dokumenty/{received.pk}/pristup/pridelit/"
        in giver.get(f"/dokumenty/{received.pk}/pristup/").content.decode()
    )
    page = offer(giver, received, receiver=f"person:{world.outsider.pk}", reason="ke stanovisku").content.decode()
    assert "čeká na potvrzení" in page and "Zrušit nabídku" in page
    assert receiver.get(f"/dokumenty/{received.pk}/").status_code == 404
    assert "přístup k potvrzení" in receiver.get("/").content.decode()
    waiting = receiver.get("/pristup/").content.decode()
    assert received.reference_number in waiting and "ke stanovisku" in waiting and "zastávky" not in waiting
    grant = AccessGrant.objects.get()
    assert "Všechno je hotové" not in receiver.get("/").content.decode()
    assert receiver.post(f"/pristup/{grant.pk}/potvrdit/")["Location"] == "/pristup/?co=prijate"
    assert receiver.get(f"/dokumenty/{received.pk}/").status_code == 200
    assert f'href="/dokumenty/{received.pk}/"' in receiver.get("/pristup/?co=prijate").content.decode()
    assert f'href="/dokumenty/{received.pk}/pristup/"' in giver.get("/pristup/?co=dane").content.decode()
    assert "Nic nečeká" in receiver.get("/pristup/").content.decode()
    assert "přístup k potvrzení" not in receiver.get("/").content.decode()


def test_refusing_and_withdrawing_from_the_pages(world, received, browser):
    giver, receiver = browser(world.officer), browser(world.outsider)
    offer(giver, received, receiver=f"person:{world.outsider.pk}", reason="ke stanovisku")
    first = AccessGrant.objects.get()
    receiver.post(f"/pristup/{first.pk}/odmitnout/", {"reason": "jsem podjatý"})
    page = giver.get("/pristup/?co=dane").content.decode()
    assert "odmítnutý" in page and "jsem podjatý" in page
    offer(giver, received, receiver=f"person:{world.outsider.pk}", reason="přece jen")
    second = AccessGrant.objects.order_by("-pk")[0]
    assert "zrušená" in giver.post(f"/pristup/{second.pk}/zrusit/", {"zpet": "dane"}, follow=True).content.decode()
    assert "udělat nejde" in receiver.post(f"/pristup/{second.pk}/potvrdit/", follow=True).content.decode()
    assert receiver.get(f"/dokumenty/{received.pk}/").status_code == 404


def test_a_refused_form_keeps_what_was_typed(world, received, browser):
    page = offer(
        browser(world.officer),
        received,
        receiver=f"person:{world.officer.pk}",
        reason="kvůli šetření",
        valid_to="2020-01-01",
    ).content.decode()
    assert "Přístup si nemůžete přidělit sami" in page and "skončil dřív" in page and "kvůli šetření" in page
    assert not AccessGrant.objects.exists()


def test_strangers_learn_nothing_of_a_grant(world, received, browser):
    grant = records.grant_access(
        actor=acting(world.officer), at=clock.now(), document=received, person=world.outsider, reason="ke stanovisku"
    )
    client = browser(world.officer2)
    assert client.get(f"/dokumenty/{received.pk}/pristup/pridelit/").status_code == 404
    for step in ("potvrdit", "odmitnout", "zrusit", "ukoncit"):
        assert client.post(f"/pristup/{grant.pk}/{step}/", {"reason": "x"}).status_code == 404
    assert AccessGrant.objects.get().state == "waiting"


def test_another_organisation_learns_nothing_of_a_grant(world):
    with world.office.scope():
        grant = records.grant_access(
            actor=acting(world.clerk), at=clock.now(), document=register(world), person=world.outsider, reason="x"
        )
    assert signed_in("uceny").post(f"/pristup/{grant.pk}/zrusit/").status_code == 404


def readings():
    return list(LogRecord.objects.filter(operation="records.restricted.read").order_by("pk"))


@pytest.mark.norm("7.4.2")
def test_every_reading_of_a_restricted_file_is_in_its_history(world, received, file, browser):
    client = browser(world.officer)
    client.get(f"/dokumenty/{received.pk}/")
    assert not readings()
    client.post(f"/spisy/{file.pk}/vyhradit/", {"reason": "osobní spis"})
    version = received.components.get(name="žádost.txt").versions.get()
    for address in (
        f"/spisy/{file.pk}/",
        f"/dokumenty/{received.pk}/",
        f"/komponenty/{version.pk}/nahled",
        f"/komponenty/{version.pk}/stahnout",
    ):
        assert client.get(address).status_code == 200
    assert [one.actor_name for one in readings()] == [world.officer.name] * 6
    of_content = [one for one in readings() if version.component.name in str(one.subjects)]
    assert len(of_content) == 2
    assert "Čtení vyhrazeného spisu" in client.get(f"/spisy/{file.pk}/").content.decode()


def test_restricting_closes_the_doors_to_others_and_the_head_opens_them_again(world, received, file, browser):
    head = browser(world.head)
    assert head.get(f"/dokumenty/{received.pk}/").status_code == 200
    browser(world.officer).post(f"/spisy/{file.pk}/vyhradit/", {"reason": "osobní spis"})
    assert head.get(f"/dokumenty/{received.pk}/").status_code == 404
    assert received.subject not in head.get("/dokumenty/").content.decode()
    told = head.get("/pristup/vyhrazene/").content.decode()
    assert file.file_mark in told and file.subject not in told
    page = head.get(f"/spisy/{file.pk}/pristup/").content.decode()
    assert "Zrušit vyhrazení" in page and file.subject not in page
    head.post(f"/spisy/{file.pk}/zrusit-vyhrazeni/", {"reason": "zpracovatel odešel"})
    assert head.get(f"/dokumenty/{received.pk}/").status_code == 200
    assert browser(world.outsider).post(f"/spisy/{file.pk}/vyhradit/", {"reason": "x"}).status_code == 404


@pytest.mark.norm("7.1.2", "7.1.3")
@pytest.mark.parametrize("whole", [True, False])
def test_access_to_a_typed_file_and_a_section_goes_from_its_page_to_the_receiver(world, in_region, browser, whole):
    typed = typed_file(world, typed_class(world))
    file = full_file(world, section(typed, "2"))
    page = (
        f"/typove-spisy/{typed.pk}/pristup/" if whole else f"/typove-spisy/soucasti/{section(typed, '2').pk}/pristup/"
    )
    head, receiver = browser(world.head), browser(world.outsider)
    assert f"{page}pridelit/" in head.get(page).content.decode()
    assert "i ty, které přibudou" in head.get(f"{page}pridelit/").content.decode()
    given = {"receiver": f"person:{world.outsider.pk}", "reason": "ke kontrole"}
    answer = head.post(f"{page}pridelit/", given, follow=True).content.decode()
    assert "čeká na potvrzení" in answer and "Zrušit nabídku" in answer
    waiting = receiver.get("/pristup/").content.decode()
    assert typed.identifier in waiting and typed.name not in waiting
    assert receiver.get(page).status_code == receiver.get(f"/spisy/{file.pk}/").status_code == 404
    grant = AccessGrant.objects.get()
    receiver.post(f"/pristup/{grant.pk}/potvrdit/")
    assert receiver.get(f"/spisy/{file.pk}/").status_code == receiver.get(page).status_code == 200
    assert f"{page}pridelit/" not in receiver.get(page).content.decode()
    administrator = browser(world.administrator)
    told = administrator.get(page).content.decode()
    assert "Ukončit přístup" in told and typed.name not in told
    ended = administrator.post(f"/pristup/{grant.pk}/ukoncit/", {"reason": "omyl", "zpet": "vec"}, follow=True)
    assert "přístup je ukončený" in ended.content.decode() and typed.name not in ended.content.decode()
    assert receiver.get(f"/spisy/{file.pk}/").status_code == 404
    assert browser(world.officer2).get(f"{page}pridelit/").status_code == 404
