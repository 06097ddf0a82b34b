"""Full text and keys over entities, with Czech stemming and without diacritics."""

from egon.search import facets
from egon.search.entries import (
    AT_ONCE,
    MOST_COUNTED,
    Entry,
    Hit,
    SearchResult,
    add_facet,
    find,
    find_by,
    index,
    index_many,
    lexemes,
    remove,
    replace_facets,
)
from egon.search.language import QueryMistake, number_beginning, parse, tsquery_of, words_in_title
from egon.search.newest import MOST_SOUGHT, newest_of

__all__ = [
    "AT_ONCE",
    "MOST_COUNTED",
    "MOST_SOUGHT",
    "Entry",
    "Hit",
    "QueryMistake",
    "SearchResult",
    "add_facet",
    "facets",
    "find",
    "find_by",
    "index",
    "index_many",
    "lexemes",
    "newest_of",
    "number_beginning",
    "parse",
    "remove",
    "replace_facets",
    "tsquery_of",
    "words_in_title",
]
