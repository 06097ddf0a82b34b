"""A filing plan as data, whatever it came from; the shape follows příloha 5 of NSESSS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

NAMESPACE = "http://www.mvcr.cz/nsesss/v4"
PERIOD = "Časové období dílu: "
"""How the comment of a section begins that says for how long its volumes are open."""


class PlanUnreadable(Exception):
    """The file is no filing plan, or says something that cannot be; ``faults`` are all of them, in Czech."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class RegimeData:
    """A disposal regime: mark A, S or (historic) V, years, the event from which they run, years until it is checked."""

    mark: str
    years: int
    trigger: str = ""
    check_years: int | None = None
    identifier: str = ""
    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClassData:
    """One class, or a section of the template of a class for typed files, standing below it or another section.

    ``parent`` is the position of what is above in the same plan, which always comes earlier. ``period`` says for how
    long volumes of a section are open ("školní rok", "5 let"). ``where`` tells a person where it stands in the source
    (a line, a code).
    """

    code: str
    name: str
    parent: int | None = None
    regime: RegimeData | None = None
    note: str = ""
    for_typed_files: bool = False
    is_section: bool = False
    period: str = ""
    numbers_by_file: bool = False
    standing_consent: bool = False
    opened_on: date | None = None
    closed_on: date | None = None
    identifier: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organisation whose plan it is."""

    name: str
    ic: str
    address: str


@dataclass(frozen=True, slots=True)
class PlanData:
    """A whole plan; ``classes`` go from the top down in the order of their codes."""

    name: str
    separator: str
    classes: Sequence[ClassData]
    description: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    identifier: str = ""
    publisher: Publisher | None = None
