"""Pages of kinds, own metadata and templates: for the keepers only."""

import io

import openpyxl
import pytest
from tests.records_steps import acting, register

from egon.kernel.clock import today
from egon.records import operations as records
from egon.records.models import CaseFile, Document, DocumentKind, DocumentTemplate, OwnField, OwnList
from egon.records.rules.own_metadata import OwnEntity, ValueType


@pytest.fixture
def keeper(browser, in_region):
    return browser(in_region.records_keeper)


def html(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.norm("4.2.1")
def test_a_kind_is_made_found_ended_and_removed(keeper):
    made = {"name": "Petice", "description": "Podle zákona 85/1990 Sb.", "valid_from": today().isoformat()}
    answer = keeper.post("/evidence/druhy/novy/", made)
    kind = DocumentKind.objects.get(name="Petice")
    assert answer.headers["Location"] == f"/evidence/druhy/{kind.pk}/"
    assert "Petice" in html(keeper.get("/evidence/?hledat=petic&stav=used&rezim=ne&razeni=-od"))
    ended = made | {"valid_to": today().isoformat()}
    assert keeper.post(f"/evidence/druhy/{kind.pk}/", ended).status_code == 302
    assert "Filtru nic neodpovídá" in html(keeper.get("/evidence/?hledat=petic&stav=ended"))
    refused = html(keeper.post(f"/evidence/druhy/{kind.pk}/", made | {"valid_to": "2001-01-01"}))
    assert "před prvním" in refused and "2001-01-01" in refused
    assert keeper.post(f"/evidence/druhy/{kind.pk}/odstranit/").headers["Location"] == "/evidence/"
    assert not DocumentKind.objects.filter(pk=kind.pk).exists()


def test_documents_are_narrowed_by_kind(keeper, received):
    kind = DocumentKind.objects.first()
    assert received.reference_number not in html(keeper.get(f"/dokumenty/?druh={kind.pk}"))
    type(received).objects.filter(pk=received.pk).update(kind=kind)
    assert received.reference_number in html(keeper.get(f"/dokumenty/?druh={kind.pk}"))


@pytest.mark.parametrize("who", ["officer", "clerk", "auditor"])
def test_others_do_not_get_in(browser, in_region, who):
    kind, client = DocumentKind.objects.first(), browser(getattr(in_region, who))
    own = (
        "/evidence/sablony/",
        "/evidence/sablony/nova/",
        "/evidence/udaje/",
        "/evidence/udaje/novy/",
        "/evidence/ciselniky/",
        "/evidence/ciselniky/novy/",
    )
    for address in ("/evidence/", "/evidence/druhy/novy/", f"/evidence/druhy/{kind.pk}/", *own):
        assert client.get(address).status_code == 403
    assert client.post(f"/evidence/druhy/{kind.pk}/odstranit/").status_code == 403
    assert DocumentKind.objects.filter(pk=kind.pk).exists()


def field(keeper_person, name, type_=ValueType.TEXT, entity=OwnEntity.DOCUMENT, **more):
    return records.add_own_field(actor=acting(keeper_person), entity=entity, name=name, value_type=type_, **more)


@pytest.mark.norm("9.1.1", "9.1.3")
def test_a_field_and_its_list_are_defined_ordered_ended_and_removed(keeper):
    assert keeper.post("/evidence/ciselniky/novy/", {"name": "Obce", "items": "Lhota\r\nSázava\r\n"}).status_code == 302
    towns = OwnList.objects.get()
    refused = html(keeper.post(f"/evidence/ciselniky/{towns.pk}/", {"name": "Obce", "items": "Lhota\nLhota"}))
    assert "dvakrát" in refused
    made = {"entity": "document", "name": "Obec", "value_type": "text", "own_list": towns.pk, "required": "on"}
    assert keeper.post("/evidence/udaje/novy/", made).status_code == 302
    one = OwnField.objects.get(name="Obec")
    assert (one.required, one.own_list, one.kind) == (True, towns, None)
    assert (
        keeper.post("/evidence/udaje/novy/", {"entity": "file", "name": "Cena", "value_type": "number"}).status_code
        == 302
    )
    keeper.get("/evidence/udaje/")
    listed = html(keeper.get("/evidence/udaje/?hledat=obe&ceho=document&stav=asked"))
    assert "Obec" in listed and "povinný" in listed and "Cena" not in listed
    assert "Obec" in html(keeper.get("/evidence/ciselniky/"))
    assert keeper.post(f"/evidence/udaje/{one.pk}/poradi/", {"kam": "nahoru"}).status_code == 302
    keeper.post(f"/evidence/udaje/{one.pk}/", {"name": "Obec žadatele"})
    keeper.post(f"/evidence/udaje/{one.pk}/ukoncit/")
    one.refresh_from_db()
    assert (one.name, one.required, one.withdrawn_on) == ("Obec žadatele", False, today())
    assert "Znovu vyplňovat" in html(keeper.get(f"/evidence/udaje/{one.pk}/"))
    keeper.post(f"/evidence/udaje/{one.pk}/obnovit/")
    assert OwnField.objects.get(pk=one.pk).withdrawn_on is None
    keeper.post(f"/evidence/udaje/{one.pk}/odstranit/")
    keeper.post(f"/evidence/ciselniky/{towns.pk}/odstranit/")
    assert not OwnField.objects.filter(pk=one.pk).exists()
    assert not OwnList.objects.exists()


@pytest.mark.norm("4.2.3")
def test_a_new_document_is_asked_for_what_its_kind_needs(browser, in_region):
    kind = DocumentKind.objects.first()
    keeper = in_region.records_keeper
    account = field(keeper, "Číslo účtu", kind=kind, required=True)
    paid = field(keeper, "Zaplaceno", ValueType.YES_NO)
    officer = browser(in_region.officer)
    page = html(officer.get("/dokumenty/novy/"))
    assert f'data-of-kind="{kind.pk}"' in page and "jen u druhu" in page
    typed = {"direction": "internal", "subject": "Faktura za plyn", "kind": kind.pk, f"own-{paid.pk}": "ne"}
    refused = html(officer.post("/dokumenty/novy/", typed))
    assert "údaj je povinný" in refused and "Faktura za plyn" in refused
    assert not Document.objects.filter(subject="Faktura za plyn").exists()
    answer = officer.post("/dokumenty/novy/", typed | {f"own-{account.pk}": "123456/0100"})
    page = html(officer.get(answer.headers["Location"]))
    assert "123456/0100" in page and "Zaplaceno" in page
    document = Document.objects.get(subject="Faktura za plyn")
    edited = typed | {f"own-{account.pk}": "654321/0100", f"own-{paid.pk}": "ano"}
    assert officer.post(f"/dokumenty/{document.pk}/udaje/", edited).status_code == 302
    document.refresh_from_db()
    assert document.own_values == {str(account.pk): "654321/0100", str(paid.pk): "ano"}
    bare = {"direction": "internal", "subject": "Bez druhu", f"own-{account.pk}": "nemá se uložit"}
    assert officer.post("/dokumenty/novy/", bare).status_code == 302
    assert Document.objects.get(subject="Bez druhu").own_values == {}


def test_values_are_filtered_by_and_taken_away_as_a_table(keeper, in_region, received):
    person = in_region.records_keeper
    price = field(person, "Cena", ValueType.NUMBER)
    document = register(in_region, "Objednávka laviček", own={str(price.pk): "1250,50"})
    found = html(keeper.get(f"/dokumenty/?udaj={price.pk}&hodnota_od=1000&hodnota_do=2000"))
    assert document.reference_number in found and received.reference_number not in found
    assert "není číslo" in html(keeper.get(f"/dokumenty/?udaj={price.pk}&hodnota=mnoho"))
    answer = keeper.get(f"/dokumenty/?udaj={price.pk}&tabulka=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][-1] == "Cena"
    assert [row[0] for row in rows[1:]] == [document.reference_number]
    assert rows[1][-1] == "1250,5"
    told = keeper.get(f"/dokumenty/?udaj={price.pk}&tabulka=csv").content.decode("utf-8-sig")
    assert "Objednávka laviček" in told and "1250,5" in told


def test_a_file_has_them_in_its_forms_page_filter_and_table(browser, in_region, received):
    place = field(in_region.records_keeper, "Umístění", entity=OwnEntity.FILE)
    officer, code = browser(in_region.officer), str(place.pk)
    form = {"record_class": "80.1", "subject": "Zastávky", f"own-{code}": "regál 7"}
    assert officer.post("/spisy/novy/", form).status_code == 302
    file = CaseFile.objects.get(subject="Zastávky")
    assert "regál 7" in html(officer.get(f"/spisy/{file.pk}/"))
    changed = {"subject": "Zastávky", "processor": file.processor_id, f"own-{code}": "regál 8"}
    assert officer.post(f"/spisy/{file.pk}/udaje/", changed).status_code == 302
    assert file.file_mark in html(officer.get(f"/spisy/?udaj={code}&hodnota=Regál 8"))
    assert file.file_mark not in html(officer.get(f"/spisy/?udaj={code}&hodnota=regál 7"))
    assert "regál 8" in officer.get("/spisy/?tabulka=csv").content.decode("utf-8-sig")


def test_a_template_is_written_tried_on_a_document_taken_back_and_disabled(keeper, received):
    made = {"name": "Výzva", "subject": "Výzva: {{ vec }}", "body": "K věci {{ cj }} doplňte {{ vec }}."}
    refused = html(keeper.post("/evidence/sablony/nova/", made | {"body": "{{ heslo }}"}))
    assert "Neznámý údaj" in refused and "{{ heslo }}" in refused
    address = keeper.post("/evidence/sablony/nova/", made).headers["Location"]
    tried = html(keeper.get(f"{address}?cj={received.reference_number}"))
    assert f"K věci {received.reference_number} doplňte {received.subject}." in tried
    assert "tu není" in html(keeper.get(f"{address}?cj=NIC"))
    keeper.post(address, made | {"body": "Nový text."})
    template = DocumentTemplate.objects.get(name="Výzva")
    assert "Vrátit se k této verzi" in html(keeper.get(address))
    keeper.post(f"/evidence/sablony/verze/{template.versions.get(number=1).pk}/vratit/")
    keeper.post(f"{address}pouzivani/")
    template.refresh_from_db()
    assert (template.body, template.active) == (made["body"], False)
    assert "Výzva" in html(keeper.get("/evidence/sablony/?stav=ended&hledat=výz"))
    keeper.post(f"{address}pouzivani/")
    assert DocumentTemplate.objects.get(pk=template.pk).active
