from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "egon.search"
    label = "search"
    verbose_name = "vyhledávání"
