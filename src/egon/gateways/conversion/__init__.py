"""Changing a file into an output data format (vyhláška 259/2012 § 23): PDF/A-2b of text, PNG of bitmaps. No Django."""

from egon.gateways.conversion.converting import Converted, convert, tool_for
from egon.gateways.conversion.kinds import Way, way_for
from egon.gateways.conversion.limits import LARGEST_CONTENT, NotConverted, ToolMissing
from egon.gateways.conversion.signatures import is_signed

__all__ = [
    "LARGEST_CONTENT",
    "Converted",
    "NotConverted",
    "ToolMissing",
    "Way",
    "convert",
    "is_signed",
    "tool_for",
    "way_for",
]
