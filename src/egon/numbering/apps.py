from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "egon.numbering"
    label = "numbering"
    verbose_name = "číselné řady"
