from django.apps import AppConfig
from django.db.models import fields


class WebConfig(AppConfig):
    name = "egon.web"
    label = "web"

    def ready(self) -> None:
        """What a list without a word of its own says when nothing is chosen; Django has no Czech one."""
        fields.BLANK_CHOICE_LABEL = "Vyberte…"
