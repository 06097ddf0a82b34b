"""Pages of who has what and of where paper is."""

import pytest
from tests.doors.texts import text_of_page

from egon.circulation.models import PaperPlace

pytestmark = pytest.mark.django_db


def test_the_place_of_paper_is_recorded_shown_and_found(browser, office):
    draft = office.draft(subject="Smlouva o dílo")
    officer = browser(office.world.officer)
    address = f"/obeh/dokument/{draft.pk}/papir/"
    assert f'href="{address}"' in officer.get(f"/dokumenty/{draft.pk}/").content.decode()
    refused = officer.post(address, {"note": "vypůjčeno"})
    assert "kde papír je" in text_of_page(refused)
    assert "vypůjčeno" in refused.content.decode()
    page = officer.post(address, {"room": "regál 7", "note": "vypůjčeno"}, follow=True)
    assert "Papír: regál 7" in text_of_page(page)
    found = text_of_page(officer.get("/obeh/kdo-co-ma/?mistnost=regál"))
    assert "Smlouva o dílo" in found
    assert "regál 7" in found
    assert "Filtru nic neodpovídá" in text_of_page(officer.get("/obeh/kdo-co-ma/?mistnost=sklep"))
    assert officer.get("/obeh/kdo-co-ma/?osoba=nesmysl&utvar=x&razeni=-termin&strana=99").status_code == 200


def test_outsiders_see_and_record_nothing(browser, office):
    draft = office.draft(subject="Smlouva o dílo")
    outsider = browser(office.world.outsider)
    assert outsider.post(f"/obeh/dokument/{draft.pk}/papir/", {"room": "x"}).status_code == 404
    assert "Smlouva o dílo" not in text_of_page(outsider.get("/obeh/kdo-co-ma/"))
    assert not PaperPlace.objects.filter(document=draft).exists()
