"""Who sees what is neither a document nor a file: sections, volumes, components, classes, persons (NSESSS 5.2.15).

Each answer is what the permissions decide; tests compare the two for everybody.
"""

from collections.abc import Callable, Iterator
from datetime import date

from django.db.models import Q, QuerySet

from egon.kernel import clock
from egon.kernel.actor import Actor, LimitKind, Role
from egon.parties import permissions as rights
from egon.parties.models import Kind, Party
from egon.parties.rules import Right
from egon.records import permissions, sight, typed_queries
from egon.records.models import Addressee, CaseFile, Component, Document, PartyLink, RecordClass, TypedSection, Volume
from egon.records.seers import Reason, Sight, people_with
from egon.registry.models import ROLE_NAMES, Restriction, RoleGrant
from egon.registry.queries import NOT_SUBSTITUTED, actor_of, in_force, people

KEEPING_PLANS = (Role.ADMINISTRATOR, Role.RECORDS_KEEPER)
MOST_LINKS = 100
"""Documents and files of one natural person that are looked through for those who see them, the newest first."""


def who_sees_section(section: TypedSection, *, on: date) -> list[Sight]:
    """Who sees the typed file, but for those from whom this section is hidden."""
    seers = sight.who_sees_typed_file(section.typed_file, on=on)

    def sees(actor: Actor) -> bool:
        return typed_queries.sections_visible_to(actor).filter(pk=section.pk).exists()

    return _asked(seers, on, sees, LimitKind.SECTION, LimitKind.TYPED_FILE, LimitKind.CLASS)


def who_sees_volume(volume: Volume, *, on: date) -> list[Sight]:
    """Who sees the section it is a volume of."""
    return who_sees_section(volume.section, on=on)


def who_sees_component(component: Component, *, on: date) -> list[Sight]:
    """Who sees the document, but for those from whom this component is hidden."""
    seers = sight.who_sees_document(component.document, on=on)
    return _asked(seers, on, lambda actor: not permissions.hides_component(actor, component), LimitKind.COMPONENT)


def who_sees_class(record_class: RecordClass, *, on: date) -> list[Sight]:
    """Everybody reads a plan in force; who keeps plans alone a draft. Files in the class follow their own rules."""
    if record_class.plan.draft:
        seers = people_with(_with_role(RoleGrant.objects.filter(role__in=KEEPING_PLANS)), on)
    else:
        seers = [Sight(person, ("spisový plán čte každý, kdo tu pracuje",)) for person in people()]

    def sees(actor: Actor) -> bool:
        return bool(permissions.may_touch(actor, [record_class], reads=True))

    return _asked(seers, on, sees, LimitKind.CLASS)


def who_sees_party(party: Party, *, on: date) -> list[Sight]:
    """Who reads a record of the jmenný rejstřík: by the right of a role, a natural person also by what they are in.

    Of links the newest :data:`MOST_LINKS` documents and as many files are looked through.
    """
    reading = [role for role, given in rights.rights().items() if given & {Right.READ, Right.MANAGE}]
    roles = RoleGrant.objects.all() if party.kind != Kind.NATURAL else RoleGrant.objects.filter(role__in=reading)
    seers = {one.person.pk: one for one in people_with(_with_role(roles), on)}
    if party.kind == Kind.NATURAL:
        others = (one for one in _seeing_what_they_are_in(party, on) if one.person.pk not in seers)
        working = frozenset(one.person.pk for one in people_with(_with_role(RoleGrant.objects.all()), on))
        seers |= {one.person.pk: one for one in others if one.person.pk in working}
    return [seers[person.pk] for person in people().filter(pk__in=seers)]


def is_shortened(party: Party) -> bool:
    """Whether a natural person is in more documents or files than :func:`who_sees_party` looks through."""
    if party.kind != Kind.NATURAL:
        return False
    return any(found[: MOST_LINKS + 1].count() > MOST_LINKS for found in _entities_of(party))


def _seeing_what_they_are_in(party: Party, on: date) -> Iterator[Sight]:
    documents, files = _entities_of(party)
    for document in documents[:MOST_LINKS]:
        seers = sight.who_sees_document(document, on=on)
        yield from (Sight(one.person, ("vidí dokument, v němž osoba je",)) for one in seers)
    for file in files[:MOST_LINKS]:
        yield from (Sight(one.person, ("vidí spis, v němž osoba je",)) for one in sight.who_sees_file(file, on=on))


def _entities_of(party: Party) -> tuple[QuerySet[Document], QuerySet[CaseFile]]:
    linked = PartyLink.objects.filter(party=party)
    addressed = Addressee.objects.filter(party=party).values("document")
    found = Q(sender=party) | Q(pk__in=addressed) | Q(pk__in=linked.values("document"))
    documents = Document.objects.filter(found).select_related("unit", "case_file").order_by("-pk")
    files = CaseFile.objects.filter(pk__in=linked.values("file")).select_related("unit").order_by("-pk")
    return documents, files


def _with_role(grants: QuerySet[RoleGrant]) -> Iterator[Reason]:
    for person, role in grants.order_by("person", "role").values_list("person", "role").distinct():
        yield Reason(person, f"role {ROLE_NAMES[Role(role)]}", Role(role) not in NOT_SUBSTITUTED)


def _asked(seers: list[Sight], on: date, sees: Callable[[Actor], bool], *kinds: LimitKind) -> list[Sight]:
    """Without those a restriction hides it from. Restrictions are few; only with some each person is asked about."""
    hiding = Restriction.objects.filter(in_force(on), kind__in=[kind.value for kind in kinds], hides=True)
    if not hiding.exists():
        return seers
    return [one for one in seers if sees(actor_of(one.person, at=clock.now()))]
