"""Being signed in at several places, and links by which people set their password."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.doors.browser import signed_in
from tests.doors.texts import text_of_page

from egon.identity import operations
from egon.identity.models import Account, Session
from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records.models import CheckOut
from egon.registry import queries as registry

pytestmark = pytest.mark.django_db
NEW = "modrá lampa nad mostem"


def is_in(browser):
    return browser.get("/muj-ucet/").status_code == 200


def link_in(answer):
    found = re.search(r"https?://testserver(/pozvanka/[\w-]+/)", answer.content.decode())
    assert found, text_of_page(answer)
    return found[1]


def test_one_sees_where_one_is_signed_in_and_signs_out_elsewhere(world):
    here, there = signed_in("dvorak"), signed_in("dvorak")
    other = signed_in("svoboda")
    page = text_of_page(here.get("/muj-ucet/"))
    assert "tady a teď" in page and page.count("127.0.0.1") == 2
    done = here.post("/odhlaseni/jinde/", follow=True)
    assert "Ukončeno: 1 přihlášení" in text_of_page(done)
    assert is_in(here) and is_in(other) and not is_in(there)
    assert "Jinde přihlášeni nejste" in text_of_page(here.post("/odhlaseni/jinde/", follow=True))
    assert here.get("/odhlaseni/jinde/").status_code == 405


def test_an_administrator_signs_a_person_out_everywhere(world):
    person, admin = signed_in("dvorak"), signed_in("svoboda")
    address = f"/sprava/osoby/{world.officer.pk}/ucet/odhlasit/"
    assert person.post(address).status_code == 403 and is_in(person)
    assert "všude odhlášená" in text_of_page(admin.post(address, follow=True))
    assert not is_in(person) and is_in(admin)
    hospital = signed_in(world.hospital.administrator.account.login)
    assert hospital.post(address).status_code == 404


def test_a_new_password_ends_all_other_sessions_for_good(world):
    from egon.world.organisations import PASSWORD

    here, there = signed_in("dvorak"), signed_in("dvorak")
    assert here.post("/heslo/", {"current": PASSWORD, "new": NEW, "again": NEW}).status_code == 302
    assert is_in(here) and not is_in(there)
    assert Session.objects.filter(account=world.officer.account_id).count() == 1
    signed_in("svoboda").post(f"/sprava/osoby/{world.officer.pk}/ucet/heslo/")
    assert not is_in(here) and not Session.objects.filter(account=world.officer.account_id).exists()


def test_only_oneself_or_an_administrator_ends_sessions(world):
    account = Account.objects.get(pk=world.officer.account_id)
    with world.office.scope():
        head = registry.actor_of(world.head, at=clock.now())
        with pytest.raises(AccessDenied):
            operations.sign_out_elsewhere(actor=head, account=account, keep="")
        with pytest.raises(AccessDenied):
            operations.sign_out_everywhere(actor=head, account=account)
        officer = registry.actor_of(world.officer, at=clock.now())
        assert operations.sign_out_elsewhere(actor=officer, account=account, keep="") == 0
        assert not CheckOut.objects.filter(person=world.officer).exclude(link_hash="").exists()


def test_a_link_is_shown_once_sets_the_password_and_works_no_more(world):
    admin = signed_in("svoboda")
    issued = admin.post(f"/sprava/osoby/{world.officer.pk}/ucet/pozvat/")
    link, nobody = link_in(issued), Client()
    person_page = text_of_page(admin.get(f"/sprava/osoby/{world.officer.pk}/"))
    assert link not in person_page and "Zrušit odkaz" in person_page
    assert "dvorak" in text_of_page(nobody.get(link))
    weak = nobody.post(link, {"new": "dvorak", "again": "dvorak"})
    assert weak.status_code == 422 and "Aspoň 12 znaků" in text_of_page(weak)
    assert "musí shodovat" in text_of_page(nobody.post(link, {"new": NEW, "again": NEW + "x"}))
    assert nobody.post(link, {"new": NEW, "again": NEW}).headers["Location"] == "/prihlaseni/"
    assert nobody.post("/prihlaseni/", {"login": "dvorak", "password": NEW}).status_code == 302
    used = Client().get(link)
    assert used.status_code == 410 and "už byl použit" in text_of_page(used)
    assert Client().get("/pozvanka/nic/").status_code == 410
    assert admin.get(link).status_code == 302


def test_a_revoked_link_works_no_more_and_strangers_issue_none(world):
    admin = signed_in("svoboda")
    link = link_in(admin.post(f"/sprava/osoby/{world.officer.pk}/ucet/pozvat/"))
    admin.post(f"/sprava/osoby/{world.officer.pk}/ucet/pozvanka/zrusit/")
    assert Client().get(link).status_code == 410
    for path in ("ucet/pozvat/", "ucet/pozvanka/zrusit/"):
        assert signed_in("dvorak").post(f"/sprava/osoby/{world.head.pk}/{path}").status_code == 403
        hospital = signed_in(world.hospital.administrator.account.login)
        assert hospital.post(f"/sprava/osoby/{world.officer.pk}/{path}").status_code == 404


def test_many_get_their_links_at_once(world):
    admin = signed_in("svoboda")
    assert 'href="/sprava/osoby/pozvanky/"' in admin.get("/sprava/osoby/").content.decode()
    page = admin.get("/sprava/osoby/pozvanky/")
    assert f'value="{world.officer.pk}"' in page.content.decode()
    issued = admin.post("/sprava/osoby/pozvanky/", {"osoba": [world.officer.pk, world.head.pk, "x"]}).content.decode()
    assert issued.count("/pozvanka/") == 2
    assert "žádný odkaz se nevydal" in text_of_page(admin.post("/sprava/osoby/pozvanky/"))
    Account.objects.update(last_login=clock.now() - timedelta(days=1))
    assert "Nikdo nečeká" in text_of_page(admin.get("/sprava/osoby/pozvanky/"))
    assert signed_in("dvorak").get("/sprava/osoby/pozvanky/").status_code == 403
