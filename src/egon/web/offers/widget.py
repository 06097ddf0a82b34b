"""The control: a list to choose from, or a field for a part of the name with those it found."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from egon.web.offers.offered import MOST_FOUND, Offered
from egon.web.offers.seeking import Option

TEXT, SOUGHT = "-text", "-pro"
"""Beside the value the form sends what stands in the field, and for which text the value was chosen."""


class Typed(str):
    """A text somebody typed; it is not known yet whom or what it means."""

    __slots__ = ()


class SoughtSelect(forms.Widget):
    """Writes what a field offers. ``offered``, ``empty_label`` and ``found`` are set by the field."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.offered = Offered()
        self.source = ""
        self.empty_label: str | None = None
        self.found: Sequence[Option] = ()

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """The value when it belongs to the text that stands in the field, otherwise the text to be sought."""
        value, text = str(data.get(name) or ""), data.get(name + TEXT)
        if text is None:
            return value
        text = str(text).strip()
        if not text or (value and data.get(name + SOUGHT) == text):
            return value if text else ""
        return Typed(text)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Neither a value nor a text came."""
        return name not in data and name + TEXT not in data

    def id_for_label(self, id_: str, index: Any = None) -> str:
        """The label belongs to what one types or chooses in."""
        return id_

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The HTML of the control."""
        own = self.build_attrs(self.attrs, attrs)
        few = self.offered.few
        if few is not None and not isinstance(value, Typed):
            chosen = "" if value is None else str(value)
            return self._list(few, chosen, {"name": name, **own}, self.empty_label)
        return self._search(name, value, own)

    def _search(self, name: str, value: Any, own: dict[str, Any]) -> SafeString:
        chosen = None
        if value and not isinstance(value, Typed):
            chosen = self.offered.one(str(value))
        text = str(value) if isinstance(value, Typed) else chosen.label if chosen else ""
        typed = {
            "type": "text",
            "name": name + TEXT,
            "value": text,
            "placeholder": self._placeholder(),
            "autocomplete": "off",
            "maxlength": "120",
            **own,
        }
        return format_html(
            '<span class="sought"{}><input{}>{}<input type="hidden" name="{}" value="{}"></span>',
            format_html(' data-sought="{}"', reverse("offer", args=[self.source])) if self.source else "",
            flatatt(typed),
            self._choice(name, chosen),
            name + SOUGHT,
            text,
        )

    def _choice(self, name: str, chosen: Option | None) -> SafeString:
        """Of several found one is chosen in a list; what was chosen before goes along unseen."""
        if not self.found:
            value = chosen.value if chosen else ""
            return format_html('<input type="hidden" name="{}" value="{}">', name, value)
        shown = self.found[:MOST_FOUND]
        first = f"Vyberte z {'prvních ' if len(self.found) > MOST_FOUND else ''}{len(shown)} nalezených…"
        return self._list(shown, "", {"name": name, "aria-label": "Nalezené možnosti"}, first)

    def _placeholder(self) -> str:
        """What to type, and what leaving it empty means."""
        empty = (self.empty_label or "").strip("–-… ")
        told = not self.is_required and empty
        return f"část názvu nebo jména; prázdné: {empty}" if told else "část názvu nebo jména"

    def _list(
        self, options: Sequence[Option], chosen: str, attrs: dict[str, Any], empty_label: str | None
    ) -> SafeString:
        written = list(_options([Option("", empty_label)] if empty_label is not None else [], chosen))
        groups: dict[str, list[Option]] = {}
        for option in options:
            groups.setdefault(option.group, []).append(option)
        for group, held in groups.items():
            inner = format_html_join("", "{}", ((one,) for one in _options(held, chosen)))
            written.append(format_html('<optgroup label="{}">{}</optgroup>', group, inner) if group else inner)
        inside = format_html_join("", "{}", ((one,) for one in written))
        return format_html("<select{}>{}</select>", flatatt(attrs), inside)


def _options(options: Sequence[Option], chosen: str) -> Iterator[SafeString]:
    for one in options:
        mark = " selected" if one.value == chosen else ""
        yield format_html('<option value="{}"{}>{}</option>', one.value, mark, one.whole)
