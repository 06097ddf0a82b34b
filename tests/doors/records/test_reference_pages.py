"""Pages of cross-references: found by words, made, seen with their data from both sides, removed."""

import pytest

from egon.kernel.clock import today
from egon.records.models import CaseFile, CrossReference, DisposalRegime, DocumentKind, RecordsSettings
from egon.tenancy.scope import tenant_scope


@pytest.fixture
def files(in_region):
    return [CaseFile.objects.get(subject__startswith=words) for words in ("Dotaz k jízdnímu", "Oznámení o uzavírce")]


@pytest.mark.norm("4.1.7")
def test_a_reference_is_made_seen_with_data_of_all_linked_and_removed(browser, world, files):
    file, other = files
    client, page = browser(world.officer), f"/spisy/{file.pk}/odkazy/"
    found = client.get(page, {"q": "uzavírce"}).content.decode()
    assert f'value="spis-{other.pk}"' in found
    document = other.documents.first()
    for target in (f"spis-{other.pk}", f"dokument-{document.pk}"):
        assert client.post(page, {"to": target, "reason": "Táž silnice"}).status_code == 302
    html = client.get(page).content.decode()
    for told in (other.file_mark, other.identifier, other.subject, document.reference_number, document.identifier,
                 "Táž silnice"):  # fmt: skip
        assert told in html
    for address in (f"/spisy/{other.pk}/", f"/dokumenty/{document.pk}/", f"/dokumenty/{document.pk}/odkazy/"):
        assert file.file_mark in client.get(address).content.decode()
    made = CrossReference.objects.get(to_file=other)
    client.post(f"/odkazy/{made.pk}/zrusit/", {"reason": "Omyl", "from": "from"})
    assert CrossReference.objects.count() == 1


def test_a_refused_reference_says_why(browser, world, files):
    file, _ = files
    html = browser(world.officer).post(f"/spisy/{file.pk}/odkazy/", {"to": f"spis-{file.pk}"}).content.decode()
    assert "Odkaz nemůže vést na tutéž věc." in html
    assert not CrossReference.objects.exists()


def test_an_outsider_and_a_nonsense_target_get_nothing(browser, world, files):
    file, other = files
    outsider = browser(world.outsider)
    assert outsider.get(f"/spisy/{file.pk}/odkazy/").status_code == 404
    assert outsider.post(f"/spisy/{file.pk}/odkazy/", {"to": f"spis-{other.pk}"}).status_code == 404
    assert browser(world.officer).post(f"/spisy/{file.pk}/odkazy/", {"to": "neco-x"}).status_code == 404
    assert outsider.post("/odkazy/1/zrusit/", {"reason": "x"}).status_code == 404
    assert not CrossReference.objects.exists()


def test_another_organisation_sees_no_reference(browser, world):
    with tenant_scope(world.region.pk):
        file, other = CaseFile.objects.order_by("pk")[:2]
        made = CrossReference.objects.create(file=file, to_file=other, made_on=today(), made_by="Fiala")
    director = browser(world.school.director, world.school.tenant)
    assert director.get(f"/spisy/{file.pk}/odkazy/").status_code == 404
    assert director.post(f"/odkazy/{made.pk}/zrusit/", {"reason": "x", "from": "to"}).status_code == 404
    with tenant_scope(world.region.pk):
        assert CrossReference.objects.filter(pk=made.pk).exists()


@pytest.mark.norm("4.1.2", "4.1.6")
def test_a_file_is_joined_to_a_closed_one_and_the_page_of_each_tells(browser, in_region, world, files):
    file, _ = files
    older = CaseFile.objects.get(subject__startswith="Žádost o opravu výtluků")
    client, page = browser(world.officer), f"/spisy/{file.pk}/odkazy/"
    assert f'name="join" value="spis-{older.pk}"' in client.get(page, {"q": "výtluků"}).content.decode()
    assert client.post(page, {"join": f"spis-{older.pk}", "reason": "Táž silnice"}).status_code == 302
    made = CrossReference.objects.get()
    assert (made.fixed, made.file_id, made.to_file_id) == (True, file.pk, older.pk)
    for address, other in ((f"/spisy/{file.pk}/", older), (f"/spisy/{older.pk}/", file)):
        html = client.get(address).content.decode()
        assert "pevně připojený spis" in html
        assert other.file_mark in html
    head = browser(world.head)
    assert "Zrušit odkaz" not in head.get(page).content.decode()
    head.post(f"/odkazy/{made.pk}/zrusit/", {"reason": "Omyl", "from": "from"})
    assert CrossReference.objects.exists()
    client.post(f"/odkazy/{made.pk}/zrusit/", {"reason": "Omyl", "from": "from"})
    assert not CrossReference.objects.exists()


def test_two_open_files_are_not_joined_and_the_page_says_why(browser, in_region, world, files):
    file, other = files
    html = browser(world.officer).post(f"/spisy/{file.pk}/odkazy/", {"join": f"spis-{other.pk}"}).content.decode()
    assert "otevřený nejvýše jeden" in html
    assert not CrossReference.objects.exists()


@pytest.mark.norm("3.2.8", "4.1.5a", "4.1.5b")
def test_the_records_keeper_sets_how_files_are_closed(browser, in_region, world):
    keeper, page = browser(world.records_keeper), "/plan/uzavirani/"
    assert "checked" in keeper.get(page).content.decode()
    for sent, stored in (({"joined_into": "last"}, (False, "last")),
                         ({"joined_into": "first", "settled_by_closing": "on"}, (True, "first"))):  # fmt: skip
        assert keeper.post(page, sent).status_code == 302
        settings = RecordsSettings.objects.get()
        assert (settings.settled_by_closing, settings.joined_into) == stored
        assert f'value="{stored[1]}" selected' in keeper.get(page).content.decode()
    assert browser(world.officer).post(page, {"joined_into": "last"}).status_code == 403
    assert RecordsSettings.objects.get().joined_into == "first"


def test_regimes_that_differ_are_told_before_the_file_is_closed(browser, in_region, world, files):
    file, _ = files
    values = {"name": "A", "mark": "A", "years": 10, "trigger": "closing"}
    kind = DocumentKind.objects.create(
        name="Smlouva X", valid_from=today(), disposal_regime=DisposalRegime.objects.create(**values)
    )
    file.documents.update(kind=kind)
    html = browser(world.officer).get(f"/spisy/{file.pk}/").content.decode()
    assert "Skartační režimy se liší" in html
    assert "A/10 (druh Smlouva X" in html
