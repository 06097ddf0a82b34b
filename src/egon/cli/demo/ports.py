"""Free ports on this machine."""

import socket
from collections.abc import Callable, Collection

ATTEMPTS = 100


def is_free(port: int) -> bool:
    """True when nobody listens on the port of this machine's own address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int, say: Callable[[str], None], *, taken: Collection[int] = ()) -> int:
    """The wanted port, or the next free one; a taken one is named. ``taken``: promised to others but not open yet.

    Raises OSError when none of the next hundred is free.
    """
    for port in range(wanted, min(wanted + ATTEMPTS, 65536)):
        if port not in taken and is_free(port):
            return port
        say(f"  Port {port} je obsazený, zkouším {port + 1}.")
    raise OSError(f"Žádný z portů {wanted} až {wanted + ATTEMPTS - 1} není volný.")
