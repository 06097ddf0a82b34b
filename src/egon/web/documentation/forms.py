"""The form of what only the originator knows of its eSSL."""

from django import forms

from egon.documentation.models import SystemFacts
from egon.web.widgets import DayInput

_LONG = {"migrated_data", "connected_systems", "changes", "scope", "open_data", "contacts"}
_HELP = {
    "migrated_data": "Odkud a z jakého časového rozmezí data pocházejí. Nic se nepřevzalo? Napište to.",
    "connected_systems": "Jiné systémy spravující dokumenty, které jsou s tímto propojené, a jak.",
    "changes": "Například přechod na novou verzi, změna datové struktury, stěhování serveru; s dnem.",
    "scope": "Pro které agendy se spisová služba vede.",
    "open_data": "Komu mimo úřad systém poskytuje data nebo přístup.",
    "contacts": "Koho volat, když systém nejede: správce, dodavatel, telefony.",
    "attested_version": "Verze, pro kterou atest platí.",
}


class FactsForm(forms.ModelForm):  # type: ignore[type-arg]
    """All of it optional: what is not stated, the documentation says so."""

    class Meta:
        model = SystemFacts
        exclude = ["tenant"]
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 3}) for name in _LONG},
            **{name: DayInput() for name in ("trial_from", "regular_from", "ended_on", "attested_on")},
        }
        help_texts = _HELP
