"""What access granted to typed files and sections opens: all sections below them (NSESSS 7.1.2)."""

from collections.abc import Collection
from datetime import date

from django.db.models.expressions import RawSQL

from egon.records.rules.access import GrantState

# A part of the one statement that asks what a person sees: a section moves and is added, so what is below is not kept.
_OPENED = """
WITH RECURSIVE granted AS (
    SELECT typed_file_id, section_id FROM records_accessgrant
    WHERE (typed_file_id IS NOT NULL OR section_id IS NOT NULL)
        AND (person_id = ANY(%s::bigint[]) OR unit_id = ANY(%s::bigint[]) OR role = ANY(%s::varchar[]))
        AND state = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)
), opened(id) AS (
    SELECT section_id FROM granted WHERE section_id IS NOT NULL
    UNION
    SELECT top.id FROM records_typedsection top JOIN granted ON top.typed_file_id = granted.typed_file_id
    UNION
    SELECT below.id FROM records_typedsection below JOIN opened ON below.parent_id = opened.id
)
SELECT id FROM opened
"""


def opened_sections(*, people: Collection[int], units: Collection[int], roles: Collection[str], on: date) -> RawSQL:
    """Keys of sections opened by grants that hold on the day to these people, members of units and holders of roles.

    For a condition ``…__in``; adds no statement.
    """
    given = [sorted(people), sorted(units), sorted(roles)]
    return RawSQL(_OPENED, [*given, GrantState.CONFIRMED.value, on, on])  # noqa: S611 (a constant, with parameters)
