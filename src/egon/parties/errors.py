"""What the rules of the jmenný rejstřík refuse."""

from collections.abc import Sequence

from egon.kernel.errors import DomainError


class PartyRefused(DomainError):
    """The facts of a party contradict each other or cannot be true; all reasons together."""

    code = "parties.refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__(" ".join(obstacles))
        self.obstacles = list(obstacles)


class NotMergeable(PartyRefused):
    """Two records cannot be merged, or a merge cannot be taken back; all reasons together."""

    code = "parties.not_mergeable"
