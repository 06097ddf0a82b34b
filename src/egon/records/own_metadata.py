"""Own metadata: their fields as the rules want them, what is filled in, and keeping the values findable."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from egon.audit.log import note
from egon.kernel.czech import sort_key
from egon.kernel.errors import NotFound
from egon.parties.models import Party
from egon.records.errors import InvalidInput
from egon.records.models import (
    CaseFile,
    Component,
    Document,
    DocumentKind,
    OwnField,
    OwnList,
    OwnValue,
    RecordClass,
    TypedFile,
    TypedSection,
    Volume,
)
from egon.records.rules.components import KEPT_AS_THEY_ARE
from egon.records.rules.own_metadata import (
    FieldSpec,
    OwnEntity,
    ValueType,
    check,
    comparable,
    kept_form,
    missing,
    written,
)

type Owner = Document | CaseFile | RecordClass | TypedFile | TypedSection | Volume | Component | Party

_COLUMNS: Final[Mapping[type[Any], str]] = {
    Document: "document",
    CaseFile: "file",
    RecordClass: "record_class",
    TypedFile: "typed_file",
    TypedSection: "section",
    Volume: "volume",
    Component: "component",
}
"""The column of :class:`OwnValue` that names the owner; a person has none."""
_ENTITIES: Final[Mapping[type[Any], OwnEntity]] = {
    Document: OwnEntity.DOCUMENT,
    CaseFile: OwnEntity.FILE,
    RecordClass: OwnEntity.CLASS,
    TypedFile: OwnEntity.TYPED_FILE,
    TypedSection: OwnEntity.SECTION,
    Volume: OwnEntity.VOLUME,
    Component: OwnEntity.COMPONENT,
    Party: OwnEntity.PARTY,
}


def fields() -> QuerySet[OwnField]:
    """All own fields in their order: those of an entity together, of documents by kinds."""
    shown = OwnField.objects.select_related("kind", "own_list")
    return shown.order_by("entity", "kind__name", "position", "pk")


def field_for(pk: int) -> OwnField:
    """An own field. Raises :class:`NotFound`."""
    found = fields().filter(pk=pk).first()
    if found is None:
        raise NotFound("Takový vlastní údaj tu není.")
    return found


def list_for(pk: int) -> OwnList:
    """An own code list. Raises :class:`NotFound`."""
    found = OwnList.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("Takový číselník tu není.")
    return found


def fields_choosing_from(lists: Iterable[OwnList]) -> dict[int, list[OwnField]]:
    """Fields of some code lists by the key of the list; one query."""
    found: dict[int, list[OwnField]] = {}
    for field in fields().filter(own_list__in=lists):
        found.setdefault(field.own_list_id or 0, []).append(field)
    return found


def filter_choices(entity: OwnEntity) -> dict[str, list[tuple[str, str]]]:
    """Own fields of an entity, and of documents also kinds, as a filter offers them (``own``, ``kind``); one query."""
    of_kind = Concat(Value(" ("), "kind__name", Value(")"))
    told = Concat("name", Case(When(kind__isnull=True, then=Value("")), default=of_kind))
    found = OwnField.objects.filter(entity=entity.value).values_list(Value("own"), "pk", told)
    if entity is OwnEntity.DOCUMENT:
        found = found.union(DocumentKind.objects.values_list(Value("kind"), "pk", "name"), all=True)
    choices: dict[str, list[tuple[str, str]]] = {"own": [], "kind": []}
    for source, pk, label in found:
        choices[source].append((str(pk), label))
    return {source: sorted(offered, key=lambda one: sort_key(one[1])) for source, offered in choices.items()}


def asked(*entities: OwnEntity) -> list[OwnField]:
    """Fields that forms ask for, those of every kind included; one query."""
    return list(fields().filter(entity__in=[one.value for one in entities], withdrawn_on__isnull=True))


def asks(entity: OwnEntity) -> bool:
    """Whether anything is asked for of an entity; one query."""
    return OwnField.objects.filter(entity=entity.value, withdrawn_on__isnull=True).exists()


def spec_of(field: OwnField) -> FieldSpec:
    """A field as the rules want it."""
    return FieldSpec(
        key=str(field.pk),
        name=field.name,
        type=ValueType(field.value_type),
        required=field.required,
        items=tuple(field.own_list.items) if field.own_list else None,
        withdrawn=field.withdrawn_on is not None,
    )


def specs_of(entity: OwnEntity, kind_id: int | None = None) -> list[FieldSpec]:
    """Fields of an entity of this kind, withdrawn ones included; one query."""
    found = fields().filter(Q(kind__isnull=True) | Q(kind=kind_id), entity=entity.value)
    return [spec_of(field) for field in found]


def shown(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names and values as people read them, in order; no query when nothing is filled in."""
    if not values:
        return []
    found = OwnField.objects.filter(pk__in=[int(key) for key in values]).order_by("kind", "position", "pk")
    return [(one.name, written(ValueType(one.value_type), values[str(one.pk)])) for one in found]


def accepted(
    entity: OwnEntity,
    given: Mapping[str, Any] | None,
    *,
    kind: DocumentKind | None = None,
    present: Mapping[str, str] | None = None,
    refusal: str,
) -> dict[str, str]:
    """The values to be kept when these are ``given``; ``None`` means nobody was asked, and nothing is read.

    Raises :class:`InvalidInput` with every fault (NSESSS 9.1.1).
    """
    if given is None:
        return dict(present or {})
    checked = check(specs_of(entity, kind.pk if kind else None), given, present or {})
    if checked.faults:
        raise InvalidInput(refusal, list(checked.faults.values()))
    return checked.values


def keep(entity: Owner, values: dict[str, str], *, is_new: bool = False) -> None:
    """Give a saved entity its values, tell the log what changed, and keep the entity findable by them.

    Called inside an operation. Nothing is read or written when nothing is filled in or changed.
    """
    before = {} if is_new else entity.own_values
    if values == before:
        return
    known = {str(one.pk): one for one in OwnField.objects.filter(pk__in=[int(key) for key in before | values])}
    told = {
        known[key].name: {"before": before.get(key, ""), "after": values.get(key, "")}
        for key in before | values
        if before.get(key) != values.get(key)
    }
    note(own_metadata=told)
    entity.own_values = values
    type(entity)._default_manager.filter(pk=entity.pk).update(own_values=values)
    column = _COLUMNS.get(type(entity))
    if column is None:
        return
    owner = {column: entity}
    if before:
        OwnValue.objects.filter(**owner).delete()
    OwnValue.objects.bulk_create(
        OwnValue(field=known[key], value=comparable(ValueType(known[key].value_type), value), **owner)
        for key, value in values.items()
    )


def is_filled_in(field: OwnField) -> bool:
    """Whether some entity has a value of it."""
    return field.values.exists() or (
        field.entity == OwnEntity.PARTY and Party.objects.filter(own_values__has_key=str(field.pk)).exists()
    )


def forget(volume: Volume) -> None:
    """Take its values from a volume of which only the header is left; the caller saves it."""
    if volume.own_values:
        volume.own_values = {}
        OwnValue.objects.filter(volume=volume).delete()


def carry(successors: Iterable[tuple[RecordClass, RecordClass]]) -> None:
    """Give each class that continues another one the values of the former; nothing is written when there are none."""
    pairs = {former.pk: (former, new) for former, new in successors if former.own_values}
    if not pairs:
        return
    for former, new in pairs.values():
        new.own_values = former.own_values
    RecordClass.objects.bulk_update([new for _, new in pairs.values()], ["own_values"], batch_size=500)
    OwnValue.objects.bulk_create(
        OwnValue(field_id=one.field_id, value=one.value, record_class=pairs[one.record_class_id or 0][1])
        for one in OwnValue.objects.filter(record_class__in=list(pairs))
    )


def texts_of(entity: Owner) -> list[str]:
    """Values by which the full text finds the entity; yes and no are words of every page."""
    return [value for _, value in shown(entity.own_values) if value not in ("ano", "ne")]


@dataclass(frozen=True, slots=True)
class Columns:
    """Own metadata of many documents or files as columns of a table: names, and cells by the key of the row."""

    names: list[str]
    values: dict[int, list[str]]

    @property
    def nothing(self) -> list[str]:
        """Cells of a row without any."""
        return [""] * len(self.names)


def columns_of(entity: OwnEntity, ids: list[int]) -> Columns:
    """Own metadata of rows of a table, a column for each field; two queries."""
    known = list(fields().filter(entity=entity.value))
    if not known:
        return Columns([], {})
    model = Document if entity is OwnEntity.DOCUMENT else CaseFile
    filled = model._default_manager.filter(pk__in=ids).exclude(own_values={}).values_list("pk", "own_values")
    values = {pk: [written(ValueType(one.value_type), own.get(str(one.pk), "")) for one in known] for pk, own in filled}
    return Columns([f"{one} ({one.kind})" if one.kind else str(one) for one in known], values)


def missing_in(document: Document) -> list[str]:
    """Required fields of a document and of its components that are not filled in; two queries, three with some."""
    of_components = [spec for spec in specs_of(OwnEntity.COMPONENT) if spec.required and not spec.withdrawn]
    in_components = _missing_in_components([document.pk], of_components)
    return [*missing(specs_of(OwnEntity.DOCUMENT, document.kind_id), document.own_values), *in_components[document.pk]]


def _missing_in_components(documents: Iterable[int], required: list[FieldSpec]) -> Mapping[int, list[str]]:
    """By documents; data messages and receipts are kept as they are, and nothing is filled in at them."""
    found: dict[int, list[str]] = defaultdict(list)
    if not required:
        return found
    present = Component.objects.filter(document__in=documents, removed_at__isnull=True).order_by("position")
    for one in present.exclude(role__in=[role.value for role in KEPT_AS_THEY_ARE]):
        found[one.document_id] += [f"{name} (soubor {one.name})" for name in missing(required, one.own_values)]
    return found


def obstacles_of(owners: Iterable[Owner]) -> list[str]:
    """Required fields that are not filled in, as obstacles to closing; one query for all (NSESSS 9.1.1)."""
    required: dict[str, list[FieldSpec]] = {}
    for one in fields().filter(required=True, withdrawn_on__isnull=True, kind__isnull=True):
        required.setdefault(one.entity, []).append(spec_of(one))
    return [
        f"{_ENTITIES[type(owner)].label[:1].upper()}{_ENTITIES[type(owner)].label[1:]} {owner} nemá vyplněný povinný "
        f"údaj „{name}“. Nejdřív ho doplňte (NSESSS 9.1.1)."
        for owner in owners
        for name in missing(required.get(_ENTITIES[type(owner)].value, []), owner.own_values)
    ]


def missing_in_file(file: CaseFile, documents: Iterable[Document]) -> dict[int | None, list[str]]:
    """The same by the key of each document of a file, and of the file itself under ``None``; one query for all."""
    required = [(one, spec_of(one)) for one in fields().filter(required=True, withdrawn_on__isnull=True)]
    documents = list(documents)
    of_components = [spec for field, spec in required if field.entity == OwnEntity.COMPONENT]
    in_components = _missing_in_components([one.pk for one in documents], of_components)
    of_file = [spec for field, spec in required if field.entity == OwnEntity.FILE]
    found: dict[int | None, list[str]] = {None: missing(of_file, file.own_values)}
    for document in documents if len(required) > len(of_file) else ():
        specs = [
            spec
            for field, spec in required
            if field.entity == OwnEntity.DOCUMENT and field.kind_id in (None, document.kind_id)
        ]
        found[document.pk] = [*missing(specs, document.own_values), *in_components[document.pk]]
    return found


def having(field: OwnField, *, since: str, until: str, only: str) -> Q:
    """Documents or files with a value: ``only`` this one, or between two (either may be open).

    Raises ``ValueError`` in Czech when what was typed is no such value.
    """
    spec = spec_of(field)
    found = OwnValue.objects.filter(field=field)
    for typed, condition in ((only, "value"), (since, "value__gte"), (until, "value__lte")):
        if typed.strip():
            found = found.filter(**{condition: comparable(spec.type, kept_form(_by_hand(spec), typed))})
    return Q(pk__in=found.values("document" if field.entity == OwnEntity.DOCUMENT else "file"))


def _by_hand(spec: FieldSpec) -> FieldSpec:
    """What is sought may have left the code list."""
    return FieldSpec(spec.key, spec.name, spec.type)
