"""The process that reads one file: ``python -m egon.gateways.texts.child KIND`` from input to output, within limits.

What came from outside is read by large libraries; here a loop, a bomb or a crash ends this process only.
"""

import os
import resource
import sys

from egon.gateways.texts.kinds import Kind
from egon.gateways.texts.limits import CPU_SECONDS, MEMORY, NoText

NO_TEXT = 3  # exit code: the output is the reason in Czech


def main() -> int:
    """Read the input, write its text. The exit code is 0, :data:`NO_TEXT`, or anything else for a crash."""
    _limit()
    from egon.gateways.texts.readers import text_of

    try:
        text = text_of(Kind(sys.argv[1]), sys.stdin.buffer.read())
    except NoText as error:
        sys.stderr.write(error.detail)
        text, code = error.message, NO_TEXT
    else:
        code = 0
    sys.stdout.buffer.write(text.encode(errors="replace"))
    return code


def _limit() -> None:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
