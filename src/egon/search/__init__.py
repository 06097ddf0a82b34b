"""Full text and keys over entities, with Czech stemming and without diacritics."""

from egon.search.entries import MOST_COUNTED, Entry, Hit, SearchResult, find, index, index_many, lexemes, remove
from egon.search.language import tsquery_of

__all__ = [
    "MOST_COUNTED",
    "Entry",
    "Hit",
    "SearchResult",
    "find",
    "index",
    "index_many",
    "lexemes",
    "remove",
    "tsquery_of",
]
