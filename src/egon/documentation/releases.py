"""Released versions: what changed against the one before, why, and what it means for the originator (NSESSS 10.1.3).

Every released version adds its entry on top; a test asks for the present one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what, why, and what the originator has to know or do."""

    what: str
    why: str
    consequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A version; ``is_patch`` mends defects only, ``functions_changed`` tells the opposite plainly."""

    version: str
    released_on: date | None = None
    is_patch: bool = False
    functions_changed: bool = False
    changes: Sequence[Change] = field(default=())


RELEASES: Sequence[Release] = (
    Release(
        version="0.1.0",
        functions_changed=True,
        changes=(
            Change(
                "První verze: spisová služba, datové schránky, podatelna a výpravna, oběh, jmenný rejstřík, protokol.",
                "Výkon spisové služby podle zákona č. 499/2004 Sb., vyhlášky č. 259/2012 Sb. a NSESSS 85/2024.",
                "Verze zatím není vydaná ani atestovaná.",
            ),
        ),
    ),
)


def release_of(version: str) -> Release | None:
    """The entry of a version."""
    return next((one for one in RELEASES if one.version == version), None)


def since(version: str) -> list[Release] | None:
    """Releases after a version, the newest first; None when the version is not known."""
    versions = [one.version for one in RELEASES]
    return list(RELEASES[: versions.index(version)]) if version in versions else None
