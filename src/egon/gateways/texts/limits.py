"""How much of a file is read, and the refusal when it cannot be."""

from typing import Final

from egon.kernel.errors import BadContent

LARGEST_CONTENT: Final = 50 * 1024 * 1024  # bytes of the file
LARGEST_UNPACKED: Final = 100 * 1024 * 1024  # bytes of all parts read from one package, counted while unpacking
MOST_CHARACTERS: Final = 400_000  # of the text; the rest is not searched
MOST_PARTS: Final = 500  # of one package or message
MOST_PAGES: Final = 2_000
DEEPEST: Final = 3  # messages and archives within one another
CPU_SECONDS: Final = 20
MEMORY: Final = 1024**3  # bytes of address space
LONGEST_WAIT: Final = 60  # seconds, also where no processor time is used
NO_MEMORY: Final = "Na přečtení souboru nestačí paměť, kterou smí jedno čtení mít."
TOO_LONG: Final = "Čtení trvalo příliš dlouho."


class NoText(BadContent):
    """The file gives no text. ``message`` says why, in Czech; ``detail`` is for the administrator."""

    code = "gateway.texts"
