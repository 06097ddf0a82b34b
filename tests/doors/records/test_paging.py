"""Pages of lists."""

import pytest
from django.db.models import Count
from django.test import RequestFactory

from egon.records.models import FilingPlan
from egon.web.records.paging import page_of

pytestmark = pytest.mark.django_db


def test_a_page_keeps_what_was_worked_out_for_its_rows(in_region):
    counted = FilingPlan.objects.annotate(size=Count("classes")).order_by("-pk")
    page = page_of(counted, RequestFactory().get("/plan/verze/"))
    assert [(plan.pk, plan.size) for plan in page] == [(plan.pk, plan.size) for plan in counted]
    assert page[0].size > 400
