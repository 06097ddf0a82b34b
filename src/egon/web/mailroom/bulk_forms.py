"""Forms of registering from a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from egon.mailroom.bulk_rules import MOST_LINES, Founding, faults_of_mapping
from egon.records.rules.labels import choices

LARGEST_TABLE = 10 * 1024 * 1024


class TableForm(forms.Form):
    """A table to be registered from."""

    upload = forms.FileField(
        label="Tabulka",
        help_text=f"CSV nebo XLSX, v prvním řádku názvy sloupců, nejvýše {MOST_LINES} řádků a 10 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
    )

    def clean_upload(self) -> Any:
        """Refuse what is too large before it is read."""
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_TABLE:
            raise forms.ValidationError("Tabulka je větší než 10 MB. Rozdělte ji.")
        return upload


class ColumnsForm(forms.Form):
    """What each column means, and what to do with senders whom the register does not know."""

    founding = forms.ChoiceField(
        label="Odesílatelé, kteří v rejstříku nejsou",
        choices=choices(Founding),
        required=False,
        help_text="Kdo má v tabulce IČO, založí se vždy jako právnická osoba. Založení odesílatelé jsou neztotožnění.",
    )

    def __init__(
        self, *args: Any, header: Sequence[str], names: Mapping[str, str], guessed: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", "nepoužije se"), *names.items()]
        self.columns: list[str] = []
        for place, (name, meaning) in enumerate(zip(header, guessed, strict=True)):
            self.columns.append(key := f"sloupec-{place}")
            self.fields[key] = forms.ChoiceField(label=name, choices=offered, required=False, initial=meaning)

    def meanings(self) -> list[str]:
        """In the order of the columns."""
        return [self.cleaned_data[name] for name in self.columns]

    def column_fields(self) -> list[forms.BoundField]:
        """One for each column of the table."""
        return [self[name] for name in self.columns]

    def clean_founding(self) -> Founding:
        """As the domain names it."""
        return Founding(self.cleaned_data["founding"])

    def clean(self) -> dict[str, Any]:
        """All that is missing at once."""
        for fault in faults_of_mapping([self.cleaned_data.get(name, "") for name in self.columns]):
            self.add_error(None, fault)
        return self.cleaned_data
