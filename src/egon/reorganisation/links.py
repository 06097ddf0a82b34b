"""Everything that points at a unit, and what becomes of it; a test watches that no reference is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from egon.circulation.models import Handover, PaperPlace, RouteStep, RouteTemplateStep
from egon.circulation.route_rules import OPEN
from egon.circulation.rules import HandoverState
from egon.mailroom.models import HandoverList
from egon.records.models import AccessGrant, CaseFile, Document, DocumentAccess, SavedSearch, TypedFile
from egon.records.rules.access import GrantState
from egon.records.rules.states import DocumentState, FileState
from egon.registry.models import Person, Position, RoleGrant, Unit
from egon.reorganisation.models import Reorganisation
from egon.reorganisation.rules import Kind


@dataclass(frozen=True, slots=True)
class Link:
    """References of one column. ``which`` are those that pass; without it all of them stay, for the reason ``why``.

    In a split pass those whose column ``person`` is somebody that goes; without ``person`` none of them.
    """

    model: type[Any]
    field: str
    name: str
    which: Q | None = None
    person: str = ""
    why: str = ""

    def held_by(self, unit: Unit) -> QuerySet[Any]:
        """What the unit has and what would pass from it, or (``why``) stay with it."""
        found: QuerySet[Any] = self.model._default_manager.filter(**{self.field: unit})
        return found.filter(self.which) if self.which else found

    def passing(self, run: Reorganisation) -> QuerySet[Any]:
        """What passes in this reorganisation."""
        held = self.held_by(run.unit)
        if self.which is None:
            return held.none()
        if run.kind == Kind.MERGE:
            return held
        if self.model is Position:
            return held.filter(pk__in=run.positions)
        people = Person.objects.filter(positions__in=run.positions)
        return held.filter(**{f"{self.person}__in": people}) if self.person else held.none()


_ALL = Q(pk__isnull=False)

# In the order in which things pass: people first, so that what they start meanwhile belongs to the new unit.
LINKS: Final[Mapping[str, Link]] = {
    "positions": Link(Position, "unit", "funkční místa", _ALL),
    "roles": Link(RoleGrant, "unit", "role pro útvar", _ALL, person="person"),
    "subunits": Link(Unit, "parent", "podřízené části", _ALL),
    "typed": Link(TypedFile, "unit", "typové spisy", _ALL, person="processor"),
    "files": Link(CaseFile, "unit", "spisy", ~Q(state=FileState.DESTROYED), person="processor"),
    "documents": Link(Document, "unit", "dokumenty", ~Q(state=DocumentState.DESTROYED), person="holder"),
    "handed_here": Link(
        Handover, "to_unit", "předání, která čekají na převzetí", Q(state=HandoverState.WAITING), person="to_person"
    ),
    "handed_from_here": Link(
        Handover, "from_unit", "předání, která by se vrátila", Q(state=HandoverState.WAITING), person="from_person"
    ),
    "steps": Link(RouteStep, "to_unit", "kroky oběhů", Q(state__in=OPEN)),
    "template_steps": Link(RouteTemplateStep, "to_unit", "kroky šablon oběhu", _ALL),
    "papers": Link(PaperPlace, "unit", "listiny, které v útvaru leží", Q(is_present=True), person="person"),
    "accesses": Link(DocumentAccess, "unit", "dokumenty zpřístupněné útvaru", _ALL),
    "grants": Link(AccessGrant, "unit", "udělené přístupy", Q(state__in=[GrantState.WAITING, GrantState.CONFIRMED])),
    "searches": Link(SavedSearch, "unit", "hledání sdílená s útvarem", _ALL),
    "lists": Link(HandoverList, "unit", "předávací protokoly", why="Doklad o tom, co se kdy komu předalo."),
    "former": Link(Reorganisation, "unit", "dřívější reorganizace", why="Historie útvaru."),
    "taken": Link(Reorganisation, "successor", "co útvar kdy převzal", why="Historie útvaru."),
    "preceding": Link(Unit, "successor", "útvary, jejichž je nástupcem", why="Ukazují dál přes něj."),
}
