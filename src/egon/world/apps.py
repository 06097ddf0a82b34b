from django.apps import AppConfig


class WorldConfig(AppConfig):
    name = "egon.world"
    label = "world"
    verbose_name = "ukázkový svět"
