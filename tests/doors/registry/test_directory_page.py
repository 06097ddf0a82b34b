"""The page of the directory: what was typed stays, the password is never shown, comparing runs in the background."""

import pytest
from tests.doors.browser import signed_in

from egon.registry.models import DirectorySettings
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

PAGE = "/sprava/osoby/adresar/"
TYPED = {
    "host": "ad.kraj.example", "port": "636", "starttls": "", "base": "DC=kraj,DC=example", "bind_dn": "CN=cteni",
    "password": "velmi-tajne", "search_filter": "(objectClass=user)", "limit_percent": "10",
    "attribute_personal_number": "employeeID", "attribute_given_name": "givenName", "attribute_family_name": "sn",
    "attribute_login": "sAMAccountName",
}  # fmt: skip


@pytest.fixture(autouse=True)
def allowed_here(settings):
    settings.DIRECTORY_HOSTS = ["ad.kraj.example"]


def test_a_server_of_somebody_else_is_refused_and_what_was_typed_stays(world):
    answer = signed_in("svoboda").post(PAGE, TYPED | {"host": "10.0.0.5"}).content.decode()
    assert "Na server 10.0.0.5:636 se odtud nesmí připojovat" in answer and "správce krajského centra" in answer
    assert 'value="DC=kraj,DC=example"' in answer
    with tenant_scope(world.region.pk):
        assert not DirectorySettings.objects.exists()


def test_settings_are_saved_shown_without_the_password_and_asked(world):
    admin = signed_in("svoboda")
    assert "Porovnat teď" not in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, TYPED).status_code == 302
    page = admin.get(PAGE).content.decode()
    assert "ad.kraj.example" in page and "velmi-tajne" not in page
    assert "čte se" in admin.post(f"{PAGE}porovnat/", follow=True).content.decode()
    with tenant_scope(world.region.pk):
        assert DirectorySettings.objects.get().attributes["login"] == "sAMAccountName"
    wrong = admin.post(PAGE, TYPED | {"authority": "nic", "host": "psáno.example"}).content.decode()
    assert "PEM" in wrong and "psáno.example" in wrong


def test_others_do_not_open_it(world):
    for login in ("dvorak", "fiala"):
        assert signed_in(login).get(PAGE).status_code == 403
    assert signed_in("dvorak").post(f"{PAGE}porovnat/").status_code == 403
