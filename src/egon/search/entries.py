"""Putting entities into the index and finding them, always within the present originator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from egon.search.facets import beginning_of
from egon.search.language import tsquery_of
from egon.search.lexemes import quoted, tenant_lexeme, vector_of
from egon.tenancy.scope import current_tenant_id

MOST_COUNTED = 1000
AT_ONCE = 1100
"""Hits given at most: some more than are shown, so that a few one may not see do not ask for the index once more."""
_LONGEST_TITLE = 500
_LONGEST_TEXT = 400_000

_UPSERT = """
INSERT INTO search_entry (entity_type, entity_id, title, sort_at, tsv) VALUES (%s, %s, %s, %s, %s::tsvector)
ON CONFLICT (tenant_id, entity_type, entity_id)
DO UPDATE SET title = EXCLUDED.title, sort_at = EXCLUDED.sort_at, tsv = EXCLUDED.tsv
"""
_FIND = """
SELECT entity_type, entity_id, sort_at, id, total
FROM search_find(%s::tsquery, %s::text[], %s, %s, %s, %s, %s, %s::bigint[])
"""
# Entries that have the wanted facets already are left as they are: most documents of a changed file do.
_REPLACE_FACETS = """
UPDATE search_entry SET tsv = ts_delete(tsv, ARRAY(
    SELECT lexeme FROM unnest(tsv) WHERE lexeme LIKE ANY (%s::text[])
)) || array_to_tsvector(%s::text[])
WHERE entity_type = %s AND entity_id = ANY (%s::bigint[]) AND NOT tsv @@ %s::tsquery
"""

_ADD_FACET = """
UPDATE search_entry SET tsv = tsv || array_to_tsvector(ARRAY[%s])
WHERE entity_type = %s AND entity_id = %s AND NOT tsv @@ %s::tsquery
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entity to be found: by words of its ``title`` and ``text``, by its ``keys`` and by its ``facets``."""

    entity_type: str
    entity_id: int
    title: str
    at: datetime
    text: str = ""
    keys: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that was found, and where it stands among the others."""

    entity_type: str
    entity_id: int
    at: datetime
    entry_id: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, newest first. ``capped_count`` is exact up to :data:`AT_ONCE`, above it stays one higher."""

    hits: tuple[Hit, ...]
    capped_count: int

    @property
    def count_text(self) -> str:
        """The number to show: ``12`` or ``1000+``."""
        return f"{MOST_COUNTED}+" if self.capped_count > MOST_COUNTED else str(self.capped_count)


def index(
    *,
    entity_type: str,
    entity_id: int,
    title: str,
    text: str = "",
    keys: Iterable[str] = (),
    facets: Iterable[str] = (),
    at: datetime,
) -> None:
    """Put an entity into the index, or bring its entry up to date, in the present transaction.

    ``keys`` are numbers of record and the like, found as a whole and by parts; ``facets`` are exact
    values (:mod:`egon.search.facets`); ``at`` (aware) orders the hits.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, _row(Entry(entity_type, entity_id, title, at, text, tuple(keys), tuple(facets))))


def index_many(entries: Iterable[Entry]) -> None:
    """The same for many entities, in one exchange with the database."""
    rows = [_row(entry) for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows)


def _row(entry: Entry) -> tuple[str, int, str, datetime, str]:
    shown = entry.title.replace("\x00", "")[:_LONGEST_TITLE]
    vector = lexemes(title=shown, text=entry.text, keys=entry.keys, facets=entry.facets)
    return entry.entity_type, entry.entity_id, shown, entry.at, vector


def lexemes(*, title: str, text: str, keys: Iterable[str] = (), facets: Iterable[str] = ()) -> str:
    """The literal of a ``tsvector`` for a column of one's own, made as those of the index are."""
    return vector_of(tenant_id=current_tenant_id(), title=title, text=text[:_LONGEST_TEXT], keys=keys, facets=facets)


def replace_facets(*, entity_type: str, ids: Sequence[int], names: Sequence[str], facets: Sequence[str]) -> None:
    """Give many entities the same values of some facets in one statement, without reading their texts again."""
    if not ids:
        return
    beginnings = [beginning_of(name) + "%" for name in names]
    has_all = " & ".join(quoted(facet) for facet in facets)
    with connection.cursor() as cursor:
        cursor.execute(_REPLACE_FACETS, [beginnings, list(facets), entity_type, list(ids), has_all])


def add_facet(*, entity_type: str, entity_id: int, value: str) -> None:
    """Give an entity one more value of a facet, unless it has it."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_FACET, [value, entity_type, entity_id, quoted(value)])


def remove(*, entity_type: str, entity_id: int) -> None:
    """Take an entity out of the index; harmless when it is not there."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry WHERE entity_type = %s AND entity_id = %s", [entity_type, entity_id])


def find(query: str, entity_types: Sequence[str] | None = None, limit: int = 50, offset: int = 0) -> SearchResult:
    """Entities of the present originator that match ``query`` (see :mod:`egon.search.language`), newest first.

    At most :data:`AT_ONCE` hits. What the actor may see is for the caller to restrict.
    """
    tsquery = tsquery_of(query)
    if tsquery is None:
        return SearchResult((), 0)
    return find_by(tsquery, entity_types, limit=limit, offset=offset)


def find_by(
    tsquery: str | None,
    entity_types: Sequence[str] | None = None,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
    after: Hit | None = None,
    among: Sequence[int] | None = None,
    limit: int = AT_ONCE,
    offset: int = 0,
) -> SearchResult:
    """The same for a ``tsquery`` made by this package; None matches everything.

    ``since`` and ``before`` (not included) limit the time of the entities, ``among`` their ids. ``after`` is the last
    hit already known: the search goes on behind it.
    """
    everything = quoted(tenant_lexeme(current_tenant_id()))  # outside of any scope the search is a defect
    types = list(entity_types) if entity_types is not None else None
    end, end_id = (after.at, after.entry_id) if after else (before, 0)
    chosen = list(among) if among is not None else None
    with connection.cursor() as cursor:
        given = [tsquery or everything, types, min(limit, AT_ONCE), offset, since, end, end_id, chosen]
        cursor.execute(_FIND, given)
        rows = cursor.fetchall()
    return SearchResult(tuple(Hit(*row[:4]) for row in rows if row[0] is not None), rows[0][4] if rows else 0)
