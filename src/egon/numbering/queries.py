"""Reading series and periods without taking a number."""

from django.db.models import QuerySet

from egon.numbering.models import Period, Series


def last_of(series: str, period: str | int) -> int:
    """The last number taken so far; nothing is taken."""
    return Series.objects.filter(code=series, period=str(period)).values_list("last", flat=True).first() or 0


def periods() -> QuerySet[Period]:
    """Periods set so far, the latest first."""
    return Period.objects.order_by("-starts_on")
