"""Pages of restrictions and of own roles, and doors that close for who is restricted."""

import pytest
from tests.doors.browser import signed_in
from tests.doors.texts import text_of_pdf
from tests.records_steps import acting, register
from tests.typed_steps import full_file, section, typed_class, typed_file

from egon.audit.models import LogRecord, Outcome
from egon.records import operations as records
from egon.records.models import RecordClass
from egon.registry.models import OwnRole, Restriction, RoleGrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def received(world):
    with world.office.scope():
        document = register(world)
        unit = world.office.units["OD"]
        return records.place_in_unit(actor=acting(world.clerk), document=document, unit=unit, holder=world.officer)


def restrict(client, **data):
    values = {"level": "hide", "when": "always", "reason": "střet zájmů", **data}
    return client.post("/sprava/omezeni/nove/", values, follow=True).content.decode()


def client_of(person):
    return signed_in(person.account.login)


@pytest.mark.norm("7.1.6a")
def test_administrator_takes_a_document_by_its_number_and_gives_it_back(world, received):
    administrator, officer = client_of(world.administrator), client_of(world.officer)
    assert officer.get(f"/dokumenty/{received.pk}/").status_code == 200
    receiver = f"person:{world.officer.pk}"
    page = restrict(administrator, receiver=receiver, kind="document", number="neexistuje")
    assert "Nic takového" in page and "střet zájmů" in page
    page = restrict(administrator, receiver=receiver, kind="document", number=received.reference_number)
    assert "Omezení je zapsané" in page and received.subject not in page
    assert officer.get(f"/dokumenty/{received.pk}/").status_code == 404
    assert received.reference_number not in officer.get("/dokumenty/").content.decode()
    assert received.reference_number not in officer.get("/").content.decode()
    with world.office.scope():
        made = Restriction.objects.get()
    assert "zrušené" in administrator.post(f"/sprava/omezeni/{made.pk}/zrusit/", follow=True).content.decode()
    assert officer.get(f"/dokumenty/{received.pk}/").status_code == 200
    assert "Nikdo není omezený" in administrator.get("/sprava/omezeni/").content.decode()
    assert received.reference_number in administrator.get("/sprava/omezeni/?stav=vse&co=document").content.decode()


@pytest.mark.norm("7.1.6a")
def test_administrator_takes_a_section_by_its_code_and_a_typed_file_by_its_identifier(world):
    with world.office.scope():
        typed = typed_file(world, typed_class(world))
        group, leaf = section(typed, "1"), section(typed, "1.2")
        file = full_file(world, leaf)
    administrator, officer = client_of(world.administrator), client_of(world.officer)
    keeper = client_of(world.records_keeper)
    whole, parent = f"/typove-spisy/{typed.pk}/", f"/typove-spisy/soucasti/{group.pk}/"
    assert file.file_mark in officer.get(parent).content.decode()
    thing = {"receiver": f"person:{world.officer.pk}", "number": typed.identifier}
    assert "Nic takového" in restrict(administrator, kind="section", part="nic", **thing)
    assert "Omezení je zapsané" in restrict(administrator, kind="section", part=leaf.template.code, **thing)
    assert officer.get(f"/typove-spisy/soucasti/{leaf.pk}/").status_code == 404
    assert officer.get(f"/spisy/{file.pk}/").status_code == 404
    for page in (whole, parent):
        shown = officer.get(page).content.decode()
        assert f"/typove-spisy/soucasti/{leaf.pk}/" not in shown and file.file_mark not in shown
        assert leaf.template.name in keeper.get(f"{page}metadata/").content.decode()
        assert leaf.template.name not in officer.get(f"{page}metadata/").content.decode()
    assert file.file_mark in text_of_pdf(keeper.get(f"{whole}spisy.pdf"))
    assert file.file_mark not in text_of_pdf(officer.get(f"{whole}spisy.pdf"))
    assert "Omezení je zapsané" in restrict(administrator, kind="typed_file", **thing)
    assert officer.get(whole).status_code == 404
    assert typed.name not in officer.get("/typove-spisy/").content.decode()


@pytest.mark.norm("7.1.6b")
def test_a_class_taken_is_not_opened_nor_those_below_it(world):
    administrator, officer = client_of(world.administrator), client_of(world.officer)
    with world.office.scope():
        inside, beside = (RecordClass.objects.get(code=code) for code in ("80.1", "63.3"))
    assert officer.get(f"/plan/skupiny/{inside.pk}/").status_code == 200
    page = restrict(administrator, receiver=f"person:{world.officer.pk}", kind="class", number="80")
    assert "Omezení je zapsané" in page
    answer = officer.get(f"/plan/skupiny/{inside.pk}/")
    assert answer.status_code == 403 and "správce omezil" in answer.content.decode()
    assert officer.get(f"/plan/skupiny/{beside.pk}/").status_code == 200


@pytest.mark.norm("7.1.6c")
def test_a_page_is_taken_with_its_entry_in_the_navigation(world):
    administrator, officer = client_of(world.administrator), client_of(world.officer)
    assert 'href="/spisy/"' in officer.get("/").content.decode()
    restrict(administrator, receiver="role:officer", kind="function", function="/spisy/")
    assert 'href="/spisy/"' not in officer.get("/").content.decode()
    answer = officer.get("/spisy/")
    assert answer.status_code == 403 and "správce omezil" in answer.content.decode()
    matrix = administrator.get("/protokol/opravneni/").content.decode()
    assert "omezeno</td>" not in matrix
    restrict(administrator, receiver="role:officer", kind="function", function="records.file.open")
    assert "omezeno</td>" in administrator.get("/protokol/opravneni/?q=records.file.open").content.decode()


@pytest.mark.norm("7.1.6d", "7.4.2")
def test_the_whole_access_ends_with_the_next_request_and_each_attempt_is_logged(world):
    administrator, officer = client_of(world.administrator), client_of(world.officer)
    assert officer.get("/").status_code == 200
    restrict(administrator, receiver=f"person:{world.officer.pk}", kind="entry")
    answer = officer.get("/dokumenty/")
    assert answer.status_code == 403 and "odebral přístup" in answer.content.decode()
    with world.office.scope():
        attempt = LogRecord.objects.get(operation="registry.entry.refused")
    assert (attempt.person_id, attempt.outcome) == (world.officer.pk, Outcome.DONE)
    assert officer.get("/prihlaseni/").status_code == 302


def test_the_last_administrator_is_told_why_not(world):
    page = restrict(client_of(world.administrator), receiver="role:administrator", kind="entry")
    assert "kterou sami máte" in page and "střet zájmů" in page
    page = restrict(client_of(world.administrator), receiver="role:officer", kind="function", when="on")
    assert "Napište datum" in page


@pytest.mark.norm("7.1.8")
def test_an_own_role_is_made_given_changed_and_taken_in_the_browser(world):
    client = client_of(world.administrator)
    data = {"name": "Příjem", "bases": ["mailroom"], "without": ["records.document.register"]}
    assert "Vyberte aspoň jednu" in client.post("/sprava/vlastni-role/nova/", data | {"bases": []}).content.decode()
    page = client.post("/sprava/vlastni-role/nova/", data, follow=True).content.decode()
    assert "podatelna a výpravna" in page and "Roli nikdo nemá" in page
    with world.office.scope():
        role = OwnRole.objects.get()
    address = f"/sprava/vlastni-role/{role.pk}/"
    assert "je přidělená" in client.post(address, {"person": world.outsider.pk}, follow=True).content.decode()
    assert client_of(world.outsider).get("/podatelna/").status_code == 200
    matrix = client.get("/protokol/opravneni/?q=records.document").content.decode()
    assert '<th scope="col">Příjem</th>' in matrix
    client.post(f"{address}upravit/", data | {"bases": ["auditor"], "name": "Kontrola"})
    with world.office.scope():
        assert list(RoleGrant.objects.filter(own_role=role).values_list("role", flat=True)) == ["auditor"]
    client.post(f"{address}odebrat/", {"person": world.outsider.pk})
    assert "je smazaná" in client.post(f"{address}smazat/", follow=True).content.decode()


def test_others_get_to_neither(world):
    for person in (world.head, world.records_keeper):
        client = client_of(person)
        for address in ("/sprava/omezeni/", "/sprava/omezeni/nove/", "/sprava/vlastni-role/"):
            assert client.get(address).status_code == 403


def test_another_organisation_knows_of_neither(world):
    client = client_of(world.administrator)
    restrict(client, receiver=f"person:{world.officer.pk}", kind="entry")
    client.post("/sprava/vlastni-role/nova/", {"name": "Příjem", "bases": ["mailroom"]})
    with world.office.scope():
        made, role = Restriction.objects.get(), OwnRole.objects.get()
    stranger = signed_in("uceny")
    assert stranger.post(f"/sprava/omezeni/{made.pk}/zrusit/").status_code in (403, 404)
    assert stranger.get(f"/sprava/vlastni-role/{role.pk}/").status_code in (403, 404)
