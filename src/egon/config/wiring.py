"""EVENT → reactions: the one table that says who listens to whom."""

from collections.abc import Mapping, Sequence

from egon.kernel.events import Reaction

REACTIONS: Mapping[type, Sequence[Reaction]] = {}
