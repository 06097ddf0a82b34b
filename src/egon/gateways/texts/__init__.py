"""The text of a file (PDF, office formats, web pages, e-mail, archives), so that it can be searched. No Django."""

from egon.gateways.texts.kinds import Kind, kind_of
from egon.gateways.texts.limits import LARGEST_CONTENT, MOST_CHARACTERS, NoText
from egon.gateways.texts.reading import Reading, read

__all__ = ["LARGEST_CONTENT", "MOST_CHARACTERS", "Kind", "NoText", "Reading", "kind_of", "read"]
