"""Forms of typed files and of their templates."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from egon.kernel.clock import today
from egon.records import plan_queries, typed_queries
from egon.records.models import DisposalRegime, RecordClass, TemplateSection, TypedFile
from egon.records.offered_classes import Holding
from egon.records.operations import SectionDraft
from egon.records.rules.labels import choices
from egon.records.rules.own_metadata import OwnEntity
from egon.records.rules.plan import LONGEST_CODE, LONGEST_NAME
from egon.records.rules.typed import LONGEST_PERIOD, Period, TypedState
from egon.registry import queries as registry
from egon.registry.models import Person, Unit
from egon.web.forms import SharedForm, offer
from egon.web.offers import SoughtChoice
from egon.web.records.forms import ANY
from egon.web.records.own_fields import OwnFieldsForm
from egon.web.records.plan_forms import TargetField, written_regime
from egon.web.widgets import DayInput

MOST_SECTIONS = 100
ROWS_ADDED = 5


class TypedFileFilter(forms.Form):
    """What the list of typed files is narrowed by."""

    q = forms.CharField(label="Název", required=False, max_length=80)
    stav = forms.ChoiceField(label="Stav", required=False, choices=[*ANY, *choices(TypedState)])
    utvar = SoughtChoice(Unit.objects.none(), label="Útvar", required=False, empty_label="vše", source="utvary-vsechny")
    znak = forms.CharField(label="Spisový znak", required=False, max_length=30)
    moje = forms.BooleanField(label="Jen moje", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "utvar", registry.units())


class NewTypedFileForm(OwnFieldsForm):
    """A new typed file: of which class, and what it is about."""

    record_class = forms.ModelChoiceField(
        label="Věcná skupina", queryset=RecordClass.objects.none(), empty_label="Vyberte…"
    )
    name = forms.CharField(label="Název", max_length=LONGEST_NAME, help_text="Například jméno žáka nebo organizace.")
    shared = forms.BooleanField(
        label="Spisy do něj zakládají i jiné útvary",
        required=False,
        help_text="Typový spis a jeho součásti pak vidí všichni, kdo pracují s dokumenty; spisy v něm jen ti, "
        "kdo k nim mají přístup.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "record_class", typed_queries.classes_for_typed_files(on=today()))
        self.ask_own(OwnEntity.TYPED_FILE)


class TypedFileForm(SharedForm, OwnFieldsForm):
    """What may be changed of a typed file."""

    name = forms.CharField(label="Název", max_length=LONGEST_NAME)
    processor = SoughtChoice(label="Zpracovatel", queryset=Person.objects.none(), source="osoby")
    shared = forms.BooleanField(label="Spisy do něj zakládají i jiné útvary", required=False)

    def __init__(self, *args: Any, people: Any, typed: TypedFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "processor", people)
        self.ask_own(OwnEntity.TYPED_FILE, typed.own_values)


class OwnOnlyForm(SharedForm, OwnFieldsForm):
    """Own metadata of what has nothing else to edit: a section, a volume."""

    def __init__(self, *args: Any, entity: OwnEntity, present: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_own(entity, present)


class EventYearForm(forms.Form):
    """The year of the event for everything in a section."""

    year = forms.IntegerField(label="Událost nastala v roce")


class SectionNameForm(forms.Form):
    """What of a section may change without changing the template (NSESSS 3.3.8)."""

    name = forms.CharField(label="Název součásti", max_length=LONGEST_NAME)
    period = forms.ChoiceField(label="Časové období dílu", choices=choices(Period), required=False)
    period_years = forms.IntegerField(
        label="Počet let", min_value=1, max_value=LONGEST_PERIOD, required=False,
        help_text="Jen u období v letech. Otevřený díl svůj konec nezmění, nové období platí pro další díly.",
    )  # fmt: skip

    def __init__(self, *args: Any, section: TemplateSection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not section.is_leaf:
            del self.fields["period"], self.fields["period_years"]


class SectionRowForm(forms.Form):
    """One section of a template; a row without a code and a name is left out."""

    code = forms.CharField(label="Další znak", max_length=LONGEST_CODE, required=False)
    name = forms.CharField(label="Název", max_length=LONGEST_NAME, required=False)
    regime = forms.ModelChoiceField(
        label="Skartační režim", queryset=DisposalRegime.objects.none(), required=False,
        empty_label="žádný – obsahuje jiné součásti",
    )  # fmt: skip
    period = forms.ChoiceField(label="Období dílu", choices=choices(Period), required=False)
    period_years = forms.IntegerField(label="Počet let dílu", min_value=1, max_value=LONGEST_PERIOD, required=False)
    numbers_by_file = forms.BooleanField(label="Čísla jednací ze spisové značky", required=False)
    standing_consent = forms.BooleanField(label="Trvalý skartační souhlas", required=False)
    converts_formats = forms.BooleanField(label="I tak převádět formáty", required=False)
    source = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "regime", plan_queries.regimes())
        self.fields["regime"].label_from_instance = written_regime  # type: ignore[attr-defined]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.cleaned_data.get("code") or self.cleaned_data.get("name"))


SectionRows = forms.formset_factory(SectionRowForm, extra=0, max_num=MOST_SECTIONS)


def drafts_of(rows: Iterable[SectionRowForm], old: Mapping[int, TemplateSection]) -> list[SectionDraft]:
    """The sections that were filled in, as the operation wants them; ``old`` are those that may be continued."""
    found = []
    for row in rows:
        if not row.is_empty:
            data = dict(row.cleaned_data)
            found.append(SectionDraft(source=old.get(data.pop("source") or 0), **data))
    return found


class TemplateForm(forms.Form):
    """From when another template holds; a template that replaces none holds at once."""

    on = forms.DateField(label="Platí od", widget=DayInput)

    def __init__(self, *args: Any, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not replaces:
            del self.fields["on"]


class TypedTargetForm(forms.Form):
    """The other class for typed files."""

    target = TargetField(label="Spisový znak jiné skupiny pro typové spisy", holding=Holding.TYPED)

    def __init__(self, *args: Any, source: RecordClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source

    def clean_target(self) -> RecordClass:
        """Another class than the one whose sections are given places."""
        target: RecordClass = self.cleaned_data["target"]
        if target == self.source:
            raise forms.ValidationError(
                f"{target.code} je tato skupina sama. Vyberte jinou, do níž mají součásti přejít."
            )
        return target


class SectionMappingForm(forms.Form):
    """Where each section of one template goes in another (NSESSS 3.3.4 b), and whether to move typed files now."""

    reason = forms.CharField(
        label="Důvod přetřídění", max_length=250, required=False,
        help_text="Vyplňte, když se mají otevřené typové spisy přetřídit hned. Jinak se přiřazení jen uloží a použije "
        "se, až se skupina uzavře.",
    )  # fmt: skip

    def __init__(self, *args: Any, source: RecordClass, target: RecordClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = list(typed_queries.template_of(source))
        targets = list(typed_queries.template_of(target))
        by_ending = {one.code.removeprefix(target.code): one.pk for one in targets}
        known = typed_queries.mapping_between(source, target)
        for one in self.sections:
            self.fields[f"to-{one.pk}"] = forms.ModelChoiceField(
                label=f"Nová součást pro {one}",
                queryset=typed_queries.template_of(target),
                required=False,
                empty_label="nepřiřazená",
                initial=known.get(one.pk) or by_ending.get(one.code.removeprefix(source.code)),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each section with its field."""
        return [{"section": one, "field": self[f"to-{one.pk}"]} for one in self.sections]

    def pairs(self) -> dict[TemplateSection, TemplateSection]:
        """The chosen mapping."""
        chosen = {one: self.cleaned_data.get(f"to-{one.pk}") for one in self.sections}
        return {one: other for one, other in chosen.items() if other is not None}
