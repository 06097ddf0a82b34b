"""Giving numbers: the next of the period's series, written the way the originator set it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from egon import numbering
from egon.kernel.clock import PRAGUE
from egon.numbering.queries import last_of
from egon.numbering.rules import compact
from egon.records.models import RecordsSettings
from egon.records.rules.numbers import write_number
from egon.registry.models import Unit
from egon.tenancy.scope import current_tenant_id

FILE_PREFIX = "S-"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a new record is called: by the product, and by people."""

    identifier: str
    written: str
    number: int = 0


# One row also when nothing was set (then the patterns are NULL) and outside of any period; row security hides others'.
_PATTERNS = """
SELECT tenant.code, settings.identifier_format, settings.reference_format, settings.file_mark_format, period.label
FROM tenancy_tenant AS tenant
LEFT JOIN records_recordssettings AS settings ON settings.tenant_id = tenant.id
LEFT JOIN numbering_period AS period
    ON period.tenant_id = tenant.id AND %(day)s BETWEEN period.starts_on AND period.ends_on
WHERE tenant.id = %(tenant)s
"""


@dataclass(frozen=True, slots=True)
class Patterns:
    """How numbers are written on a day: the originator, the three patterns, the period the day falls into."""

    code: str
    identifier: str
    document: str
    file: str
    period: int | str

    def write(self, number: int, *, written: str, prefix: str, unit: str) -> Numbers:
        """What the record that gets this number is called."""
        period = self.period
        in_identifier = period if isinstance(period, int) else compact(period)
        return Numbers(
            identifier=prefix + write_number(self.identifier, code=self.code, number=number, year=in_identifier),
            written=write_number(written, code=self.code, number=number, year=period, unit=unit),
            number=number,
        )


def take_document_numbers(*, unit: Unit | None, at: datetime) -> Numbers:
    """The identifier and the reference number of a new document; the series starts anew with each period.

    The period is the calendar year (§ 10 odst. 4) unless the administrator set another (NSESSS 2.7.2).
    """
    patterns = patterns_on(at.astimezone(PRAGUE).date())
    return _take("document", unit, patterns, "", patterns.document)


def take_file_numbers(*, unit: Unit, at: datetime) -> Numbers:
    """The identifier and the file mark of a new file."""
    patterns = patterns_on(at.astimezone(PRAGUE).date())
    return _take("file", unit, patterns, FILE_PREFIX, patterns.file)


def take_typed_identifier(*, at: datetime) -> str:
    """The identifier of a new typed file (NSESSS 2.7.1 písm. d); people call it by its name."""
    patterns = patterns_on(at.astimezone(PRAGUE).date())
    return _take("typed_file", None, patterns, "T-", "").identifier


def coming_numbers(patterns: Patterns, *, unit: Unit | None, count: int = 3) -> dict[str, list[Numbers]]:
    """What the next documents and files would be called by these patterns; nothing is taken, nothing reserved."""
    unit_code = unit.code if unit else ""
    kinds = (("document", "", patterns.document), ("file", FILE_PREFIX, patterns.file))
    return {
        series: [
            patterns.write(last_of(series, patterns.period) + step, written=written, prefix=prefix, unit=unit_code)
            for step in range(1, count + 1)
        ]
        for series, prefix, written in kinds
    }


def patterns_on(day: date) -> Patterns:
    """How records of the day are numbered, by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PATTERNS, {"day": day, "tenant": current_tenant_id()})
        code, identifier, document, file, period = cursor.fetchone()
    if identifier is None:
        unset = RecordsSettings()
        identifier, document, file = unset.identifier_format, unset.reference_format, unset.file_mark_format
    return Patterns(code, identifier, document, file, period or day.year)


def _take(series: str, unit: Unit | None, patterns: Patterns, prefix: str, written: str) -> Numbers:
    # Taken last: until the commit, others wait here.
    number = numbering.take(series, patterns.period)
    return patterns.write(number, written=written, prefix=prefix, unit=unit.code if unit else "")
