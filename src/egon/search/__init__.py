"""Full text and keys over entities, with Czech stemming and without diacritics."""

from egon.search.entries import MOST_COUNTED, Entry, Hit, SearchResult, find, index, index_many, remove

__all__ = ["MOST_COUNTED", "Entry", "Hit", "SearchResult", "find", "index", "index_many", "remove"]
