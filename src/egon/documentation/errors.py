"""Refusals of the documentation."""

from collections.abc import Sequence

from egon.kernel.errors import DomainError


class FactsNotSaved(DomainError):
    """What was stated of the installation contradicts itself. ``obstacles`` are all the reasons."""

    code = "documentation.facts"
    norm = "10.1.1"

    def __init__(self, obstacles: Sequence[str]) -> None:
        super().__init__("Údaje o provozu se neuložily. " + " ".join(obstacles))
        self.obstacles = list(obstacles)
