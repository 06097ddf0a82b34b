"""Two people edit one thing: the later save shows what changed meanwhile, keeps what was typed and lets one decide."""

import html
import json
import re

import pytest
from tests.records_steps import acting, record_class
from tests.typed_steps import typed_class, typed_file

from egon.kernel import clock
from egon.kernel.errors import Conflict
from egon.parties import operations as parties
from egon.parties.operations import PartyDetails
from egon.records import operations as records
from egon.records import queries
from egon.records.models import CaseFile, Document
from egon.records.rules.header import EXTRAS
from egon.records.rules.states import Direction


def opened(client, page):
    """What the form on the page says it has shown."""
    text = client.get(page).content.decode()
    return html.unescape(re.search(r'name="seen" value="([^"]*)"', text).group(1))


@pytest.fixture
def page(received):
    return f"/dokumenty/{received.pk}/udaje/"


def typed(received, **given):
    return {"subject": received.subject, "sender_reference": received.sender_reference, "note": "", **given}


def test_a_later_save_shows_was_now_and_yours_and_changes_nothing(browser, world, received, page):
    officer, head = browser(world.officer), browser(world.head)
    seen = opened(officer, page)
    head.post(page, typed(received, subject="Věc podle vedoucí", seen=opened(head, page)))
    answer = officer.post(page, typed(received, subject="Věc podle referenta", note="Moje poznámka", seen=seen))
    text = answer.content.decode()
    for told in (
        received.subject,
        "Věc podle vedoucí",
        "Věc podle referenta",
        "Moje poznámka",
        "Mezitím to někdo změnil",
    ):
        assert told in text
    assert text.count('name="vzit-') == 2  # one field, two choices
    document = Document.objects.get(pk=received.pk)
    assert (document.subject, document.note) == ("Věc podle vedoucí", "")


@pytest.mark.parametrize(("choice", "subject"), [("nyni", "Věc podle vedoucí"), ("moje", "Věc podle referenta")])
def test_the_person_decides_whose_value_holds(browser, world, received, page, choice, subject):
    officer, head = browser(world.officer), browser(world.head)
    seen = opened(officer, page)
    head.post(page, typed(received, subject="Věc podle vedoucí", seen=opened(head, page)))
    mine = typed(received, subject="Věc podle referenta", note="Moje poznámka")
    text = officer.post(page, {**mine, "seen": seen}).content.decode()
    seen_now = html.unescape(re.search(r'name="seen" value="([^"]*)"', text).group(1))
    assert json.loads(seen_now)["subject"] == "Věc podle vedoucí"
    officer.post(page, {**mine, "seen": seen_now, "vzit-subject": choice})
    document = Document.objects.get(pk=received.pk)
    assert (document.subject, document.note) == (subject, "Moje poznámka")


def test_who_was_first_and_who_typed_the_same_are_not_asked(browser, world, received, page):
    officer, head = browser(world.officer), browser(world.head)
    seen = opened(officer, page)
    head.post(page, typed(received, subject="Stejná věc", seen=opened(head, page)))
    assert officer.post(page, typed(received, subject="Stejná věc", seen=seen)).status_code == 302


def test_a_file_and_a_text_are_kept_the_same_way(browser, world, received):
    officer, head = browser(world.officer), browser(world.head)
    file = records.open_file(
        actor=acting(world.officer), record_class=record_class("80.1"), unit=received.unit, processor=world.officer,
        document=received,
    )  # fmt: skip
    page = f"/spisy/{file.pk}/udaje/"
    seen = opened(officer, page)
    head.post(page, {"subject": "Podle vedoucí", "processor": world.officer.pk, "seen": opened(head, page)})
    text = officer.post(page, {"subject": "Můj", "processor": world.officer.pk, "seen": seen}).content.decode()
    assert "Podle vedoucí" in text
    assert CaseFile.objects.get(pk=file.pk).subject == "Podle vedoucí"
    draft = records.create_document(
        actor=acting(world.officer), direction=Direction.INTERNAL, subject="Záznam", text="První\n\nverze"
    )
    page = f"/dokumenty/{draft.pk}/text/"
    seen = opened(officer, page)
    head.post(page, {"subject": "Záznam", "body": "Text vedoucí", "seen": opened(head, page)})
    text = officer.post(page, {"subject": "Záznam", "body": "Můj text", "seen": seen}).content.decode()
    for told in ("Text vedoucí", "Můj text", "Mezitím to někdo změnil"):
        assert told in text
    again = officer.post(page, {"subject": "Záznam", "body": "Text vedoucí\r\n\r\nněco", "seen": opened(officer, page)})
    assert again.status_code == 302


def test_a_typed_file_is_kept_the_same_way(browser, world, in_region):
    officer, head = browser(world.officer), browser(world.head)
    typed = typed_file(world, typed_class(world))
    page = f"/typove-spisy/{typed.pk}/udaje/"
    seen = opened(officer, page)
    head.post(
        page, {"name": "Domov Nad Lesem", "processor": world.officer.pk, "shared": "on", "seen": opened(head, page)}
    )
    text = officer.post(page, {"name": "Domov Pod Lesem", "processor": world.officer.pk, "seen": seen}).content.decode()
    for told in ("Domov u Lesa", "Domov Nad Lesem", "Domov Pod Lesem", "Mezitím to někdo změnil"):
        assert told in text
    typed.refresh_from_db()
    assert (typed.name, typed.shared) == ("Domov Nad Lesem", True)
    with pytest.raises(Conflict, match="Marie Horáková"):
        records.edit_typed_file(
            actor=acting(world.officer), typed_file=typed, name="Můj", processor=world.officer, shared=False,
            seen={"name": "Domov u Lesa", "processor_id": world.officer.pk, "shared": False},
        )  # fmt: skip
    typed.refresh_from_db()
    assert typed.name == "Domov Nad Lesem"


def test_a_person_of_the_register_is_kept_the_same_way(browser, world, in_region):
    officer, head = browser(world.officer), browser(world.head)
    details = PartyDetails(kind="legal", name="Stavby Kozel, a. s.", ic="70890366", city="Kolín")
    party = parties.register_party(actor=acting(world.clerk), details=details)
    page = f"/rejstrik/{party.pk}/upravit/"
    values = {"kind": "legal", "name": party.name, "ic": party.ic, "country": "CZ"}
    seen = opened(officer, page)
    head.post(page, {**values, "city": "Brno", "seen": opened(head, page)})
    text = officer.post(page, {**values, "city": "Praha", "phone": "777 000 000", "seen": seen}).content.decode()
    for told in ("Kolín", "Brno", "Praha", "777 000 000", "Mezitím to někdo změnil"):
        assert told in text
    party.refresh_from_db()
    assert (party.city, party.phone) == ("Brno", "")
    with pytest.raises(Conflict):
        parties.edit_party(actor=acting(world.officer), party=party, details=details, seen=details)


def test_under_the_lock_a_change_of_the_last_moment_is_refused_too(world, in_region, received):
    seen = {"subject": received.subject, "note": ""}
    same = Document.objects.get(pk=received.pk)
    records.edit_metadata(actor=acting(world.head), document=same, subject="Jiná věc", sender=received.sender)
    with pytest.raises(Conflict, match="Marie Horáková"):
        records.edit_metadata(
            actor=acting(world.officer), document=received, subject="Moje", sender=received.sender, seen=seen
        )
    assert Document.objects.get(pk=received.pk).subject == "Jiná věc"


def of_class(world):
    entry = record_class("80.1")
    given = {"name": entry.name, "note": entry.note}
    return f"/plan/skupiny/{entry.pk}/popis/", given, {"note": "Podle první"}, {"note": "Podle druhé"}


def of_flags(world):
    entry = record_class("80.1")
    names = ("numbers_by_file", "standing_consent", "converts_formats")
    given = {name: "on" for name in names if getattr(entry, name)}
    page = f"/plan/skupiny/{entry.pk}/nastaveni/"
    return page, given, {"numbers_by_file": "on"}, {"standing_consent": "on"}


def of_kind(world):
    kind = records.save_kind(actor=acting(world.records_keeper), name="Zkušební", valid_from=clock.today())
    given = {"name": kind.name, "description": "", "valid_from": kind.valid_from.isoformat(), "valid_to": ""}
    return f"/evidence/druhy/{kind.pk}/", given, {"description": "Podle první"}, {"description": "Podle druhé"}


def of_template(world):
    made = records.save_template(actor=acting(world.records_keeper), name="Zkušební", subject="", body="Text")
    given = {"name": "Zkušební", "subject": "", "body": "Text"}
    return f"/evidence/sablony/{made.pk}/", given, {"body": "Podle první"}, {"body": "Podle druhé"}


def of_numbering(world):
    settings = queries.settings_of_originator()
    given = {"reference_format": settings.reference_format, "file_mark_format": settings.file_mark_format}
    first = {"file_mark_format": "A {code}-{year}/{number}"}
    return "/sprava/cislovani/", given, first, {"file_mark_format": "B {code}-{year}/{number}"}


def of_closing(world):
    settings = queries.settings_of_originator()
    given = {"joined_into": settings.joined_into} | (
        {"settled_by_closing": "on"} if settings.settled_by_closing else {}
    )
    other = {"settled_by_closing": "" if settings.settled_by_closing else "on"}
    return "/plan/uzavirani/", given, other, {}


def of_removal(world):
    given = {"allows_withdrawal": "on", "destroys_withdrawn_after": ""}
    first = {"destroys_withdrawn_after": "40", "header_extras": [*EXTRAS][:2]}
    return "/odstranene/nastaveni/", given, first, {"destroys_withdrawn_after": "50"}


@pytest.mark.parametrize(
    "thing",
    [of_class, of_flags, of_kind, of_template, of_numbering, of_closing, of_removal],
    ids=lambda one: one.__name__,
)
def test_what_is_set_for_all_is_kept_the_same_way(browser, world, in_region, thing):
    page, given, first, second = thing(world)
    one, other = browser(world.records_keeper), browser(world.administrator)
    seen = opened(other, page)
    done = one.post(page, {**given, **first, "seen": opened(one, page)})
    assert done.status_code == 302, done.content.decode()
    saved = opened(other, page)
    assert saved != seen
    answer = other.post(page, {**given, **second, "seen": seen})
    text = answer.content.decode()
    assert "Mezitím to někdo změnil" in text and 'name="vzit-' in text
    assert opened(other, page) == saved
    seen_now = html.unescape(re.search(r'name="seen" value="([^"]*)"', text).group(1))
    taken = {f"vzit-{name}": "nyni" for name in re.findall(r'name="vzit-([a-z_]+)"', text)}
    assert other.post(page, {**given, **second, **taken, "seen": seen_now}).status_code == 302
    kept, before = json.loads(opened(other, page)), json.loads(saved)
    assert {name: kept[name] for name in first} == {name: before[name] for name in first}
