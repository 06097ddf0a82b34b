"""Reading a file in a process of its own, which is given limits of size, processor time, memory and waiting."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from egon.gateways.texts.child import NO_TEXT
from egon.gateways.texts.kinds import Kind
from egon.gateways.texts.limits import LARGEST_CONTENT, LONGEST_WAIT, TOO_LONG, NoText

_PASSED_ON = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH")  # the database's password is not among them
_OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave. ``unread`` names what inside it (an archive, a message) could not be read, with reasons."""

    text: str = ""
    unread: tuple[str, ...] = ()


def read(content: bytes, kind: Kind) -> Reading:
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
        raise NoText(TOO_LONG, detail=f"{LONGEST_WAIT} s") from error
    trouble = f"{done.returncode} {done.stderr.decode(errors='replace')[-300:]}"
    if done.returncode in _OUT_OF_TIME:
        raise NoText(TOO_LONG, detail=trouble)
    if done.returncode not in (0, NO_TEXT):
        raise NoText("Soubor se nepodařilo přečíst, nejspíš je poškozený.", detail=trouble)
    told: dict[str, Any] = json.loads(done.stdout)
    if done.returncode == NO_TEXT:
        raise NoText(told["reason"], detail=trouble)
    return Reading(_writable(told["text"]), tuple(map(_writable, told["unread"])))


def _writable(text: str) -> str:
    """Without halves of characters, which no database takes."""
    return text.encode(errors="replace").decode()
