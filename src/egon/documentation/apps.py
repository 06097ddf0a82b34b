from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DocumentationConfig(AppConfig):
    name = "egon.documentation"
    label = "documentation"
    verbose_name = "dokumentace"

    def ready(self) -> None:
        post_migrate.connect(_remember_version, sender=self)


def _remember_version(*, using: str, **_: Any) -> None:
    """Every installation of another version or another code is remembered by the step that puts it in force."""
    from egon.documentation.versions import remember_present

    remember_present(using=using)
