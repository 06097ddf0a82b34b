"""The demo world: a fictional region, its people and organisations, the same for the demo and for the tests.

Plain data stand in ``organisations``, ``people``, ``units`` and ``outside``; ``builder`` writes them through the
operations of the domains.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egon.world.places import World


def build() -> "World":
    """Create what is missing of the world and return it. Doing it again changes nothing."""
    from egon.world.builder import build_world

    return build_world()


def load() -> "World":
    """The world as it stands in the database."""
    from egon.world.builder import load_world

    return load_world()
