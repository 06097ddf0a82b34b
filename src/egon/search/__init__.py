"""Full text and keys over entities, with Czech stemming and without diacritics."""

from egon.search.entries import MOST_COUNTED, Hit, SearchResult, find, index, remove

__all__ = ["MOST_COUNTED", "Hit", "SearchResult", "find", "index", "remove"]
