from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "egon.tenancy"
    label = "tenancy"
    verbose_name = "organizace"
