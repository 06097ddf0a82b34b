"""What a file really is, told by its content (PRONOM), never by its name. A library without Django."""

from egon.gateways.formats.identification import UNKNOWN, Format, identify
from egon.gateways.formats.output import is_output_format

__all__ = ["UNKNOWN", "Format", "identify", "is_output_format"]
