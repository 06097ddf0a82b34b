from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "egon.registry"
    label = "registry"
    verbose_name = "organizace a lidé"
