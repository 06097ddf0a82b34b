"""Facts that a lower domain tells to whoever listens, inside the transaction in which they became true.

Events are frozen dataclasses with ids only. Who reacts is listed in one table, ``egon.config.wiring``; a reaction that
is slow or touches the outside defers a job, which the same transaction commits or takes back.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Reaction = Callable[[Any], None]

_reactions: dict[type, tuple[Reaction, ...]] = {}


def wire(table: Mapping[type, Sequence[Reaction]]) -> None:
    """Install the table event type → reactions, called in order. Replaces what was installed before."""
    _reactions.clear()
    _reactions.update({event: tuple(reactions) for event, reactions in table.items()})


def publish(event: object) -> None:
    """Call every reaction to ``event`` now; an error in one of them takes the whole operation back."""
    for reaction in _reactions.get(type(event), ()):
        reaction(event)
