"""Reads of reorganisations: what would pass, what is planned, what was done."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from egon.kernel.errors import NotFound
from egon.registry.models import Position, Unit
from egon.reorganisation.links import LINKS
from egon.reorganisation.models import UNDER_WAY, Reorganisation, ReorganisationItem
from egon.reorganisation.rules import Kind


@dataclass(frozen=True, slots=True)
class Holding:
    """How much of one kind a unit has, how much of it passes, and why the rest stays."""

    kind: str
    name: str
    held: int
    passing: int
    why: str = ""

    @property
    def staying(self) -> int:
        """What stays with the unit."""
        return self.held - self.passing


def holdings(run: Reorganisation) -> list[Holding]:
    """Everything the unit has, kind by kind, with what passes in this reorganisation (which need not be saved)."""
    found = []
    for kind, link in LINKS.items():
        held = link.held_by(run.unit).count()
        passing = held if run.kind == Kind.MERGE and link.which is not None else link.passing(run).count()
        found.append(Holding(kind, link.name, held, passing, link.why))
    return [one for one in found if one.held]


def passing(run: Reorganisation) -> list[ReorganisationItem]:
    """An item for everything that passes and has none yet."""
    known = set(ReorganisationItem.objects.filter(run=run).values_list("kind", "entity_id")) if run.pk else set()
    return [
        ReorganisationItem(run=run, kind=kind, entity_id=pk)
        for kind, link in LINKS.items()
        for pk in link.passing(run).order_by("pk").values_list("pk", flat=True)
        if (kind, pk) not in known
    ]


def holds_records(run: Reorganisation) -> bool:
    """Whether documents, files or typed files pass."""
    return any(LINKS[kind].passing(run).exists() for kind in ("documents", "files", "typed"))


def reorganisations() -> QuerySet[Reorganisation]:
    """All, the newest first."""
    return Reorganisation.objects.select_related("unit", "successor").order_by("-planned_at", "-pk")


def reorganisation_for(pk: int) -> Reorganisation:
    """One of the organisation's. Raises :class:`NotFound`."""
    found = reorganisations().filter(pk=pk).first()
    if found is None:
        raise NotFound("Taková reorganizace v této organizaci není.")
    return found


def of_unit(unit: Unit) -> QuerySet[Reorganisation]:
    """Those that changed or will change the unit, also those in which it took something over."""
    return reorganisations().filter(Q(unit=unit) | Q(successor=unit))


def under_way(*units: Unit) -> Reorganisation | None:
    """One that is planned, runs or was stopped and takes from or gives to one of the units."""
    found = reorganisations().filter(Q(unit__in=units) | Q(successor__in=units))
    return found.filter(state__in=UNDER_WAY).first()


def positions_of(unit: Unit) -> QuerySet[Position]:
    """Posts of a unit with who holds them."""
    return Position.objects.filter(unit=unit).select_related("person").order_by("-is_head", "name", "pk")


def called(item: ReorganisationItem) -> str:
    """What an item is called, for people."""
    row = LINKS[item.kind].model._default_manager.filter(pk=item.entity_id).first()
    return str(row) if row is not None else "už tu není"
