"""Fields of forms whose value is one of many things."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from egon.web.offers.offered import MOST_FOUND, Offered, Part
from egon.web.offers.seeking import Option, words_of
from egon.web.offers.widget import SoughtSelect, Typed

NOBODY = "„%(text)s“ tu nikdo ani nic není. Zkuste jinou část názvu nebo jména."
SEVERAL = "„%(text)s“ odpovídá víc možností. Vyberte z nalezených."
TOO_MANY = "„%(text)s“ odpovídá víc než %(most)s možností. Napište víc z názvu, nebo vyberte z prvních nalezených."


class _Sought:
    """What both fields do with a text that was typed."""

    widget: SoughtSelect

    def _value_of(self, value: Any) -> Any:
        """The value chosen, or the only one the text finds. Raises ``ValidationError`` and offers those found."""
        if not isinstance(value, Typed):
            return value
        found = self.widget.offered.find(value)
        same = [one for one in found if words_of(one.label) == words_of(value)]
        if len(found) == 1 or len(same) == 1:
            return (same or found)[0].value
        self.widget.found = found
        raise ValidationError(_told(found), code="sought", params={"text": str(value), "most": MOST_FOUND})


def _told(found: list[Option]) -> str:
    if not found:
        return NOBODY
    return TOO_MANY if len(found) > MOST_FOUND else SEVERAL


class SoughtChoice(_Sought, forms.ModelChoiceField):  # type: ignore[type-arg]
    """A row of a table; ``source`` names where suggestions for what one types are asked for."""

    widget: Any = SoughtSelect

    def __init__(self, queryset: QuerySet[Any], *, source: str = "", **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.widget.source = source

    def _set_queryset(self, queryset: QuerySet[Any]) -> None:
        super()._set_queryset(queryset)  # type: ignore[misc]
        self.widget.offered = Offered(Part(queryset))
        self.widget.empty_label = self.empty_label

    queryset = property(forms.ModelChoiceField._get_queryset, _set_queryset)  # type: ignore[attr-defined]

    @property
    def offered(self) -> Offered:
        """What is offered; set it to share one reading among several fields of a page."""
        found: Offered = self.widget.offered
        return found

    @offered.setter
    def offered(self, offered: Offered) -> None:
        self.queryset = offered.parts[0].rows
        self.widget.offered = offered

    def to_python(self, value: Any) -> Any:
        """The row. Raises ``ValidationError``."""
        return super().to_python(self._value_of(value))


class SoughtOption(_Sought, forms.Field):
    """One of things of several kinds; its value tells the kind, as in ``person:12``."""

    widget: Any = SoughtSelect

    def __init__(self, *, source: str = "", empty_label: str | None = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.source, self.widget.empty_label = source, empty_label

    @property
    def offered(self) -> Offered:
        """What is offered."""
        found: Offered = self.widget.offered
        return found

    @offered.setter
    def offered(self, offered: Offered) -> None:
        self.widget.offered = offered

    def to_python(self, value: Any) -> str:
        """The value. Raises ``ValidationError`` when it is not offered."""
        value = self._value_of(value) or ""
        if value and self.offered.one(value) is None:
            raise ValidationError("Tato možnost už tu není. Vyberte jinou.", code="invalid_choice")
        return str(value)
