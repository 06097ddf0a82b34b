from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "egon.identity"
    label = "identity"
    verbose_name = "účty"
