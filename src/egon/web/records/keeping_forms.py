"""Forms of what the keepers set for the evidence of documents."""

from typing import Any

from django import forms
from django.db.models import Q

from egon.kernel.clock import today
from egon.records import plan_queries, queries
from egon.records.models import DisposalRegime, DocumentKind, OwnList
from egon.records.rules import own_metadata
from egon.records.rules.kinds import LONGEST_NAME
from egon.records.rules.labels import choices
from egon.records.rules.own_metadata import OwnEntity, ValueType
from egon.web.forms import SharedForm, offer
from egon.web.widgets import DayInput


class KindFilter(forms.Form):
    """What the list of kinds is narrowed by."""

    hledat = forms.CharField(label="Název", required=False, max_length=LONGEST_NAME)
    stav = forms.ChoiceField(
        label="Používání",
        required=False,
        choices=[("", "vše"), ("used", "používané"), ("ended", "ukončené"), ("coming", "teprve se začnou používat")],
    )
    rezim = forms.ChoiceField(
        label="Skartační režim",
        required=False,
        choices=[("", "vše"), ("ano", "s vlastním režimem"), ("ne", "bez vlastního režimu")],
    )


class KindForm(forms.Form):
    """What may be changed of a kind; its regime may not."""

    name = forms.CharField(label="Název", max_length=LONGEST_NAME)
    description = forms.CharField(
        label="Popis",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Kdy se druh používá; pro ty, kdo ho vybírají.",
    )
    valid_from = forms.DateField(label="Používá se od", widget=DayInput)
    valid_to = forms.DateField(
        label="Používá se do",
        required=False,
        widget=DayInput,
        help_text="Poslední den. Dokumentům, které druh mají, zůstane.",
    )


class EditKindForm(SharedForm, KindForm):
    """A kind there is, which others may edit, too."""


class RegimeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A regime, told by its name as well."""

    def label_from_instance(self, obj: Any) -> str:
        """``S/5 Běžná korespondence``."""
        return f"{obj.written} {obj.name}"


class NewKindForm(KindForm):
    """A new kind, perhaps with a regime."""

    regime = RegimeField(
        label="Skartační režim",
        queryset=DisposalRegime.objects.none(),
        required=False,
        empty_label="žádný, platí režim spisu",
        help_text="Později už ho nepůjde změnit (NSESSS 4.2.4). Při uzavření spisu rozhodne přísnější režim.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "regime", plan_queries.regimes())


class OwnFieldFilter(forms.Form):
    """What the list of own fields is narrowed by."""

    hledat = forms.CharField(label="Název", required=False, max_length=own_metadata.LONGEST_NAME)
    ceho = forms.ChoiceField(label="Čeho", required=False, choices=[("", "vše"), *choices(OwnEntity)])
    druh = forms.ModelChoiceField(
        label="Druh dokumentu", queryset=DocumentKind.objects.order_by("name"), required=False, empty_label="vše"
    )
    stav = forms.ChoiceField(
        label="Vyplňování", required=False, choices=[("", "vše"), ("asked", "vyplňují se"), ("ended", "ukončené")]
    )

    def condition(self) -> Q:
        """Of a valid form."""
        wanted = self.cleaned_data
        found = Q(name__icontains=wanted["hledat"].strip()) if wanted["hledat"] else Q()
        if wanted["ceho"]:
            found &= Q(entity=wanted["ceho"])
        if wanted["druh"]:
            found &= Q(kind=wanted["druh"])
        if wanted["stav"]:
            found &= Q(withdrawn_on__isnull=wanted["stav"] == "asked")
        return found


class OwnFieldForm(forms.Form):
    """What may be changed of a field."""

    name = forms.CharField(label="Název údaje", max_length=own_metadata.LONGEST_NAME)
    hint = forms.CharField(
        label="Nápověda", required=False, max_length=200, help_text="Ukáže se u pole tomu, kdo ho vyplňuje."
    )
    required = forms.BooleanField(
        label="Povinný",
        required=False,
        help_text="Bez něj se dokument, spis ani nic jiného neuloží; co vzniklo dřív, bez něj nejde vyřídit a uzavřít.",
    )
    own_list = forms.ModelChoiceField(
        label="Hodnota se vybírá z číselníku",
        queryset=OwnList.objects.order_by("name"),
        required=False,
        empty_label="ne, píše se ručně",
    )


class NewOwnFieldForm(OwnFieldForm):
    """A new field; what it belongs to and its type never change."""

    entity = forms.ChoiceField(label="Čeho se údaj týká", choices=choices(OwnEntity), widget=forms.RadioSelect)
    kind = forms.ModelChoiceField(
        label="Jen u druhu dokumentu",
        queryset=DocumentKind.objects.none(),
        required=False,
        empty_label="u všech",
        help_text="Například číslo účtu jen u faktur (NSESSS 4.2.3).",
    )
    value_type = forms.ChoiceField(label="Typ", choices=choices(ValueType), help_text="Později už ho nepůjde změnit.")

    field_order = ("entity", "kind", "name", "value_type", "own_list", "required", "hint")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", queries.kinds(on=today()))

    def clean_entity(self) -> OwnEntity:
        """As the operation wants it."""
        return OwnEntity(self.cleaned_data["entity"])

    def clean_value_type(self) -> ValueType:
        """As the operation wants it."""
        return ValueType(self.cleaned_data["value_type"])


class OwnListForm(forms.Form):
    """A code list, one item a line."""

    name = forms.CharField(label="Název číselníku", max_length=own_metadata.LONGEST_NAME)
    items = forms.CharField(
        label="Položky",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Každá na vlastním řádku, v pořadí, v jakém se mají nabízet. Co smažete, to se přestane nabízet; "
        "kde je to vyplněné, tam to zůstane.",
    )

    def clean_items(self) -> list[str]:
        """As the operation wants them."""
        return str(self.cleaned_data["items"]).splitlines()


class TemplateFilter(forms.Form):
    """What the list of templates is narrowed by."""

    hledat = forms.CharField(label="Název", required=False, max_length=120)
    stav = forms.ChoiceField(
        label="Používání", required=False, choices=[("", "vše"), ("used", "nabízené"), ("ended", "vyřazené")]
    )


class TemplateForm(forms.Form):
    """A template of a letter."""

    name = forms.CharField(label="Název", max_length=120)
    subject = forms.CharField(
        label="Věc dopisu", max_length=250, required=False, help_text="Prázdná: „Odpověď:“ a věc dokumentu."
    )
    body = forms.CharField(label="Text", strip=False, max_length=100_000, widget=forms.Textarea(attrs={"rows": 14}))


class EditTemplateForm(SharedForm, TemplateForm):
    """A template there is, which others may edit, too."""
