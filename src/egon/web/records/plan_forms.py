"""Forms of the filing plan: its versions, classes, regimes, re-sorting."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.urls import reverse_lazy
from django.utils.text import format_lazy

from egon.kernel.clock import today
from egon.records import offered_classes, plan_queries
from egon.records.models import DisposalRegime, RecordClass
from egon.records.offered_classes import ClassChoice, Holding
from egon.records.rules.joining import JoinedInto
from egon.records.rules.labels import choices
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.plan import LONGEST_CODE, LONGEST_NAME, Separator
from egon.records.rules.retention import LONGEST_RETENTION, DisposalMark, Trigger
from egon.records.starting_plans import STARTING_PLANS
from egon.web.forms import SharedForm, offer
from egon.web.records.own_fields import OwnFieldsForm
from egon.web.widgets import DayInput

LARGEST_PLAN = 10 * 1024 * 1024  # bajtů; a plan of 2,000 classes has about 3 MB
CODES = "spisove-znaky"
"""The id of the list of codes that a page offers to fields for a code (``datalist``)."""
MOST_TOLD: Final = 5


class PlanForm(forms.Form):
    """What is said of a plan."""

    name = forms.CharField(label="Název", max_length=200)
    valid_from = forms.DateField(label="Předpokládaný první den platnosti", widget=DayInput)
    separator = forms.ChoiceField(label="Oddělovač spisového znaku", choices=choices(Separator))
    description = forms.CharField(label="Popis", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_separator(self) -> Separator:
        """As the operation wants it."""
        return Separator(self.cleaned_data["separator"])


class ClosingForm(SharedForm):
    """How files are closed."""

    settled_by_closing = forms.BooleanField(
        label="Uzavřením se spis zároveň vyřídí",
        required=False,
        help_text="Jinak je potřeba spis nejdřív vyřídit a teprve pak uzavřít.",
    )
    joined_into = forms.ChoiceField(
        label="Pevně připojené spisy přetřídit do skupiny",
        choices=choices(JoinedInto),
        help_text="Po uzavření se dostanou do jedné věcné skupiny, i když vznikly v různých.",
    )


class ImportPlanForm(forms.Form):
    """A plan in a file."""

    upload = forms.FileField(
        label="Soubor s plánem", help_text="XML podle přílohy č. 5 NSESSS, nebo tabulka CSV. Nejvýše 10 MB."
    )
    name = forms.CharField(
        label="Název plánu", max_length=200, required=False, help_text="Jen u tabulky; v XML název je."
    )
    valid_from = forms.DateField(
        label="Předpokládaný první den platnosti", widget=DayInput, help_text="Použije se, když ho soubor neříká."
    )

    def clean_upload(self) -> Any:
        """Refuse what no plan can be, before it is read."""
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_PLAN:
            raise forms.ValidationError("Soubor je větší než 10 MB, spisový plán to nebude.")
        return upload


class StartingPlanForm(forms.Form):
    """One of the plans to start from."""

    key = forms.ChoiceField(label="Vzorový plán", choices=[(one.key, one.name) for one in STARTING_PLANS.values()])
    name = forms.CharField(label="Název nového plánu", max_length=200)
    valid_from = forms.DateField(label="Předpokládaný první den platnosti", widget=DayInput)


class CopyPlanForm(forms.Form):
    """The next version of the plan in force."""

    name = forms.CharField(label="Název nového plánu", max_length=200)
    valid_from = forms.DateField(label="Předpokládaný první den platnosti", widget=DayInput)


class EnforceForm(forms.Form):
    """From which day a draft holds."""

    on = forms.DateField(label="Platí od", widget=DayInput)


class ClassWordsForm(forms.Form):
    """The words of a class."""

    name = forms.CharField(label="Obsah – slovní popis", max_length=LONGEST_NAME)
    note = forms.CharField(label="Poznámka", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class DescribeClassForm(SharedForm, OwnFieldsForm, ClassWordsForm):
    """What may be changed of a class at any time: its words and own metadata."""

    def __init__(self, *args: Any, entry: RecordClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_own(OwnEntity.CLASS, entry.own_values)


class ClassFlagsForm(forms.Form):
    """How numbers of new files are made, and the archive's standing consent."""

    numbers_by_file = forms.BooleanField(
        label="Čísla jednací ze spisové značky a pořadí ve spisu",
        required=False,
        help_text="Jinak se dokumenty číslují průběžně v roce. Platí pro spisy založené od teď.",
    )
    standing_consent = forms.BooleanField(label="Archiv vydal trvalý skartační souhlas", required=False)
    converts_formats = forms.BooleanField(
        label="I s trvalým souhlasem převádět komponenty do výstupních formátů", required=False, initial=True
    )


class EditClassFlagsForm(SharedForm, ClassFlagsForm):
    """The same of a class there is."""


class NewClassForm(OwnFieldsForm, ClassWordsForm, ClassFlagsForm):
    """A new class: where, its code, words, and what it is for."""

    code = forms.CharField(label="Spisový znak", max_length=LONGEST_CODE)
    regime = forms.ModelChoiceField(
        label="Skartační režim",
        queryset=DisposalRegime.objects.none(),
        required=False,
        empty_label="žádný – skupina jen sdružuje jiné",
    )
    for_typed_files = forms.BooleanField(label="Skupina je určena pro typové spisy", required=False)
    valid_from = forms.DateField(label="Otevřít dne", widget=DayInput)

    field_order = (
        "code", "name", "regime", "valid_from", "numbers_by_file", "for_typed_files", "standing_consent",
        "converts_formats", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_own(OwnEntity.CLASS)
        offer(self, "regime", plan_queries.regimes())
        self.fields["regime"].label_from_instance = written_regime  # type: ignore[attr-defined]


class ChangeRegimeForm(forms.Form):
    """Another regime of a class."""

    regime = forms.ModelChoiceField(label="Nový skartační režim", queryset=DisposalRegime.objects.none())
    on = forms.DateField(label="Platí od", widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "regime", plan_queries.regimes())
        self.fields["regime"].label_from_instance = written_regime  # type: ignore[attr-defined]


class TargetField(forms.CharField):
    """A code of the plan in force, typed or chosen from what is offered to it; cleaned to the class.

    Of a long plan the page carries nothing: classes are offered as one types (:func:`class_codes`), and without
    JavaScript a word that is no code returns with the codes of those like it.
    """

    def __init__(self, *, holding: Holding = Holding.FILES, **options: Any) -> None:
        self.holding = holding
        options.setdefault("widget", forms.TextInput(attrs={"list": CODES, "autocomplete": "off"}))
        options.setdefault("help_text", "Znak, nebo slovo z názvu skupiny.")
        super().__init__(max_length=LONGEST_CODE + LONGEST_NAME, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Where the offer comes from."""
        return super().widget_attrs(widget) | {
            "hx-get": format_lazy("{}?co={}", reverse_lazy("records:class_codes"), self.holding.value),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{CODES}",
            "hx-sync": "this:replace",
        }

    def prepare_value(self, value: Any) -> Any:
        """A class by its code and name."""
        return f"{value.code} {value.name}" if isinstance(value, RecordClass) else value

    def clean(self, value: Any) -> RecordClass | None:
        """The class."""
        typed = super().clean(value)
        if not typed:
            return None
        on = today()
        found = offered_classes.named(typed, on=on)
        if found is None:
            alike = offered_classes.like(typed, on=on, holding=self.holding, most=MOST_TOLD + 1)
            raise forms.ValidationError(f"Spisový znak „{typed}“ v platném plánu není.{_told(alike)}")
        return found


def _told(alike: Sequence[ClassChoice]) -> str:
    """Classes like the one that is not there, as a sentence."""
    if not alike:
        return " Zkuste jiné slovo, nebo znak najděte ve spisovém plánu."
    told = "; ".join(one.text for one in alike[:MOST_TOLD])
    return f" Podobné: {told}{' a další' if len(alike) > MOST_TOLD else ''}."


class CloseClassForm(forms.Form):
    """The last day of a class, and where its open files go."""

    on = forms.DateField(label="Poslední den, kdy do ní jde založit spis", widget=DayInput)
    move_files_to = TargetField(
        label="Otevřené spisy přetřídit do skupiny",
        required=False,
        holding=Holding.ANY,
        help_text="Nutné, jen když v ní otevřené spisy jsou.",
    )


class RegimeForm(forms.Form):
    """A disposal regime."""

    mark = forms.ChoiceField(label="Skartační znak", choices=choices(DisposalMark))
    years = forms.IntegerField(label="Skartační lhůta v letech", min_value=0, max_value=LONGEST_RETENTION)
    trigger = forms.ChoiceField(label="Lhůta běží od", choices=choices(Trigger), initial=Trigger.CLOSING.value)
    event = forms.CharField(
        label="Jaká vnější událost", max_length=200, required=False, help_text="Například: skončení platnosti smlouvy."
    )
    check_years = forms.IntegerField(
        label="Po kolika letech se ptát, zda nastala",
        min_value=1,
        max_value=LONGEST_RETENTION,
        required=False,
        help_text="Jen u vnější události.",
    )
    name = forms.CharField(label="Název", max_length=200, required=False, help_text="Prázdný se doplní sám.")
    reason = forms.CharField(label="Odůvodnění", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_trigger(self) -> Trigger:
        """As the operation wants it."""
        return Trigger(self.cleaned_data["trigger"])


class TriggerForm(forms.Form):
    """Whether the event of the marked files came."""

    year = forms.IntegerField(label="Událost nastala v roce", required=False)
    years = forms.IntegerField(
        label="Nenastala, zeptat se znovu za let", min_value=1, max_value=LONGEST_RETENTION, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two answers."""
        data = super().clean() or self.cleaned_data
        if not self.errors and (data.get("year") is None) == (data.get("years") is None):
            raise forms.ValidationError("Vyplňte buď rok, kdy událost nastala, nebo za kolik let se zeptat znovu.")
        return data


class ResortFileForm(forms.Form):
    """Another class of one file."""

    target = TargetField(label="Nový spisový znak")
    reason = forms.CharField(label="Důvod", max_length=250)


class ReopenForm(forms.Form):
    """Why a file is opened again, and its new class when its own was closed meanwhile (NSESSS 3.2.12)."""

    reason = forms.CharField(label="Důvod", widget=forms.Textarea(attrs={"rows": 3}))
    record_class = TargetField(
        label="Spisový znak otevřené skupiny", help_text="Skupina spisu je uzavřená, spis se přetřídí do jiné."
    )


class ResortClassForm(ResortFileForm):
    """Another class of many files."""

    scope = forms.ChoiceField(
        label="Které spisy",
        choices=[("all", "všechny spisy skupiny"), ("marked", "jen označené v seznamu")],
        initial="all",
        widget=forms.RadioSelect,
    )
    include_closed = forms.BooleanField(
        label="Přetřídit i uzavřené spisy",
        required=False,
        help_text="Rozhoduje správce spisovny. Rok vyřazení se určí znovu.",
    )


class MappingForm(forms.Form):
    """Where the open files of each closed class go; an empty field leaves them where they are."""

    reason = forms.CharField(label="Důvod", max_length=250, initial="Převod spisů do nového spisového plánu")

    def __init__(self, *args: Any, waiting: list[plan_queries.Misplaced], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        for one in waiting:
            self.fields[f"to-{one.record_class.pk}"] = TargetField(
                label=f"Nový znak pro {one.record_class}", required=False, initial=one.proposed, help_text=""
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each closed class with its field."""
        return [{"waiting": one, "field": self[f"to-{one.record_class.pk}"]} for one in self.waiting]

    def moves(self) -> dict[RecordClass, RecordClass]:
        """The chosen mapping."""
        chosen = {one.record_class: self.cleaned_data.get(f"to-{one.record_class.pk}") for one in self.waiting}
        return {source: target for source, target in chosen.items() if target is not None}


def written_regime(regime: DisposalRegime) -> str:
    """A regime in a select."""
    return f"{regime.written}, {regime.runs_from}"


def offered_codes(holding: Holding = Holding.FILES) -> list[ClassChoice]:
    """What fields for a code offer before anything is typed: a short plan whole."""
    return offered_classes.all_choices(on=today(), holding=holding)
