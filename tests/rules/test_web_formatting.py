"""How the screens write times, sizes and counts, and the parts of a page that need no database."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from egon.web import formatting
from egon.web.widgets import DayInput, MomentInput

NB = "\N{NO-BREAK SPACE}"
TODAY = date(2026, 11, 21)


def render(source: str, path: str = "/dokumenty/", **values: object) -> str:
    return Template("{% load egon %}" + source).render(Context({"request": RequestFactory().get(path), **values}))


def test_date_has_no_leading_zeros_and_does_not_break() -> None:
    assert formatting.write_date(date(2026, 2, 3)) == f"3.{NB}2.{NB}2026"
    assert formatting.write_date(None) == ""


def test_datetime_is_shown_in_prague_to_the_second_in_winter_and_summer() -> None:
    assert formatting.write_datetime(datetime(2026, 11, 21, 13, 5, 9, tzinfo=UTC)) == f"21.{NB}11.{NB}2026 14:05:09"
    assert formatting.write_datetime(datetime(2026, 7, 31, 22, 0, 0, tzinfo=UTC)) == f"1.{NB}8.{NB}2026 00:00:00"
    assert formatting.write_time(datetime(2026, 7, 31, 22, 4, tzinfo=UTC)) == "00:04"
    assert formatting.write_date(datetime(2026, 7, 31, 22, 0, 0, tzinfo=UTC)) == f"1.{NB}8.{NB}2026"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, f"0{NB}B"), (999, f"999{NB}B"), (1000, f"1{NB}kB"), (1432, f"1{NB}kB"), (999_400, f"999{NB}kB"),
        (999_600, f"1,0{NB}MB"), (1_412_000, f"1,4{NB}MB"), (20_000_000, f"20{NB}MB"), (3_250_000_000, f"3,2{NB}GB"),
        (999_700_000, f"1,0{NB}GB"), (2_000_000_000_000_000, f"2{NB}000{NB}TB"), (None, ""),
    ],
)  # fmt: skip
def test_file_size_uses_decimal_units_and_a_comma(size: int | None, shown: str) -> None:
    assert formatting.write_file_size(size) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 dokumentů"), (1, "1 dokument"), (2, "2 dokumenty"), (4, "4 dokumenty"), (5, "5 dokumentů"),
     (21, "21 dokumentů"), (22, "22 dokumentů"), (1204, "1 204 dokumentů")],
)  # fmt: skip
def test_count_takes_the_czech_form(count: int, shown: str) -> None:
    assert formatting.write_count(count, "dokument", "dokumenty", "dokumentů") == shown.replace(" ", NB)


@pytest.mark.parametrize(
    ("due", "shown", "tone"),
    [
        (date(2026, 11, 19), f"2{NB}dny po termínu", "error"), (date(2026, 11, 20), f"1{NB}den po termínu", "error"),
        (date(2026, 11, 21), "dnes", "warning"), (date(2026, 11, 22), "zítra", "warning"),
        (date(2026, 11, 23), f"zbývají 2{NB}dny", "neutral"), (date(2026, 11, 26), f"zbývá 5{NB}dní", "neutral"),
        (None, "", "neutral"),
    ],
)  # fmt: skip
def test_lateness_is_said_in_words(due: date | None, shown: str, tone: str) -> None:
    assert formatting.write_lateness(due, TODAY) == shown
    assert formatting.lateness_tone(due, TODAY) == tone


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [("application/pdf", "pdf"), ("Image/JPEG", "image"), ("text/plain; charset=utf-8", "text"), ("", "none"),
     ("image/svg+xml", "none"), ("text/html", "none"), ("application/x-msdownload", "none")],
)  # fmt: skip
def test_only_harmless_formats_are_shown_in_the_page(media_type: str, kind: str) -> None:
    assert formatting.preview_kind(media_type) == kind


@dataclass(frozen=True)
class Day:
    date: date
    received: int
    settled: int
    late: int


def test_bars_of_the_week_are_scaled_to_one_round_ceiling() -> None:
    chart = formatting.draw_week([Day(date(2026, 11, 20), 16, 8, 1), Day(date(2026, 11, 21), 4, 0, 2)])
    heights = [[float(bar.height) for bar in day.bars] for day in chart.days]
    assert heights[0][0] == pytest.approx(2 * heights[0][1], abs=0.3)
    assert heights[0][0] == pytest.approx(4 * heights[1][0], abs=0.3)
    assert heights[0][0] > 100
    assert heights[1][1] == 0
    assert [(series.total_name, series.total) for series in chart.series] == [
        ("přijato", 20), ("vyřízeno", 8), ("po termínu dnes", 2),
    ]  # fmt: skip
    assert [day.weekday for day in chart.days] == ["pá", "so"]


@pytest.mark.parametrize("highest", [0, 1, 4, 5, 37, 99, 101, 12_345])
def test_ceiling_holds_the_highest_bar_and_divides_into_whole_lines(highest: int) -> None:
    chart = formatting.draw_week([Day(TODAY, highest, 0, 0)])
    values = [line.value for line in chart.lines]
    assert values[-1] >= max(highest, 1)
    assert values[-1] % 4 == 0
    assert values[-1] <= max(4, 3 * highest)
    assert float(chart.days[0].bars[0].y) >= 12


def test_chart_has_a_table_for_those_who_do_not_see_it() -> None:
    html = render("{% chart_week days %}", days=[Day(TODAY, 7, 3, 1)])
    assert "<td>7</td><td>3</td><td>1</td>" in html
    assert 'role="img"' in html and "so 21." in html


def test_sort_header_turns_the_order_and_keeps_filters_but_not_the_page() -> None:
    assert 'href="?stav=new&amp;razeni=doslo"' in render(
        '{% sort_header "doslo" "Došlo" %}', "/dokumenty/?stav=new&strana=3"
    )
    assert 'href="?razeni=-doslo"' in render('{% sort_header "doslo" "Došlo" %}', "/dokumenty/?razeni=doslo")
    assert render('{% sort_state "doslo" %}', "/dokumenty/?razeni=-doslo") == "descending"
    assert render('{% sort_state "doslo" %}', "/dokumenty/?razeni=vec") == "none"


def test_sort_header_escapes_its_label() -> None:
    assert "<script>" not in render("{% sort_header 'x' label %}", label="<script>")


def test_pagination_keeps_the_query_and_says_where_we_are() -> None:
    page = Paginator(range(1204), 50).page(4)
    html = render(
        '{% include "components/pagination.html" with page=page one="dokument" few="dokumenty" many="dokumentů" %}',
        "/dokumenty/?stav=new&strana=4",
        page=page,
    )
    assert 'rel="next" href="?stav=new&amp;strana=5"' in html
    assert f"151–200 z 1{NB}204{NB}dokumentů" in html
    assert 'aria-current="page"' in html


def test_pagination_of_one_page_is_not_shown() -> None:
    assert "<nav" not in render('{% include "components/pagination.html" %}', page=Paginator(range(3), 50).page(1))


class Letter(forms.Form):
    subject = forms.CharField(label="Věc", help_text="Stručně.")
    own_hands = forms.BooleanField(label="Do vlastních rukou", required=False)
    channel = forms.ChoiceField(label="Doručení", choices=[("ds", "Schránkou")], widget=forms.RadioSelect)


def test_field_ties_label_hint_and_error_to_its_control() -> None:
    html = render("{% form_field form.subject %}", form=Letter({"subject": ""}))
    assert '<label class="field__label" for="id_subject">Věc' in html
    assert 'id="id_subject_helptext"' in html and 'id="id_subject_error"' in html
    assert 'aria-describedby="id_subject_helptext id_subject_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_group_of_choices_is_a_fieldset_and_a_checkbox_stands_before_its_label() -> None:
    assert "<legend" in render("{% form_field form.channel %}", form=Letter())
    html = render("{% form_field form.own_hands %}", form=Letter())
    assert html.index("<input") < html.index("Do vlastních rukou")


def test_date_controls_give_the_browser_the_form_it_understands() -> None:
    class Deadline(forms.Form):
        due = forms.DateField(widget=DayInput, initial=date(2026, 11, 21))
        at = forms.DateTimeField(widget=MomentInput, initial=datetime(2026, 11, 21, 13, 5, 9, tzinfo=UTC))

    html = str(Deadline())
    assert 'type="date" name="due" value="2026-11-21"' in html
    assert 'value="2026-11-21T14:05:09"' in html
    assert Deadline({"due": "2026-11-21", "at": "2026-11-21T14:05:09"}).is_valid()


def test_obstacles_are_listed_all_at_once_as_text_or_with_a_way_out() -> None:
    html = render(
        '{% include "components/obstacles.html" with title="Spis nejde uzavřít" %}',
        obstacles=["Spis nemá znak <b>.", {"text": "Dokument není vyřízen.", "url": "/d/1/", "action": "Otevřít"}],
    )
    assert f"Brání tomu 2{NB}věci" in html
    assert "Spis nemá znak &lt;b&gt;." in html
    assert '<a href="/d/1/">Otevřít</a>' in html


def test_error_pages_need_no_context_at_all() -> None:
    from django.template.loader import get_template

    for name in ("403.html", "403_csrf.html", "404.html", "500.html", "refused.html"):
        html = get_template(name).template.render(Context())
        assert "Co teď" in html and "<h1>" in html, name


def test_text_of_users_is_escaped_in_the_timeline() -> None:
    event = {"at": datetime(2026, 11, 21, 13, 5, 9, tzinfo=UTC), "title": "<i>", "who": "A", "text": "a\n<script>"}
    html = render('{% include "components/timeline.html" %}', events=[event])
    assert "&lt;script&gt;" in html and "&lt;i&gt;" in html and "14:05:09" in html


WEB = Path(formatting.__file__).parent


def test_what_the_first_page_loads_stays_under_250_kilobytes() -> None:
    loaded = [*WEB.glob("static/gov/*.css"), *WEB.glob("static/gov/fonts/*.woff2")]
    loaded += [*WEB.glob("static/egon/*"), *WEB.glob("static/htmx/*.js")]
    assert len(loaded) >= 8
    assert sum(path.stat().st_size for path in loaded) < 250_000
    assert (WEB / "static/egon/egon.js").stat().st_size < 8_000


def test_templates_carry_no_inline_script_or_style_that_the_content_policy_would_block() -> None:
    templates = list(WEB.glob("**/templates/**/*.html"))
    assert templates
    forbidden = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    markup = {path.name: re.sub(r"{%.*?%}|{{.*?}}", "", path.read_text()) for path in templates}
    assert [name for name, html in markup.items() if forbidden.search(html)] == []
