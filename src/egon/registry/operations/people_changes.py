"""Doing one proposed change of a person: a new colleague, a changed name or place, one who left."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from egon.identity import operations as identity
from egon.identity.models import Account
from egon.kernel.actor import Actor
from egon.registry.change_rules import ChangeAction
from egon.registry.errors import RegistryRefused
from egon.registry.models import ChangeSet, Person, Position, ProposedChange, Unit
from egon.registry.operations.people import add_person, deactivate_person, edit_person, give_account, reactivate_person
from egon.registry.operations.units import create_position, fill_position

_NAMES = ("personal_number", "given_name", "family_name", "title_before", "title_after", "email")


def apply_person(actor: Actor, proposal: ChangeSet, change: ProposedChange, today: date) -> None:
    """Do what is proposed by the operations an administrator would use. Raises what they raise."""
    values = change.values
    if change.action == ChangeAction.GONE:
        deactivate_person(actor=actor, person=_present(change))
        return
    if change.action == ChangeAction.NEW:
        person = _newcomer(actor, values)
    else:
        person = _present(change)
        names = {name: values.get(name, getattr(person, name)) for name in _NAMES}
        if any(names[name] != getattr(person, name) for name in _NAMES):
            edit_person(actor=actor, person=person, **names)
    if values.get("login"):
        _give_login(actor, person, values["login"])
    if values.get("unit"):
        _put_in_place(actor, person, values)


def _newcomer(actor: Actor, values: Mapping[str, Any]) -> Person:
    """A new person, or one who was here before and comes back."""
    names = {name: values.get(name, "") for name in _NAMES}
    former = Person.objects.filter(personal_number=names["personal_number"]).first()
    if former is None:
        return add_person(actor=actor, **names)
    if not former.active:
        reactivate_person(actor=actor, person=former)
    return edit_person(actor=actor, person=former, **names)


def _present(change: ProposedChange) -> Person:
    person = Person.objects.filter(pk=change.entity_id or 0, active=True).first()
    if person is None:
        raise RegistryRefused(["Osoba tu mezitím přestala pracovat, změna se neprovedla."])
    return person


def _give_login(actor: Actor, person: Person, login: str) -> None:
    """An account of a new login, without a known password: the administrator issues one when the person comes."""
    if person.account is not None:
        if person.account.login != login:
            raise RegistryRefused([f"{person.name} má účet {person.account.login}. Vyměňte ho na stránce osoby."])
        return
    if Account.objects.filter(login=login).exists():
        raise RegistryRefused([f"Účet {login} už někdo má. Patří-li této osobě, připojte ho na její stránce."])
    account = identity.create_account(
        actor=actor, login=login, name=person.name, email=person.email, password=identity.new_first_password()
    )
    give_account(actor=actor, person=person, account=account)


def _put_in_place(actor: Actor, person: Person, values: Mapping[str, Any]) -> None:
    """Move a person who has at most one position; who has more is left to the administrator."""
    unit = Unit.objects.filter(code=values["unit"]).first()
    if unit is None:
        raise RegistryRefused([f"Útvar {values['unit']} tu mezitím není."])
    held = list(Position.objects.filter(person=person).select_related("unit"))
    is_head = bool(values.get("is_head", any(one.is_head for one in held)))
    if any((one.unit_id, one.name, one.is_head) == (unit.pk, values["position"], is_head) for one in held):
        return
    if len(held) > 1:
        raise RegistryRefused([f"{person.name} má víc míst. Přesuňte je na stránkách útvarů."])
    for one in held:
        fill_position(actor=actor, position=one, person=None)
    vacant = Position.objects.filter(unit=unit, name=values["position"], is_head=is_head, person=None).first()
    if vacant is not None:
        fill_position(actor=actor, position=vacant, person=person)
    else:
        create_position(actor=actor, unit=unit, name=values["position"], person=person, is_head=is_head)
