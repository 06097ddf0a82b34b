"""What the rules of the registry refuse."""

from collections.abc import Sequence

from egon.kernel.errors import DomainError


class RegistryRefused(DomainError):
    """A change of the organisation that would break it; all reasons together."""

    code = "registry.refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__(" ".join(obstacles))
        self.obstacles = list(obstacles)
