"""Granting access to documents, files and typed files, restricting a file to named people (NSESSS 7.1.2 to 7.1.4)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from egon.audit.log import note
from egon.audit.operation import operation
from egon.kernel.actor import Actor, Role
from egon.kernel.clock import PRAGUE
from egon.records import access_queries, permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.locking import lock_file
from egon.records.models import AccessGrant, CaseFile, Document, TypedFile, TypedSection
from egon.records.rules import access as rules
from egon.records.rules.access import GrantState
from egon.records.rules.states import DocumentState
from egon.registry import queries as registry
from egon.registry.models import Person, Unit

NOT_GRANTED = "Přístup se nepřidělil."


@operation("records.access.grant", title="Přidělení přístupu", requires=permissions.may_grant_access)
def grant_access(
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    document: Document | None = None,
    file: CaseFile | None = None,
    typed_file: TypedFile | None = None,
    section: TypedSection | None = None,
    person: Person | None = None,
    unit: Unit | None = None,
    role: Role | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> AccessGrant:
    """Give a person, a unit or a role access to one thing; it holds once they confirm it (7.1.2, 7.1.3).

    To a typed file or a section it is access to all below, also to what comes later, but to restricted files.
    Raises :class:`InvalidInput` with everything that speaks against it.
    """
    today = at.astimezone(PRAGUE).date()
    first = valid_from or today
    thing = {"document": document, "file": file, "typed_file": typed_file, "section": section}
    receivers = [one for one in (person, unit, role) if one is not None]
    obstacles = rules.obstacles_to_grant(
        receivers=len(receivers), reason=reason, valid_from=first, valid_to=valid_to, today=today
    )
    if len(receivers) == 1:
        obstacles += _against_receiver(actor, person, unit, role)
        obstacles += _against_restricted([file] if file else document.places() if document else [], person)
        obstacles += _against_twice(thing, {"person": person, "unit": unit, "role": role.value if role else ""}, today)
    if (typed := section or typed_file) is not None:
        unseen = access_queries.unseen_below(actor, typed)
        whole = typed.typed_file if isinstance(typed, TypedSection) else typed
        obstacles += rules.obstacle_of_unseen(unseen=unseen, what=typed.full_name, unit=str(whole.unit))
    if obstacles:
        raise InvalidInput(NOT_GRANTED, obstacles)
    return AccessGrant.objects.create(
        **thing,
        person=person,
        unit=unit,
        role=role.value if role else "",
        reason=reason.strip()[: rules.LONGEST_REASON],
        valid_from=first,
        valid_to=valid_to,
        given_at=at,
        given_by_id=actor.person_id,
    )


@operation("records.file.show", title="Zpřístupnění spisu v oběhu", requires=permissions.may_show_file)
def show_file(
    *,
    actor: Actor,
    file: CaseFile,
    at: datetime,
    reason: str,
    person: Person | None = None,
    unit: Unit | None = None,
) -> AccessGrant:
    """Let a person or a unit see a file that came to them in circulation; doing it twice changes nothing.

    They are asked to answer, so the access holds at once; who works on the file may end it as any other.
    Raises :class:`InvalidInput` for a unit and a restricted file.
    """
    if (unit is None) == (person is None):
        raise ValueError("show it to a unit or to a person")
    if unit is not None and file.is_restricted():
        raise InvalidInput("Nic se nezměnilo.", [f"Spis {file} je vyhrazený: ukažte ho jmenovaným lidem, ne útvaru."])
    same = AccessGrant.objects.filter(
        file=file, person=person, unit=unit, role="", state=GrantState.CONFIRMED.value, valid_to__isnull=True
    )
    return same.first() or AccessGrant.objects.create(
        file=file, person=person, unit=unit, reason=reason, valid_from=at.astimezone(PRAGUE).date(),
        state=GrantState.CONFIRMED.value, given_at=at, given_by_id=actor.person_id, decided_at=at,
    )  # fmt: skip


@operation("records.access.confirm", title="Potvrzení přiděleného přístupu", requires=permissions.may_decide_on_grant)
def confirm_access(*, actor: Actor, grant: AccessGrant, at: datetime) -> AccessGrant:
    """The receiver takes the access, which holds from now on within its days (NSESSS 7.1.3)."""
    return _decide(actor, grant, GrantState.CONFIRMED, at)


@operation("records.access.refuse", title="Odmítnutí přiděleného přístupu", requires=permissions.may_decide_on_grant)
def refuse_access(*, actor: Actor, grant: AccessGrant, at: datetime, note: str = "") -> AccessGrant:
    """The receiver does not want the access and may say why (NSESSS 7.1.3)."""
    return _decide(actor, grant, GrantState.REFUSED, at, note)


@operation("records.access.withdraw", title="Zrušení přiděleného přístupu", requires=permissions.may_withdraw_grant)
def withdraw_access(*, actor: Actor, grant: AccessGrant, at: datetime) -> AccessGrant:
    """The giver takes it back while nobody has confirmed it (NSESSS 7.1.4). Raises :class:`NotInThisState`."""
    return _decide(actor, grant, GrantState.WITHDRAWN, at)


@operation("records.access.end", title="Ukončení přístupu", requires=permissions.may_end_grant)
def end_access(*, actor: Actor, grant: AccessGrant, at: datetime, reason: str) -> AccessGrant:
    """End a confirmed access before its time, with a reason. Raises :class:`InvalidInput`, :class:`NotInThisState`."""
    if not reason.strip():
        raise InvalidInput("Přístup se neukončil.", ["Napište důvod."])
    return _decide(actor, grant, GrantState.ENDED, at, reason, expected=GrantState.CONFIRMED)


@operation("records.file.restrict", title="Vyhrazení spisu jmenovaným osobám", requires=permissions.may_restrict)
def restrict_file(*, actor: Actor, file: CaseFile, reason: str) -> CaseFile:
    """Leave the file to its processor, holders of its documents and people named one by one.

    Roles and units, also those it was shared with before, no longer let anybody see it. Raises :class:`InvalidInput`.
    """
    lock_file(file)
    waiting = Document.objects.filter(case_file=file, state=DocumentState.ASSIGNED.value).order_by("order_in_file")
    obstacles = rules.obstacles_to_restricting(
        restricted=file.is_restricted(), reason=reason, unassigned=[str(document) for document in waiting]
    )
    if obstacles:
        raise InvalidInput("Spis se nevyhradil.", obstacles)
    file.restricted_because = reason.strip()[: rules.LONGEST_REASON]
    file.save(update_fields=["restricted_because"])
    return file


@operation("records.file.release", title="Zrušení vyhrazení spisu", requires=permissions.may_release)
def release_file(*, actor: Actor, file: CaseFile, reason: str) -> CaseFile:
    """Let the file be seen again by the usual rules. Raises :class:`InvalidInput`."""
    lock_file(file)
    if obstacles := rules.obstacles_to_releasing(restricted=file.is_restricted(), reason=reason):
        raise InvalidInput("Vyhrazení se nezrušilo.", obstacles)
    note(before=file.restricted_because)
    file.restricted_because = ""
    file.save(update_fields=["restricted_because"])
    return file


def _against_receiver(actor: Actor, person: Person | None, unit: Unit | None, role: Role | None) -> list[str]:
    obstacles = []
    if person is not None and not person.active:
        obstacles.append(f"{person} v organizaci už nepracuje.")
    if person is not None and person.pk == actor.person_id:
        obstacles.append("Přístup si nemůžete přidělit sami, máte ho už teď.")
    if unit is not None and not registry.people_leading(unit).exists():
        obstacles.append(f"Za útvar {unit} by přístup neměl kdo potvrdit: nikdo ho nevede.")
    if role is not None and not registry.people_with(role).exists():
        obstacles.append("Zvolenou roli nikdo nemá, přístup by neměl kdo potvrdit.")
    return obstacles


def _against_restricted(places: Iterable[CaseFile], person: Person | None) -> list[str]:
    restricted = [one for one in places if person is None and one.is_restricted()]
    return [f"Spis {one} je vyhrazený: přístup k němu dostane jen jmenovaná osoba." for one in restricted]


def _against_twice(thing: Mapping[str, Any], receiver: Mapping[str, Any], today: date) -> list[str]:
    same = AccessGrant.objects.filter(**thing, **receiver)
    return [
        f"{one.receiver} už tento přístup má, stav: {one.get_state_display()}."
        for one in same.filter(state__in=(GrantState.WAITING.value, GrantState.CONFIRMED.value))
        if one.state == GrantState.WAITING or one.valid_to is None or one.valid_to >= today
    ]


def _decide(
    actor: Actor,
    grant: AccessGrant,
    state: GrantState,
    at: datetime,
    words: str = "",
    *,
    expected: GrantState = GrantState.WAITING,
) -> AccessGrant:
    grant.refresh_from_db(from_queryset=AccessGrant.objects.select_for_update())
    present = GrantState(grant.state)
    if present is not expected:
        raise NotInThisState(
            f"Přístup {grant} má stav „{present.label}“, teď už to s ním udělat nejde. Nic se nezměnilo."
        )
    grant.state, grant.decided_at, grant.note = state.value, at, words.strip()[: rules.LONGEST_REASON]
    grant.decided_by_id = actor.person_id
    grant.save(update_fields=["state", "decided_at", "decided_by", "note"])
    return grant
