"""The pages of signing in: sessions, switching, first passwords, no open redirects."""

import pytest
from django.test import Client
from tests.doors.browser import signed_in

from egon.audit.models import LogRecord
from egon.identity.models import Account
from egon.tenancy.scope import tenant_scope
from egon.world.organisations import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "ranní kafe bez cukru"


def change(client: Client, current: str = PASSWORD, new: str = NEW, again: str = NEW):
    return client.post("/heslo/", {"current": current, "new": new, "again": again})


def test_wrong_password_keeps_the_login_and_says_what_to_do(world):
    response = Client().post("/prihlaseni/", {"login": "dvorak", "password": "bad"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Přihlášení se nepodařilo" in page
    assert 'value="dvorak"' in page
    assert 'value="bad"' not in page


def test_empty_form_says_what_is_missing(world):
    page = Client().post("/prihlaseni/", {}).content.decode()
    assert page.count("field__error") >= 2


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/muj-ucet/", "/muj-ucet/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_sign_in_one_goes_where_one_wanted_but_never_away(world, wanted, given):
    response = Client().post("/prihlaseni/", {"login": "dvorak", "password": PASSWORD, "next": wanted})
    assert response.headers["Location"] == given


def test_sign_in_changes_the_session_key(world):
    client = Client()
    client.get("/prihlaseni/")
    before = client.session.session_key
    client.post("/prihlaseni/", {"login": "dvorak", "password": PASSWORD})
    assert client.session.session_key not in (None, before)


def test_last_sign_in_is_shown_on_the_second_one(world):
    signed_in("dvorak")
    page = signed_in("dvorak").get("/muj-ucet/").content.decode()
    assert "Naposledy jste se přihlásili" in page
    assert "toto je první" not in page


def test_sign_out_ends_the_session_and_is_logged(world):
    client = signed_in("dvorak")
    assert client.get("/odhlaseni/").status_code == 405
    client.post("/odhlaseni/")
    assert client.get("/muj-ucet/").status_code == 302
    with tenant_scope(world.region.pk):
        assert LogRecord.objects.filter(operation="identity.sign_out").exists()


def test_changed_password_ends_all_other_sessions(world):
    here, elsewhere = signed_in("dvorak"), signed_in("dvorak")
    assert change(here).status_code == 302
    assert here.get("/muj-ucet/").status_code == 200
    assert elsewhere.get("/muj-ucet/").status_code == 302


def test_refused_password_changes_nothing_and_says_everything(world):
    client = signed_in("dvorak")
    page = change(client, current="bad", new="dvorak", again="dvorak").content.decode()
    assert "Současné heslo nesouhlasí" in page and "aspoň 12" in page
    assert "shodovat" in change(client, again="něco jiného").content.decode()
    assert signed_in("dvorak").get("/muj-ucet/").status_code == 200


def test_password_from_the_administrator_must_be_changed_before_anything_else(world):
    Account.objects.filter(login="dvorak").update(must_change_password=True)
    client = signed_in("dvorak")
    assert client.get("/muj-ucet/").headers["Location"] == "/heslo/"
    change(client)
    assert client.get("/muj-ucet/").status_code == 200


def test_switching_changes_organisation_and_session_key(world):
    client = signed_in("spolecna")
    before = client.session.session_key
    response = client.post("/organizace/prepnout/", {"organisation": world.roads.pk, "zpet": "/rejstrik/"})
    assert response.status_code == 302
    assert client.session.session_key != before
    assert "Správa a údržba silnic" in client.get("/muj-ucet/").content.decode()
    assert client.get(f"/sprava/osoby/{world.commuter.pk}/").status_code == 403


@pytest.mark.parametrize("organisation", ["school", "nonsense", "999999"])
def test_nobody_switches_where_they_do_not_belong(world, organisation):
    client = signed_in("spolecna")
    number = world.school.pk if organisation == "school" else organisation
    assert client.post("/organizace/prepnout/", {"organisation": number}).status_code == 404
    assert "Kraj Sázavský" in client.get("/muj-ucet/").content.decode()


def test_session_ends_when_the_organisation_ends_the_persons_work(world):
    client, admin = signed_in("dvorak"), signed_in("svoboda")
    admin.post(f"/sprava/osoby/{world.officer.pk}/ukoncit/")
    assert client.get("/muj-ucet/").status_code == 302
    page = client.get("/prihlaseni/", follow=True).content.decode()
    assert "už nemáte přístup" in page


def test_forms_need_their_token(world):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/prihlaseni/", {"login": "dvorak", "password": PASSWORD}).status_code == 403
