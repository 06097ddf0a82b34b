"""Searches that people keep, and what the search field suggests."""

import pytest
from tests.records_steps import acting

from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records.errors import InvalidInput
from egon.records.models import SavedSearch


def save(client, name="Moje zastávky", query="q=rekonstrukce&odesilatele=ZN-77", **posted):
    return client.post(f"/hledat/ulozit/?{query}", {"name": name, **posted}, follow=True)


def test_a_search_is_kept_runs_and_is_changed(browser, received, world):
    client = browser(world.officer)
    assert "/hledat/ulozit/?q=rekonstrukce" in client.get("/hledat/?q=rekonstrukce").content.decode()
    page = save(client).content.decode()
    assert "Hledání „Moje zastávky“ je uložené." in page
    assert "rekonstrukce; Označení odesílatelem: ZN-77" in page
    assert 'href="/hledat/?q=rekonstrukce&amp;odesilatele=ZN-77"' in page
    kept = SavedSearch.objects.get()
    assert received.reference_number in client.get(f"/hledat/?{kept.query}").content.decode()
    client.post(f"/hledat/ulozena/{kept.pk}/", {"name": "Zastávky"})
    kept.refresh_from_db()
    assert (kept.name, kept.query) == ("Zastávky", "q=rekonstrukce&odesilatele=ZN-77")


def test_a_deleted_search_is_taken_back(browser, received, world):
    client = browser(world.officer)
    save(client)
    kept = SavedSearch.objects.get()
    page = client.post(f"/hledat/ulozena/{kept.pk}/smazat/", follow=True).content.decode()
    assert "Žádné uložené hledání" in page and "Vrátit smazané hledání" in page
    page = client.post(f"/hledat/ulozena/{kept.pk}/vratit/", follow=True).content.decode()
    assert "Hledání „Moje zastávky“ je zpět." in page and "Co se hledá" in page


def test_a_search_shared_with_a_unit_is_run_by_its_people_and_changed_by_its_owner_alone(browser, received, world):
    save(browser(world.officer), unit=world.office.units["OD"].pk)
    kept = SavedSearch.objects.get()
    colleague, stranger = browser(world.head), browser(world.outsider)
    page = colleague.get("/hledat/ulozena/").content.decode()
    assert "Moje zastávky" in page and "Petr Dvořák" in page and "/smazat/" not in page
    assert "Moje zastávky" not in stranger.get("/hledat/ulozena/").content.decode()
    for client in (colleague, stranger):
        assert client.get(f"/hledat/ulozena/{kept.pk}/").status_code == 404
        assert client.post(f"/hledat/ulozena/{kept.pk}/smazat/").status_code == 404
    with pytest.raises(AccessDenied):
        records.delete_search(actor=acting(world.head), search=kept, at=clock.now())
    with pytest.raises(AccessDenied):
        records.restore_search(actor=acting(world.head), search=kept)
    kept.refresh_from_db()
    assert kept.deleted_at is None


def test_a_refusal_tells_all_faults_and_keeps_what_was_typed(browser, received, world):
    client = browser(world.officer)
    save(client)
    page = save(client, query="").content.decode()
    assert "už máte" in page and "Není co uložit" in page and 'value="Moje zastávky"' in page
    assert SavedSearch.objects.count() == 1
    with pytest.raises(InvalidInput):
        records.save_search(
            actor=acting(world.officer), name="Cizí", query="q=x", at=clock.now(), unit=world.office.units["OS"]
        )
    assert browser(world.officer).get("/hledat/ulozit/?q=x").status_code == 200


def test_another_organisation_has_no_such_search(browser, received, world):
    save(browser(world.officer))
    kept = SavedSearch.objects.get()
    other = browser(world.principal, world.school) if hasattr(world, "principal") else None
    if other is not None:
        assert other.get(f"/hledat/ulozena/{kept.pk}/").status_code == 404


def test_what_is_typed_suggests_only_what_one_may_see(browser, received, world):
    client = browser(world.officer)
    html = client.get("/hledat/napoveda/", {"q": "rekonst"}).content.decode()
    assert received.reference_number in html and "<html" not in html
    assert (
        received.reference_number
        in client.get("/hledat/napoveda/", {"q": received.reference_number[:-2]}).content.decode()
    )
    assert browser(world.outsider).get("/hledat/napoveda/", {"q": "rekonst"}).content.decode().strip() == ""
    for typed in ("", "re", "(((", "NEBO ", '"', "\x00"):
        assert client.get("/hledat/napoveda/", {"q": typed}).status_code == 200


def offered(client, typed):
    return client.get("/hledat/napoveda/", {"q": typed}).content.decode()


def test_classes_and_own_and_shared_searches_are_suggested(browser, received, world):
    client = browser(world.officer)
    save(client)
    assert "uložené hledání" in offered(client, "moje zast") and "Moje zastávky" in offered(client, "MOJE ZASTÁV")
    assert "Moje zastávky" not in offered(browser(world.head), "moje zast")
    html = offered(client, "80.3")
    assert "věcná skupina" in html and "/plan/?q=80.3" in html
    assert "/plan/skupiny/" in offered(browser(world.records_keeper), "80.3")


def test_people_are_suggested_to_who_may_see_them_and_a_look_is_logged_when_opened(browser, received, world):
    from egon.audit.models import LogRecord
    from egon.parties.models import Party, RoleRight
    from egon.parties.rules import Right

    natural = Party.objects.filter(kind="natural").exclude(family_name="").order_by("pk").first()
    typed = natural.family_name[:4]
    looks = LogRecord.objects.filter(operation__startswith="parties.").count()
    html = offered(browser(world.officer), typed)
    assert natural.name in html and f"/rejstrik/{natural.pk}/" in html
    assert natural.city not in html
    assert LogRecord.objects.filter(operation__startswith="parties.").count() == looks
    browser(world.officer).get(f"/rejstrik/{natural.pk}/")
    assert LogRecord.objects.filter(operation__startswith="parties.").count() == looks + 1
    # Once only managers may look into the register, others see people of their own documents alone.
    RoleRight.objects.create(role="records_keeper", right=Right.READ)
    stranger = Party(kind="natural", given_name="Eva", family_name="Zvonařová", name="Eva Zvonařová", city="Brno")
    stranger.renew_keys()
    stranger.save()
    assert "Zvonařová" not in offered(browser(world.officer), "Zvona")
    assert stranger.name in offered(browser(world.records_keeper), "zvona")
