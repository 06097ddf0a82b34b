from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "egon.parties"
    label = "parties"
    verbose_name = "jmenný rejstřík"
