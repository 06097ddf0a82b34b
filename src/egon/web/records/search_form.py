"""The form of the search: what may be asked for, and how it becomes criteria (NSESSS 5.1.4 to 5.1.8)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.http import QueryDict

from egon.kernel.actor import Actor
from egon.kernel.clock import today
from egon.mailroom.models import Channel
from egon.records import indexing, queries, searching, typed_queries
from egon.records.criteria import ANALOGUE, DIGITAL, Criteria, Days, Typed
from egon.records.models import CaseFile, DocumentKind
from egon.records.rules.labels import choices
from egon.records.rules.states import Direction, DocumentState
from egon.registry import queries as registry
from egon.registry.models import Person, Unit
from egon.search.language import LONGEST_QUERY
from egon.web.formatting import write_date
from egon.web.forms import offer
from egon.web.offers import SoughtChoice
from egon.web.records.forms import ANY
from egon.web.widgets import DayInput

MOST_IN_SCOPE: Final = 20
ORDERS: Final = {
    "": "nejnovější nahoře",
    "cislo": "čísla (číslo jednací, spisová značka, znak)",
    "typovy": "typového spisu",
    "znacka": "spisové značky",
    "identifikator": "jednoznačného identifikátoru",
    "nazev": "názvu (věci)",
    "zpracovatel": "zpracovatele",
    "doslo": "data doručení (vlastní: zaevidování)",
    "odeslano": "data odeslání",
    "odesilatele": "označení odesílatelem",
    "znak": "spisového znaku",
    "rezim": "skartačního režimu",
    "dorucovano": "způsobu doručení",
    "odesilano": "způsobu odeslání",
}
# How a document came or left; from a table it is only known that it is in the inbox so.
_WAYS: Final = [(value, label) for value, label in Channel.choices if value != Channel.TABLE]
_COUNTED_DAYS: Final = {"doslo": "doručeno (vlastní: zaevidováno)", "odeslano": "odesláno", "evidovano": "zaevidováno"}
_WITHOUT: Final = ("q", "kde", "razeni", "sestupne", "dny_ceho")

_KINDS: Final = {
    "dokumenty": (indexing.DOCUMENT,),
    "spisy": (indexing.FILE, indexing.TYPED_FILE, indexing.SECTION),
    "skupiny": (indexing.CLASS,),
}


def kinds_of(tab: str) -> Sequence[str]:
    """What kinds of entities a tab of the page (``?kde=``) shows."""
    return _KINDS.get(tab, searching.KINDS)


class SearchForm(forms.Form):
    """One field a condition; all that are filled in have to hold."""

    q = forms.CharField(label="Co hledáte", required=False, max_length=LONGEST_QUERY)
    nazev = forms.CharField(label="Slova v názvu (věci)", required=False, max_length=120)
    cj = forms.CharField(label="Číslo jednací", required=False, max_length=100, help_text="Stačí část: 12/2026.")
    znacka = forms.CharField(label="Spisová značka", required=False, max_length=80, help_text="Stačí část.")
    identifikator = forms.CharField(label="Jednoznačný identifikátor", required=False, max_length=50)
    odesilatele = forms.CharField(
        label="Označení odesílatelem",
        required=False,
        max_length=100,
        help_text="Značka, pod kterou to vede odesílatel.",
    )
    typovy = forms.CharField(
        label="Typový spis nebo součást", required=False, max_length=120, help_text="Část názvu, celý identifikátor."
    )
    zpracovatel = SoughtChoice(
        label="Zpracovatel",
        queryset=Person.objects.none(),
        required=False,
        empty_label="kdokoli",
        source="osoby-vsechny",
    )
    utvar = SoughtChoice(Unit.objects.none(), label="Útvar", required=False, empty_label="vše", source="utvary-vsechny")
    znak = forms.CharField(label="Spisový znak", required=False, max_length=30, help_text="Se vším pod ním; 80* i 801.")
    rezim = forms.RegexField(
        label="Skartační režim",
        regex=r"^\s*[ASVasv]\s*(/\s*\d{1,3})?\s*$",
        required=False,
        help_text="S/5, nebo jen znak S.",
        error_messages={"invalid": "Režim se píše jako S/5 nebo A/10, samotný znak jako S."},
    )
    zpusob_doruceni = forms.ChoiceField(label="Způsob doručení", required=False, choices=[*ANY, *_WAYS])
    zpusob_odeslani = forms.ChoiceField(label="Způsob odeslání", required=False, choices=[*ANY, *_WAYS])
    smer = forms.ChoiceField(label="Směr", required=False, choices=[*ANY, *choices(Direction)])
    stav = forms.ChoiceField(label="Stav dokumentu", required=False, choices=[*ANY, *choices(DocumentState)])
    druh = forms.ModelChoiceField(
        label="Druh dokumentu", queryset=DocumentKind.objects.none(), required=False, empty_label="vše"
    )
    podoba = forms.ChoiceField(
        label="Podoba dokumentu",
        required=False,
        choices=[*ANY, (ANALOGUE, "analogová nebo smíšená"), (DIGITAL, "jen digitální")],
    )
    doslo_od = forms.DateField(label="Doručeno od", required=False, widget=DayInput)
    doslo_do = forms.DateField(
        label="Doručeno do", required=False, widget=DayInput, help_text="Vlastní dokumenty: zaevidováno."
    )
    odeslano_od = forms.DateField(label="Odesláno od", required=False, widget=DayInput)
    odeslano_do = forms.DateField(label="Odesláno do", required=False, widget=DayInput)
    evidovano_od = forms.DateField(label="Zaevidováno od", required=False, widget=DayInput)
    evidovano_do = forms.DateField(
        label="Zaevidováno do", required=False, widget=DayInput, help_text="Spisy: založeny."
    )
    dny = forms.IntegerField(label="Za posledních dnů", required=False, min_value=1, max_value=36_500)
    dny_ceho = forms.ChoiceField(label="Dny se počítají", required=False, choices=list(_COUNTED_DAYS.items()))
    ve_skupinach = forms.CharField(
        label="Jen ve věcných skupinách", required=False, max_length=200, help_text="Znaky oddělené čárkou."
    )
    ve_spisech = forms.CharField(
        label="Jen ve spisech", required=False, max_length=400, help_text="Spisové značky oddělené čárkou."
    )
    v_typovych = forms.CharField(
        label="Jen v typových spisech a součástech",
        required=False,
        max_length=400,
        help_text="Názvy nebo identifikátory oddělené čárkou.",
    )
    razeni = forms.ChoiceField(label="Řadit podle", required=False, choices=list(ORDERS.items()))
    sestupne = forms.BooleanField(label="Sestupně", required=False)

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        self.is_open = "podrobne" in data  # whether the conditions are to be filled in, with all that may be chosen
        fields: Any = self.fields
        offer(self, "zpracovatel", registry.people(active=None))
        fields["druh"].queryset = DocumentKind.objects.order_by("name")
        offer(self, "utvar", registry.units())

    def clean_ve_skupinach(self) -> tuple[str, ...]:
        """Codes of classes; those below are meant as well."""
        return self._listed("ve_skupinach", "skupin")

    def clean_ve_spisech(self) -> tuple[int, ...]:
        """Files the actor may see; of another one the form says just that it is not here."""
        marks = self._listed("ve_spisech", "spisů")
        if not marks:
            return ()
        seen = queries.files_visible_to(self.actor).filter(file_mark__in=marks).order_by()
        found = dict(seen.values_list("file_mark", "pk"))
        missing = [mark for mark in marks if mark not in found]
        if missing:
            raise forms.ValidationError(
                [f"Spis {mark} tu není, nebo k němu nemáte přístup. Napište celou spisovou značku." for mark in missing]
            )
        return tuple(found.values())

    def clean_typovy(self) -> Typed | None:
        """Typed files and sections of such a name that the actor may see; none of them fits nothing."""
        name = str(self.cleaned_data["typovy"]).strip()
        return self._typed([name]) if name else None

    def clean_v_typovych(self) -> Typed | None:
        """The scope; of a name that nothing has the form tells."""
        names = self._listed("v_typovych", "typových spisů")
        missing = [name for name in names if not any(typed_queries.called(self.actor, name))]
        if missing:
            raise forms.ValidationError(
                [f"Typový spis ani součást „{name}“ tu není, nebo k nim nemáte přístup." for name in missing]
            )
        return self._typed(names) if names else None

    def _typed(self, names: Sequence[str]) -> Typed:
        found = [typed_queries.called(self.actor, name) for name in names]
        files, sections = ({pk for part in found for pk in part[at]} for at in (0, 1))
        return Typed(tuple(sorted(files)), tuple(sorted(sections)))

    def clean_rezim(self) -> str:
        """Without spaces, as it stands in the index."""
        return "".join(str(self.cleaned_data["rezim"]).split()).upper()

    def clean(self) -> dict[str, Any]:
        """No interval ends before it begins; days are counted instead of an interval, not beside it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("doslo", "odeslano", "evidovano"):
            since, until = cleaned.get(f"{name}_od"), cleaned.get(f"{name}_do")
            if since and until and since > until:
                self.add_error(f"{name}_do", "Konec období je před jeho začátkem.")
        counted = cleaned.get("dny_ceho") or "doslo"
        if cleaned.get("dny") and (cleaned.get(f"{counted}_od") or cleaned.get(f"{counted}_do")):
            self.add_error("dny", "Zadejte buď počet dnů, nebo od kdy do kdy, ne obojí.")
        if cleaned.get("typovy") and cleaned.get("v_typovych"):
            self.add_error("typovy", "Typový spis zadejte jen jednou: tady, nebo v rozsahu hledání.")
        return cleaned

    def criteria(self) -> Criteria:
        """What was filled in."""
        asked = self.cleaned_data
        return Criteria(
            words=asked["q"],
            typed=asked["typovy"] or asked["v_typovych"],
            name=asked["nazev"],
            reference_number=asked["cj"],
            file_mark=asked["znacka"],
            identifier=asked["identifikator"],
            sender_reference=asked["odesilatele"],
            person=asked["zpracovatel"].pk if asked["zpracovatel"] else None,
            unit=asked["utvar"].pk if asked["utvar"] else None,
            class_code=asked["znak"].strip(),
            regime=asked["rezim"],
            came_by=asked["zpusob_doruceni"],
            sent_by=asked["zpusob_odeslani"],
            direction=asked["smer"],
            state=asked["stav"],
            kind=asked["druh"].pk if asked["druh"] else None,
            medium=asked["podoba"],
            came=self._days("doslo"),
            sent=self._days("odeslano"),
            registered=self._days("evidovano"),
            classes=asked["ve_skupinach"],
            files=asked["ve_spisech"],
        )

    def order(self) -> str:
        """By what results are put in order, with a minus from the end."""
        order = self.cleaned_data["razeni"]
        return f"-{order}" if order and self.cleaned_data["sestupne"] else order

    def conditions(self) -> Iterator[tuple[str, str, str]]:
        """Conditions that are filled in: the field, its label, and the value in Czech."""
        for name in self.changed_data:
            if name in _WITHOUT or name not in self.cleaned_data:
                continue
            yield name, str(self.fields[name].label), self._told(name)

    def advanced(self) -> list[forms.BoundField]:
        """Fields of the advanced form, without the words and the order."""
        return [field for field in self if field.name not in ("q", "razeni", "sestupne")]

    def kept(self) -> list[tuple[str, str]]:
        """What was filled in, for a page that does not show the fields: names and values as they came."""
        names = [field.name for field in self.advanced()]
        return [(name, str(self.data[name])) for name in names if self.data.get(name)]

    def ordering(self) -> list[forms.BoundField]:
        """Fields of the order."""
        return [self["razeni"], self["sestupne"]]

    def _told(self, name: str) -> str:
        field, value = self.fields[name], self.cleaned_data[name]
        if isinstance(field, forms.ModelChoiceField):
            return str(value)
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        if isinstance(value, date):
            return write_date(value)
        if name == "dny":
            return f"{value} ({_COUNTED_DAYS[self.cleaned_data['dny_ceho'] or 'doslo']})"
        return str(self.data.get(name, "")).strip()

    def _days(self, name: str) -> Days:
        asked = self.cleaned_data
        if asked["dny"] and (asked["dny_ceho"] or "doslo") == name:
            return Days(since=today() - timedelta(days=asked["dny"] - 1), until=today())
        return Days(asked[f"{name}_od"], asked[f"{name}_do"])

    def _listed(self, name: str, of_what: str) -> tuple[str, ...]:
        listed = tuple(dict.fromkeys(part.strip() for part in self.cleaned_data[name].split(",") if part.strip()))
        if len(listed) > MOST_IN_SCOPE:
            raise forms.ValidationError(f"Najednou jde vybrat nejvýše {MOST_IN_SCOPE} {of_what}.")
        return listed


def file_scope(file: CaseFile) -> dict[str, str]:
    """What the address of the search has to say, so that only this file is searched."""
    return {"ve_spisech": file.file_mark}
