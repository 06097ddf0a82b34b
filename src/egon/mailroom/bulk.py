"""Registering from a table: reads, and the check of lines against code lists and the register of parties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from egon.jobs.runs.states import ItemState
from egon.kernel.actor import Actor
from egon.kernel.errors import NotFound
from egon.mailroom.bulk_rules import Column, Founding, Line, new_sender, read_line
from egon.mailroom.models import BulkLine, BulkRun
from egon.parties import queries as parties
from egon.parties.models import Party
from egon.parties.operations import PartyDetails, obstacles_to
from egon.records import known_parties, own_metadata
from egon.records import queries as records
from egon.records.models import DocumentKind
from egon.records.rules.own_metadata import OwnEntity, check
from egon.registry import queries as registry
from egon.registry.models import Unit

OWN = "own-"


def runs() -> QuerySet[BulkRun]:
    """Tables brought, the newest first."""
    return BulkRun.objects.order_by("-brought_at", "-pk")


def run_for(pk: int) -> BulkRun:
    """A table. Raises :class:`NotFound`."""
    found = runs().filter(pk=pk).first()
    if found is None:
        raise NotFound("Taková tabulka tu není.")
    return found


def meanings() -> dict[str, str]:
    """What a column may mean: facts of a document, and own metadata."""
    own = own_metadata.asked(OwnEntity.DOCUMENT)
    told = {f"{OWN}{one.pk}": f"{one} (jen {one.kind})" if one.kind else str(one) for one in own}
    return {column.value: column.label for column in Column} | told


def remembered() -> dict[str, str]:
    """What columns of these names meant in the newest tables."""
    known: dict[str, str] = {}
    for header, said in BulkRun.objects.exclude(meanings=[]).order_by("pk").values_list("header", "meanings")[:50]:
        known |= dict(zip(header, said, strict=False))
    return known


@dataclass(frozen=True, slots=True)
class Found:
    """A line whose words were found in code lists and in the register."""

    line: Line
    sender: Party | None
    new_sender: PartyDetails | None
    kind: DocumentKind | None
    unit: Unit | None


type Read = tuple[Found, list[str]]
"""A line with everything that is wrong with it."""


class Reader:
    """Reads lines of one table; code lists are read once, senders of a batch at once."""

    def __init__(self, actor: Actor, run: BulkRun, *, on: date) -> None:
        self.actor, self.said, self.founding = actor, run.meanings, Founding(run.founding)
        self.kinds = {kind.name.casefold(): kind for kind in records.kinds(on=on)}
        self.units = {unit.code.casefold(): unit for unit in registry.records_nodes(on=on)}
        self.fields = own_metadata.asked(OwnEntity.DOCUMENT)

    def read(self, lines: Sequence[BulkLine], *, now: datetime) -> dict[int, Read]:
        """Each line with everything that is wrong with it, by its key."""
        read = {one.pk: read_line(one.cells, self.said, own=OWN) for one in lines}
        known = parties_of(self.actor, [line for line, _ in read.values()])
        return {pk: self._found(line, faults, known, now) for pk, (line, faults) in read.items()}

    def _found(
        self, line: Line, faults: list[str], known: Mapping[str, list[Party]], now: datetime
    ) -> tuple[Found, list[str]]:
        kind = self.kinds.get(line.kind.casefold()) if line.kind else None
        unit = self.units.get(line.unit.casefold()) if line.unit else None
        sender, fault = _sender(line, known.get(line.said, []))
        new = None
        if fault is _UNKNOWN and self.founding is not Founding.NONE:
            new = PartyDetails(**new_sender(line, self.founding))
            faults += obstacles_to(new)
        elif fault:
            faults.append(fault.format(line.said))
        if line.kind and kind is None:
            faults.append(f"Druh „{line.kind}“ se nepoužívá, nebo není v číselníku.")
        if line.unit and unit is None:
            faults.append(f"Útvar „{line.unit}“ není spisový uzel, nebo tu není.")
        if line.delivered_at is not None and line.delivered_at > now:
            faults.append("Doručeno je v budoucnosti.")
        counted = [one for one in self.fields if one.kind_id in (None, kind.pk if kind else None)]
        faults += check([own_metadata.spec_of(one) for one in counted], line.own, {}).faults.values()
        return Found(line, sender, new, kind, unit), faults


def parties_of(actor: Actor, lines: Iterable[Line]) -> dict[str, list[Party]]:
    """Parties the actor may see, by each of the things a line may name them by."""
    lines = list(lines)
    wanted = Q(ic__in={one.ic for one in lines if one.ic}) | Q(databox_id__in={one.box for one in lines if one.box})
    wanted |= Q(name__in={one.sender for one in lines if one.sender})
    found: dict[str, list[Party]] = {}
    for party in parties.present().filter(wanted).filter(known_parties.visible_to(actor)).order_by("pk"):
        for key in {party.ic, party.databox_id, party.name} - {""}:
            found.setdefault(key, []).append(party)
    return found


_UNKNOWN: Final = "Odesílatel „{}“ v rejstříku není. Zapište ho tam, nebo zvolte, že se noví odesílatelé založí."
_MORE: Final = "Odesílatelů „{}“ je v rejstříku víc. Doplňte do tabulky IČO nebo schránku."


def _sender(line: Line, found: Sequence[Party]) -> tuple[Party | None, str]:
    """The sender among those found by what the line says, or why it cannot be told."""
    if not line.said:
        return None, ""
    if line.sender and len(found) > 1:
        found = [party for party in found if party.name == line.sender] or found
    if len(found) == 1:
        return found[0], ""
    return None, _MORE if found else _UNKNOWN


def faults_of(run: BulkRun, actor: Actor, *, now: datetime, on: date) -> list[tuple[int, str]]:
    """What is wrong in the whole table, by the number of the line; nothing is written."""
    reader = Reader(actor, run, on=on)
    lines = list(BulkLine.objects.filter(run=run, state=ItemState.WAITING).order_by("number"))
    read = reader.read(lines, now=now)
    return [(line.number, " ".join(read[line.pk][1])) for line in lines if read[line.pk][1]]
