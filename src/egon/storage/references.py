"""Which columns name blobs. Found by name, so that no table can be forgotten: ``digest`` and ``…_digest``."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

_registered: set[tuple[str, str]] = set()


def register_references(model: str, column: str) -> None:
    """Tell of a text column that names blobs under another name, as ``register_references("app.Model", "seal")``."""
    _registered.add((model, column))


def digest_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every tenant column that may name a blob. A column too many only keeps a blob longer."""
    from egon.tenancy.models import TenantModel  # this package is imported before the tables are known

    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.CharField | models.TextField) and _names_blobs(field.name):
                yield model, field.name
    for label, column in sorted(_registered):
        yield apps.get_model(label), column


def is_referenced(digest: str) -> bool:
    """Whether any row of the present originator names the blob."""
    return any(model._default_manager.filter(**{column: digest}).exists() for model, column in digest_columns())


def referenced_among(digests: list[str]) -> set[str]:
    """Those of ``digests`` that some row of the present originator names; one query a column."""
    found: set[str] = set()
    for model, column in digest_columns():
        found.update(
            model._default_manager.filter(**{f"{column}__in": digests}).values_list(column, flat=True).distinct()
        )
    return found


def _names_blobs(name: str) -> bool:
    return name == "digest" or name.endswith("_digest")
