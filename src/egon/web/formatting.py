"""How times, sizes and counts are written for a Czech reader. Pure functions; the template tags only call them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from egon.kernel.clock import PRAGUE

NBSP = "\N{NO-BREAK SPACE}"


def write_date(value: date | datetime | None) -> str:
    """``21. 11. 2026`` with non-breaking spaces; a date-time is taken in Prague time. Empty for ``None``."""
    if value is None:
        return ""
    day = value.astimezone(PRAGUE) if isinstance(value, datetime) else value
    return f"{day.day}.{NBSP}{day.month}.{NBSP}{day.year}"


def write_datetime(value: datetime | None) -> str:
    """``21. 11. 2026 14:05:09`` in Prague time, always with seconds; a narrow column may break it before the time."""
    if value is None:
        return ""
    return f"{write_date(value)} {value.astimezone(PRAGUE):%H:%M:%S}"


def write_time(value: datetime | None) -> str:
    """``14:05`` in Prague time, for lists of today."""
    return "" if value is None else f"{value.astimezone(PRAGUE):%H:%M}"


def write_number(value: int | float, decimals: int = 0) -> str:
    """``1 234 567,8``: thousands by a non-breaking space, a decimal comma."""
    return f"{value:,.{decimals}f}".replace(",", NBSP).replace(".", ",")


def write_file_size(size: int | None) -> str:
    """``1,4 MB`` from bytes. Decimal units, as data boxes and the standard count them."""
    if size is None:
        return ""
    if size < 1000:
        return f"{size}{NBSP}B"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        decimals = 1 if amount < 9.95 and unit != "kB" else 0
        if round(amount, decimals) < 1000 or unit == "TB":
            break
    return f"{write_number(amount, decimals)}{NBSP}{unit}"


def choose_plural(count: int, one: str, few: str, many: str) -> str:
    """The Czech form for a count: 1 dokument, 2 to 4 dokumenty, otherwise dokumentů."""
    if abs(count) == 1:
        return one
    return few if 2 <= abs(count) <= 4 else many


def write_count(count: int, one: str, few: str, many: str) -> str:
    """``1 204 dokumentů``."""
    return f"{write_number(count)}{NBSP}{choose_plural(count, one, few, many)}"


def write_lateness(due: date | None, today: date) -> str:
    """How a deadline stands against today: ``2 dny po termínu``, ``dnes``, ``zítra``, ``zbývá 5 dní``."""
    if due is None:
        return ""
    days = (due - today).days
    if days < 0:
        return f"{write_count(-days, 'den', 'dny', 'dní')} po termínu"
    if days < 2:
        return ("dnes", "zítra")[days]
    verb = choose_plural(days, "zbývá", "zbývají", "zbývá")
    return f"{verb} {write_count(days, 'den', 'dny', 'dní')}"


def lateness_tone(due: date | None, today: date) -> str:
    """The tone of the chip beside a deadline: error when late, warning on the last two days, otherwise neutral."""
    if due is None or (due - today).days > 1:
        return "neutral"
    return "error" if due < today else "warning"


def preview_kind(media_type: str) -> str:
    """How the page can show a file: ``pdf``, ``image``, ``text``, or ``none`` (offered to download only).

    SVG and HTML are left out on purpose: they carry scripts.
    """
    plain = media_type.partition(";")[0].strip().lower()
    if plain == "application/pdf":
        return "pdf"
    if plain in {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}:
        return "image"
    return "text" if plain in {"text/plain", "text/csv", "application/xml", "text/xml"} else "none"


class WeekDay(Protocol):
    """One day of the chart: what was received, what was settled, what was late at its end."""

    @property
    def date(self) -> date: ...
    @property
    def received(self) -> int: ...
    @property
    def settled(self) -> int: ...
    @property
    def late(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Bar:
    series: str
    name: str
    value: int
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class ChartDay:
    """``label`` is the day in the table, ``axis`` under the bars, where there may be room only for its number."""

    weekday: str
    label: str
    axis: str
    middle: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class GridLine:
    value: int
    y: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Series:
    """``total`` is what ``total_name`` says: of all the days, or of the last one."""

    code: str
    name: str
    total_name: str
    total: int


@dataclass(frozen=True, slots=True)
class WeekChart:
    """Geometry of the SVG in its own units; numbers are strings, so that no template localises the decimal point."""

    id: str
    title: str
    days: tuple[ChartDay, ...]
    lines: tuple[GridLine, ...]
    series: tuple[Series, ...]
    width: str = "400"
    height: str = "204"
    left: str = "34"
    left_label: str = "28"
    label_y: str = "186"
    date_y: str = "199"


_SERIES = (("received", "přijato"), ("settled", "vyřízeno"), ("late", "po termínu"))
_WEEKDAYS = ("po", "út", "st", "čt", "pá", "so", "ne")
_TOP, _BOTTOM, _LEFT, _RIGHT = 12.0, 170.0, 34.0, 398.0
_BAR, _BAR_GAP = 12.0, 2.0
_MOST_WHOLE_DATES = 10

type SeriesNames = Sequence[tuple[str, str]]


def _ceiling_of(highest: int) -> int:
    """The first round number not below the highest value, divisible by four so that grid lines are whole."""
    step = 4
    while step < highest:
        step = step * 5 // 2 if str(step).startswith("4") else step * 2
        step += -step % 4
    return step


def _units(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _bars_of(day: Any, series: SeriesNames, middle: float, slot: float, ceiling: int) -> Iterable[Bar]:
    bar = min(_BAR, (slot - 4) / len(series) - _BAR_GAP)
    start = middle - (len(series) * bar + (len(series) - 1) * _BAR_GAP) / 2
    for index, (code, name) in enumerate(series):
        value = int(getattr(day, code))
        height = (_BOTTOM - _TOP) * value / ceiling
        x = start + index * (bar + _BAR_GAP)
        yield Bar(code, name, value, _units(x), _units(_BOTTOM - height), _units(bar), _units(height))


def draw_week(days: Sequence[WeekDay], *, id: str = "graf-tydne", title: str = "Posledních sedm dní") -> WeekChart:
    """Lay out the bars of a week of documents."""
    return draw_days(days, _SERIES, id=id, title=title)


def draw_days(days: Sequence[Any], series: SeriesNames, *, id: str, title: str) -> WeekChart:
    """Lay out bars of each day (up to about twenty), scaled to the highest of them.

    ``series`` are the days' attributes to draw, each with its Czech name.
    """
    ceiling = _ceiling_of(max((int(getattr(day, code)) for day in days for code, _ in series), default=0))
    slot = (_RIGHT - _LEFT) / max(len(days), 1)
    drawn = tuple(
        _day_of(day, tuple(_bars_of(day, series, _LEFT + slot * (at + 0.5), slot, ceiling)), at, slot, len(days))
        for at, day in enumerate(days)
    )
    heights = [(ceiling * part // 4, _BOTTOM - (_BOTTOM - _TOP) * part / 4) for part in range(0, 5, 2)]
    lines = tuple(GridLine(value, _units(y), _units(y + 4)) for value, y in heights)
    return WeekChart(id=id, title=title, days=drawn, lines=lines, series=tuple(_totals_of(days, series)))


def _totals_of(days: Sequence[Any], series: SeriesNames) -> Iterable[Series]:
    for code, name in series:
        values = [int(getattr(day, code)) for day in days]
        if code == "late":  # the same document is late on many days, so its days are not added up
            yield Series(code, name, f"{name} dnes", values[-1] if values else 0)
        else:
            yield Series(code, name, name, sum(values))


def _day_of(day: Any, bars: tuple[Bar, ...], at: int, slot: float, count: int) -> ChartDay:
    label = f"{day.date.day}.{NBSP}{day.date.month}."
    axis = label if count <= _MOST_WHOLE_DATES else f"{day.date.day}."
    return ChartDay(_WEEKDAYS[day.date.weekday()], label, axis, _units(_LEFT + slot * (at + 0.5)), bars)
