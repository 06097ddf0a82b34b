from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "egon.tenancy"
    label = "tenancy"
    verbose_name = "organizace"

    def ready(self) -> None:
        from egon.tenancy import lookups  # noqa: F401 - it registers them
