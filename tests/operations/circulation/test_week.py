"""The chart of the week counts what came, was settled and was late, day by day, of what the person sees."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from egon.circulation import week
from egon.records.models import Document

pytestmark = pytest.mark.django_db


def counts(office, before=None):
    """Received, settled and late for each of the seven days, without what was there before."""
    days = week.of_desk(office.acting("clerk"), on=office.today)
    found = [(day.received, day.settled, day.late) for day in days]
    if before is None:
        return found
    return [tuple(now - then for now, then in zip(*pair, strict=True)) for pair in zip(found, before, strict=True)]


def test_each_day_has_its_own_counts(office):
    today, before = office.today, counts(office)
    long_late, late_until_yesterday, _ = (office.received(subject=f"Žádost {n}") for n in range(3))
    Document.objects.filter(pk=long_late.pk).update(
        registered_at=office.now - timedelta(days=30), deadline=today - timedelta(days=20)
    )
    Document.objects.filter(pk=late_until_yesterday.pk).update(
        registered_at=office.now - timedelta(days=3),
        deadline=today - timedelta(days=3),
        settled_on=today - timedelta(days=1),
    )
    received = [0, 0, 0, 1, 0, 0, 1]
    settled = [0, 0, 0, 0, 0, 1, 0]
    late = [1, 1, 1, 1, 2, 1, 1]
    assert counts(office, before) == list(zip(received, settled, late, strict=True))


def test_what_was_withdrawn_or_settled_before_the_week_is_not_late(office):
    today, before = office.today, counts(office)
    withdrawn, settled = office.received(), office.received()
    past = {"registered_at": office.now - timedelta(days=30), "deadline": today - timedelta(days=20)}
    Document.objects.filter(pk=withdrawn.pk).update(**past, state="withdrawn")
    Document.objects.filter(pk=settled.pk).update(**past, state="settled", settled_on=today - timedelta(days=9))
    assert counts(office, before) == [(0, 0, 0)] * week.DAYS


def test_the_week_takes_one_query(office):
    clerk = office.acting("clerk")
    with CaptureQueriesContext(connection) as captured:
        week.of_desk(clerk, on=office.today)
    assert len(captured) == 1
