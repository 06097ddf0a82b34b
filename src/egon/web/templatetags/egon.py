"""Template tags of the screens: Czech dates, sizes, plurals, and links that keep the filters of a list."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from egon.web import formatting
from egon.web.addresses import address_of

register = template.Library()


@register.filter
def cz_date(value: date | datetime | None) -> str:
    """``{{ document.due|cz_date }}``: 21. 11. 2026."""
    return formatting.write_date(value or None)


@register.filter
def cz_datetime(value: datetime | None) -> str:
    """``{{ message.delivered_at|cz_datetime }}``: 21. 11. 2026 14:05:09, Prague time."""
    return formatting.write_datetime(value or None)


@register.filter
def cz_time(value: datetime | None) -> str:
    """``{{ message.delivered_at|cz_time }}``: 14:05, Prague time."""
    return formatting.write_time(value or None)


@register.filter
def cz_number(value: int | float | str | None) -> str:
    """``{{ total|cz_number }}``: 1 234 567."""
    return "" if value is None or isinstance(value, str) else formatting.write_number(value)


@register.filter
def file_size(value: int | str | None) -> str:
    """``{{ component.size|file_size }}``: 1,4 MB."""
    return formatting.write_file_size(None if value is None or value == "" else int(value))


@register.filter
def lateness(due: date | None, today: date) -> str:
    """``{{ document.due|lateness:today }}``: 2 dny po termínu. ``today`` comes from the view, never from the clock."""
    return formatting.write_lateness(due or None, today)


@register.filter
def lateness_tone(due: date | None, today: date) -> str:
    """The tone for ``components/state_chip.html`` that belongs to a deadline."""
    return formatting.lateness_tone(due or None, today)


@register.filter
def preview_kind(media_type: str | None) -> str:
    """``pdf``, ``image``, ``text`` or ``none``."""
    return formatting.preview_kind(media_type or "")


@register.simple_tag
def plural(count: int, one: str, few: str, many: str, number: bool = True) -> str:
    """``{% plural n "dokument" "dokumenty" "dokumentů" %}``: 5 dokumentů; ``number=False`` gives the word alone."""
    return (formatting.write_count if number else formatting.choose_plural)(int(count), one, few, many)


@register.simple_tag
def address(name: str, pk: int) -> str:
    """``{% address "records:document" d.pk %}``: as ``{% url %}``, for rows of lists."""
    return address_of(name, pk)


@register.simple_tag
def chip(label: str, tone: str = "", title: str = "") -> SafeString:
    """``{% chip state.label state.tone %}``: the word says it, the colour only helps."""
    return format_html(
        '<span class="gov-tag chip" data-type="subtle" data-color="{}"{}>{}</span>',
        tone or "neutral",
        format_html(' title="{}"', title) if title else "",
        label,
    )


@register.simple_tag(takes_context=True)
def page_link(context: Context, param: str, number: int) -> str:
    """The present address with another page number; filters and order stay."""
    return _with_query(context, {param: str(number)})


@register.simple_tag
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    """The page numbers worth offering, with ``…`` for gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def sort_header(context: Context, key: str, label: str, param: str = "razeni") -> SafeString:
    """A link for a ``<th>`` that sorts by ``key``, and on the next click the other way round (``-key``)."""
    present = context["request"].GET.get(param, "")
    target, mark, words = key, "", ", seřadit vzestupně"
    if present == key:
        target, mark, words = f"-{key}", "▲", ", seřazeno vzestupně, otočit"
    elif present == f"-{key}":
        mark, words = "▼", ", seřazeno sestupně, otočit"
    return format_html(
        '<a class="sort" href="{}">{}<span class="visually-hidden">{}</span>'
        '<span class="sort__mark" aria-hidden="true">{}</span></a>',
        _with_query(context, {param: target, "strana": None}), label, words, mark,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def sort_state(context: Context, key: str, param: str = "razeni") -> str:
    """The value of ``aria-sort`` for the column."""
    return {key: "ascending", f"-{key}": "descending"}.get(context["request"].GET.get(param, ""), "none")


@register.inclusion_tag("components/field.html")
def form_field(field: BoundField) -> dict[str, BoundField]:
    """``{% form_field form.subject %}``: label, hint, errors and the control."""
    return {"field": field}


@register.inclusion_tag("components/chart_week.html")
def chart_week(days: Sequence[formatting.WeekDay], title: str = "Posledních sedm dní") -> dict[str, object]:
    """``{% chart_week days %}``: received, settled and late documents per day, as SVG with a table beside it."""
    return {"chart": formatting.draw_week(days, title=title)}


def _with_query(context: Context, changes: dict[str, str | None]) -> str:
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"
