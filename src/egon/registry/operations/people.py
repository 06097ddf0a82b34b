"""People of the organisation and the accounts they sign in with."""

from egon.audit.log import note, note_changes
from egon.audit.operation import operation
from egon.identity import operations as identity
from egon.identity.models import Account
from egon.kernel.actor import Actor, Role
from egon.kernel.events import publish
from egon.registry import permissions, rules
from egon.registry.errors import RegistryRefused
from egon.registry.events import PersonDeactivated
from egon.registry.models import Person, Position, RoleGrant


@operation("registry.person.add", title="Zápis osoby", requires=permissions.may_administer)
def add_person(
    *,
    actor: Actor,
    given_name: str,
    family_name: str,
    title_before: str = "",
    title_after: str = "",
    email: str = "",
    personal_number: str = "",
) -> Person:
    """Add a person who works in the organisation; an account is given by :func:`give_account`.

    Raises :class:`RegistryRefused` when another person has the personal number.
    """
    _require_free_number(personal_number, None)
    return Person.objects.create(
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        title_before=title_before.strip(),
        title_after=title_after.strip(),
        email=email,
        personal_number=personal_number.strip(),
        sort_key=rules.person_sort_key(family_name, given_name),
        search_key=rules.person_search_key(family_name, given_name),
    )


@operation("registry.person.edit", title="Změna osoby", requires=permissions.may_administer)
def edit_person(
    *,
    actor: Actor,
    person: Person,
    given_name: str,
    family_name: str,
    title_before: str = "",
    title_after: str = "",
    email: str = "",
    personal_number: str = "",
) -> Person:
    """Change a person's name or address. Older records keep the name under which the person acted then.

    Raises :class:`RegistryRefused` when another person has the personal number.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    _require_free_number(personal_number, person)
    before = _values_of(person)
    person.personal_number = personal_number.strip()
    person.given_name, person.family_name = given_name.strip(), family_name.strip()
    person.title_before, person.title_after, person.email = title_before.strip(), title_after.strip(), email
    person.sort_key = rules.person_sort_key(family_name, given_name)
    person.search_key = rules.person_search_key(family_name, given_name)
    note_changes(before, _values_of(person))
    person.save()
    return person


@operation("registry.person.account", title="Připojení účtu k osobě", requires=permissions.may_administer)
def give_account(*, actor: Actor, person: Person, account: Account) -> Person:
    """Let the person sign in with the account, which thereby belongs to the organisation, too."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    other = Person.objects.filter(account=account).exclude(pk=person.pk).first()
    if other is not None:
        raise RegistryRefused([f"Účet {account.login} už v této organizaci používá {other.name}."])
    if person.account is not None and person.account_id != account.pk:
        identity.end_membership(actor=actor, account=person.account)
    identity.add_membership(actor=actor, account=account)
    person.account = account
    person.save(update_fields=["account"])
    return person


@operation("registry.person.deactivate", title="Ukončení práce osoby", requires=permissions.may_administer)
def deactivate_person(*, actor: Actor, person: Person) -> Person:
    """The person leaves: no access from the next request on, positions are vacant, roles withdrawn.

    Documents they hold stay theirs until somebody takes them over. Raises :class:`RegistryRefused`.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.active:
        raise RegistryRefused([f"{person.name} už v organizaci nepracuje."])
    if is_last_administrator(person):
        raise RegistryRefused(["Organizace by zůstala bez správce. Nejdřív určete jiného."])
    roles = [str(grant) for grant in RoleGrant.objects.filter(person=person).select_related("unit")]
    note(withdrawn_roles=roles)
    RoleGrant.objects.filter(person=person).delete()
    Position.objects.filter(person=person).update(person=None)
    if person.account is not None:
        identity.end_membership(actor=actor, account=person.account)
    person.active = False
    person.save(update_fields=["active"])
    publish(PersonDeactivated(person_id=person.pk))
    return person


@operation("registry.person.reactivate", title="Návrat osoby", requires=permissions.may_administer)
def reactivate_person(*, actor: Actor, person: Person) -> Person:
    """The person works here again; positions and roles have to be given anew."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.active = True
    person.save(update_fields=["active"])
    if person.account is not None:
        identity.add_membership(actor=actor, account=person.account)
    return person


def _values_of(person: Person) -> dict[str, str]:
    names = ("title_before", "given_name", "family_name", "title_after", "email", "personal_number")
    return {name: getattr(person, name) for name in names}


def _require_free_number(number: str, person: Person | None) -> None:
    number = number.strip()
    others = Person.objects.exclude(pk=person.pk) if person else Person.objects.all()
    if number and (other := others.filter(personal_number=number).first()):
        raise RegistryRefused([f"Osobní číslo {number} už má {other.name}."])


def is_last_administrator(person: Person) -> bool:
    """Whether nobody else could administer the organisation. Locks the grants, so that two cannot leave at once."""
    grants = RoleGrant.objects.select_for_update().filter(
        role=Role.ADMINISTRATOR, unit__isnull=True, own_role__isnull=True
    )
    holders = set(grants.values_list("person_id", flat=True))
    holders &= set(Person.objects.filter(active=True, account__isnull=False).values_list("pk", flat=True))
    return holders == {person.pk}
