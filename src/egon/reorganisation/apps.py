from django.apps import AppConfig


class ReorganisationConfig(AppConfig):
    name = "egon.reorganisation"
    label = "reorganisation"
    verbose_name = "reorganizace"
