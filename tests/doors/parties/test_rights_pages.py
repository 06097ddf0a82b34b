"""Rights of roles in the register, in the browser."""

import pytest
from tests.doors.browser import signed_in

from egon.parties import operations as parties
from egon.parties import permissions
from egon.parties.operations import PartyDetails
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

RIGHTS = {f"records_keeper-{right}": "on" for right in ("read", "write", "edit", "manage")}


@pytest.fixture
def administrator(world):
    with tenant_scope(world.region.pk):
        return signed_in(world.administrator.account.login)


@pytest.fixture
def person(world):
    with tenant_scope(world.region.pk):
        details = PartyDetails(kind="natural", given_name="Anna", family_name="Skrytá")
        return parties.register_party(actor=world.actor(world.clerk), details=details)


@pytest.mark.norm("2.8.19", "2.8.7a")
def test_rights_set_on_the_page_hold_at_once(world, administrator, person):
    assert "Oprávnění" in administrator.get("/rejstrik/prava/").content.decode()
    refused = administrator.post("/rejstrik/prava/", {"auditor-read": "on"}).content.decode()
    assert "Oprávnění se neuložila" in refused and "Alespoň jedna role musí smět zapisovat" in refused
    officer = signed_in("dvorak")
    assert "Anna Skrytá" in officer.get("/rejstrik/?q=skryta").content.decode()
    assert administrator.post("/rejstrik/prava/", RIGHTS).status_code == 302
    page = officer.get("/rejstrik/?q=skryta").content.decode()
    assert "Anna Skrytá" not in page and "Nová osoba" not in page
    assert officer.get(f"/rejstrik/{person.pk}/").status_code == 404
    assert officer.get("/rejstrik/novy/").status_code == 403
    assert officer.get("/rejstrik/duplicity/").status_code == 403
    assert administrator.get("/rejstrik/duplicity/").status_code == 403
    assert administrator.get("/rejstrik/lhuty/").status_code == 200
    keeper = signed_in("fiala")
    assert "Nová osoba" in keeper.get("/rejstrik/").content.decode()


@pytest.mark.norm("2.8.19")
@pytest.mark.parametrize("login", ["fiala", "dvorak", "ticha"])
def test_nobody_else_sets_rights(world, login):
    signed_in(login).post("/rejstrik/prava/", RIGHTS)
    with tenant_scope(world.region.pk):
        assert permissions.rights() == permissions.DEFAULTS
