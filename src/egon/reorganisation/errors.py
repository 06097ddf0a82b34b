"""What the rules of reorganisations refuse."""

from collections.abc import Sequence

from egon.kernel.errors import Conflict, DomainError


class NotStartable(DomainError):
    """A reorganisation that cannot start; all reasons together."""

    code = "reorganisation.refused"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Reorganizace se nespustila, nic se nezměnilo. " + " ".join(obstacles))
        self.obstacles = list(obstacles)


class NotHeld(Conflict):
    """The unit has it no more, or there is nothing to move any more."""

    code = "reorganisation.not_held"

    def __init__(self) -> None:
        super().__init__("Mezitím to převzal někdo jiný, nebo to skončilo. Není co převádět.")


class HeldAlready(Conflict):
    """The successor has the same already."""

    code = "reorganisation.held_already"

    def __init__(self) -> None:
        super().__init__("Přebírající útvar o stejný přístup už žádá. Vyřiďte jednu z obou žádostí.")
