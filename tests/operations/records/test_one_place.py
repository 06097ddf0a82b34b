"""Each entity lies in exactly one entity above it: the tables hold one reference, and the database refuses none."""

import pytest
from django.db import IntegrityError, transaction
from tests.records_steps import acting, record_class
from tests.typed_steps import full_file, section, typed_class, typed_file, volumes

from egon.kernel import clock
from egon.records import operations as records
from egon.records import plan_queries
from egon.records.errors import InvalidInput
from egon.records.models import CaseFile, Document, RecordClass, TypedFile, TypedSection, Volume

ABOVE = [(TypedFile, "record_class"), (TypedSection, "typed_file"), (Volume, "section"), (CaseFile, "record_class")]


@pytest.fixture
def typed(in_region):
    return typed_file(in_region, typed_class(in_region))


@pytest.mark.norm("3.4.1")
@pytest.mark.parametrize(("model", "above"), ABOVE, ids=lambda one: getattr(one, "__name__", one))
def test_none_is_without_an_entity_above_it(in_region, typed, model, above):
    full_file(in_region, section(typed, "1.2"))
    assert model.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**{above: None})


@pytest.mark.norm("3.4.1")
def test_what_moves_leaves_where_it_was(in_region, typed):
    officer, keeper = acting(in_region.officer), acting(in_region.records_keeper)
    file = full_file(in_region, None)
    place, other = section(typed, "1.2"), section(typed, "2")

    def places():
        held = sorted(one.files.filter(pk=file.pk).count() for one in (*volumes(place), *volumes(other)))
        return held, CaseFile.objects.get(pk=file.pk).class_code

    assert places() == ([0, 0], "80.20")
    for where in (place, other):
        records.put_file_in_section(actor=officer, file=file, section=where, reason="Patří sem")
        file.refresh_from_db()
        assert places() == ([0, 1], where.template.code)
        assert not record_class("80.20").files.filter(pk=file.pk).exists()
    records.resort_file(actor=officer, file=file, target=record_class("80.1"), reason="Nepatří")
    assert places() == ([0, 0], "80.1")
    document = Document.objects.get(case_file=file)
    assert document.order_in_file == 1
    plan = record_class("80.1").plan
    with pytest.raises(InvalidInput, match="spisy"):
        records.save_class(
            actor=keeper, plan=plan, parent=record_class("80.1"), code="80.1.1", name="Pod listem",
            valid_from=clock.today(),
        )  # fmt: skip


@pytest.mark.norm("3.4.1")
def test_a_class_stands_under_one_class_of_its_own_plan_at_most(in_region):
    keeper = acting(in_region.records_keeper)
    plan = record_class("80.1").plan
    draft = records.copy_plan(actor=keeper, plan=plan, name="Další", valid_from=clock.today())
    with pytest.raises(InvalidInput):
        records.save_class(
            actor=keeper, plan=draft, parent=plan_queries.class_by_code(plan, "80"), code="80.99", name="Cizí",
            valid_from=clock.today(),
        )  # fmt: skip
    for entry in RecordClass.objects.filter(parent__isnull=False).select_related("parent"):
        assert entry.parent.plan_id == entry.plan_id
        assert entry.code.startswith(entry.parent.code)
