"""Giving numbers: the next of the year's series, written the way the originator set it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from egon import numbering
from egon.kernel.clock import PRAGUE
from egon.records.models import RecordsSettings
from egon.records.rules.numbers import write_number
from egon.registry.models import Unit
from egon.tenancy.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a new record is called: by the product, and by people."""

    identifier: str
    written: str


# One row also when nothing was set (then the patterns are NULL); row security hides others' settings.
_PATTERNS = """
SELECT tenant.code, settings.identifier_format, settings.reference_format, settings.file_mark_format
FROM tenancy_tenant AS tenant LEFT JOIN records_recordssettings AS settings ON settings.tenant_id = tenant.id
WHERE tenant.id = %s
"""


@dataclass(frozen=True, slots=True)
class _Patterns:
    code: str
    identifier: str
    document: str
    file: str


def take_document_numbers(*, unit: Unit | None, at: datetime) -> Numbers:
    """The identifier and the reference number of a new document; the series starts anew each year (§ 10 odst. 4)."""
    patterns = _patterns()
    return _take("document", at, unit, patterns, "", patterns.document)


def take_reference_number(*, unit: Unit | None, at: datetime) -> str:
    """A new reference number for a document that keeps its identifier (NSESSS 3.4.7 písm. b)."""
    return take_document_numbers(unit=unit, at=at).written


def take_file_numbers(*, unit: Unit, at: datetime) -> Numbers:
    """The identifier and the file mark of a new file."""
    patterns = _patterns()
    return _take("file", at, unit, patterns, "S-", patterns.file)


def _take(series: str, at: datetime, unit: Unit | None, patterns: _Patterns, prefix: str, written: str) -> Numbers:
    year = at.astimezone(PRAGUE).year
    # Taken last: until the commit, others wait here.
    number = numbering.take(series, year)
    code, unit_code = patterns.code, unit.code if unit else ""
    return Numbers(
        identifier=prefix + write_number(patterns.identifier, code=code, number=number, year=year),
        written=write_number(written, code=code, number=number, year=year, unit=unit_code),
    )


def _patterns() -> _Patterns:
    with connection.cursor() as cursor:
        cursor.execute(_PATTERNS, [current_tenant_id()])
        code, *patterns = cursor.fetchone()
    if patterns[0] is None:
        unset = RecordsSettings()
        patterns = [unset.identifier_format, unset.reference_format, unset.file_mark_format]
    return _Patterns(code, *patterns)
