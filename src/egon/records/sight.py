"""Who sees one document or file, and why: :mod:`egon.records.permissions` read from the other side (NSESSS 5.2.15)."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Manager, Q

from egon.kernel import clock
from egon.kernel.access import Decision
from egon.kernel.actor import Limit, LimitKind, Role
from egon.records import permissions, typed_queries
from egon.records.models import AccessGrant, CaseFile, Document, TypedFile, TypedSection
from egon.records.permissions import SEEING_ALL, TO_DISPATCH, WORKING
from egon.records.rules.access import GrantState
from egon.records.rules.states import GONE, Direction, DocumentState
from egon.records.seers import SEEING_BY_ROLE, Reason, Sight, people_with
from egon.registry.models import Restriction, RoleGrant, Unit
from egon.registry.queries import LEADING, NOT_SUBSTITUTED, actor_of, in_force, unit_and_above

_OF_ENTITIES = [
    kind.value
    for kind in (LimitKind.DOCUMENT, LimitKind.FILE, LimitKind.TYPED_FILE, LimitKind.SECTION, LimitKind.CLASS)
]
MOST_FILES_NAMED = 5
"""Files named with one reason to see the typed file they lie in."""

type _Told = tuple[int, str, bool]


def who_sees_document(document: Document, *, on: date) -> list[Sight]:
    """Active people who see the document on the day, in Czech alphabetical order."""
    if document.state in GONE:
        appraising = people_with(_in_person(_appraising(document.state), *document.places()), on)
        return _unrestricted(appraising, document, permissions.may_see)
    file, places = document.case_file, document.places()
    reasons = [
        *_held(document.holder_id, "má dokument u sebe"),
        *(_held(file.processor_id, f"zpracovává spis {file}") if file else ()),
        *_shown_to(document),
        *_granted(document.access_grants, on, "přiděleno"),
        *(_granted(file.access_grants, on, f"přiděleno ke spisu {file}") if file else ()),
        *(_granted_above(file, on) if file else ()),
        *_by_role(document.unit, _mailroom_sees(document)),
        *_to_be_sent_by(document),
    ]
    return _unrestricted(people_with(_in_person(reasons, *places), on), document, permissions.may_see)


def who_sees_file(file: CaseFile, *, on: date) -> list[Sight]:
    """Active people who see the file (its list of documents, not each of them) on the day."""
    if file.state in GONE:
        appraising = people_with(_in_person(_appraising(file.state), file), on)
        return _unrestricted(appraising, file, permissions.may_see_file)
    reasons = [*_reasons_of_file(file, on), *_granted_above(file, on)]
    seers = people_with(_in_person(reasons, file), on)
    return _unrestricted(seers, file, permissions.may_see_file)


def _reasons_of_file(file: CaseFile, on: date) -> list[Reason]:
    held = Document.objects.filter(case_file=file, holder__isnull=False).order_by("order_in_file", "pk")
    return [
        *_held(file.processor_id, "zpracovává spis"),
        *(Reason(holder, f"má u sebe dokument {number} ze spisu") for holder, number in _holders(held)),
        *_granted(file.access_grants, on, "přiděleno"),
        *_by_role(file.unit, mailroom=False),
    ]


def restrictions_over(entity: Document | CaseFile | TypedFile, *, on: date) -> list[Restriction]:
    """Restrictions of the administrator that stand over a document or a file on the day (NSESSS 7.1.6)."""
    found = Restriction.objects.filter(in_force(on), kind__in=_OF_ENTITIES).select_related("person", "own_role")
    limits = ((one, Limit(LimitKind(one.kind), one.about, one.hides)) for one in found.order_by("pk"))
    return [one for one, limit in limits if permissions.stands_over(limit, entity)]


def _unrestricted(seers: list[Sight], entity: Any, may_see: Callable[..., Decision]) -> list[Sight]:
    """Without those from whom a restriction hides it. There are few restrictions: then each person is asked about."""
    if not any(one.hides for one in restrictions_over(entity, on=clock.today())):
        return seers
    return [one for one in seers if may_see(actor_of(one.person, at=clock.now()), entity)]


def _in_person(reasons: Iterable[Reason], *files: CaseFile) -> Iterator[Reason]:
    """Of a restricted file only those who see it as themselves, not by a role or a unit."""
    restricted = any(file.is_restricted() for file in files)
    return (reason for reason in reasons if reason.in_person or not restricted)


def _appraising(state: str) -> Iterator[Reason]:
    """Of what is withdrawn only the appraiser sees more than the header, of what is destroyed nobody (7.2.13)."""
    if state == DocumentState.WITHDRAWN:
        keeping = RoleGrant.objects.filter(SEEING_BY_ROLE, role=Role.RECORDS_KEEPER)
        for grant in keeping.select_related("unit", "own_role"):
            yield Reason(grant.person_id, f"role {grant}", Role(grant.role) not in NOT_SUBSTITUTED, in_person=False)


def who_sees_typed_file(typed_file: TypedFile, *, on: date) -> list[Sight]:
    """Active people who see the typed file on the day: its name and sections, not the files in it."""
    reasons = [*_held(typed_file.processor_id, "zpracovává typový spis"), *_by_role(typed_file.unit, mailroom=False)]
    reasons += _granted_to_typed(typed_file, on)
    if typed_file.shared:
        grants = RoleGrant.objects.filter(SEEING_BY_ROLE, role__in=WORKING)
        reasons += [
            Reason(grant.person_id, "zakládají do něj i jiné útvary", Role(grant.role) not in NOT_SUBSTITUTED)
            for grant in grants
        ]
    # Who sees a file sees also where it is.
    reasons += _through_files(typed_file, on, told=set(map(_told, reasons)))
    return _unrestricted(people_with(reasons, on), typed_file, permissions.may_see_typed_file)


def _through_files(typed_file: TypedFile, on: date, *, told: Collection[_Told]) -> Iterator[Reason]:
    """What files in it give, each once with the files that give it, and not what the typed file gives itself."""
    found: dict[_Told, list[str]] = {}
    files = CaseFile.objects.filter(volume__section__typed_file=typed_file).exclude(state__in=GONE)
    for file in files.select_related("unit").order_by("pk"):
        for one in _in_person(_reasons_of_file(file, on), file):
            found.setdefault(_told(one), []).append(str(file))
    for (person, text, passes_on), marks in found.items():
        if (person, text, passes_on) not in told:
            yield Reason(person, f"{text} ({_shortened(marks)})", passes_on)


def _told(reason: Reason) -> _Told:
    return reason.person_id, reason.text, reason.passes_on


def _shortened(marks: Iterable[str]) -> str:
    once = list(dict.fromkeys(marks))
    more = f" a další, celkem {len(once)}" if len(once) > MOST_FILES_NAMED else ""
    return ", ".join(once[:MOST_FILES_NAMED]) + more


def _holders(held: Iterable[Document]) -> Iterator[tuple[int, str]]:
    seen = set()
    for document in held:
        if document.holder_id is not None and document.holder_id not in seen:
            seen.add(document.holder_id)
            yield document.holder_id, str(document)


def _held(person_id: int | None, text: str) -> Iterator[Reason]:
    if person_id is not None:
        yield Reason(person_id, text)


def _mailroom_sees(document: Document) -> bool:
    outgoing = document.direction == Direction.OUTGOING and document.state in TO_DISPATCH
    return document.direction == Direction.RECEIVED or outgoing


def _to_be_sent_by(document: Document) -> Iterator[Reason]:
    """The mailroom sees what it is to send also of a restricted file: somebody must put it into an envelope."""
    if document.direction != Direction.OUTGOING or document.state != DocumentState.APPROVED:
        return
    for person in RoleGrant.objects.filter(SEEING_BY_ROLE, role=Role.MAILROOM).values_list("person", flat=True):
        yield Reason(person, "vypravuje ho")


def _shown_to(document: Document) -> Iterator[Reason]:
    for access in document.accesses.select_related("unit"):
        why = f"zpřístupněno: {access.reason}" if access.reason else "zpřístupněno"
        if access.person_id is not None:
            yield Reason(access.person_id, why)
        if access.unit is not None:
            of_unit = f"{why} (útvar {access.unit.code})"
            yield from (Reason(pk, of_unit, in_person=False) for pk in _belonging_to(access.unit))


def _granted(grants: Manager[AccessGrant], on: date, what: str) -> Iterator[Reason]:
    for grant in grants.filter(state=GrantState.CONFIRMED.value).select_related("unit", "given_by"):
        if not grant.holds(on):
            continue
        why = f"{what} ({grant.given_by}): {grant.reason}" if grant.given_by else f"{what}: {grant.reason}"
        if grant.person_id is not None:
            yield Reason(grant.person_id, why)
        elif grant.unit is not None:
            of_unit = f"{why} (útvar {grant.unit.code})"
            yield from (Reason(pk, of_unit, in_person=False) for pk in _belonging_to(grant.unit))
        else:
            passes = Role(grant.role) not in NOT_SUBSTITUTED
            of_role = f"{why} (role {grant.get_role_display()})"
            holders = RoleGrant.objects.filter(SEEING_BY_ROLE, role=grant.role).values_list("person", flat=True)
            yield from (Reason(pk, of_role, passes, in_person=False) for pk in holders.distinct())


def _granted_above(file: CaseFile, on: date) -> Iterator[Reason]:
    """Granted to what the file lies in; a restricted one is not opened so, not even to a person (7.1.2)."""
    if file.volume is not None:
        section = file.volume.section
        for one in [section, *typed_queries.above(section), section.typed_file]:
            found = _granted(one.access_grants, on, f"přiděleno k {one.full_name}")
            yield from (replace(reason, in_person=False) for reason in found)


def _granted_to_typed(typed_file: TypedFile, on: date) -> Iterator[Reason]:
    yield from _granted(typed_file.access_grants, on, "přiděleno")
    granted = AccessGrant.objects.filter(section__typed_file=typed_file).values("section")
    sections = TypedSection.objects.filter(pk__in=granted).select_related("template")
    for section in sections.order_by("template__sort_key"):
        yield from _granted(section.access_grants, on, f"přiděleno k součásti {section.template.code}")


def _belonging_to(unit: Unit) -> frozenset[int]:
    leading = RoleGrant.objects.filter(SEEING_BY_ROLE, role__in=LEADING, unit__in=unit_and_above(unit))
    return frozenset(
        [
            *unit.positions.filter(person__isnull=False).values_list("person", flat=True),
            *leading.values_list("person", flat=True),
        ]
    )


def _by_role(unit: Unit | None, mailroom: bool) -> Iterator[Reason]:
    above = unit_and_above(unit) if unit else []
    leading = Q(role__in=LEADING) & (Q(unit__isnull=True) | Q(unit__in=above))
    seeing = Q(role__in=(*SEEING_ALL, *([Role.MAILROOM] if mailroom else [])))
    for grant in RoleGrant.objects.filter(leading | seeing, SEEING_BY_ROLE).select_related("unit", "own_role"):
        passes = Role(grant.role) not in NOT_SUBSTITUTED
        yield Reason(grant.person_id, f"role {grant}", passes, in_person=False)
