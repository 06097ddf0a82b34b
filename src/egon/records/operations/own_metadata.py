"""Own metadata and their code lists, kept by the administrator and the records keeper (NSESSS 9.1.1, 9.1.3, 4.2.3)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max

from egon.audit.log import note_changes
from egon.audit.operation import operation
from egon.kernel.actor import Actor
from egon.records import permissions
from egon.records.errors import InvalidInput, NotInThisState
from egon.records.models import DocumentKind, OwnField, OwnList
from egon.records.own_metadata import is_filled_in
from egon.records.rules.own_metadata import LONGEST_NAME, OwnEntity, ValueType, faults_of_field, faults_of_list


@operation("records.own_field.add", title="Nový vlastní údaj", requires=permissions.may_configure)
def add_own_field(
    *,
    actor: Actor,
    entity: OwnEntity,
    name: str,
    value_type: ValueType,
    required: bool = False,
    kind: DocumentKind | None = None,
    own_list: OwnList | None = None,
    hint: str = "",
) -> OwnField:
    """Record one more thing of documents, of documents of one ``kind`` (NSESSS 4.2.3), or of files.

    With ``own_list`` the value is chosen, otherwise written (9.1.3). Raises :class:`InvalidInput` with every fault.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    faults = faults_of_field(
        name=name,
        name_is_taken=_is_taken(entity.value, kind, name),
        entity=entity,
        type_=value_type,
        has_list=own_list is not None,
        has_kind=kind is not None,
    )
    if faults:
        raise InvalidInput("Vlastní údaj se nezaložil.", faults)
    last = OwnField.objects.filter(entity=entity.value, kind=kind).aggregate(last=Max("position"))["last"] or 0
    return OwnField.objects.create(
        entity=entity.value,
        kind=kind,
        name=name,
        hint=hint.strip()[:200],
        value_type=value_type.value,
        own_list=own_list,
        required=required,
        position=last + 1,
    )


@operation("records.own_field.edit", title="Změna vlastního údaje", requires=permissions.may_configure)
def edit_own_field(
    *, actor: Actor, field: OwnField, name: str, required: bool, own_list: OwnList | None = None, hint: str = ""
) -> OwnField:
    """Change the words of a field, whether it is required, and its code list; what is filled in stays as it is.

    Raises :class:`InvalidInput`.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    faults = faults_of_field(
        name=name,
        name_is_taken=_is_taken(field.entity, field.kind, name, besides=field),
        entity=OwnEntity(field.entity),
        type_=ValueType(field.value_type),
        has_list=own_list is not None,
        has_kind=field.kind is not None,
    )
    if faults:
        raise InvalidInput("Vlastní údaj se neuložil.", faults)
    new = {"name": name, "required": required, "own_list": own_list, "hint": hint.strip()[:200]}
    note_changes({key: getattr(field, key) for key in new}, new)
    for key, value in new.items():
        setattr(field, key, value)
    field.save(update_fields=list(new))
    return field


@operation("records.own_field.move", title="Pořadí vlastního údaje", requires=permissions.may_configure)
def move_own_field(*, actor: Actor, field: OwnField, up: bool) -> OwnField:
    """Put a field one place up or down among those it stands with in a form; at the edge nothing changes."""
    beside = list(
        OwnField.objects.select_for_update().filter(entity=field.entity, kind=field.kind).order_by("position", "pk")
    )
    place = [one.pk for one in beside].index(field.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(beside):
        beside[place], beside[other] = beside[other], beside[place]
    for position, one in enumerate(beside, 1):
        one.position = position
    OwnField.objects.bulk_update(beside, ["position"])
    field.refresh_from_db(fields=["position"])
    return field


@operation("records.own_field.withdraw", title="Ukončení vlastního údaje", requires=permissions.may_configure)
def withdraw_own_field(*, actor: Actor, field: OwnField, on: date) -> OwnField:
    """Ask for a field no more; it stays where it is filled in."""
    if field.withdrawn_on is not None:
        raise NotInThisState(f"Údaj „{field}“ už se nevyplňuje.")
    field.withdrawn_on = on
    field.save(update_fields=["withdrawn_on"])
    return field


@operation("records.own_field.restore", title="Obnovení vlastního údaje", requires=permissions.may_configure)
def restore_own_field(*, actor: Actor, field: OwnField) -> OwnField:
    """Ask for a withdrawn field again."""
    if field.withdrawn_on is None:
        raise NotInThisState(f"Údaj „{field}“ se vyplňuje.")
    field.withdrawn_on = None
    field.save(update_fields=["withdrawn_on"])
    return field


@operation("records.own_field.delete", title="Odstranění vlastního údaje", requires=permissions.may_configure)
def delete_own_field(*, actor: Actor, field: OwnField) -> None:
    """Remove a field that is filled in nowhere. Raises :class:`NotInThisState`."""
    if is_filled_in(field):
        raise NotInThisState(f"Údaj „{field}“ je někde vyplněný, odstranit ho nejde. Můžete ho přestat vyplňovat.")
    OwnField.objects.filter(pk=field.pk).delete()


@operation("records.own_list.save", title="Vlastní číselník", requires=permissions.may_configure)
def save_own_list(*, actor: Actor, name: str, items: Sequence[str], own_list: OwnList | None = None) -> OwnList:
    """Add a code list, or change ``own_list``: its items are offered in this order (NSESSS 9.1.3).

    An item left out is offered no more and stays where it was chosen. Raises :class:`InvalidInput`.
    """
    name, items = " ".join(name.split())[:LONGEST_NAME], [kept for item in items if (kept := " ".join(item.split()))]
    others = OwnList.objects.exclude(pk=own_list.pk) if own_list else OwnList.objects.all()
    faults = faults_of_list(name=name, name_is_taken=bool(name) and others.filter(name=name).exists(), items=items)
    if faults:
        raise InvalidInput("Číselník se neuložil.", faults)
    if own_list is not None:
        note_changes({"name": own_list.name, "items": own_list.items}, {"name": name, "items": items})
    own_list = own_list or OwnList()
    own_list.name, own_list.items = name, items
    own_list.save()
    return own_list


@operation("records.own_list.delete", title="Odstranění vlastního číselníku", requires=permissions.may_configure)
def delete_own_list(*, actor: Actor, own_list: OwnList) -> None:
    """Remove a code list that no field chooses from. Raises :class:`NotInThisState`."""
    fields = list(own_list.fields.values_list("name", flat=True))
    if fields:
        raise NotInThisState(f"Z číselníku „{own_list}“ se vybírá v údajích: {', '.join(fields)}. Odstranit ho nejde.")
    OwnList.objects.filter(pk=own_list.pk).delete()


def _is_taken(entity: str, kind: DocumentKind | None, name: str, *, besides: OwnField | None = None) -> bool:
    others = OwnField.objects.filter(entity=entity, kind=kind, name=name).exclude(pk=besides.pk if besides else 0)
    return bool(name) and others.exists()
