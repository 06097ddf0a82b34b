"""Pages of reminders: set on a document or a file, on the desk on the day, listed, put off, done, deleted."""

from datetime import timedelta

import pytest
from tests.doors.records.test_prints import open_file
from tests.records_steps import acting, register

from egon.kernel.clock import today
from egon.records import operations
from egon.records.models import CaseFile, Document, Reminder


@pytest.fixture
def document(in_region, world):
    made = register(world)
    unit = world.office.units["OD"]
    operations.place_in_unit(actor=acting(world.clerk), document=made, unit=unit, holder=world.officer)
    return made


@pytest.fixture
def officer(browser, world):
    return browser(world.officer)


def html(answer):
    return answer.content.decode()


def in_days(days):
    return (today() + timedelta(days=days)).isoformat()


def reminded(who, days=0, note="zavolat", **of):
    return operations.set_reminder(actor=acting(who), day=today() + timedelta(days=days), note=note, **of)


def test_a_reminder_is_set_seen_on_the_desk_and_done_there(officer, document, world):
    page = f"/dokumenty/{document.pk}/"
    assert f"{page}pripomenout/" in html(officer.get(page))
    assert "připomínky na dnes" not in html(officer.get("/"))
    answer = officer.post(f"{page}pripomenout/", {"day": in_days(0), "note": "zavolat žadateli"}, follow=True)
    assert "Připomeneme vám" in html(answer) and "zavolat žadateli" in html(answer)
    desk = html(officer.get("/"))
    assert "připomínky na dnes" in desk and "/pripominky/?stav=dnes" in desk
    made = Reminder.objects.get()
    assert officer.post(f"/pripominky/{made.pk}/hotovo/", {"zpet": page})["Location"] == page
    assert "zavolat žadateli" not in html(officer.get(page))
    assert "připomínky na dnes" not in html(officer.get("/"))
    outside = officer.post(f"/pripominky/{made.pk}/hotovo/", {"zpet": "https://zlo.example/"})
    assert outside["Location"] == "/pripominky/"


def test_a_refused_reminder_keeps_what_was_typed(officer, document, world):
    address = f"/dokumenty/{document.pk}/pripomenout/"
    page = html(officer.post(address, {"day": in_days(-1), "note": "volat zítra"}))
    assert "už minul" in page and "volat zítra" in page
    page = html(officer.post(address, {"day": in_days(0), "note": "volat", "person": world.outsider.pk}))
    assert "připomenout mu ho nejde" in page
    assert not Reminder.objects.exists()


def test_a_file_reminds_too_and_another_is_reminded(browser, officer, in_region, world):
    file = open_file("Oznámení o uzavírce")
    assert f"/spisy/{file.pk}/pripomenout/" in html(officer.get(f"/spisy/{file.pk}/"))
    typed = {"day": in_days(0), "note": "podepsat", "person": world.head.pk}
    answer = html(officer.post(f"/spisy/{file.pk}/pripomenout/", typed, follow=True))
    assert str(world.head) in answer and "podepsat" in answer
    listed = html(browser(world.head).get("/pripominky/"))
    assert file.file_mark in listed and str(world.officer) in listed
    assert "podepsat" in html(officer.get("/pripominky/?koho=jinym"))
    assert "podepsat" not in html(officer.get("/pripominky/"))


def test_the_list_is_filtered_sorted_and_paged(officer, document, world):
    assert "Nic vám připomenout nemáme" in html(officer.get("/pripominky/"))
    for day in range(55):
        reminded(world.officer, days=day, note=f"krok číslo {day:02}", document=document)
    first = html(officer.get("/pripominky/"))
    assert "krok číslo 00" in first and "krok číslo 49" in first and "krok číslo 50" not in first
    assert "krok číslo 50" in html(officer.get("/pripominky/?strana=2"))
    last = html(officer.get("/pripominky/?razeni=-den"))
    assert "krok číslo 54" in last and "krok číslo 00" not in last
    due = html(officer.get("/pripominky/?stav=dnes"))
    assert "krok číslo 00" in due and "krok číslo 01" not in due
    assert "krok číslo 00" not in html(officer.get("/pripominky/?stav=pozdeji"))
    narrow = html(officer.get(f"/pripominky/?od={in_days(3)}&do={in_days(3)}"))
    assert "krok číslo 03" in narrow and "krok číslo 04" not in narrow
    assert "před jeho začátkem" in html(officer.get(f"/pripominky/?od={in_days(3)}&do={in_days(0)}"))
    assert "Filtru nic neodpovídá" in html(officer.get("/pripominky/?stav=hotove"))


def test_a_reminder_is_put_off_and_deleted(officer, document, world):
    made = reminded(world.officer, document=document)
    address = f"/pripominky/{made.pk}/"
    assert document.reference_number in html(officer.get(address))
    officer.post(address, {"day": in_days(9), "note": "až po uzávěrce"})
    made.refresh_from_db()
    assert (made.day.isoformat(), made.note) == (in_days(9), "až po uzávěrce")
    officer.post(f"{address}smazat/")
    assert not Reminder.objects.exists()


def test_the_list_tells_nothing_of_what_one_does_not_see_any_more(browser, officer, in_region, world):
    file = open_file("Oznámení o uzavírce")
    made = reminded(world.head, note="cizí slovo", file=file, person=world.officer)
    Document.objects.filter(case_file=file).update(holder=world.head)
    CaseFile.objects.filter(pk=file.pk).update(processor=world.head)
    address = f"/pripominky/{made.pk}/"
    for page in (html(officer.get("/pripominky/")), html(officer.get(address))):
        assert "nemáte přístup" in page
        assert not any(part in page for part in (file.file_mark, file.subject, "cizí slovo"))
    officer.post(address, {"day": in_days(2)})
    made.refresh_from_db()
    assert (made.day.isoformat(), made.note) == (in_days(2), "cizí slovo")
    outsider = browser(world.outsider)
    assert outsider.get(address).status_code == 404
    assert outsider.post(f"{address}hotovo/").status_code == outsider.post(f"{address}smazat/").status_code == 404
    assert outsider.get(f"/spisy/{file.pk}/pripomenout/").status_code == 404
