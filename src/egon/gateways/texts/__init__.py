"""The text of a file (PDF, office formats, web pages, e-mail, archives), so that it can be searched. No Django."""

from egon.gateways.texts.kinds import Kind, kind_of
from egon.gateways.texts.limits import LARGEST_CONTENT, MOST_CHARACTERS, NoText
from egon.gateways.texts.reading import Reading, read

VERSION = 2
"""Grows when more formats are read, so that what had no text for the older ones is read again."""

__all__ = ["LARGEST_CONTENT", "MOST_CHARACTERS", "VERSION", "Kind", "NoText", "Reading", "kind_of", "read"]
