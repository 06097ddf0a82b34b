"""Django's ``migrate``, always on the owner's connection, followed by the database's own protection."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections

from egon.tenancy import guard


class Command(migrate.Command):
    """Migrations are the owner's work; afterwards every tenant table has its policy and composite keys."""

    def handle(self, *args: Any, **options: Any) -> None:
        options["database"] = "owner"
        owner = connections["owner"]
        guard.ensure_roles(owner, settings.SECRET_KEY)
        super().handle(*args, **options)
        guard.secure_schema(owner)
