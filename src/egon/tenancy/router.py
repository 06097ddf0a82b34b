"""Which connection serves what: the application's role for everything, the owner's for migrations."""

from typing import Any


class OwnerMigrates:
    """Tables are made on the owner's connection; reads and writes stay with the application's role."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool:
        return True
