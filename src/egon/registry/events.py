"""Facts the registry tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonDeactivated:
    """A person stopped working in the organisation; their work has to be given to somebody."""

    person_id: int
