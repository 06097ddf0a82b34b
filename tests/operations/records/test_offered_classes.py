"""Classes offered to fields: a short plan whole, of a long one what the typed words find."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.records_steps import record_class

from egon.kernel.clock import today
from egon.records import offered_classes, queries
from egon.records.models import RecordClass
from egon.records.offered_classes import Holding

pytestmark = pytest.mark.django_db


def codes(found):
    return [one.code for one in found]


def test_a_long_plan_offers_nothing_before_something_is_typed(in_region, monkeypatch):
    whole = codes(offered_classes.all_choices(on=today()))
    monkeypatch.setattr(offered_classes, "OFFERED_WHOLE", len(whole) or 10_000)
    whole = codes(offered_classes.all_choices(on=today()))
    assert whole == list(queries.classes_for_files(on=today()).values_list("code", flat=True))
    monkeypatch.setattr(offered_classes, "OFFERED_WHOLE", len(whole) - 1)
    assert offered_classes.all_choices(on=today()) == []


def test_classes_are_found_by_code_and_by_words_without_diacritics(in_region):
    assert codes(offered_classes.like("80.1", on=today()))[0] == "80.1"
    assert "80.1" in codes(offered_classes.like("jizdni DOPRAVNI", on=today()))
    assert codes(offered_classes.like("80", on=today(), most=3)) == codes(offered_classes.like("80.", on=today()))[:3]
    assert offered_classes.like("  ", on=today()) == []
    assert offered_classes.like("není nic takového", on=today()) == []


def test_only_open_classes_of_the_wanted_kind_are_offered(in_region):
    typed = RecordClass.objects.filter(plan=queries.current_plan(on=today()), for_typed_files=True)[0]
    assert typed.code not in codes(offered_classes.like(typed.code, on=today()))
    for holding in (Holding.TYPED, Holding.ANY):
        assert typed.code in codes(offered_classes.like(typed.code, on=today(), holding=holding))
    RecordClass.objects.filter(pk=record_class("80.1").pk).update(valid_to=today() - timedelta(days=1))
    assert "80.1" not in codes(offered_classes.like("80.1", on=today()))


def test_the_number_of_queries_does_not_grow_with_the_plan(in_region):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        offered_classes.like("a", on=today())
    assert len(asked) == 2


@pytest.mark.parametrize("typed", ["80.1", " 80.1 ", "{text}", "80.1 něco k tomu"])
def test_a_class_is_named_by_its_code_with_or_without_words(in_region, typed):
    entry = record_class("80.1")
    assert offered_classes.named(typed.format(text=f"{entry.code} {entry.name}"), on=today()) == entry


def test_codes_with_spaces_are_told_from_words_behind_them(in_region):
    entry = record_class("80.1")
    plan = queries.current_plan(on=today())
    other = RecordClass.objects.create(
        plan=plan, code="80.1 2", name="Jiná", sort_key="80.1 2", holds_files=False, valid_from=plan.valid_from
    )
    RecordClass.objects.filter(pk=entry.pk).update(name="2 zastávky")
    assert offered_classes.named("80.1 2", on=today()) == other
    assert offered_classes.named("80.1 2 Jiná", on=today()) == other
    assert offered_classes.named("80.1 2 zastávky", on=today()) == entry


def test_an_open_class_goes_before_its_closed_predecessor(in_region):
    entry = record_class("80.1")
    RecordClass.objects.filter(pk=entry.pk).update(valid_to=today() - timedelta(days=1))
    heir = RecordClass.objects.create(
        plan=entry.plan,
        code="80.1",
        name=entry.name,
        sort_key=entry.sort_key,
        holds_files=True,
        valid_from=today(),
        disposal_regime=entry.disposal_regime,
        parent=entry.parent,
    )
    assert offered_classes.named("80.1", on=today()) == heir
    assert offered_classes.named("", on=today()) is None
