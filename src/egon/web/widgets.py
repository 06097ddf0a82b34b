"""Form controls whose Django defaults do not fit a Czech page."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class DayInput(forms.DateInput):
    """The browser's date picker. It wants ISO dates; Django would write ``21.11.2026``, which it drops."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's picker of a day and time to the second, in Prague time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")


class QuickSelect(forms.Select):
    """Django's list to choose from, written without a template an option: a plan has thousands of classes."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The same HTML as Django's."""
        chosen = {str(one) for one in self.format_value(value)}
        written = "".join(self._entries(self.choices, chosen))
        own = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return mark_safe(f"<select{own}>{written}</select>")  # noqa: S308 - every part is escaped below

    def _entries(self, choices: Any, chosen: set[str]) -> Iterator[str]:
        for value, label in choices:
            if isinstance(label, list | tuple):
                yield f'<optgroup label="{conditional_escape(value)}">'
                yield from self._entries(label, chosen)
                yield "</optgroup>"
                continue
            code = "" if value is None else str(value)
            mark = " selected" if code in chosen else ""
            yield f'<option value="{conditional_escape(code)}"{mark}>{conditional_escape(label)}</option>'
