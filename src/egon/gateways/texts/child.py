"""The process that reads one file: ``python -m egon.gateways.texts.child KIND`` from input to output, within limits.

What came from outside is read by large libraries; here a loop, a bomb or a crash ends this process only.
"""

import json
import os
import resource
import sys

from egon.gateways.texts.kinds import Kind
from egon.gateways.texts.limits import CPU_SECONDS, MEMORY, NO_MEMORY, NoText

NO_TEXT = 3  # exit code: the output is the reason in Czech


def main() -> int:
    """Read the input, write its text. The exit code is 0, :data:`NO_TEXT`, or anything else for a crash.

    The output is a JSON object: ``text`` with ``unread`` (what inside could not be read), or ``reason``.
    """
    _limit()
    from egon.gateways.texts.readers import Within, text_of

    within = Within()
    try:
        text = text_of(Kind(sys.argv[1]), sys.stdin.buffer.read(), within)
    except NoText as error:
        sys.stderr.write(error.detail)
        return _answer(NO_TEXT, reason=error.message)
    except MemoryError:
        return _answer(NO_TEXT, reason=NO_MEMORY)
    return _answer(0, text=text, unread=within.unread)


def _answer(code: int, **told: object) -> int:
    # Halves of characters outside the basic plane, as damaged files have them, cannot be written otherwise.
    sys.stdout.buffer.write(json.dumps(told).encode())
    return code


def _limit() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
