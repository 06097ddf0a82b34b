"""The living style page: every component with made-up content, to judge the look and to copy from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from egon.kernel.actor import Role
from egon.web.access import requires_role
from egon.web.widgets import DayInput

MORNING = datetime(2026, 11, 20, 7, 12, 41, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class SampleDay:
    """One day of the chart."""

    date: date
    received: int
    settled: int
    late: int


class SampleForm(forms.Form):
    """One field of each kind, with texts as long as they get in life."""

    subject = forms.CharField(label="Věc", max_length=200, help_text="Stručně, o čem dokument je. Uvidí ji i adresát.")
    kind = forms.ChoiceField(
        label="Druh dokumentu", choices=[("", "Vyberte…"), ("zadost", "Žádost"), ("stiznost", "Stížnost")]
    )
    due = forms.DateField(label="Termín", required=False, widget=DayInput)
    channel = forms.ChoiceField(
        label="Způsob doručení",
        choices=[("ds", "Datovou schránkou"), ("posta", "Poštou"), ("osobne", "Osobně")],
        widget=forms.RadioSelect,
        initial="ds",
    )
    note = forms.CharField(label="Poznámka", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label="Příloha", required=False, help_text="Nejvýše 20 MB.")
    own_hands = forms.BooleanField(label="Doručit do vlastních rukou", required=False)


class SampleFilter(forms.Form):
    """What a list is narrowed by."""

    q = forms.CharField(label="Hledaný text", required=False)
    state = forms.ChoiceField(label="Stav", required=False, choices=[("", "Všechny"), ("new", "Nové")])
    since = forms.DateField(label="Došlo od", required=False, widget=DayInput)
    late = forms.BooleanField(label="Jen po termínu", required=False)


def _rows() -> list[dict[str, Any]]:
    subjects = (
        ("KUKR 48213/2026", "Žádost o příspěvek na opravu střechy tělocvičny", "Základní škola Lipník", "k převzetí"),
        ("KUKR 48210/2026", "Stížnost na hluk z provozovny", "Jana Nováková", "vyřizuje se"),
        ("KUKR 48177/2026", "Oznámení o zahájení řízení o změně územního plánu", "Obec Dolní Újezd", "ke schválení"),
        ("KUKR 48102/2026", "Faktura č. 2026118", "Stavby Beran s. r. o.", "po termínu"),
        ("KUKR 47988/2026", "Dotaz k dopravní obslužnosti", "Petr Dvořák", "vyřízeno"),
    )  # fmt: skip
    tones = ("primary", "neutral", "warning", "error", "success")
    dues = (9, 4, 1, -2, None)
    return [
        {
            "number": number, "subject": subject, "sender": sender, "state": state, "tone": tone, "url": "#seznam",
            "received_at": MORNING - timedelta(hours=7 * index, seconds=11 * index), "attachments": 2 + index,
            "due": None if days is None else TODAY + timedelta(days=days), "late": days is not None and days < 0,
            "unread": index == 0,
        }
        for index, ((number, subject, sender, state), tone, days) in enumerate(zip(subjects, tones, dues, strict=True))
    ]  # fmt: skip


def _timeline() -> list[dict[str, Any]]:
    steps = (
        ("Vráceno k přepracování", "Ing. Marie Horáková, vedoucí odboru", "Doplňte odkaz na smlouvu.", "warning"),
        ("Odpověď předána ke schválení", "Mgr. Tomáš Beneš", "", "neutral"),
        ("Převzato ke zpracování", "Mgr. Tomáš Beneš", "", "primary"),
        ("Zaevidováno, přiděleno číslo jednací KUKR 48213/2026", "Eva Krejčí, podatelna", "", "success"),
        ("Doručeno do datové schránky", "ISDS", "", "neutral"),
    )  # fmt: skip
    return [
        {"title": title, "who": who, "text": text, "tone": tone, "at": MORNING - timedelta(minutes=47 * index)}
        for index, (title, who, text, tone) in enumerate(steps)
    ]


def _week() -> list[SampleDay]:
    figures = ((4, 2, 3), (2, 0, 3), (42, 29, 6), (35, 41, 2), (39, 30, 5), (28, 33, 4), (31, 24, 3))
    return [SampleDay(TODAY - timedelta(days=6 - i), *values) for i, values in enumerate(figures)]


def sample_context() -> dict[str, Any]:
    """Everything the style page shows; fixed, so that two pictures of it can be compared."""
    typed = {"wrong-subject": "", "wrong-kind": "zadost", "wrong-channel": "ds", "wrong-due": "31. 2. 2026"}
    return {
        "today": TODAY,
        "rows": _rows(),
        "page": Paginator(range(1, 1205), 50).page(4),
        "form": SampleForm(),
        "invalid_form": SampleForm(typed, prefix="wrong"),
        "filter_form": SampleFilter(auto_id="filtr_%s"),
        "timeline": _timeline(),
        "week": _week(),
        "crumbs": [{"label": "Můj stůl", "url": "/"}, {"label": "Dokumenty", "url": "/dokumenty/"}, {"label": "Styl"}],
        "obstacles": [
            {"text": "Dokument KUKR 48102/2026 není vyřízen.", "url": "#prekazky", "action": "Otevřít dokument"},
            {"text": "Komponenta „foto.heic“ nemá výstupní formát.", "url": "#prekazky", "action": "Převést"},
            {"text": "Spis nemá vyplněn spisový znak.", "norm": "NSESSS 3.2.9"},
        ],
        "facts": [
            {"label": "Číslo jednací", "value": "KUKR 48213/2026"},
            {"label": "Odesílatel", "value": "Základní škola Lipník, p. o.", "url": "#fakta"},
            {"label": "Datová schránka", "value": "ab3cd5e", "code": True},
            {"label": "Spis", "value": None},
        ],
        "tabs": [
            {"label": "Dokument", "url": "#karty", "active": True},
            {"label": "Přílohy", "url": "#karty", "count": 2},
            {"label": "Historie", "url": "#karty", "count": 14},
        ],
        "text_file": {
            "name": "průvodní dopis.txt", "media_type": "text/plain", "size": 1432, "url": "#nahled",
            "text": "Dobrý den,\n\nzasíláme žádost o příspěvek na opravu střechy.\n\nS pozdravem\nMgr. Alena Malá",
        },
        "unknown_file": {"name": "výkres.dwg", "media_type": "application/acad", "size": 1_412_000, "url": "#nahled"},
        "chips": [
            ("nové", "neutral"), ("k převzetí", "primary"), ("vyřízeno", "success"), ("ke schválení", "warning"),
            ("po termínu", "error"),
        ],
    }  # fmt: skip


@requires_role(Role.ADMINISTRATOR)
def styleguide(request: HttpRequest) -> HttpResponse:
    """``/styl/``, for administrators."""
    return render(request, "styleguide.html", sample_context())
