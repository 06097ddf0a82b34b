"""Reading a file in a process of its own, which is given limits of size, processor time, memory and waiting."""

import os
import subprocess
import sys

from egon.gateways.texts.child import NO_TEXT
from egon.gateways.texts.kinds import Kind
from egon.gateways.texts.limits import LARGEST_CONTENT, LONGEST_WAIT, NoText

_PASSED_ON = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH")  # the database's password is not among them


def read_text(content: bytes, kind: Kind) -> str:
    """The text of ``content``, which may be empty. Raises :class:`NoText` with the reason."""
    if len(content) > LARGEST_CONTENT:
        raise NoText("Soubor je větší, než kolik se čte.", detail=f"{len(content)} B")
    command = [sys.executable, "-m", "egon.gateways.texts.child", kind.value]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=LONGEST_WAIT, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise NoText("Čtení trvalo příliš dlouho.", detail=f"{LONGEST_WAIT} s") from error
    output, trouble = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
    if done.returncode == NO_TEXT:
        raise NoText(output, detail=trouble[-200:])
    if done.returncode != 0:
        raise NoText(
            "Soubor se nepodařilo přečíst, nejspíš je poškozený.", detail=f"{done.returncode} {trouble[-300:]}"
        )
    return output
