"""Form controls whose Django defaults do not fit a Czech page."""

from typing import Any

from django import forms


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
