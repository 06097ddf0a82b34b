"""Giving numbers: the next of the year's series, written the way the originator set it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from egon import numbering
from egon.kernel.clock import PRAGUE
from egon.records.models import RecordsSettings
from egon.records.queries import settings_of_originator
from egon.records.rules.numbers import write_number
from egon.registry.models import Unit
from egon.tenancy.models import Tenant
from egon.tenancy.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a new record is called: by the product, and by people."""

    identifier: str
    written: str


def take_document_numbers(*, unit: Unit | None, at: datetime) -> Numbers:
    """The identifier and the reference number of a new document; the series starts anew each year (§ 10 odst. 4)."""
    return _take("document", at, unit, "", lambda settings: settings.reference_format)


def take_file_numbers(*, unit: Unit, at: datetime) -> Numbers:
    """The identifier and the file mark of a new file."""
    return _take("file", at, unit, "S-", lambda settings: settings.file_mark_format)


def _take(
    series: str, at: datetime, unit: Unit | None, prefix: str, pattern_of: Callable[[RecordsSettings], str]
) -> Numbers:
    settings = settings_of_originator()
    year = at.astimezone(PRAGUE).year
    code = Tenant.objects.values_list("code", flat=True).get(pk=current_tenant_id())
    # Taken last: until the commit, others wait here.
    number = numbering.take(series, year)
    unit_code = unit.code if unit else ""
    return Numbers(
        identifier=prefix + write_number(settings.identifier_format, code=code, number=number, year=year),
        written=write_number(pattern_of(settings), code=code, number=number, year=year, unit=unit_code),
    )
