from django.apps import AppConfig


class CirculationConfig(AppConfig):
    name = "egon.circulation"
    label = "circulation"
    verbose_name = "oběh"
