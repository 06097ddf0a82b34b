"""Starts a program within limits: ``python -m egon.gateways.conversion.limited PROGRAM ARGUMENT…``.

The limits hold for everything the program starts; they are set here and not in the product's own process.
"""

import os
import resource
import sys

from egon.gateways.conversion.limits import CPU_SECONDS, LARGEST_OUTPUT, MEMORY


def main() -> None:
    """Set the limits and become the program."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606


if __name__ == "__main__":
    main()
