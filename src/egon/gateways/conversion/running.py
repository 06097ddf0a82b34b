"""Running a converting program in a folder and a session of its own, without the network where the system lets us."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from egon.gateways.conversion.limits import LONGEST_WAIT, NotConverted

_PASSED_ON: Final = (
    "PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
)  # the database's password is not among them


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run to the end and return what it said.

    The whole group of processes ends with it, also after the longest wait. Raises :class:`NotConverted`.
    """
    whole = [*_without_network(), sys.executable, "-m", "egon.gateways.conversion.limited", *command]
    process = subprocess.Popen(
        whole,
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, trouble = process.communicate(timeout=LONGEST_WAIT)
    except subprocess.TimeoutExpired as error:
        raise NotConverted("Převod trval příliš dlouho, proto skončil.", detail=f"{LONGEST_WAIT} s") from error
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return subprocess.CompletedProcess(whole, process.returncode, output, trouble)


def _environment(folder: Path) -> Mapping[str, str]:
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # A proxy that is not there: what asks for the network in spite of everything gets no answer.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), "http://127.0.0.1:9")
    own = {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}
    return known | nowhere | own


@cache
def _without_network() -> tuple[str, ...]:
    """``unshare`` into a network of its own, where it is installed and allowed."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    for options in (("--net",), ("--user", "--map-current-user", "--net")):
        tried = subprocess.run([program, *options, "true"], capture_output=True, check=False, timeout=20)
        if tried.returncode == 0:
            return (program, *options)
    return ()
