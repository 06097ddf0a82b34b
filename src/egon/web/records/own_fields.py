"""Own metadata in forms: a field for each, of the right control, hidden by the page while another kind is chosen.

Fields of every kind are in the form, told by the name of their kind, so that it works without JavaScript and nothing
typed or uploaded is lost when the kind is changed; only those of the chosen kind count.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms

from egon.kernel.clock import PRAGUE
from egon.records import own_metadata
from egon.records.models import OwnField
from egon.records.rules.own_metadata import LONGEST_VALUE, OwnEntity, ValueType, check
from egon.web.widgets import DayInput, MomentInput

PREFIX = "own-"


class OwnFieldsForm(forms.Form):
    """A form that asks for own metadata, too: call :meth:`ask_own` at the end of ``__init__``."""

    own_asked: list[OwnField]
    own_present: Mapping[str, str]

    def ask_own(self, entity: OwnEntity, present: Mapping[str, str] | None = None) -> None:
        """Add a field for each own one, filled with what is ``present``; one query."""
        self.own_asked, self.own_present = own_metadata.asked(entity), present or {}
        for one in self.own_asked:
            self.fields[_name(one)] = _field(one, self.own_present.get(str(one.pk), ""))

    @property
    def own_rows(self) -> list[forms.BoundField]:
        """Fields of own metadata, for a form laid out by hand."""
        return [self[_name(one)] for one in self.own_asked]

    def clean(self) -> dict[str, Any]:
        """Each fault stands at its field (the operation checks the same again)."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        counted = [one for one in self.own_asked if one.kind_id is None or one.kind_id == self._kind()]
        given = self._given(counted)
        unread = {str(one.pk) for one in counted if _name(one) in self.errors}
        for key, fault in check([own_metadata.spec_of(one) for one in counted], given, self.own_present).faults.items():
            if key not in unread:
                self.add_error(f"{PREFIX}{key}", fault.partition(": ")[2])
        return data

    def own(self) -> dict[str, Any] | None:
        """What was filled in for the operation; ``None`` when there is nothing to ask for."""
        if not self.own_asked:
            return None
        return self._given([one for one in self.own_asked if one.kind_id is None or one.kind_id == self._kind()])

    def arguments(self) -> dict[str, Any]:
        """What was typed, by the names of the form's own fields, and ``own``; as operations take it."""
        asked = {_name(one) for one in self.own_asked}
        typed = {name: value for name, value in self.cleaned_data.items() if name not in asked and name != "seen"}
        return typed | {"own": self.own()}

    def _given(self, counted: list[OwnField]) -> dict[str, Any]:
        return {str(one.pk): self.cleaned_data.get(_name(one)) for one in counted}

    def _kind(self) -> int | None:
        kind = self.cleaned_data.get("kind")
        return kind.pk if kind is not None and hasattr(kind, "pk") else None


def _name(field: OwnField) -> str:
    return f"{PREFIX}{field.pk}"


def _field(field: OwnField, present: str) -> forms.Field:
    of_kind = f"jen u druhu {field.kind}" if field.kind else ""
    must = "povinný" if field.required and field.kind else ""
    about = ", ".join(part for part in (of_kind, must) if part)
    options: dict[str, Any] = {
        "label": f"{field.name} ({about})" if about else field.name,
        "help_text": field.hint,
        "required": field.required and not field.kind,
        "initial": present,
    }
    made = _of_type(field, present, options)
    if field.kind_id:
        made.widget.attrs["data-of-kind"] = str(field.kind_id)
    return made


def _of_type(field: OwnField, present: str, options: dict[str, Any]) -> forms.Field:
    if field.own_list is not None:
        # What was chosen before is offered also after it left the list.
        items = list(dict.fromkeys([*field.own_list.items, *([present] if present else [])]))
        return forms.ChoiceField(choices=[("", "nevyplněno"), *((item, item) for item in items)], **options)
    match ValueType(field.value_type):
        case ValueType.DAY:
            return forms.DateField(widget=DayInput(), **options)
        case ValueType.MOMENT:
            return forms.DateTimeField(widget=MomentInput(), **options | {"initial": _moment(present)})
        case ValueType.YES_NO:
            return forms.ChoiceField(choices=[("", "nevyplněno"), ("ano", "ano"), ("ne", "ne")], **options)
        case ValueType.NUMBER:
            decimal = forms.TextInput(attrs={"inputmode": "decimal"})
            return forms.CharField(max_length=40, widget=decimal, **options | {"initial": present.replace(".", ",")})
        case _:
            return forms.CharField(max_length=LONGEST_VALUE, **options)


def _moment(present: str) -> Any:
    return datetime.fromisoformat(present).astimezone(PRAGUE) if present else None
