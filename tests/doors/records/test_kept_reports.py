"""Reports of a large originator are counted in the background, kept, and counted anew when somebody asks."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.records_steps import register

from egon.kernel import clock
from egon.records import jobs, kept_reports
from egon.records.models import Document, KeptReport

PAGE = "/hlaseni/prijate/"
AGAIN = "/hlaseni/prijate/spocitat/"


@pytest.fixture
def large(monkeypatch, in_region, world):
    monkeypatch.setattr(kept_reports, "LARGE", 1)
    assert Document.objects.count() > 1


def asked_for():
    return list(ProcrastinateJob.objects.filter(task_name="records.count_report", status="todo").order_by("pk"))


def count_what_was_asked():
    for one in asked_for():
        jobs.count_report(key=one.args["key"], asked=one.args["asked"])
        ProcrastinateJob.objects.filter(pk=one.pk).update(status="succeeded")


def shown(client, address=PAGE):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.context.get("rows"), answer.content.decode()


def test_a_report_is_counted_in_the_background_and_kept_until_it_is_asked_for_again(browser, large, world):
    keeper = browser(world.records_keeper)
    rows, html = shown(keeper)
    assert rows == []
    assert "se počítá na pozadí" in html
    shown(keeper)
    assert len(asked_for()) == 1
    count_what_was_asked()
    rows, html = shown(keeper)
    assert rows[-1][1] == ("Dokumentů", str(Document.objects.filter(direction="received").count()))
    assert "Stav " in html
    assert "se počítá" not in html

    register(world)
    assert shown(keeper)[0] == rows
    assert keeper.post(AGAIN).url.startswith(PAGE)
    count_what_was_asked()
    assert shown(keeper)[0][-1][1][1] == str(int(rows[-1][1][1]) + 1)


def test_rows_half_a_day_old_are_shown_while_newer_ones_are_counted(browser, large, world):
    keeper = browser(world.records_keeper)
    shown(keeper)
    count_what_was_asked()
    KeptReport.objects.update(counted_at=clock.now() - kept_reports.FRESH - timedelta(minutes=1))
    rows, html = shown(keeper)
    assert rows
    assert "se počítá na pozadí" in html
    assert len(asked_for()) == 1


def test_rows_with_columns_of_an_older_version_are_counted_anew(browser, large, world):
    keeper = browser(world.records_keeper)
    shown(keeper)
    count_what_was_asked()
    KeptReport.objects.update(rows=[["celkem", 3, "navíc"]])
    rows, html = shown(keeper)
    assert rows == []
    assert "se počítá na pozadí" in html


def test_days_and_the_question_come_back_as_they_were(large, world):
    period = kept_reports.Period(since=clock.today() - timedelta(days=3), until=clock.today(), person=world.officer)
    assert kept_reports.period_of(kept_reports.asked_of(period)) == period
    rows = [["celkem", 3, clock.today()]]
    assert kept_reports.from_json(kept_reports.to_json(rows)) == rows


def test_who_reads_no_reports_has_none_counted(browser, large, world):
    assert browser(world.officer).post(AGAIN).status_code == 403
    assert browser(world.records_keeper).get(AGAIN).status_code == 405
    assert asked_for() == []


def test_a_file_of_numbers_not_counted_yet_is_the_page_that_says_so(browser, large, world):
    answer = browser(world.records_keeper).get(f"{PAGE}?soubor=csv")
    assert "html" in answer["Content-Type"]
    assert "se počítá na pozadí" in answer.content.decode()
