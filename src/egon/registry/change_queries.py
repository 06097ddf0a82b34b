"""Reads of proposed changes, and what we have in the shape the proposals compare."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from egon.gateways.directory import Directory, LdapDirectory
from egon.identity import secrets
from egon.kernel.errors import Misconfigured, NotFound
from egon.registry.change_rules import ChangeAction, Row, recognised
from egon.registry.directory_rules import may_be_reached, not_allowed
from egon.registry.models import ChangeSet, CodeListItem, DirectorySettings, Person, Position, ProposedChange, Unit

DIRECTORY_PASSWORD = "egon directory password"  # noqa: S105 - what the key is derived for
_UNREADABLE = "Heslo do adresáře nejde přečíst, tajný klíč instalace se změnil. Zadejte ho na stránce adresáře znovu."
_OF_PERSON = ("given_name", "family_name", "title_before", "title_after", "email")


def change_sets() -> QuerySet[ChangeSet]:
    """Proposals, the newest first."""
    return ChangeSet.objects.order_by("-proposed_at", "-pk")


def change_set_for(pk: int) -> ChangeSet:
    """A proposal of the organisation. Raises :class:`NotFound`."""
    found = change_sets().filter(pk=pk).first()
    if found is None:
        raise NotFound("Takový návrh změn v této organizaci není.")
    return found


def changes_of(change_set: ChangeSet, *, action: str = "", state: str = "") -> QuerySet[ProposedChange]:
    """Its changes in the order they are done, narrowed by what is to happen and what became of it."""
    found = ProposedChange.objects.filter(run=change_set)
    found = found.filter(action=action) if action else found
    return (found.filter(state=state) if state else found).order_by("pk")


def people_as_rows(wanted: Sequence[Row]) -> list[Row]:
    """Working people as a source tells them, recognised by personal number, login, e-mail or an unmistakable name."""
    places: dict[int, list[Position]] = defaultdict(list)
    for position in Position.objects.filter(person__isnull=False).select_related("unit"):
        places[position.person_id or 0].append(position)
    found = Person.objects.filter(active=True).select_related("account").order_by("sort_key", "pk")
    people = [_person_row(person, places[person.pk][:1]) for person in found]
    by_key = {row.key: row for row in wanted}
    return [
        _with_place(row, places[row.entity_id or 0], by_key[row.key]) if row.key in by_key else row
        for row in recognised(people, wanted, by=("login", "email", "label"))
    ]


def codes_as_rows(code_list: str) -> list[Row]:
    """Items of a code list as příloha 7 tells them."""
    return [_dated_row(one, one.code) for one in CodeListItem.objects.filter(code_list=code_list).order_by("code")]


def units_as_rows() -> list[Row]:
    """Units as a code list."""
    return [_dated_row(one, one.code) for one in Unit.objects.order_by("code")]


def code_lists() -> list[tuple[str, int]]:
    """The originator's code lists with the number of their items."""
    counted = CodeListItem.objects.values_list("code_list").annotate(count=Count("pk"))
    return [(name, count) for name, count in counted.order_by("code_list")]


def _person_row(person: Person, places: Sequence[Position]) -> Row:
    values: dict[str, Any] = {name: getattr(person, name) for name in ("personal_number", *_OF_PERSON)}
    values["login"] = person.account.login if person.account else ""
    values |= _place(places[0]) if places else {}
    return Row(person.personal_number, person.name, values, entity_id=person.pk)


def _with_place(row: Row, places: Sequence[Position], wanted: Row) -> Row:
    """Of several places the one that the source means, when the person has it."""
    same = [one for one in map(_place, places) if all(wanted.values.get(name, one[name]) == one[name] for name in one)]
    return replace(row, values={**row.values, **same[0]}) if same else row


def _place(position: Position) -> dict[str, Any]:
    return {"unit": position.unit.code, "position": position.name, "is_head": position.is_head}


def _dated_row(one: CodeListItem | Unit, code: str) -> Row:
    values = {"name": one.name, "valid_from": one.valid_from, "valid_to": one.valid_to}
    return Row(code, f"{code} {one.name}", values, entity_id=one.pk)


def counts_of(change_set: ChangeSet) -> dict[ChangeAction, int]:
    """How many of its changes there are of each action."""
    found = dict(change_set.changes.order_by().values_list("action").annotate(Count("pk")))
    return {action: found.get(action, 0) for action in ChangeAction}


def directory() -> Directory:
    """The organisation's directory as it is set. Raises ``Misconfigured`` when it is not, or may not be reached."""
    held = DirectorySettings.objects.first()
    if held is None:
        raise Misconfigured("Adresář osob není nastavený.")
    if not may_be_reached(held.host, held.port, settings.DIRECTORY_HOSTS):
        # Set before the installation had its list, or taken off it since.
        raise Misconfigured(not_allowed(held.host, held.port))
    return LdapDirectory(
        host=held.host,
        port=held.port,
        base=held.base,
        bind_dn=held.bind_dn,
        password=secrets.unseal(held.sealed_password, purpose=DIRECTORY_PASSWORD, refusal=_UNREADABLE),
        starttls=held.starttls,
        search_filter=held.search_filter,
        attributes=held.attributes,
        authority=held.authority,
    )
