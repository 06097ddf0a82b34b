"""By what the auditor narrows the transaction log (NSESSS 5.1.9)."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from egon.audit.models import Outcome
from egon.audit.operation import operations
from egon.audit.queries import LogCriteria
from egon.kernel.actor import Role
from egon.registry.models import ROLE_CHOICES
from egon.web.audit.labels import ENTITIES
from egon.web.audit.searching import entities_called, people_called
from egon.web.widgets import MomentInput

ALL: Final = ("", "Všechny")
_DAY: Final = len("2026-01-01")


class LogFilter(forms.Form):
    """Period, person, role, operation, entity, outcome."""

    od = forms.DateTimeField(label="Od", required=False, widget=MomentInput)
    do = forms.DateTimeField(label="Do", required=False, widget=MomentInput)
    osoba = forms.CharField(label="Kdo", required=False, max_length=80)
    role = forms.ChoiceField(label="V roli", required=False, choices=[ALL, *ROLE_CHOICES])
    operace = forms.ChoiceField(label="Operace", required=False)
    vec = forms.CharField(
        label="Čeho se týká",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "celé číslo, značka, jméno"}),
    )
    typ = forms.ChoiceField(label="Entita", required=False, choices=[ALL, *ENTITIES.items()])
    cislo = forms.IntegerField(label="Číslo entity", required=False, min_value=1, max_value=2**63 - 1)
    vysledek = forms.ChoiceField(label="Výsledek", required=False, choices=[ALL, *Outcome.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = sorted(((spec.code, spec.title) for spec in operations()), key=lambda pair: pair[1])
        operation = self.fields["operace"]
        assert isinstance(operation, forms.ChoiceField)  # noqa: S101 - declared above
        operation.choices = [ALL, *titles]

    def clean(self) -> dict[str, Any]:
        """The period does not end before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, before = cleaned.get("od"), self._before(cleaned.get("do"))
        if since and before and since >= before:
            self.add_error("do", "Konec období je před jeho začátkem.")
        return cleaned

    def criteria(self) -> LogCriteria:
        """What was filled in."""
        asked = self.cleaned_data
        people = people_called(asked["osoba"]) if asked["osoba"].strip() else []
        return LogCriteria(
            operation=asked["operace"],
            outcome=asked["vysledek"],
            since=asked["od"],
            before=self._before(asked["do"]),
            people=people or None,
            actor_name="" if people else asked["osoba"].strip(),
            role=Role(asked["role"]) if asked["role"] else None,
            entity_type=asked["typ"],
            entity_id=asked["cislo"],
            entities=entities_called(asked["vec"]) if asked["vec"].strip() else None,
        )

    def told(self) -> list[tuple[str, str]]:
        """What was filled in, in Czech, for a print."""
        filled = [field for field in self if self.data.get(field.name)]
        return [
            (str(field.label), str(dict(getattr(field.field, "choices", ())).get(value, value)))
            for field in filled
            if (value := str(self.data.get(field.name)).replace("T", " "))
        ]

    def _before(self, until: datetime | None) -> datetime | None:
        """The first moment after the period; a day alone is meant whole, a time to its second."""
        if until is None:
            return None
        is_day = len(str(self.data.get("do", "")).strip()) == _DAY
        return until + (timedelta(days=1) if is_day else timedelta(seconds=1))
