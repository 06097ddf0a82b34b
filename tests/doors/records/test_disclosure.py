"""What who may not see a thing learns of it, by each way, as the organisation has set it (NSESSS 5.1.2)."""

import pytest
from tests.records_steps import acting, record_class, register
from tests.typed_steps import section, typed_class, typed_file

from egon.audit.models import LogRecord, Outcome
from egon.kernel import clock
from egon.kernel.actor import LimitKind
from egon.kernel.errors import AccessDenied
from egon.records import disclosure
from egon.records import operations as records
from egon.records.rules.disclosure import Disclosure, Way
from egon.registry import operations as registry
from egon.registry.models import RoleGrant

pytestmark = pytest.mark.django_db

PARTS = ("number", "name", "made", "holder", "more")
TOLD = {
    Disclosure.NOTHING: set(),
    Disclosure.EXISTENCE: {"number", "holder"},
    Disclosure.BRIEF: {"name", "made", "holder"},
    Disclosure.METADATA: {"number", "name", "made", "holder", "more"},
}
LETTERS = ("5.1.2a", "5.1.2b", "5.1.2c", "5.1.2d")


@pytest.fixture
def file(world, received):
    return records.open_file(
        actor=acting(world.officer),
        record_class=record_class("80.1"),
        unit=world.office.units["OD"],
        processor=world.officer,
        document=received,
    )


def allow(world, level, *ways):
    levels = dict.fromkeys(ways or Way, level)
    records.set_disclosure(actor=acting(world.administrator), levels=levels)


def told(page, document):
    """Which parts of the document stand on a page."""
    signs = {
        "number": document.reference_number,
        "name": document.subject,
        "made": "Vytvořeno",
        "holder": document.holder.family_name,
        "more": "Útvar",
    }
    return {part for part, sign in signs.items() if sign in page}


def panel(page):
    """The part of a page that tells of the thing; what stands around it names units and people, too."""
    start = page.find("nemáte přístup")
    return page[start : page.find("</section>", start)] if start >= 0 else ""


@pytest.mark.parametrize(
    "level",
    [pytest.param(level, marks=pytest.mark.norm(LETTERS[number])) for number, level in enumerate(Disclosure)],
)
def test_each_level_tells_just_its_part_at_the_address_and_by_the_number(world, received, browser, level):
    stranger = browser(world.outsider)
    allow(world, level)
    answer = stranger.get(f"/dokumenty/{received.pk}/")
    assert answer.status_code == (404 if level is Disclosure.NOTHING else 403)
    page = answer.content.decode()
    if level is Disclosure.NOTHING:
        assert told(page, received) == set()
        missing = stranger.get(f"/dokumenty/{received.pk + 1000}/").content.decode()
        assert page.replace(str(received.pk), "x") == missing.replace(str(received.pk + 1000), "x")
    else:
        assert told(panel(page), received) == TOLD[level]
    sought = stranger.get("/hledat/", {"q": received.reference_number}).content.decode()
    assert told(panel(sought), received) == TOLD[level]
    assert stranger.get("/hledat/", {"q": "rekonstrukci zastávky"}).content.decode().count(received.subject) == 0


@pytest.mark.norm("5.1.2a", "5.1.2b", "5.1.2c", "5.1.2d")
@pytest.mark.parametrize("level", list(Disclosure))
def test_each_level_in_the_list_of_a_file_and_in_its_print(world, received, file, browser, level):
    """Who holds one document of a file sees the file; the other documents as far as is set."""
    own = records.place_in_unit(
        actor=acting(world.clerk), document=register(world, "Můj dokument"), unit=world.office.units["OD"],
        holder=world.officer,
    )  # fmt: skip
    records.put_in_file(actor=acting(world.officer), document=own, file=file)
    records.place_in_unit(
        actor=acting(world.officer), document=own, unit=world.office.units["OD"], holder=world.outsider
    )
    allow(world, level, Way.LISTING)
    reader = browser(world.outsider)
    for address in (f"/spisy/{file.pk}/", f"/spisy/{file.pk}/obal/"):
        rows = reader.get(address).content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
        assert "Můj dokument" in rows
        assert (received.reference_number in rows) == level.shows_number
        assert (received.subject in rows) == level.shows_name
    listed = {one.document.pk: one for one in disclosure.documents_in(acting(world.outsider), file)}
    assert (received.pk in listed) == (level is not Disclosure.NOTHING)


@pytest.mark.norm("5.1.2a", "5.1.2b")
def test_a_cross_reference_tells_as_much_as_is_set(world, received, browser):
    reader, keeper = browser(world.officer), acting(world.records_keeper)
    unseen = register(world, "Cizí dokument")
    records.make_reference(actor=keeper, document=received, to_document=unseen, reason="související", on=clock.today())
    for address in (f"/dokumenty/{received.pk}/", f"/dokumenty/{received.pk}/odkazy/"):
        allow(world, Disclosure.NOTHING)
        assert "nemáte přístup" not in reader.get(address).content.decode()
        allow(world, Disclosure.EXISTENCE)
        page = reader.get(address).content.decode()
        assert unseen.reference_number in page and unseen.subject not in page
        allow(world, Disclosure.BRIEF)
        page = reader.get(address).content.decode()
        assert unseen.reference_number not in page and unseen.subject in page


@pytest.mark.parametrize(
    "level",
    [pytest.param(level, marks=pytest.mark.norm(LETTERS[number])) for number, level in enumerate(Disclosure)],
)
def test_each_level_of_a_typed_file_and_of_a_section(world, in_region, browser, level):
    stranger = browser(world.officer2)
    typed = typed_file(world, typed_class(world), name="Domov u Lesa")
    where = section(typed, "1.2")
    allow(world, level)
    things = {f"/typove-spisy/{typed.pk}/": (typed.identifier, "Domov u Lesa")}
    things |= {f"/typove-spisy/soucasti/{where.pk}/": (where.identifier, "Rozbory")}
    for address, (number, name) in things.items():
        answer = stranger.get(address)
        assert answer.status_code == (404 if level is Disclosure.NOTHING else 403)
        page = panel(answer.content.decode())
        sought = panel(stranger.get("/hledat/", {"q": number}).content.decode())
        for text in (page, sought):
            assert (number in text) == level.shows_number
            assert (name in text) == level.shows_name
            assert ("Vytvořeno" in text) == level.shows_name
            assert ("65.30" in text) == level.shows_more
            assert (typed.processor.family_name in text) == (level is not Disclosure.NOTHING)
    attempts = LogRecord.objects.filter(operation="records.entity.open", outcome=Outcome.DENIED)
    assert attempts.filter(person_id=world.officer2.pk).count() == len(things)
    registry.set_restriction(
        actor=acting(world.administrator), kind=LimitKind.TYPED_FILE, about=str(typed.pk), person=world.officer2,
        reason="střet zájmů", at=clock.now(),
    )  # fmt: skip
    assert {stranger.get(address).status_code for address in things} == {404}


def test_nothing_is_told_of_restricted_and_withheld_things_nor_without_a_role(world, received, file):
    allow(world, Disclosure.METADATA)
    stranger = acting(world.outsider)
    assert disclosure.level_of(stranger, received, Way.ADDRESS) is Disclosure.METADATA
    RoleGrant.objects.filter(person=world.outsider).delete()
    assert disclosure.level_of(acting(world.outsider), received, Way.ADDRESS) is Disclosure.NOTHING
    registry.set_restriction(
        actor=acting(world.administrator), kind=LimitKind.FILE, about=str(file.pk), person=world.officer2,
        reason="střet zájmů", at=clock.now(),
    )  # fmt: skip
    assert disclosure.level_of(acting(world.officer2), received, Way.ADDRESS) is Disclosure.NOTHING
    records.restrict_file(actor=acting(world.officer), file=file, reason="osobní spis")
    for entity in (received, file):
        entity.refresh_from_db()
        assert disclosure.level_of(stranger, entity, Way.NUMBER) is Disclosure.NOTHING


@pytest.mark.norm("7.4.2")
def test_every_attempt_at_what_one_may_not_see_is_in_its_history(world, received, file, browser):
    stranger = browser(world.outsider)
    version = received.components.get(name="žádost.txt").versions.get()
    for address in (f"/dokumenty/{received.pk}/", f"/spisy/{file.pk}/", f"/komponenty/{version.pk}/stahnout"):
        assert stranger.get(address).status_code == 404
    attempts = LogRecord.objects.filter(operation="records.entity.open").order_by("pk")
    assert [(one.person_id, one.outcome) for one in attempts] == [(world.outsider.pk, Outcome.DENIED)] * 3
    with pytest.raises(AccessDenied):
        records.open_entity(actor=acting(world.outsider), document=received)
    assert attempts.all().count() == 4
    assert "Přístup k dokumentu nebo spisu" in browser(world.officer).get(f"/spisy/{file.pk}/").content.decode()


def test_the_administrator_sets_it_on_a_page(world, received, browser):
    client = browser(world.administrator)
    assert "přímý odkaz" in client.get("/pristup/nastaveni/").content.decode().lower()
    client.post("/pristup/nastaveni/", dict.fromkeys([way.value for way in Way], "existence"))
    assert browser(world.outsider).get(f"/dokumenty/{received.pk}/").status_code == 403
    assert client.post("/pristup/nastaveni/", {"address": "everything"}).status_code == 200
    assert browser(world.head).get("/pristup/nastaveni/").status_code == 403
    with pytest.raises(AccessDenied):
        records.set_disclosure(actor=acting(world.head), levels={Way.ADDRESS: Disclosure.METADATA})


def test_who_read_restricted_files_is_reported(world, received, file, browser):
    records.restrict_file(actor=acting(world.officer), file=file, reason="osobní spis")
    browser(world.officer).get(f"/dokumenty/{received.pk}/")
    keeper = browser(world.records_keeper)
    page = keeper.get("/pristup/cteni/", {"spis": file.file_mark}).content.decode()
    assert world.officer.name in page and received.reference_number in page and received.subject not in page
    assert "Nikdo nic nečetl" in keeper.get("/pristup/cteni/", {"kdo": "Nikdo"}).content.decode()
    assert file.file_mark in keeper.get("/pristup/cteni/?csv").content.decode("utf-8-sig")
    assert browser(world.head).get("/pristup/cteni/").status_code == 403
