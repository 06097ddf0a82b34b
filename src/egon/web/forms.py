"""How a form runs an operation: a refusal returns to the form with everything that was typed.

A form of something that others may edit, too, is a :class:`SharedForm`: it tells what changed meanwhile.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from egon.kernel.errors import DomainError, GatewayError
from egon.search import MOST_SOUGHT
from egon.web.formatting import write_date, write_number
from egon.web.offers import Offered
from egon.web.offers.widget import TEXT, Typed

SOUGHT_IN_NEWEST = f"V nejnovějších {write_number(MOST_SOUGHT)}, které vyhovují ostatnímu."
"""Under fields for a part of a word in long registers (:func:`egon.search.newest_of`)."""
ORDERED_AMONG_NEWEST = (
    f"V tomto pořadí je jen nejnovějších {write_number(MOST_SOUGHT)}, které vyhovují filtru. Starší ukáže období od–do."
)
"""Above such a list, when it stands in an order that no index has."""


def attempt[R](form: forms.BaseForm, operation: Callable[..., R], **arguments: Any) -> R | None:
    """Run ``operation``; on a refusal put its message(s) above the form and return None."""
    try:
        return operation(**arguments)
    except (DomainError, GatewayError) as error:
        for message in getattr(error, "obstacles", None) or [error.message]:
            form.add_error(None, str(message))
        return None


def offer(form: forms.BaseForm, name: str, found: QuerySet[Any] | Offered) -> None:
    """Let a field of the form choose from what was found now; a form's class knows neither the day nor the reader.

    An :class:`~egon.web.offers.Offered` may be shared by several forms of one page.
    """
    field: Any = form.fields[name]
    if isinstance(found, Offered):
        field.offered = found
    else:
        field.queryset = found


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that somebody changed after the page was opened: what was there, what is now, what was typed here."""

    name: str
    label: str
    was: str
    now: str
    yours: str
    keeps_yours: bool  # offered first: the person has changed it, too


class SharedForm(forms.Form):
    """A form that carries what it showed when it was opened, so that a later save overwrites nothing unseen.

    Bound with the present values as ``initial``. When some differ from those shown, the form is refused once with
    :attr:`changed` and keeps what was typed; the person chooses for each field whose value holds
    (``components/changed.html``) and sends it again.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    changed: tuple[Changed, ...] = ()
    not_shared: tuple[str, ...] = ("seen", "party_text", "party_id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Called when the page is written: fields may still be added by then.
        self.fields["seen"].initial = lambda: json.dumps(self._present())

    def full_clean(self) -> None:
        """Take over the present value where the person chose it."""
        if self.is_bound:
            present = self._present()
            taken = {name: value for name, value in present.items() if self.data.get(f"vzit-{name}") == "nyni"}
            if taken:
                self._type_in(taken)
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Refuse once when a value shown is not the present one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.changed = tuple(self._changed())
        if self.changed:
            self._type_in({"seen": json.dumps(self._present())})
            self.add_error(None, "Mezitím to někdo změnil a nic se neuložilo. Vyberte, co má platit, a uložte znovu.")
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, once valid, without what the form carries for itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def _type_in(self, values: dict[str, str]) -> None:
        given: Any = self.data
        typed = given.copy()
        for name, value in values.items():
            if isinstance(self.fields[name], forms.MultipleChoiceField):
                typed.setlist(name, value.splitlines())
            else:
                typed[name] = value
            typed.pop(name + TEXT, None)
        self.data = typed

    def _changed(self) -> Iterator[Changed]:
        seen = _read(self.data.get("seen"))
        for name, now in self._present().items():
            was = seen.get(name, now)
            if was == now:
                continue
            yours = _plain(self[name].data)
            if yours != now:
                told = [self._told(name, value) for value in (was, now, yours)]
                yield Changed(name, str(self.fields[name].label), told[0], told[1], told[2], yours != was)

    def _present(self) -> dict[str, str]:
        """Present values as the browser would send them."""
        shared = ((name, field) for name, field in self.fields.items() if name not in self.not_shared)
        return {name: _plain(field.prepare_value(self.get_initial_for_field(field, name))) for name, field in shared}

    def _told(self, name: str, value: str) -> str:
        field = self.fields[name]
        if isinstance(value, Typed):
            return value
        if isinstance(field, forms.ModelChoiceField):
            choices: Any = field.queryset  # what was there may be offered no more
            found = choices.model._default_manager.filter(pk=value).first() if value.isdecimal() else None
            return str(found or "")
        if isinstance(field, forms.BooleanField):
            return "ano" if value == str(True) else "ne"
        if isinstance(field, forms.MultipleChoiceField):
            return ", ".join(str(dict(field.choices).get(one, one)) for one in value.splitlines())  # type: ignore[arg-type]
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        if isinstance(field, forms.DateField) and value:
            try:
                return write_date(date.fromisoformat(value))
            except ValueError:
                return value
        return value


def _plain(value: Any) -> str:
    if value is None or isinstance(value, Typed):
        return value or ""
    if isinstance(value, list | tuple):
        return "\n".join(sorted(map(str, value)))
    return str(value).replace("\r\n", "\n")


def _read(written: Any) -> dict[str, str]:
    try:
        read = json.loads(written or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
