from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "egon.records"
    label = "records"
    verbose_name = "spisová služba"
