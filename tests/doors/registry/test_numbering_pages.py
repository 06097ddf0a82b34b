"""Numbering in the browser: patterns with the coming numbers, periods set, changed and removed."""

from datetime import timedelta

import pytest
from tests.doors.browser import signed_in

from egon.kernel import clock
from egon.numbering.models import Period
from egon.records.models import RecordsSettings
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db

PAGE = "/sprava/cislovani/"


@pytest.fixture
def admin(world):
    return signed_in("svoboda")


def held(world):
    with tenant_scope(world.region.pk):
        return RecordsSettings.objects.get()


@pytest.mark.norm("2.7.4a", "2.7.4b")
def test_patterns_are_shown_with_the_coming_numbers_before_they_are_saved(world, admin):
    typed = {"reference_format": "{code}-{unit}/{year}-{number}", "file_mark_format": "Z {code} {number}/{year}"}
    before = held(world).reference_format
    year = clock.today().year
    shown = admin.post(PAGE, {**typed, "nahled": "1"}).content.decode()
    assert f"/{year}-" in shown and f"Z {world.region.code}" in shown
    assert held(world).reference_format == before
    partial = admin.get(f"{PAGE}nahled/", typed).content.decode()
    assert "<html" not in partial and f"Z {world.region.code}" in partial
    assert admin.post(PAGE, typed).status_code == 302
    assert held(world).reference_format == typed["reference_format"]


def test_a_wrong_pattern_keeps_what_was_typed_and_changes_nothing(world, admin):
    before = held(world).reference_format
    typed = {"reference_format": "{number} jen", "file_mark_format": "{nic}"}
    page = admin.post(PAGE, typed).content.decode()
    assert "{number} jen" in page and "chybí {code}" in page
    assert "nejde přečíst" in admin.get(f"{PAGE}nahled/", typed).content.decode()
    assert held(world).reference_format == before


@pytest.mark.norm("2.7.2")
def test_a_period_is_set_the_next_one_proposed_and_removed(world, admin):
    tomorrow = clock.today() + timedelta(days=1)
    end = tomorrow + timedelta(days=364)
    typed = {"label": "P-26/27", "starts_on": tomorrow.isoformat(), "ends_on": end.isoformat()}
    assert admin.post(f"{PAGE}obdobi/", typed).headers["Location"] == PAGE
    proposed = admin.get(f"{PAGE}obdobi/").content.decode()
    assert "P-27/28" in proposed and (end + timedelta(days=1)).isoformat() in proposed
    refused = admin.post(f"{PAGE}obdobi/", typed | {"label": "Jiné"}).content.decode()
    assert "překrývá s obdobím P-26/27" in refused and "Jiné" in refused
    with tenant_scope(world.region.pk):
        period = Period.objects.get()
    assert "teprve začne" in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}obdobi/{period.pk}/", typed | {"label": "P2"}).status_code == 302
    admin.post(f"{PAGE}obdobi/{period.pk}/zrusit/")
    with tenant_scope(world.region.pk):
        assert not Period.objects.exists()
    assert admin.get(f"{PAGE}obdobi/{period.pk}/").status_code == 404


@pytest.mark.norm("2.7.2", "2.7.4a", "2.7.4b")
def test_others_do_not_open_numbering(world):
    for login in ("dvorak", "kucera"):
        assert signed_in(login).get(PAGE).status_code == 403


def test_a_period_of_one_organisation_is_not_there_in_another(world, admin):
    with tenant_scope(world.school.pk):
        other = Period.objects.create(label="x", starts_on="2030-01-01", ends_on="2030-12-31")
    assert admin.get(f"{PAGE}obdobi/{other.pk}/").status_code == 404
