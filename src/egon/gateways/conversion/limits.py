"""How much one conversion may take, and its refusals."""

from typing import Final

from egon.kernel.errors import BadContent, Misconfigured

LARGEST_CONTENT: Final = 50 * 1024 * 1024  # bytes of the file
LARGEST_OUTPUT: Final = 200 * 1024 * 1024  # bytes of any file the tool writes
MOST_PIXELS: Final = 100_000_000  # of one picture
MOST_PAGES: Final = 5_000
CPU_SECONDS: Final = 180
MEMORY: Final = 4 * 1024**3  # bytes of address space; an office program maps much more than it uses
LONGEST_WAIT: Final = 240  # seconds, also where no processor time is used


class NotConverted(BadContent):
    """This file cannot be converted. ``message`` says why, in Czech; ``detail`` is for the administrator."""

    code = "gateway.conversion"


class ToolMissing(Misconfigured):
    """The program that converts this kind of file is not installed; an administrator has to install it."""

    code = "gateway.conversion.tool"
