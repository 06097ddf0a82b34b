from django.apps import AppConfig


class DataboxConfig(AppConfig):
    name = "egon.databox"
    label = "databox"
    verbose_name = "datové schránky"
