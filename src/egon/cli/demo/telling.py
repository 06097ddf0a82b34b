"""What the demo says while it starts: one line for each step, with the time it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WIDTH = 46


@dataclass
class Teller:
    """Prints steps; ``started`` is the monotonic time of the beginning."""

    started: float = field(default_factory=time.monotonic)

    def say(self, text: str = "") -> None:
        print(text, flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """``Databáze … 0,9 s``; a step that fails says so and lets the error pass."""
        print(f"  {title} {'.' * max(2, WIDTH - len(title))} ", end="", flush=True)
        begun = time.monotonic()
        try:
            yield
        except BaseException:
            print("nedokončeno", flush=True)
            raise
        print(seconds(time.monotonic() - begun), flush=True)

    def total(self) -> str:
        return seconds(time.monotonic() - self.started)


def seconds(value: float) -> str:
    """``1,2 s`` with the Czech decimal comma."""
    return f"{value:.1f} s".replace(".", ",")
