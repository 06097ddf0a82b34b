"""Numbering, letterhead, kinds of document and templates: kept by administrators, never left in an unusable state."""

from datetime import date

import pytest
from tests import traces
from tests.records_steps import acting, register
from tests.strangers import of_school

from egon.kernel import clock
from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records.errors import InvalidInput
from egon.records.models import DocumentKind, DocumentTemplate, RecordsSettings
from egon.tenancy.scope import WrongTenant

pytestmark = pytest.mark.django_db

FROM = date(2026, 1, 1)
STEPS = {
    "records.settings.save": lambda actor: records.configure_numbering(
        actor=actor, reference_format="{code}-{year}-{number}"
    ),
    "records.kind.save": lambda actor: records.save_kind(actor=actor, name="Žádost o výjimku", valid_from=FROM),
    "records.template.save": lambda actor: records.save_template(actor=actor, name="Výzva", body="Vyzýváme vás."),
}


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


def picture():
    return [list(model.objects.order_by("pk").values()) for model in (RecordsSettings, DocumentKind, DocumentTemplate)]


@pytest.mark.parametrize("operation", STEPS)
@pytest.mark.parametrize("who", ["records_keeper", "administrator"])
def test_keepers_of_the_settings_change_them_and_it_is_logged(in_region, operation, who):
    person, before = getattr(in_region, who), picture()
    row = STEPS[operation](acting(person))
    assert picture() != before
    record = traces.last(operation)
    assert record.person_id == person.pk
    assert traces.speaks_of(record, row)


@pytest.mark.parametrize("operation", STEPS)
@pytest.mark.parametrize("who", ["officer", "head", "clerk", "secretariat", "auditor", "outsider"])
def test_others_change_nothing_and_the_attempt_is_logged(in_region, operation, who):
    before = picture()
    with pytest.raises(AccessDenied):
        STEPS[operation](acting(getattr(in_region, who)))
    assert picture() == before
    assert traces.denied(operation) == 1


@pytest.mark.parametrize("operation", STEPS)
def test_keepers_of_another_organisation_change_nothing_here(in_region, keeper, operation):
    before = picture()
    with pytest.raises(WrongTenant):
        STEPS[operation](of_school(in_region, keeper))
    assert picture() == before


def test_the_next_document_is_numbered_the_new_way(in_region, keeper):
    records.configure_numbering(actor=keeper, reference_format="{year}/{number}/{code}")
    document = register(in_region)
    year, _, code = document.reference_number.split("/")
    assert (year, code) == (str(clock.today().year), in_region.region.code)


def test_settings_of_one_organisation_are_not_those_of_another(in_region, keeper):
    records.configure_numbering(actor=keeper, phone="+420 111 222 333")
    assert RecordsSettings.objects.get().phone == "+420 111 222 333"
    assert {row.tenant_id for row in RecordsSettings.objects.all()} == {in_region.region.pk}


def test_a_pattern_that_would_repeat_numbers_is_refused_with_all_faults(in_region, keeper):
    before = picture()
    with pytest.raises(InvalidInput) as refusal:
        records.configure_numbering(actor=keeper, reference_format="{number}", file_mark_format="S {nic}", phone="1")
    told = " ".join(refusal.value.obstacles)
    assert "{code}" in told and "{year}" in told and "nejde přečíst" in told
    assert picture() == before


def test_what_was_not_given_stays(in_region, keeper):
    before = RecordsSettings.objects.get()
    records.configure_numbering(actor=keeper, reference_format="{year}/{number}/{code}", phone="")
    after = RecordsSettings.objects.get()
    assert (after.address, after.web, after.file_mark_format) == (before.address, before.web, before.file_mark_format)
    assert (after.phone, after.reference_format) == ("", "{year}/{number}/{code}")


@pytest.mark.parametrize("name", ["", "   ", " Stížnost na úředníka "])
def test_a_kind_needs_a_name_nobody_has(in_region, keeper, name):
    kind = records.save_kind(actor=keeper, name=" Stížnost na úředníka ", valid_from=FROM)
    assert (kind.name, kind.valid_from) == ("Stížnost na úředníka", FROM)
    before = picture()
    with pytest.raises(InvalidInput):
        records.save_kind(actor=keeper, name=name, valid_from=FROM)
    assert picture() == before


def test_a_template_is_changed_in_place(in_region, keeper):
    template = records.save_template(actor=keeper, name="Výzva", body="Vyzýváme vás k {{ vec }}.")
    count = DocumentTemplate.objects.count()
    records.save_template(actor=keeper, name=" Výzva ", subject="Nová věc", body="Jinak.", template=template)
    fresh = DocumentTemplate.objects.get(pk=template.pk)
    assert (fresh.name, fresh.subject, fresh.body) == ("Výzva", "Nová věc", "Jinak.")
    assert DocumentTemplate.objects.count() == count


def test_a_template_with_unknown_placeholders_or_without_text_is_refused_with_all_faults(in_region, keeper):
    before = picture()
    with pytest.raises(InvalidInput) as refusal:
        records.save_template(actor=keeper, name="", subject="{{ vek }}", body="{{ heslo }}")
    assert len(refusal.value.obstacles) == 3
    assert picture() == before


def test_the_name_of_another_template_is_refused_as_a_rule_not_as_a_defect(in_region, keeper):
    first = records.save_template(actor=keeper, name="Výzva", body="Vyzýváme vás.")
    second = records.save_template(actor=keeper, name="Sdělení", body="Sdělujeme vám.")
    before = picture()
    with pytest.raises(InvalidInput, match="už existuje"):
        records.save_template(actor=keeper, name="Výzva", body="Podruhé.")
    with pytest.raises(InvalidInput, match="už existuje"):
        records.save_template(actor=keeper, name="Výzva", body="Podruhé.", template=second)
    assert picture() == before
    assert first.name == "Výzva"


def test_the_text_of_a_template_is_not_copied_into_the_log(in_region, keeper):
    records.save_template(actor=keeper, name="Výzva", body="Vyzýváme vás.")
    assert "Vyzýváme" not in str(traces.last("records.template.save").parameters)
