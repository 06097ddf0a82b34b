"""Changing components into output formats (NSESSS 2.5, 3.2.9; vyhláška 259/2012 § 23, § 24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from egon.gateways.conversion import way_for
from egon.gateways.formats.output import is_output_format
from egon.records.rules.components import KEPT_AS_THEY_ARE, ComponentRole
from egon.records.rules.labels import Labelled

LONGEST_REASON: Final = 500
_SUFFIXES: Final = {"application/pdf": ".pdf", "image/png": ".png"}


class ConversionState(Labelled):
    """What became of a component in another than an output format."""

    WAITING = "waiting", "převádí se"
    DONE = "done", "převedeno"
    FAILED = "failed", "nepřevedeno"
    STOPPED = "stopped", "zastaveno"
    KEPT = "kept", "ponecháno"


# What a person may have converted again, and what may be decided to stay.
UNDECIDED: Final = frozenset({ConversionState.FAILED, ConversionState.STOPPED})


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """The newest version of a component in another than an output format."""

    version: int
    format_id: str
    name: str
    conversion: ConversionState | None = None

    @property
    def is_convertible(self) -> bool:
        """Whether we know a way into an output format."""
        return way_for(self.format_id, self.name) is not None

    @property
    def is_to_convert(self) -> bool:
        """Whether a conversion would still be asked for: nobody decided that it stays, none is under way."""
        return self.is_convertible and (self.conversion is None or self.conversion in UNDECIDED)


@dataclass(frozen=True, slots=True)
class FormatsOfFile:
    """How many components of a file stand where, beside those in output formats."""

    untried: int = 0
    waiting: int = 0
    failed: int = 0
    stopped: int = 0
    kept: int = 0
    without_way: int = 0

    @property
    def all(self) -> int:
        """All that are not in an output format."""
        return self.untried + self.waiting + self.failed + self.stopped + self.kept + self.without_way

    @property
    def to_convert(self) -> int:
        """Those a conversion may be asked for."""
        return self.untried + self.failed + self.stopped


def needs_output_format(role: ComponentRole, format_id: str) -> bool:
    """Whether a component is not kept as it came and is in no output format (vyhláška 259/2012 § 23)."""
    return role not in KEPT_AS_THEY_ARE and not is_output_format(format_id)


def counted(found: Sequence[FormatFacts]) -> FormatsOfFile:
    """The counts of :class:`FormatsOfFile`; what has no way and nobody decided about is counted apart."""
    states = [one.conversion for one in found if one.conversion is not None]
    open_ones = [one for one in found if one.conversion is None]
    return FormatsOfFile(
        untried=sum(one.is_convertible for one in open_ones),
        waiting=states.count(ConversionState.WAITING),
        failed=states.count(ConversionState.FAILED),
        stopped=states.count(ConversionState.STOPPED),
        kept=states.count(ConversionState.KEPT),
        without_way=sum(not one.is_convertible for one in open_ones),
    )


def name_as(name: str, media_type: str, *, is_output: bool) -> str:
    """Under what name a version is taken away: a converted one has the suffix of what it became."""
    suffix = _SUFFIXES.get(media_type)
    path = PurePosixPath(name)
    if not is_output or suffix is None or path.suffix.lower() == suffix:
        return name
    return f"{path.stem}{suffix}" if path.suffix else f"{name}{suffix}"
