"""The administration walked through its pages; every step leaves its trace in the history."""

import re

import pytest
from tests.doors.browser import signed_in

from egon.identity.models import Account
from egon.kernel.actor import Role
from egon.registry.models import CodeListItem, Person, Position, RoleGrant, Substitution, Unit
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(world):
    return signed_in("svoboda")


def test_new_colleague_gets_place_role_account_and_signs_in(world, admin):
    made = admin.post(
        "/sprava/osoby/nova/", {"given_name": "Anna", "family_name": "Čížková", "email": "a@kraj.example"}
    )
    pk = int(re.search(r"/osoby/(\d+)/", made.headers["Location"]).group(1))
    unit = world.units["OZP"]
    admin.post(f"/sprava/organizace/{unit.pk}/misto/", {"name": "referentka", "person": pk})
    admin.post(f"/sprava/osoby/{pk}/role/", {"role": "officer", "unit": unit.pk})
    page = admin.post(f"/sprava/osoby/{pk}/ucet/", {"login": "cizkova"}, follow=True).content.decode()
    password = re.search(r"prvním heslem (\S+)\. Ukazuje se jen teď", page).group(1)
    from django.test import Client

    client = Client()
    entered = client.post("/prihlaseni/", {"login": "cizkova", "password": password})
    assert entered.headers["Location"] == "/heslo/"
    page = admin.get(f"/sprava/osoby/{pk}/").content.decode()
    for told in ("Zápis osoby", "Založení funkčního místa", "Přidělení role", "Připojení účtu k osobě"):
        assert told in page
    assert password not in page


def test_unit_is_edited_in_its_page_and_refusal_keeps_what_was_typed(world, admin):
    unit = world.units["OE"]
    good = {"code": "OE", "name": "Odbor ekonomický", "is_records_node": "on", "valid_from": "2024-01-01"}
    assert admin.post(f"/sprava/organizace/{unit.pk}/", good).status_code == 302
    page = admin.post(f"/sprava/organizace/{unit.pk}/", good | {"code": "OD", "name": "Nový název"}).content.decode()
    assert "už má jiná organizační část" in page and "Nový název" in page
    with tenant_scope(world.region.pk):
        assert Unit.objects.get(pk=unit.pk).name == "Odbor ekonomický"


def test_roles_are_given_and_taken(world, admin):
    admin.post(f"/sprava/osoby/{world.outsider.pk}/role/", {"role": "auditor"})
    with tenant_scope(world.region.pk):
        grant = RoleGrant.objects.get(person=world.outsider, role=Role.AUDITOR)
    assert signed_in("kucera").get("/protokol/").status_code == 200
    admin.post(f"/sprava/role/{grant.pk}/odebrat/")
    assert signed_in("kucera").get("/protokol/").status_code == 403


def test_account_is_unlocked_and_gets_a_new_password(world, admin):
    from datetime import timedelta

    from egon.kernel import clock

    Account.objects.filter(login="dvorak").update(failed_attempts=9, locked_until=clock.now() + timedelta(hours=1))
    assert "zablokován do" in admin.get(f"/sprava/osoby/{world.officer.pk}/").content.decode()
    admin.post(f"/sprava/osoby/{world.officer.pk}/ucet/odblokovat/")
    signed_in("dvorak")
    page = admin.post(f"/sprava/osoby/{world.officer.pk}/ucet/heslo/", follow=True).content.decode()
    assert "Nové heslo účtu dvorak je" in page


def test_position_is_filled_and_abolished(world, admin):
    with tenant_scope(world.region.pk):
        position = Position.objects.get(unit=world.units["OD"], is_head=True)
    admin.post(f"/sprava/misto/{position.pk}/obsadit/", {"person": world.substitute.pk})
    with tenant_scope(world.region.pk):
        assert Position.objects.get(pk=position.pk).person_id == world.substitute.pk
    admin.post(f"/sprava/misto/{position.pk}/zrusit/")
    with tenant_scope(world.region.pk):
        assert not Position.objects.filter(pk=position.pk).exists()


def test_code_list_item_is_added_and_ended(world, admin):
    admin.post("/sprava/ciselniky/", {"code_list": "druhy", "code": "Z", "name": "žádost", "valid_from": "2026-01-01"})
    with tenant_scope(world.region.pk):
        item = CodeListItem.objects.get(code_list="druhy")
    changed = {"name": "žádost", "valid_from": "2026-01-01", "valid_to": "2026-06-30"}
    assert admin.post(f"/sprava/ciselniky/{item.pk}/", changed).status_code == 302
    assert "30." in admin.get("/sprava/ciselniky/").content.decode()


def test_officer_appoints_own_substitute_and_nobody_elses(world):
    from datetime import timedelta

    from egon.kernel import clock

    client, today = signed_in("dvorak"), clock.today()
    period = {"valid_from": today.isoformat(), "valid_to": (today + timedelta(days=3)).isoformat()}
    mine = {"absent": world.officer.pk, "substitute": world.officer2.pk, **period}
    assert client.post("/sprava/zastupy/", mine).status_code == 302
    others = {"absent": world.head.pk, "substitute": world.officer.pk, **period}
    assert client.post("/sprava/zastupy/", others).status_code == 200
    with tenant_scope(world.region.pk):
        made = Substitution.objects.get(absent=world.officer)
        assert not Substitution.objects.filter(substitute=world.officer).exists()
    assert signed_in("benes").post(f"/sprava/zastupy/{made.pk}/ukoncit/").status_code == 302
    with tenant_scope(world.region.pk):
        assert Substitution.objects.filter(pk=made.pk).exists()  # not his to end
    client.post(f"/sprava/zastupy/{made.pk}/ukoncit/")
    with tenant_scope(world.region.pk):
        assert not Substitution.objects.filter(pk=made.pk).exists()


POSTS = [
    "osoby/{person}/role/",
    "osoby/{person}/ucet/",
    "osoby/{person}/ucet/heslo/",
    "osoby/{person}/ukoncit/",
    "organizace/{unit}/misto/",
]


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize(("login", "status"), [("dvorak", 403), ("uceny", 404)])
def test_neither_outsider_nor_other_tenants_administrator_changes_anything(world, address, login, status):
    with tenant_scope(world.region.pk):
        before = (Person.objects.filter(active=True).count(), RoleGrant.objects.count(), Position.objects.count())
    url = "/sprava/" + address.format(person=world.outsider.pk, unit=world.units["OE"].pk)
    data = {"role": "administrator", "login": "novy", "name": "x"}
    assert signed_in(login).post(url, data).status_code == status
    with tenant_scope(world.region.pk):
        after = (Person.objects.filter(active=True).count(), RoleGrant.objects.count(), Position.objects.count())
    assert after == before


def test_page_of_a_person_shows_whose_session_it_is_and_no_documents(world, admin):
    page = admin.get(f"/sprava/osoby/{world.officer.pk}/").content.decode()
    header = page.partition("<body")[2].partition("<main")[0]
    assert "Ondřej Svoboda" in header
    assert "Dvořák" not in header
    assert "KSA " not in page.partition("Historie")[2]
