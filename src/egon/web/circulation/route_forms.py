"""Forms of routes: rows of steps, an answer, a return. Choices are read when a form is made."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from egon.circulation.models import RouteTemplateStep
from egon.circulation.operations import PlannedStep
from egon.circulation.route_rules import ANSWER_NAMES, ANSWERS, PURPOSE_NAMES, WHERE_NAMES, Answer, StepPurpose, Where
from egon.kernel.actor import Role
from egon.registry.models import Person, Unit
from egon.web.forms import offer
from egon.web.offers import Offered, SoughtOption
from egon.web.offers.sources import addressees

ROWS_AT_FIRST = 3
ROWS_MORE = 3
MOST_ROWS = 40
PURPOSES = (StepPurpose.OPINION, StepPurpose.APPROVAL, StepPurpose.INFORMATION)  # the commonest first


class StepRow(forms.Form):
    """One step. A row without an addressee is an empty one."""

    place = forms.IntegerField(
        label="Pořadí", min_value=1, max_value=99, required=False, widget=forms.NumberInput(attrs={"size": 2})
    )
    addressee = SoughtOption(label="Komu", required=False, empty_label="Vyberte komu…", source="adresati")
    purpose = forms.ChoiceField(
        label="Účel", choices=[(purpose.value, PURPOSE_NAMES[purpose]) for purpose in PURPOSES], required=False
    )
    days = forms.IntegerField(
        label="Prac. dnů",
        min_value=0,
        required=False,
        validators=[MaxValueValidator(250)],
        widget=forms.NumberInput(attrs={"size": 3}),
    )
    instruction = forms.CharField(label="Pokyn", required=False, max_length=1000)

    def __init__(self, *args: Any, choices: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "addressee", choices)

    def clean(self) -> dict[str, Any]:
        """Words for nobody are a mistake, not an empty row."""
        data = super().clean() or {}
        if not data.get("addressee") and (data.get("instruction") or data.get("days") is not None):
            self.add_error("addressee", "Vyberte, komu je krok určen.")
        return data


class StepRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The steps as they are composed."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """All rows share one list of addressees."""
        return {**super().get_form_kwargs(index), "choices": self.form_kwargs["choices"]}

    def planned(self) -> list[PlannedStep]:
        """What the rows say, once valid; a row without a number goes after the one above it."""
        filled = [form.cleaned_data for form in self.forms if form.cleaned_data.get("addressee")]
        steps: list[PlannedStep] = []
        for data in filled:
            place = data.get("place") or (steps[-1].place + 1 if steps else 1)
            steps.append(planned_step(data, place))
        return steps


def planned_step(data: Mapping[str, Any], place: int) -> PlannedStep:
    """A step of the cleaned data of one row."""
    kind, _, key = data["addressee"].partition(":")
    return PlannedStep(
        place=place,
        purpose=StepPurpose(data.get("purpose") or StepPurpose.INFORMATION),
        person=Person.objects.filter(pk=key).first() if kind == "person" else None,
        unit=Unit.objects.filter(pk=key).first() if kind == "unit" else None,
        role=Role(key) if kind == "role" else None,
        days=data.get("days"),
        instruction=data.get("instruction", "").strip(),
    )


_Rows: Any = forms.formset_factory(StepRow, formset=StepRows, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


def rows_from(posted: Any, *, more: bool = False) -> StepRows:
    """The rows that were sent; with ``more`` a few empty ones follow."""
    data = posted.copy()
    if more:
        sent = int(data.get("form-TOTAL_FORMS") or 0)
        data["form-TOTAL_FORMS"] = str(min(sent + ROWS_MORE, MOST_ROWS))
    rows: StepRows = _Rows(data, form_kwargs={"choices": addressees()})
    return rows


def empty_rows(steps: Iterable[Mapping[str, Any]] = ()) -> StepRows:
    """Rows to fill in, after those that are known already."""
    known = list(steps)
    last = max((int(step["place"]) for step in known), default=0)
    empty = [
        {"place": last + index, "purpose": StepPurpose.OPINION.value}
        for index in range(1, (1 if known else ROWS_AT_FIRST) + 1)
    ]
    rows: StepRows = _Rows(initial=[*known, *empty], form_kwargs={"choices": addressees()})
    return rows


class RouteForm(forms.Form):
    """What the route says beside its steps; refusals of the whole stand above it."""


class TemplateForm(forms.Form):
    """The name of saved steps, and whose they are."""

    name = forms.CharField(label="Název šablony", max_length=120)
    for_all = forms.BooleanField(label="Pro celou organizaci", required=False)

    def __init__(self, *args: Any, may_for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_for_all:
            del self.fields["for_all"]


def row_of(step: RouteTemplateStep) -> dict[str, Any]:
    """A saved step as the row it is edited in."""
    if step.to_person_id:
        addressee = f"person:{step.to_person_id}"
    else:
        addressee = f"unit:{step.to_unit_id}" if step.to_unit_id else f"role:{step.to_role}"
    return {
        "place": step.place,
        "addressee": addressee,
        "purpose": step.purpose,
        "days": step.days,
        "instruction": step.instruction,
    }


class AnswerForm(forms.Form):
    """What one says to a step; of a single possible answer only the words."""

    answer = forms.ChoiceField(label="Vyjádření", widget=forms.RadioSelect)
    comment = forms.CharField(
        label="Slovy",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="U výhrady a nesouhlasu je potřeba napsat proč.",
    )

    def __init__(self, *args: Any, purpose: StepPurpose, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "krok_%s")
        super().__init__(*args, **kwargs)
        answers = ANSWERS[purpose]
        self.fields["answer"].choices = [  # type: ignore[attr-defined]
            (answer.value, ANSWER_NAMES[answer]) for answer in answers
        ]
        if len(answers) == 1:
            self.fields["answer"].required = False
            self.fields["answer"].widget = forms.HiddenInput()
            self.fields["comment"].label = "Slovo k tomu (nepovinné)"
            self.fields["comment"].help_text = ""
        self._only = answers[0] if len(answers) == 1 else None

    def chosen(self) -> Answer:
        """The answer, once the form is valid."""
        return self._only or Answer(self.cleaned_data["answer"])


class RouteReturnForm(forms.Form):
    """Why a document goes back in a route, and to whom."""

    to = forms.ChoiceField(
        label="Komu", choices=[("author", "autorovi (oběh skončí)"), ("previous", "o krok zpět (oběh pokračuje)")],
        widget=forms.RadioSelect, initial="author", required=False,
    )  # fmt: skip

    reason = forms.CharField(
        label="Důvod vrácení", widget=forms.Textarea(attrs={"rows": 3, "id": "trasa_duvod"}), max_length=4000
    )

    def __init__(self, *args: Any, may_go_back: bool, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "vratit_%s")
        super().__init__(*args, **kwargs)
        if not may_go_back:
            del self.fields["to"]

    def goes_back(self) -> bool:
        """Whether to the previous step, once valid."""
        return self.cleaned_data.get("to") == "previous"


class SkipForm(forms.Form):
    """Why a step is left out."""

    reason = forms.CharField(label="Proč krok přeskakujete", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class AddStepForm(StepRow):
    """A step for a route that runs."""

    where = forms.ChoiceField(
        label="Kam", choices=[(where.value, name) for where, name in WHERE_NAMES.items()], initial=Where.BESIDE
    )
    reason = forms.CharField(label="Proč krok přidáváte", widget=forms.Textarea(attrs={"rows": 2}), max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=addressees(), **kwargs)
        del self.fields["place"]
        self.fields["addressee"].required = True
