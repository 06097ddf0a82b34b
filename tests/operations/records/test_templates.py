"""Templates of letters: versions, going back, out of use and back."""

import pytest
from tests.records_steps import acting

from egon.kernel.errors import AccessDenied
from egon.records import operations as records
from egon.records import queries
from egon.records.errors import NotInThisState
from egon.records.models import DocumentTemplate, TemplateVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(in_region):
    return acting(in_region.records_keeper)


@pytest.fixture
def template(keeper):
    return records.save_template(actor=keeper, name="Výzva", body="Vyzýváme vás.")


def bodies(template):
    return list(template.versions.order_by("number").values_list("number", "body"))


def test_another_text_is_another_version_and_an_older_one_comes_back_as_the_newest(keeper, template):
    records.save_template(actor=keeper, name="Výzva k doplnění", body="Vyzýváme vás.", template=template)
    assert bodies(template) == [(1, "Vyzýváme vás.")]
    records.save_template(actor=keeper, name="Výzva", body="Žádáme vás.", template=template)
    first = TemplateVersion.objects.get(template=template, number=1)
    records.restore_template(actor=keeper, version=first)
    assert DocumentTemplate.objects.get(pk=template.pk).body == "Vyzýváme vás."
    assert bodies(template) == [(1, "Vyzýváme vás."), (2, "Žádáme vás."), (3, "Vyzýváme vás.")]
    assert {one.saved_by for one in template.versions.all()} == {keeper.name}


def test_a_template_without_versions_keeps_its_text_when_it_is_changed_first(keeper):
    old = DocumentTemplate.objects.create(name="Stará", body="Původní text.")
    records.save_template(actor=keeper, name="Stará", body="Nový text.", template=old)
    assert bodies(old) == [(1, "Původní text."), (2, "Nový text.")]


def test_a_disabled_template_is_not_offered_and_comes_back(keeper, template):
    records.disable_template(actor=keeper, template=template)
    assert template not in queries.templates()
    with pytest.raises(NotInThisState):
        records.disable_template(actor=keeper, template=template)
    records.enable_template(actor=keeper, template=template)
    assert template in queries.templates()


@pytest.mark.parametrize("who", ["officer", "head", "clerk", "auditor", "outsider"])
def test_others_may_not(in_region, template, who):
    actor, version = acting(getattr(in_region, who)), template.versions.get()
    for step in (
        lambda: records.disable_template(actor=actor, template=template),
        lambda: records.enable_template(actor=actor, template=template),
        lambda: records.restore_template(actor=actor, version=version),
    ):
        with pytest.raises(AccessDenied):
            step()
    assert DocumentTemplate.objects.get(pk=template.pk).active
    assert template.versions.count() == 1
